"""The findings of decoding: what a reader should know about how the bytes were read."""

from collections.abc import Iterator

from jiaokan.repair.decode.codecs import encode_text
from jiaokan.repair.decode.colours import is_split
from jiaokan.repair.decode.halves import left_over
from jiaokan.repair.decode.parted import has_blank, has_break
from jiaokan.repair.decode.ranking import Ranking
from jiaokan.repair.decode.signatures import same_reading
from jiaokan.validators.encoding import RULES
from jiaokan.validators.values import Document, Evidence, Finding, Run
from jiaokan.validators.view import code_points

UNSURE = 0.9
MOST = 1000
"""Findings of one rule; what is beyond is counted in the last of them."""
LEFT_OVER = 11.0
"""Bits by which a character must be likelier than the ASCII one that may be its trail byte. In 1.6
million characters of clean Big5 text 21 places are so."""
_WITH_ASCII_TRAILS = {
    "big5": "cp950", "cp950": "cp950", "big5hkscs": "big5hkscs", "big5-uao": "big5-uao",
}  # fmt: skip
_APPLICABILITY = {rule.id: rule.applicability for rule in RULES}
_UNICODE = {"utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "ascii"}


def findings_of(
    document: Document,
    data: bytes,
    declared: tuple[str, str, int] | None,
    ranking: Ranking | None,
    at: int = 0,
) -> tuple[Finding, ...]:
    """Everything that is to be said of one document's decoding, in the order of the text. `at` is
    where its data begin in the file."""
    decoding = document.decoding
    assert decoding is not None
    text = document.text
    found: list[Finding] = []
    if decoding.confidence == 0.0:
        message = "No encoding reads these bytes as text."
        return (_finding("encoding/unreadable", 0, len(text), message, 0.99, byte=at),)
    rivals = tuple(ranking.encodings[1:4]) if ranking else ()
    if decoding.encoding not in ("utf-8", "ascii"):
        message = f"The file is in {decoding.encoding}, not in UTF-8."
        found.append(
            _finding(
                "encoding/legacy", 0, 0, message, decoding.confidence,
                encoding=decoding.encoding, byte=at,
            )
        )  # fmt: skip
    if decoding.confidence < UNSURE:
        message = f"{decoding.encoding} is likely, but the text is too short or odd to be sure."
        found.append(
            _finding(
                "encoding/uncertain", 0, len(text), message, 1 - decoding.confidence,
                encoding=decoding.encoding, rivals=rivals, byte=at,
            )
        )  # fmt: skip
    if declared and not same_reading(declared[1], decoding.encoding):
        label, _, byte = declared
        start = text.find(label)
        if start >= 0:
            message = f"The file says {label}, but it is in {decoding.encoding}."
            found.append(
                _finding(
                    "encoding/declared-wrong", start, start + len(label), message,
                    decoding.confidence, byte=byte, encoding=decoding.encoding,
                )
            )  # fmt: skip
    found += _capped(_of_runs(document, data, at))
    found += _capped(_of_left_over(document, at))
    return tuple(sorted(found, key=lambda finding: (finding.start, finding.end)))


def _of_runs(document: Document, data: bytes, at: int) -> Iterator[Finding]:
    decoding = document.decoding
    assert decoding is not None
    for run in decoding.runs:
        part = data[run.byte_start : run.byte_end]
        byte = at + run.byte_start
        if is_astray(document.text, run):
            shown = part[:16].hex(" ").upper()
            at_end = run.byte_end == len(data) and len(part) < 4
            if at_end:
                message = f"The file ends within a character: {shown} at byte {byte}."
            else:
                message = f"{shown} at byte {byte} is no character in {run.encoding}."
            yield _finding(
                "encoding/truncated" if at_end else "encoding/undecodable",
                run.start, run.end, message, decoding.confidence,
                byte=byte, bytes=shown, encoding=run.encoding,
            )  # fmt: skip
        elif run.raw is not None and is_split(part):
            character = document.text[run.start]
            message = (
                f"A colour code stands between the two bytes of {character!r} at byte "
                f"{byte}; it was put after it."
            )
            yield _finding(
                "encoding/undecodable", run.start, run.start + 1, message, decoding.confidence,
                byte=byte, bytes=part[:16].hex(" ").upper(), encoding=run.encoding,
            )  # fmt: skip
        elif run.raw is not None and (has_break(part) or has_blank(part)):
            character = document.text[run.start]
            if has_break(part):
                message = (
                    f"A line break stands between the bytes of {character!r} at byte {byte}; it was "
                    "put after it."
                )
            else:
                message = f"A byte of {character!r} at byte {byte} was made a blank."
            yield _finding(
                "encoding/undecodable", run.start, run.start + 1, message, decoding.confidence,
                byte=byte, bytes=part[:16].hex(" ").upper(), encoding=run.encoding,
            )  # fmt: skip
        elif run.encoding != decoding.encoding and not part.isascii():
            if _same_family(run.encoding, decoding.encoding):
                continue
            message = (
                f"Bytes {byte} to {at + run.byte_end} are in {run.encoding}, "
                f"the file in {decoding.encoding}."
            )
            yield _finding(
                "encoding/mixed", run.start, run.end, message, decoding.confidence,
                byte=byte, encoding=run.encoding,
            )  # fmt: skip


def _of_left_over(document: Document, at: int) -> Iterator[Finding]:
    decoding = document.decoding
    assert decoding is not None
    for run in decoding.runs:
        family = _WITH_ASCII_TRAILS.get(run.encoding)
        if family is None or run.raw is not None:
            continue
        text = document.text[run.start : run.end]
        places, gains = left_over(family, code_points(text))
        for place, gain in zip(places.tolist(), gains.tolist(), strict=True):
            if gain > LEFT_OVER and not _recurs(text, place):
                byte = at + run.byte_start + len(encode_text(text[:place], run.encoding))
                message = (
                    f"{text[place]!r} at byte {byte} is probably what is left of a character "
                    "whose first byte is missing."
                )
                yield _finding(
                    "encoding/half-character", run.start + place, run.start + place + 1, message,
                    min(0.99, 0.5 + 0.04 * (gain - LEFT_OVER)),
                    byte=byte, encoding=run.encoding,
                )  # fmt: skip


def _recurs(text: str, place: int) -> bool:
    """Whether the character stands elsewhere beside the same one, and so is meant: （G）, 西門路~."""
    beside = text[max(0, place - 1) : place + 1], text[place : place + 2]
    return any(len(pair) == 2 and text.count(pair) > 1 for pair in beside)


def is_astray(text: str, run: Run) -> bool:
    """Whether the run's bytes are no characters."""
    return run.raw is not None and not text[run.start : run.end].strip("\ufffd")


def _same_family(one: str, other: str) -> bool:
    return same_reading(one, other) or {one, other} <= _UNICODE - {"utf-8"}


def _capped(findings: Iterator[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    counts: dict[str, int] = {}
    last: dict[str, int] = {}
    for finding in findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
        if counts[finding.rule] <= MOST:
            last[finding.rule] = len(kept)
            kept.append(finding)
    for rule, count in counts.items():
        if count > MOST:
            at = last[rule]
            more: Evidence = {**kept[at].evidence, "more": count - MOST}
            message = f"{kept[at].message} There are {count - MOST} more."
            kept[at] = _finding(rule, kept[at].start, kept[at].end, message, 0.9, **more)
    return kept


def _finding(
    rule: str, start: int, end: int, message: str, confidence: float,
    **evidence: str | float | tuple[str, ...],
) -> Finding:  # fmt: skip
    return Finding(rule, start, end, message, confidence, _APPLICABILITY[rule], None, evidence)
