"""The values that every stage speaks in: frozen, with no logic beyond themselves.

All spans are half-open and count code points, unless a name says `byte`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

Evidence: TypeAlias = Mapping[str, str | int | float | tuple[str, ...]]
Script: TypeAlias = Literal["auto", "keep", "zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK"]
Format: TypeAlias = Literal["auto", "text", "markdown", "code", "csv", "subtitles"]

SCRIPTS: tuple[Script, ...] = ("auto", "keep", "zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK")
FORMATS: tuple[Format, ...] = ("auto", "text", "markdown", "code", "csv", "subtitles")


class Applicability(StrEnum):
    """Who may apply a change, from the surest to the least sure."""

    SAFE = "safe"
    """Applied by default; its measured false-edit rate is at or under the promise."""
    UNSAFE = "unsafe"
    """Applied with `unsafe=True`, or when its rule is named in `select` or `extend_select`."""
    DISPLAY = "display"
    """Reported, never applied."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of damage. `id` is `family/defect` and never changes its meaning once published."""

    id: str
    summary: str
    """One sentence: what it finds."""
    applicability: Applicability
    docs: str
    """Why it is damage, how it is told from good text, and what is left alone (Markdown)."""
    example: tuple[str, str] | None = None
    """A text before and after; None for a rule that only reports."""

    @property
    def family(self) -> str:
        return self.id.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something noticed at `[start, end)` of the text that the stage saw.

    In a `Repaired`, spans are those of the original text. `replacement` is None where it is not
    known what should stand there. `applicability` may be stricter than the rule's, never laxer.
    """

    rule: str
    start: int
    end: int
    message: str
    confidence: float
    applicability: Applicability
    replacement: str | None = None
    evidence: Evidence = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: `before`, at `[start, end)` of the original text, became `after`.

    The edits of one document are sorted and do not overlap. Where a later rule changed what an
    earlier one had put there, the two are one edit under the earlier rule, and `also` names the
    later ones.
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

    `raw` holds the bytes themselves where encoding the text again would not give them back.
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


@dataclass(frozen=True, slots=True)
class Document:
    """A text and where it came from. `decoding` is None for text that never was bytes here."""

    id: str
    text: str
    decoding: Decoding | None = None


@dataclass(frozen=True, slots=True)
class Repaired:
    """A document, the text that it should have been, and everything that lies between."""

    document: Document
    text: str
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]

    @property
    def encoding(self) -> str | None:
        """How the bytes were read; None where the document was a str."""
        return self.document.decoding.encoding if self.document.decoding else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the user asked for, checked. `select` None means every rule."""

    script: Script = "auto"
    format: Format = "auto"
    unsafe: bool = False
    regional_words: bool = False
    select: frozenset[str] | None = None
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def runs(self, rule: str) -> bool:
        """Whether findings of this rule are wanted at all."""
        family = rule.partition("/")[0]
        if rule in self.ignore or family in self.ignore:
            return False
        return self.select is None or self.names(rule)

    def names(self, rule: str) -> bool:
        """Whether the user asked for this rule, or its family, by name."""
        family = rule.partition("/")[0]
        asked = self.extend_select | (self.select or frozenset())
        return rule in asked or family in asked
