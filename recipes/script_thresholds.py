"""`validators/tables/script-thresholds.tsv`: see jiaokan.validators.script.thresholds.

Two models are trained, each on some kinds of text; the odds that each gives in the kinds that it
has not seen say how often clean text goes against the model, pair of forms by pair, and how often
the model would notice that one form stands for the other. Sources as in recipes/script_model.py.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from jiaokan.validators.script import model
from jiaokan.validators.script.forms import TRADITIONAL, forms, read_rows
from jiaokan.validators.script.names import in_quotation
from jiaokan.validators.view import GAP, View, code_points
from recipes._script_free import FREE, WORDED
from recipes._script_packages import EDITOR, HOME
from recipes._script_training import Array, examples_of
from recipes.script_model import (
    HANT,
    OLD_VERSE,
    cells_in_use,
    familiar,
    pack,
    text_of,
    traditional,
    words_table,
)
from recipes.sources import opencc_rows

HEADER = """\
# Log odds at which a form is called wrong in Traditional text (see
# jiaokan.validators.script.thresholds): form, better form; thresholds in a document without other
# damage, the same where the better form is familiar, where Traditional was asked for, and in a
# damaged document. Made by recipes/script_thresholds.py from the sources of recipes/script_model.py.
"""
GROUPS = (
    ("zh-Hant/tw-president-news", "zh-Hant/tw-laws", "other/lzh-vernacular-novels-hant",
     "zh-Hant/wikipedia", EDITOR),
    ("zh-Hant/tw-tainan-news", "zh-Hant/tw-ey-gazette", "zh-Hant/tw-moedict-revised",
     "other/yue-ctcpc-sentences", "other/lzh-classical-hant", HOME),
)  # fmt: skip
NOT_CALIBRATED = {"other/yue-ctcpc-sentences"}
OLD = {
    "zh-Hant/tw-moedict-revised", "other/lzh-vernacular-novels-hant", "other/lzh-classical-hant",
}  # fmt: skip
"""Dictionary quotations and novels: they bind what is done unasked only."""
LEFT = frozenset(map(frozenset, ("呆待",)))
"""Pairs of which the one is written for the other, too."""
ALIKE = FREE | WORDED | LEFT
OLD_PAIRS = frozenset(map(frozenset, ("讎仇", "蕩盪", "韆千", "噹當")))
"""Pairs that dictionary quotations show to be used alike: wrong only if asked, or in damaged text."""
CAREFUL = frozenset(map(frozenset, ("復複", "覆複", "併並", "捨舍", "据據")))
"""Pairs of which law and mathematics have their own (復評 and 複評, 併科 and 並科, 捨入, 拮据): wrong only
where other damage is, or if asked."""
KNOWN = float(np.log(30))
"""Familiar so that a lower threshold is tried; the rule asks for more than that."""
GRID = np.arange(1.0, 12.0, 0.25)
LONE_PRICE, LONE_LEAST = 300.0, 3.0
"""How many mended forms one false edit outweighs, and the lowest threshold."""
TOLD_PRICE, TOLD_LEAST = 120.0, 1.5
ASKED_PRICE, ASKED_LEAST = 80.0, 1.5
AMONG_PRICE, AMONG_LEAST = 1.5, 1.25
MARGIN = 0.75
"""Of pairs that are rare, a lone form must be surer than right ones of clean text by so much."""
WORTH = 30.0
"""Pairs that would mend less than this many forms of all the text are too rare to calibrate."""
CONVERTED_BY_PHRASE, CONVERTED_LEAST = 10, 40
"""Converters write a form that is nobody's first choice where a phrase of theirs has it: so many of
OpenCC's phrases must, and native text so often, for it to be wrong alone. 榦, 彆, 甯 are not so."""
ENOUGH = 4000
"""Pairs count by how often they are met, up to this many times."""


class Odd(NamedTuple):
    """A place in clean text where the model would have another form."""

    margin: float
    told: bool
    """Whether the other form is familiar there, in no quotation."""
    old: bool


def build() -> dict[str, str | bytes]:
    against: dict[str, list[Odd]] = defaultdict(list)
    damaged: dict[str, list[Array]] = defaultdict(list)
    for index, group in enumerate(GROUPS):
        seen = {name: HANT[name] for name in GROUPS[1 - index]}
        contexts = pack({TRADITIONAL: traditional(seen | OLD_VERSE)}, familiar(seen))
        with cells_in_use(contexts, words_table(seen)):
            for name in group:
                if name not in NOT_CALIBRATED:
                    _measure(modern_text_of(name), name in OLD, against, damaged)
    rows = "".join(f"{row}\n" for row in _rows(against, damaged))
    return {"validators/tables/script-thresholds.tsv": HEADER + rows}


def modern_text_of(name: str) -> Array:
    """The tuning half of a set, less the documents that the rules leave alone as classical."""
    documents = text_of(name).tobytes().decode("utf-32-le").split(GAP)
    return code_points(GAP.join([d for d in documents if View(d).profile.language == "zh"] + [""]))


