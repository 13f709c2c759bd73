"""The value types that all stages share: frozen, and with next to no logic.

All spans are half-open and count code points, unless a name says `byte`.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from itertools import repeat
from typing import Any, Literal, TypeAlias, TypeVar

Evidence: TypeAlias = Mapping[str, str | int | float | tuple[str, ...]]
Script: TypeAlias = Literal[
    "auto", "keep", "zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK", "zh-Hant-CN"
]
Format: TypeAlias = Literal["auto", "text", "markdown", "code", "csv", "subtitles"]

SCRIPTS: tuple[Script, ...] = (
    "auto", "keep", "zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK", "zh-Hant-CN",
)  # fmt: skip
SCRIPTS_OF_REGIONS: Mapping[str, Script] = {
    "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-tw": "zh-Hant-TW", "zh-hk": "zh-Hant-HK",
    "zh-mo": "zh-Hant-HK", "cn": "zh-Hans", "tw": "zh-Hant-TW", "hk": "zh-Hant-HK",
    "simplified": "zh-Hans", "hans": "zh-Hans", "sc": "zh-Hans", "chs": "zh-Hans",
    "traditional": "zh-Hant", "hant": "zh-Hant", "tc": "zh-Hant", "cht": "zh-Hant",
    "t2s": "zh-Hans", "tw2s": "zh-Hans", "tw2sp": "zh-Hans", "hk2s": "zh-Hans",
    "s2t": "zh-Hant", "s2tw": "zh-Hant-TW", "s2twp": "zh-Hant-TW", "t2tw": "zh-Hant-TW",
    "s2hk": "zh-Hant-HK", "t2hk": "zh-Hant-HK",
}  # fmt: skip
"""What is often said for a script, in lower case, and which one is meant: regions, words, and the
names of OpenCC's conversions."""
FORMATS: tuple[Format, ...] = ("auto", "text", "markdown", "code", "csv", "subtitles")


_Value = TypeVar("_Value")


