"""The public API: a `Repairer` checks its options once, then repairs any number of texts."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from os import PathLike
from typing import Any, TypeVar

from jiaokan.repair.edits import revert_edits
from jiaokan.repair.memory import is_long
from jiaokan.repair.pipeline import repair_batch, repair_document
from jiaokan.validators.families import FAMILIES, rules_by_id, unknown_name
from jiaokan.validators.values import (
    FORMATS,
    SCRIPTS,
    SCRIPTS_OF_REGIONS,
    Document,
    Finding,
    Format,
    Repaired,
    Script,
    Settings,
)

BATCH_CODE_POINTS = 1 << 20
BATCH_DOCUMENTS = 1 << 14

_Option = TypeVar("_Option", bound=str)


@dataclass(frozen=True, kw_only=True)
class Repairer:
    """Finds and repairs damage in Chinese text. Frozen, picklable, and safe to share between threads.

    script
        The script of the result: `auto` (each document keeps its own dominant script), `keep`,
        `zh-Hans`, `zh-Hant`, `zh-Hant-TW`, `zh-Hant-HK`, `zh-Hant-CN`.
    format
        What line breaks mean: `auto` recognises Markdown, code, CSV and subtitles.
    unsafe
        Also make changes that are likely but not certain.
    regional_words
        If a script is given, also replace words by those of its region (软件 by 軟體).
    select, extend_select, ignore
        Rule ids or families: run only these; run these too; do not run these. An `unsafe` rule is
        applied only if its own id is named. The name of a family applies its safe rules and
        reports the others; `debris`, which has no safe rule, is applied as a whole.

    Raises ValueError, listing the valid ones, for an unknown option value or rule; TypeError where
    `unsafe` or `regional_words` is no bool.

    >>> Repairer().repair("江蘇省召開企業(yè)家座談會").text
    '江蘇省召開企業家座談會'
    >>> Repairer(script="zh-Hans").repair("這個問題值得研究。").text
    '这个问题值得研究。'
    """

    script: Script = "auto"
    format: Format = "auto"
    unsafe: bool = False
    regional_words: bool = False
    select: Collection[str] | None = None
    extend_select: Collection[str] = ()
    ignore: Collection[str] = ()
    _settings: Settings = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        settings = Settings(
            script=_checked("script", self.script, SCRIPTS),
            format=_checked("format", self.format, FORMATS),
            unsafe=_bool("unsafe", self.unsafe),
            regional_words=_bool("regional_words", self.regional_words),
            select=None if self.select is None else _rule_names("select", self.select),
            extend_select=_rule_names("extend_select", self.extend_select or ()),
            ignore=_rule_names("ignore", self.ignore or ()),
        )
        object.__setattr__(self, "select", settings.select)
        object.__setattr__(self, "extend_select", settings.extend_select)
        object.__setattr__(self, "ignore", settings.ignore)
        object.__setattr__(self, "_settings", settings)

    @property
    def settings(self) -> Settings:
        """The validated options."""
        return self._settings

    def as_json(self) -> dict[str, Any]:
        """The options as JSON values."""
        options = ((each.name, getattr(self, each.name)) for each in fields(self) if each.init)
        return {name: sorted(v) if isinstance(v, frozenset) else v for name, v in options}

    def repair(self, data: str | bytes, *, id: str = "") -> Repaired:
        """Repair one document; the result has its text, every edit and every finding.

        Bytes may be in any encoding, or in several. A text over 2 MiB (as UTF-8) is repaired in
        parts of about 1 MiB, always cut at the same places. Raises TypeError for anything but str
        and bytes.
        """
        if is_long(data):
            return _repair_long(data, self._settings, id)
        document, noticed = _read(data, id)
        return repair_document(document, self._settings, noticed=noticed)

    def check(self, data: str | bytes, *, id: str = "") -> tuple[Finding, ...]:
        """The findings in one document, in the positions of its original text."""
        return self.repair(data, id=id).findings

    def check_many(self, data: Iterable[str | bytes | Document]) -> Iterator[tuple[Finding, ...]]:
        """The findings in each document, in order; faster than calling `check` for each."""
        return (repaired.findings for repaired in self.repair_many(data))

    def repair_many(self, data: Iterable[str | bytes | Document]) -> Iterator[Repaired]:
        """Repair many documents, in order; faster than `repair`, since they are screened in batches.

        Each result is what `repair` gives; a `Document(id, text)` keeps its id. `data` is read as
        the results are taken, about a million characters ahead. Raises TypeError for a single text,
        and, when it comes to it, for an item that is no text, saying which.
        """
        if isinstance(data, str | bytes | bytearray | memoryview):
            raise TypeError(f"texts are asked for, not one {type(data).__name__}; use a list of it")
        return self._repair_each(data)

    def _repair_each(self, data: Iterable[str | bytes | Document]) -> Iterator[Repaired]:
        texts: list[str | Document] = []
        noticed: list[Sequence[Finding]] = []
        size = 0
        for number, item in enumerate(data):
            if not isinstance(item, _TEXTS):
                raise TypeError(f"item {number} (from 0): {_no_text(item)}")
            if is_long(item):
                if texts:
                    yield from repair_batch(texts, self._settings, noticed)
                texts, noticed, size = [], [], 0
                yield _repair_long(item, self._settings, "")
                continue
            if isinstance(item, str):
                texts.append(item)
                noticed.append(())
                size += len(item)
            else:
                document, found = _read(item, "")
                texts.append(document)
                noticed.append(found)
                size += len(document.text)
            if size >= BATCH_CODE_POINTS or len(texts) >= BATCH_DOCUMENTS:
                yield from repair_batch(texts, self._settings, noticed)
                texts, noticed, size = [], [], 0
        if texts:
            yield from repair_batch(texts, self._settings, noticed)


def undo(repaired: Repaired) -> str | bytes:
    """The exact original str or bytes, rebuilt from the repaired text and its edits.

    Raises ValueError, naming the place, if the text is not what the edits made.

    >>> undo(Repairer().repair("江蘇省召開企業(yè)家座談會"))
    '江蘇省召開企業(yè)家座談會'
    """
    if not isinstance(repaired, Repaired):
        what = type(repaired).__name__
        raise TypeError(f"undo takes what repair gave, a Repaired, not {what}")
    text = revert_edits(repaired.text, repaired.edits)
    decoding = repaired.document.decoding
    if decoding is None:
        return text
    from jiaokan.repair.decode import encode_document

    return encode_document(text, decoding)


def _read(data: str | bytes | Document, id: str) -> tuple[Document, Sequence[Finding]]:
    if isinstance(data, str):
        return Document(id, data), ()
    if isinstance(data, Document):
        return data, ()
    if isinstance(data, bytes | bytearray | memoryview):
        from jiaokan.repair.decode import decode_document  # a tenth of all that a first text loads

        return decode_document(bytes(data), id)
    raise TypeError(_no_text(data))


_TEXTS = (str, bytes, bytearray, memoryview, Document)


def _no_text(data: object) -> str:
    more = ""
    if isinstance(data, PathLike):
        more = "; of a file: path.read_bytes()"
    elif data is None or isinstance(data, float):  # as tables have it
        more = "; a missing value: leave it out, or use jiaokan.repair_batch"
    return f"a document is str or bytes, not {type(data).__name__}{more}"


def _repair_long(data: str | bytes | Document, settings: Settings, id: str) -> Repaired:
    from jiaokan.repair.parts import repair_long

    return repair_long(data, settings, id)


def _checked(option: str, value: _Option, valid: Sequence[_Option]) -> _Option:
    if value not in valid:
        said = str(value).lower().replace("_", "-")
        said = SCRIPTS_OF_REGIONS.get(said, said).lower()
        name = next((each for each in valid if each.lower() == said), None)
        known = ", ".join(valid)
        hint = f"did you mean {name}?" if name else f"there are {known}"
        raise ValueError(f"{option}={value!r} is not known; {hint}")
    return value


def _bool(option: str, value: bool) -> bool:
    """A string would be taken for yes, even "no"."""
    if not isinstance(value, bool):
        raise TypeError(f"{option} is True or False, not {value!r}")
    return value


def _rule_names(option: str, names: Collection[str]) -> frozenset[str]:
    if isinstance(names, str):
        names = (names,)
    unknown = sorted(set(names) - set(FAMILIES) - set(rules_by_id()))
    if unknown:
        raise ValueError(f"{option}: {unknown_name(unknown[0])}")
    return frozenset(names)