def _measure(
    codes: Array, old: bool, against: dict[str, list[Odd]], damaged: dict[str, list[Array]]
) -> None:
    """Odds of other forms in clean text; and odds of the right form, were it written wrongly."""
    known = forms()
    _, at, choice, label, _ = examples_of(codes, TRADITIONAL)
    odds = model.odds_of(model.pad(known.folded[codes]), at, TRADITIONAL)
    allowed = known.allowed[TRADITIONAL, known.member[codes[at]]]
    rows = np.arange(len(at))
    own = odds[rows, label]
    others = np.where(allowed, odds, model.FORBIDDEN)
    best = others.argmax(axis=1)
    margin = others[rows, best] - own
    forms_of = known.candidates[TRADITIONAL]
    padded = model.pad(known.folded[codes])
    doubtful = np.flatnonzero(margin > 0.5)
    told = model.familiarity(padded, at[doubtful], best[doubtful], TRADITIONAL) >= KNOWN
    told &= model.familiarity(padded, at[doubtful], label[doubtful], TRADITIONAL) == 0
    told &= ~in_quotation(codes, at[doubtful])
    for i, is_told in zip(doubtful.tolist(), told.tolist(), strict=True):
        pair = chr(forms_of[choice[i], label[i]]) + chr(forms_of[choice[i], best[i]])
        against[pair].append(Odd(float(margin[i]), is_told, old))
    mistaken = _mistakes()
    kinds = choice.astype(np.int64) * 16 + label
    for kind in np.unique(kinds):
        row, right = divmod(int(kind), 16)
        here = np.flatnonzero(kinds == kind)
        meant = chr(forms_of[row, right])
        for wrong in mistaken.get(meant, ()):
            column = np.flatnonzero(forms_of[row] == ord(wrong))
            if len(column):
                there = np.full(len(here), column[0])
                told = model.familiarity(padded, at[here], label[here], TRADITIONAL) >= KNOWN
                told &= model.familiarity(padded, at[here], there, TRADITIONAL) == 0
                damaged[wrong + meant].append(np.stack([own[here] - odds[here, column[0]], told]))


def _mistakes() -> dict[str, set[str]]:
    """What bad conversion may write for a form: any other that its Simplified form stands for."""
    found: dict[str, set[str]] = defaultdict(set)
    for meant in read_rows()["S"].values():
        for form in meant:
            found[form] |= {other for other in meant if frozenset(form + other) not in ALIKE}
            found[form].discard(form)
    return found


def _rows(against: dict[str, list[Odd]], damaged: dict[str, list[Array]]) -> Iterator[str]:
    simplified = read_rows()["S"]
    first_choices = {meant[0] for meant in simplified.values() if len(meant) > 1}
    written = {pair[1]: sum(part.shape[-1] for part in damaged[pair]) for pair in damaged}
    phrases = _phrase_counts()
    for pair in sorted(damaged):
        right, right_told = np.concatenate(damaged[pair], axis=1)
        wrong, wrong_told, old = np.array(against.get(pair, [Odd(0.0, False, False)])).T
        margin = MARGIN if len(right) < ENOUGH else 0.0
        weight = min(1.0, ENOUGH / len(right))
        # What bad conversion writes: the Simplified form as it is, or its first choice.
        common = pair[0] in simplified or pair[0] in first_choices
        is_rare = (
            phrases[pair[0]] < CONVERTED_BY_PHRASE or written.get(pair[0], 0) < CONVERTED_LEAST
        )
        price = LONE_PRICE if common else 2 * LONE_PRICE
        lone = _best(right, wrong + margin, price, LONE_LEAST, weight)
        surer = _best(
            right[right_told > 0],
            wrong[wrong_told > 0] + margin / 2,
            TOLD_PRICE,
            TOLD_LEAST,
            weight,
        )
        surer = surer if common else lone
        asked = min(surer, _best(right, wrong[old == 0], ASKED_PRICE, ASKED_LEAST, 1.0))
        among = _best(right, wrong[old == 0], AMONG_PRICE, AMONG_LEAST, 1.0)
        values = [lone, min(lone, surer), min(lone, asked), min(lone, asked, among)]
        if frozenset(pair) in CAREFUL | OLD_PAIRS or (not common and is_rare):
            values[:2] = [np.inf, np.inf]
        if values[-1] < np.inf and not (values[0] == np.inf and _is_never_made(*pair)):
            yield "\t".join([*pair, *(f"{value:g}" for value in values)])


def _is_never_made(form: str, meant: str) -> bool:
    """Whether conversion hardly writes a form for another: it is Simplified, too, but not for that one,
    and nobody's first choice for what is (覆寫, whose 覆 is no 复): what an author wrote stays."""
    rows = read_rows()
    of_form, of_meant = (rows["T"].get(character, character) for character in (form, meant))
    first = rows["S"].get(of_meant[0], of_meant)[0]
    return of_form[0] == form and form not in of_meant and first != form


def _phrase_counts() -> Counter[str]:
    """How many of OpenCC's phrases have a form, in Taiwan's glyphs."""
    taiwan = read_rows()["V"]
    counts: Counter[str] = Counter()
    for _, values in opencc_rows("STPhrases.txt"):
        counts.update({taiwan.get(character, character) for character in values[0]})
    return counts


def _best(right: Array, wrong: Array, price: float, least: float, weight: float) -> float:
    best, threshold = WORTH, float("inf")
    for value in GRID[least <= GRID]:
        gain = weight * float((right > value).sum()) - price * float((wrong > value).sum())
        if gain > best:
            best, threshold = gain, float(value)
    return threshold
