"""Which breaks cut a text that runs on: the four rules whose findings can be mended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression
from jiaokan.validators.format import format_of
from jiaokan.validators.lines.evidence import (
    FEATURES,
    Flags,
    Pairs,
    evidence_of,
    pairs_of,
)
from jiaokan.validators.lines.furniture import find_furniture
from jiaokan.validators.lines.intended import begin_alike, is_set_off, may_be_parted
from jiaokan.validators.lines.layout import Layout
from jiaokan.validators.lines.model import break_model
from jiaokan.validators.lines.screening import suspects
from jiaokan.validators.lines.verse import CUT_WORD, ends_at_marks, is_in_clauses
from jiaokan.validators.lines.words import pull_of
from jiaokan.validators.protected import FENCE, FRONT_MATTER
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import View

SURE = {
    "lines/hard-wrap": 0.45,
    "lines/broken-paragraph": 0.985,
    "lines/page-break": 0.85,
    "lines/hyphenation": 0.6,
}
"""From this probability on a join is `safe`: where widths or a hyphen speak too, the words need say less."""
SURE_OF_SEVERAL = 0.93
"""The same for a false paragraph among others of its document."""
SURE_OF_MANY = 0.6
"""The same in a document that was broken again and again, as wrapped text of ragged lines is."""
SURE_OF_WORD, SURE_OF_WORDS = 0.88, 0.6
"""The same for a false paragraph where a word, a set phrase or a number is cut, or a mark begins the line:
no title ends so; and where it is one of several."""
SURE_OF_FEW = 0.95
"""The same for lines cut at a width in a document most of whose lines are not."""
SURE_OF_CLASSICAL = 0.97
"""Titles, verse and prose of classical texts, and what is said in Cantonese, the counts know little of."""
SURE_AFTER_COMMA, SURE_AFTER_COMMAS = 0.998, 0.99
"""A comma before a break may also lead to a formula or a listing that was lost from between."""
SURE_WITHOUT_HAN = 0.98
"""Lines of Latin letters alone may be names, commands or output, which the counts know little of."""
LIKELY, LIKELY_ELSE = 0.45, 0.6
"""From this probability on a join is reported, as `unsafe`: where lines were cut at a width, and elsewhere."""
LIKELY_IF_HELD = 0.95
"""The same where lines are set in clauses or in one pattern."""
_SEVERAL, _SHARE_OF_SEVERAL = 2, 0.12
"""So many likely breaks, and such a share of all, tell a document that was broken more than once."""
_SET_IN_LINES = 0.4
"""Of the lines, those that end at the document's width, in wrapped text of short paragraphs."""
_SOME = 6
"""Of fewer lines, none is usual."""
_ALIKE = 1 / 3
"""Of the joins of a list, those between lines that begin alike."""
_MANY, _SHARE_OF_MANY = 10, 0.12
"""So many joins, and such a share of all breaks, tell a wrapped document."""
_MOSTLY = 0.5
"""Of a line's characters, Han: what ends it is no command, behind which something was lost."""
_FEW = 6
"""Of so few breaks, one is a large share."""
_RAGGED = 44
"""Columns that a line may be short of its neighbours where lines were cut at a ragged width."""
_BESIDE_WORDS = (
    "left_latin", "right_lower", "right_upper", "left_terminal", "left_comma", "left_colon", "left_close",
    "left_open", "left_hyphen", "right_no_start", "right_open",
)  # fmt: skip
"""What stands at a break that cuts no word of Han."""
_SHORTEST = 4
"""Characters of a line that has hardly been cut from a sentence."""
_KEEPS_LINES = {"code", "csv", "subtitles"}
_COLUMN = {name: index for index, name in enumerate(FEATURES)}


@dataclass(frozen=True)
class Decided:
    """All breaks of one document with the probability that the text runs on there."""

    layout: Layout
    pairs: Pairs
    evidence: NDArray[np.float64]
    probability: NDArray[np.float64]
    pull: NDArray[np.float64]
    """How the likely breaks pull words apart, see `evidence.pull_of`; 0 for the others."""