def _with_fast_init(cls: type[_Value]) -> type[_Value]:
    """A frozen dataclass whose `__init__` sets its fields through their slots.

    That takes half the time of `object.__setattr__`, and a corpus has millions of findings and edits.
    Signature, defaults and everything else stay as `dataclass` made them.
    """
    names: dict[str, Any] = {}
    parameters, lines = ["self"], []
    for each in fields(cls):  # type: ignore[arg-type]
        names[f"set_{each.name}"] = getattr(cls, each.name).__set__
        if each.default_factory is not MISSING:
            names[f"make_{each.name}"] = each.default_factory
            parameters.append(f"{each.name}=None")
            lines.append(f"if {each.name} is None: {each.name} = make_{each.name}()")
        elif each.default is not MISSING:
            names[f"default_{each.name}"] = each.default
            parameters.append(f"{each.name}=default_{each.name}")
        else:
            parameters.append(each.name)
        lines.append(f"set_{each.name}(self, {each.name})")
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines), names)  # noqa: S102
    names["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    names["__init__"].__annotations__ = cls.__init__.__annotations__
    cls.__init__ = names["__init__"]  # type: ignore[method-assign]
    return cls


class Applicability(StrEnum):
    """Who may apply a change, from the surest to the least sure."""

    SAFE = "safe"
    """Applied by default; its measured false-edit rate is at or under the promise."""
    UNSAFE = "unsafe"
    """Applied with `unsafe=True`, or when its rule is named in `select` or `extend_select`."""
    DISPLAY = "display"
    """Reported, never applied."""


@dataclass(frozen=True, slots=True, repr=False)
class Rule:
    """A kind of damage. `id` is `family/defect`; its meaning never changes once it is published."""

    id: str
    summary: str
    """What it finds, in one sentence."""
    applicability: Applicability
    docs: str
    """Why it is damage, how it is told from good text, and what is left alone (Markdown)."""
    example: tuple[str, str] | None = None
    """A text before and after; None for a rule that only reports."""

    @property
    def family(self) -> str:
        return self.id.partition("/")[0]

    def __repr__(self) -> str:
        """Short: `docs` is a page."""
        return f"<Rule {self.id} ({self.applicability}): {self.summary}>"


@_with_fast_init
@dataclass(frozen=True, slots=True)
class Finding:
    """Something noticed at `[start, end)` of the text that the stage saw.

    In a `Repaired`, spans refer to the original text. `replacement` is None if it is not known what
    belongs there. `applicability` may be stricter than the rule's, never laxer.
    """

    rule: str
    start: int
    end: int
    message: str
    confidence: float
    applicability: Applicability
    replacement: str | None = None
    evidence: Evidence = field(default_factory=dict, compare=False)


def findings_of(
    rules: Iterable[str],
    starts: Sequence[int],
    ends: Iterable[int],
    messages: Iterable[str],
    confidence: float,
    applicability: Applicability,
    replacements: Iterable[str | None],
    evidence: Evidence,
) -> list[Finding]:
    """Many findings that are alike but for where they are and what they say: field by field, which takes
    two thirds of the time."""
    found = list(map(object.__new__, repeat(Finding, len(starts))))
    values: tuple[Iterable[object], ...] = (
        rules, starts, ends, messages, repeat(confidence), repeat(applicability), replacements, repeat(evidence),
    )  # fmt: skip
    for each, column in zip(fields(Finding), values, strict=True):
        deque(map(getattr(Finding, each.name).__set__, found, column), maxlen=0)
    return found


@_with_fast_init
@dataclass(frozen=True, slots=True)
class Edit:
    """One change: `before`, at `[start, end)` of the original text, became `after`.

    The edits of a document are sorted and do not overlap. If a later rule changes what an earlier
    one put there, both become one edit under the earlier rule, and `also` names the later ones.
    """

    rule: str
    start: int
    end: int
    before: str
    after: str
    confidence: float
    applicability: Applicability
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Bytes `[byte_start, byte_end)` of a file, read as `encoding` into text `[start, end)`.

    `raw` holds the bytes themselves if encoding the text again would not give them back.
    """

    encoding: str
    byte_start: int
    byte_end: int
    start: int
    end: int
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Decoding:
    """How bytes were read. `runs` are contiguous and cover every byte after the BOM."""

    encoding: str
    """The name of the encoding of most of the text, as Python names it."""
    runs: tuple[Run, ...]
    bom: bytes = b""
    confidence: float = 1.0


@_with_fast_init
@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A text and where it came from. `decoding` is None for text that never was bytes here."""

    id: str
    text: str
    decoding: Decoding | None = None

    def __repr__(self) -> str:
        named = f" {self.id!r}" if self.id else ""
        read = f", encoding={self.decoding.encoding!r}" if self.decoding else ""
        return f"<Document{named}: {_shortened(self.text)}{read}>"


@_with_fast_init
@dataclass(frozen=True, slots=True, repr=False)
class Repaired:
    """A document, its repaired text, and everything that was changed and noticed."""

    document: Document
    text: str
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]

    @property
    def encoding(self) -> str | None:
        """The encoding that the bytes were read in; None if the document was a str."""
        return self.document.decoding.encoding if self.document.decoding else None

    def __repr__(self) -> str:
        """Short: the text may be a whole book, and a notebook shows results by themselves."""
        read = f", encoding={self.encoding!r}" if self.encoding else ""
        counts = f"{len(self.edits)} edits, {len(self.findings)} findings"
        return f"<Repaired {_shortened(self.text)}: {counts}{read}>"


def _shortened(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}…")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The user's options, validated. `select` None means every rule."""

    script: Script = "auto"
    format: Format = "auto"
    unsafe: bool = False
    regional_words: bool = False
    select: frozenset[str] | None = None
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    found_format: Format | None = None
    """For a part of a long text with `format` auto: the format that the text's beginning shows."""

    def runs(self, rule: str) -> bool:
        """Whether this rule is to be run at all."""
        family = rule.partition("/")[0]
        if rule in self.ignore or family in self.ignore:
            return False
        return self.select is None or self.names(rule)

    def names(self, rule: str) -> bool:
        """Whether the user asked for this rule, or its family, by name."""
        family = rule.partition("/")[0]
        asked = self.extend_select | (self.select or frozenset())
        return rule in asked or family in asked