def decide(views: Sequence[View]) -> list[Decided | None]:
    """Weigh every break of these documents; None for one that has none that is likely."""
    view = views[0] if len(views) == 1 else View.of_batch([view.text for view in views])
    layout = Layout(view)
    pairs = pairs_of(layout, find_furniture(layout))
    found: list[Decided | None] = [None] * len(views)
    if not len(pairs):
        return found
    evidence = evidence_of(layout, pairs)
    probability = break_model().probability(evidence, pairs.document)
    likely = np.flatnonzero(probability >= LIKELY)
    pull = np.zeros(len(pairs))
    last, first_ink = layout.last[pairs.left[likely]], layout.first[pairs.right[likely]]
    pull[likely] = pull_of(view, last, first_ink)
    bounds = np.searchsorted(pairs.document, np.arange(len(views) + 1))
    document = pairs.document[likely]
    for index in np.unique(document).tolist():
        first, end = bounds[index : index + 2].tolist()
        own = layout if len(views) == 1 else layout.part(index, views[index])
        part = pairs.part(first, end, int(layout.bounds[index]))
        chances = probability[first:end]
        chances[_kept(own, part, likely[document == index] - first)] = 0.0
        found[index] = Decided(own, part, evidence[first:end], chances, pull[first:end])
    return found


_VERSE_ENDS = 0.5
"""Share of a classical text's lines that end at marks, where they are verses: of those that a width cut, a fifth do."""
_DECIDED = "breaks decided"


def decide_together(views: Sequence[View], settings: Settings) -> None:
    """Weigh the breaks of many documents at once, for `find_joins` to take up: it is much faster."""
    suspect = [view for view in views if len(suspects(view))]
    View.know_languages(suspect)
    wanted = [view for view in suspect if _is_to_decide(view, settings)]
    for few in range(0, len(wanted), _TOGETHER):
        some = wanted[few : few + _TOGETHER]
        for view, decided in zip(some, decide(some), strict=True):
            view.__dict__[_DECIDED] = decided


_TOGETHER = 256
"""Documents decided together: enough to be fast, few enough to need little memory."""


def _is_to_decide(view: View, settings: Settings) -> bool:
    if not len(suspects(view)) or view.profile.language in ("ja", "ko", "other"):
        return False
    return format_of(view, settings) not in _KEEPS_LINES


def find_joins(view: View, settings: Settings) -> list[Finding]:
    """The breaks that cut a text that runs on; what to put there is decided by `repair.lines`."""
    if not _is_to_decide(view, settings):
        return []
    if _DECIDED not in view.__dict__:
        decide_together([view], settings)
    decided: Decided | None = view.__dict__[_DECIDED]
    if decided is None:
        return []
    chosen = np.flatnonzero(decided.probability >= LIKELY)
    if len(chosen) and view.profile.is_verse:
        return []
    if format_of(view, settings) == "markdown":
        blanks = decided.evidence[chosen, _COLUMN["blanks"]]
        chosen = chosen[blanks > 0]
    found = [_finding(decided, int(row), len(chosen)) for row in chosen]
    wraps = np.array([finding.rule == "lines/hard-wrap" for finding in found], dtype=np.bool_)
    held = _held_back(decided, chosen, wraps)
    return [
        replace(finding, applicability=Applicability.UNSAFE) if hold else finding
        for finding, hold in zip(found, held.tolist(), strict=True)
        if finding.confidence
        >= (
            LIKELY_IF_HELD if hold else LIKELY if finding.rule == "lines/hard-wrap" else LIKELY_ELSE
        )
    ]


def _held_back(decided: Decided, chosen: NDArray[np.intp], wraps: Flags) -> Flags:
    """Which of the joins are not sure, whatever speaks for each: those of lines set in clauses or of one pattern."""
    layout, pairs = decided.layout, decided.pairs
    held = np.zeros(len(chosen), dtype=np.bool_)
    if not len(chosen):
        return held
    of_mark = [_COLUMN[name] for name in ("left_terminal", "left_comma", "left_colon")]
    marked: Flags = np.any(decided.evidence[:, of_mark] > 0, axis=1)
    if ends_at_marks(marked):
        held |= wraps & marked[chosen] & (decided.evidence[chosen, _COLUMN["indent_right"]] < 2)
        if layout.view.profile.language == "lzh":
            held |= decided.pull[chosen] < CUT_WORD  # titles stand between the verses
    elif layout.view.profile.language == "lzh" and marked.mean() >= _VERSE_ENDS:
        return ~held
    alike = np.array(
        [
            begin_alike(layout.text(int(pairs.left[row])), layout.text(int(pairs.right[row])))
            for row in chosen
        ]
    )
    if np.count_nonzero(alike) > 1 and np.count_nonzero(alike) / len(alike) >= _ALIKE:
        held |= alike
    han = decided.evidence[chosen, _COLUMN["left_latin"]] == 0
    if han.any() and is_in_clauses(layout.view.text, decided.pull[chosen[han]] >= CUT_WORD):
        held |= han & (decided.evidence[chosen, _COLUMN["number_cut"]] == 0)
    return held


def _finding(decided: Decided, row: int, joins: int) -> Finding:
    layout, pairs = decided.layout, decided.pairs
    left, right = int(pairs.left[row]), int(pairs.right[row])
    chance = float(decided.probability[row])
    rule = _rule(decided, row, joins)
    start, end = int(layout.last[left]) + 1, int(layout.first[right])
    columns = dict(zip(FEATURES, decided.evidence[row].tolist(), strict=True))
    cut = columns["number_cut"] or (
        decided.pull[row] >= CUT_WORD and not any(columns[name] for name in _BESIDE_WORDS)
    )
    whole = columns["left_chars"] > _SHORTEST  # 此致 and 敬礼 are one phrase, on lines of their own
    many = joins >= _SHARE_OF_SEVERAL * len(pairs)
    several = many and joins >= _SEVERAL
    by_width = rule == "lines/hard-wrap" and (joins >= _MANY or joins * 2 >= len(pairs))
    wrapped = columns["indent_right"] >= 2 or joins * 2 >= len(pairs)
    least = SURE[rule]
    ragged = columns["blanks"] == 0 and columns["slack"] <= _RAGGED
    often = ragged and joins >= _MANY and joins >= _SHARE_OF_MANY * len(pairs)
    if often and rule in ("lines/hard-wrap", "lines/broken-paragraph"):
        least = SURE[rule] if rule == "lines/hard-wrap" and wrapped else SURE_OF_MANY
    elif rule == "lines/hard-wrap" and not wrapped:
        least = SURE_OF_FEW
    elif rule == "lines/broken-paragraph" and several:
        least = SURE_OF_SEVERAL
    if (cut and whole) or (columns["right_no_start"] and columns["han_left"] >= _MOSTLY):
        several_words = several or (many and len(pairs) <= _FEW)
        least = min(least, SURE_OF_WORDS if several_words else SURE_OF_WORD)
    if rule == "lines/broken-paragraph" and layout.view.profile.language in ("lzh", "yue"):
        least = SURE_OF_CLASSICAL
    elif (
        not (by_width or wrapped or often or rule == "lines/page-break")
        and columns["left_comma"]
        and not columns["right_no_start"]
    ):
        least = SURE_AFTER_COMMAS if several else SURE_AFTER_COMMA
    if not columns["han_left"] and not columns["han_right"]:
        least = max(least, SURE_WITHOUT_HAN)
    sure = chance >= least and not (columns["blanks"] == 0 and _is_signature(layout, left))
    language = layout.view.profile.language
    if language == "lzh" and not (cut or wrapped):
        sure = False  # a title stands above its verse
    if language == "yue" and (columns["peak"] < _SET_IN_LINES or columns["lines"] < _SOME):
        sure = False  # what is said breaks off anywhere
    if sure and rule != "lines/hyphenation":
        before, after = layout.text(left), layout.text(right)
        parted = begin_alike(before, after) or may_be_parted(before, after)
        sure = not is_set_off(before, after) and (cut or by_width or often or not parted)
    return Finding(
        rule=rule,
        start=start,
        end=end,
        message=_MESSAGES[rule],
        confidence=round(chance, 4),
        applicability=Applicability.SAFE if sure else Applicability.UNSAFE,
        evidence={name: round(columns[name], 3) for name in _SHOWN},
    )


_SHOWN = (
    "runs_on",
    "crosses",
    "left_ends",
    "right_begins",
    "slack",
    "peak",
    "blanks",
    "left_chars",
)
_MESSAGES = {
    "lines/hard-wrap": "a line was cut at a width; the text runs on in the next line",
    "lines/broken-paragraph": "a paragraph break in the middle of a sentence",
    "lines/page-break": "a page ends in the middle of a sentence",
    "lines/hyphenation": "a word was cut at a hyphen",
}


def _rule(decided: Decided, row: int, joins: int) -> str:
    layout, pairs = decided.layout, decided.pairs
    last = int(layout.last[pairs.left[row]])
    first = int(layout.first[pairs.right[row]])
    text = layout.view.text
    before, after = text[last - 1 : last], text[first]
    hyphen = text[last] in "-‐\u00ad" and before.isascii() and before.isalpha()
    if hyphen and after.isascii() and after.islower():
        return "lines/hyphenation"
    if pairs.page[row]:
        return "lines/page-break"
    evidence = dict(zip(FEATURES, decided.evidence[row].tolist(), strict=True))
    if evidence["blanks"] == 0 and evidence["indent_right"] >= 2 and text[first - 1] in " \t\u00a0":
        return "lines/hard-wrap"  # what was indented by spaces was set in lines
    at_width = min(evidence["slack"], abs(evidence["slack_document"])) <= 8
    share = joins / len(pairs)
    if at_width and joins >= 3 and share >= (0.2 if evidence["blanks"] == 0 else 0.5):
        return "lines/hard-wrap"
    return "lines/broken-paragraph"


def _kept(layout: Layout, pairs: Pairs, likely: NDArray[np.intp]) -> NDArray[np.intp]:
    """Those of these breaks that are never touched: inside code blocks and front matter, and beside
    table rows."""
    text = layout.view.text
    left, right = pairs.left[likely], pairs.right[likely]
    kept = np.zeros(len(likely), dtype=np.bool_)
    for pattern in (FENCE, FRONT_MATTER):
        for match in pattern.finditer(text) if any(sign in text for sign in _FENCES) else ():
            for line in (left, right):
                kept |= (layout.last[line] >= match.start()) & (layout.first[line] < match.end())
    looks = {line: _Look.of(layout, line) for line in {*left.tolist(), *right.tolist()}}
    kept |= [
        looks[one].is_row
        or looks[other].is_row
        or (looks[one].is_section and looks[other].is_section)
        or (looks[one].is_parted and looks[other].is_parted)
        or (looks[one].fields != 0 and looks[one].fields == looks[other].fields)
        for one, other in zip(left.tolist(), right.tolist(), strict=True)
    ]
    return likely[kept]


@dataclass(frozen=True)
class _Look:
    """What a line looks like that may be of a table, or of a table of contents."""

    is_row: bool
    """It begins or ends with a table's border, is ruled, or leads over dots to a page number."""
    is_section: bool
    """It begins with a section's number: two in a row are a table of contents."""
    is_parted: bool
    """It has a wide gap inside, as rows of tables and lines read across two columns have."""
    fields: int

    @staticmethod
    def of(layout: Layout, line: int) -> "_Look":
        text, ink = layout.view.text, layout.text(line)
        return _Look(
            ink[0] in _BORDERS or ink[-1] in _BORDERS or _LEADERS.search(ink) is not None,
            _SECTION.match(text, int(layout.start[line])) is not None,
            _WIDE_GAP.search(ink) is not None,
            _fields(ink),
        )


_FENCES = ("```", "~~~", "---", "+++")


def _is_signature(layout: Layout, line: int) -> bool:
    """Whether a line names who said what stands before it: 「——編者」, or ends so."""
    text = layout.view.text[int(layout.first[line]) : int(layout.last[line]) + 1]
    return _SIGNATURE.search(text) is not None


def _fields(ink: str) -> int:
    """What a table's row looks like whose fields are parted by single spaces: a number for each way
    in which words and figures alternate; 0 for a line that is no such row."""
    fields = ink.split() if len(ink) <= 80 else []
    figures = [_FIGURE.fullmatch(field) is not None for field in fields]
    if len(fields) < _FIELDS or sum(figures) * 2 < len(fields):
        return 0
    return int("1" + "".join(str(int(figure)) for figure in figures[:16]), 2)


_FIELDS = 3
_FIGURE = expression(r"[-+±$¥￥]?\d[\d.,:/-]*[%％\u3400-\u9fffA-Za-z]{0,3}")


_SIGNATURE = expression(
    r"(?:^|[。！？.!?…」』”’\"'）)])[ \u00a0\u3000]*(?:——+|――+|--+(?![a-z]))[ \u00a0]*[^，。！？；：、,;:!?]{1,24}$"
)
_SECTION = expression(r"^[ \t\u00a0\u3000]*\d{1,2}(?:\.\d{1,3})+\.?[ \u00a0]", re.MULTILINE)
_WIDE_GAP = expression(r"(?<=[^\s])[ \u3000\u00a0]{3,}(?=[^\s])")
_BORDERS = "|│┃║┆┊├┤┌┐└┘┬┴┼─━═╔╗╚╝╠╣"
_LEADERS = expression(r"(?:[.．·][ \u00a0]?){5,}|…{3,}|[-=_*~—─]{5,}")
