"""Decodes a whole file into a `Document` with its `Decoding`, and encodes it back.

Strictly valid UTF-8 is UTF-8, always: what this toolkit writes, it reads again. For all else a
sample is ranked (`ranking`), the file is read by the encoding that reads best, and the lines that
do not read well in it are looked at one by one (`lines`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jiaokan.repair.decode.assembly import assemble, unreadable
from jiaokan.repair.decode.codecs import encode_text
from jiaokan.repair.decode.confidence import SURE, confidence_of
from jiaokan.repair.decode.escapes import decode_escaped
from jiaokan.repair.decode.lattice import Stretch, walk
from jiaokan.repair.decode.lines import read_lines
from jiaokan.repair.decode.parted import read_parted
from jiaokan.repair.decode.ranking import PRIOR, USUAL, Ranking, accented, rank, sample_of
from jiaokan.repair.decode.report import findings_of
from jiaokan.repair.decode.screening import clear_gb18030
from jiaokan.repair.decode.signatures import Declared, byte_order_mark, declared_encoding
from jiaokan.repair.decode.tables import PAIR_LEADS
from jiaokan.repair.decode.wide import WIDE, read_wide, wide_costs
from jiaokan.validators.values import Decoding, Document, Finding, Run

DECLARED = 8.0
"""How many bits a declaration is worth."""
UNREADABLE, UNREADABLE_ACCENTS = 11.0, 14.0
"""Bits per non-ASCII byte from which no reading is like text: noise costs 14 and more. Accented
letters cost more than others, since they are few."""
DAMAGED = 6.0
"""Bits per non-ASCII byte from which damage may have spoilt the comparison."""
WIDE_TEXT = 8.0
"""Bits per byte up to which UTF-16 may be text."""
SHORT = 24.0
"""What is allowed beyond that for the beginning, and for a rarer encoding."""
_CONTROLS = bytes(range(1, 9)) + bytes(range(14, 27)) + bytes(range(28, 32))


def decode_document(
    data: bytes, id: str = "", *, follows: str = "", at: int = 0
) -> tuple[Document, Sequence[Finding]]:
    """Read bytes of any encoding. Findings are in the positions of the text; those that have a
    place in the file give its byte offset, from 0, as evidence.

    Of a later part of a text, from byte `at` on, `follows` is what its first part was read as.
    """
    mark, told = (b"", "") if follows else byte_order_mark(data) or (b"", "")
    file = _File(id, data, mark, told or follows, is_part=bool(follows), at=at)
    if file.told in WIDE:
        return file.read_as(file.told, read_wide(file.body, file.told), 1.0)
    body = file.body
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_other(file)
    if len(text) == len(body):
        found = _decode_seven_bits(file)
        if found is not None:
            return found
    run = Run("utf-8", len(mark), len(data), 0, len(text))
    document = Document(id, text, Decoding("utf-8", (run,) if body else (), mark))
    return document, findings_of(document, data, file.declared, None) if file.declared else ()


def encode_document(text: str, decoding: Decoding) -> bytes:
    """The bytes that a text was read from, exactly."""
    pieces = [decoding.bom]
    for run in decoding.runs:
        raw = run.raw
        pieces.append(encode_text(text[run.start : run.end], run.encoding) if raw is None else raw)
    return b"".join(pieces)


Decoded = tuple[Document, Sequence[Finding]]


@dataclass(frozen=True)
class _File:
    """Bytes, and what is known of them before they are read."""

    id: str
    data: bytes
    mark: bytes
    told: str
    """The encoding that a byte order mark, or the first part of a long text, says; or ""."""
    is_part: bool
    """Whether this is a later part of a long text,"""
    at: int
    """which begins at this byte."""

    @cached_property
    def body(self) -> bytes:
        """All after the byte order mark."""
        return self.data[len(self.mark) :] if self.mark else self.data

    @cached_property
    def declared(self) -> Declared | None:
        return None if self.is_part else declared_encoding(self.data)

    def read_as(
        self,
        main: str,
        stretches: list[Stretch],
        confidence: float,
        ranking: Ranking | None = None,
    ) -> Decoded:
        text, decoding = assemble(self.data, self.mark, stretches, main, confidence)
        return self._decoded(text, decoding, ranking)

    def unreadable(self, ranking: Ranking) -> Decoded:
        return self._decoded(*unreadable(self.data, self.mark), ranking)

    def _decoded(self, text: str, decoding: Decoding, ranking: Ranking | None) -> Decoded:
        document = Document(self.id, text, decoding)
        return document, findings_of(document, self.data, self.declared, ranking, self.at)


def _decode_seven_bits(file: _File) -> Decoded | None:
    """ASCII that is something else: UTF-16 of Latin text, HZ, ISO 2022."""
    body = file.body
    if b"\x1b$" in body or b"~{" in body or b"\x1b(" in body:
        escaped = decode_escaped(body)
        if escaped is not None:
            return file.read_as(*escaped)
    if b"\0" in body or (len(body) < 512 and body.translate(None, _CONTROLS) != body):
        begin = body[:4096]
        wide = wide_costs(begin)
        plain = rank(begin, ("utf-8",)).costs[0]
        best = min(wide, key=wide.__getitem__, default="")
        if best and wide[best] < plain:
            return file.read_as(best, read_wide(body, best), confidence_of(plain - wide[best]))
    return None


def _decode_other(file: _File) -> Decoded:
    """What is not UTF-8."""
    body = file.body
    parted = read_parted(body)
    if parted is not None:
        return file.read_as("utf-8", parted, 1.0)
    clear = None if file.mark else clear_gb18030(body)
    if clear is not None:
        return file.read_as("gb18030", read_lines(body, "gb18030"), SURE, clear)
    bonus = {}
    if file.declared:
        bonus[file.declared[1]] = DECLARED
    if file.told:
        bonus[file.told] = DECLARED
    sample = sample_of(body)
    ranking = rank(sample, bonus=bonus)
    margin = ranking.margin
    settled = len(ranking.encodings) == 1
    begin = body if len(sample) == len(body) else body[: len(sample) // 4 * 4]
    wide = wide_costs(begin) if len(body) >= 4 and not settled else {}
    if wide:
        compared = ranking if begin is body else rank(begin, bonus=bonus)
        name = min(wide, key=wide.__getitem__)
        gain = compared.costs[0] - wide[name]
        if gain > 0 and wide[name] < WIDE_TEXT * min(len(body), len(sample)) + SHORT:
            return file.read_as(name, read_wide(body, name), confidence_of(gain), ranking)
        margin = min(margin, -gain)
    main = _readable(sample, ranking)
    if main is None:
        return file.unreadable(ranking)
    return file.read_as(main, read_lines(body, main), confidence_of(margin), ranking)


def _readable(sample: bytes, ranking: Ranking) -> str | None:
    """The encoding that reads a sample best; None where it is noise in every one."""
    main, other = ranking.encodings[0], ranking.other
    # Noise would not keep the rules of a double-byte encoding for long.
    strict = main in PAIR_LEADS and not ranking.wrong
    is_accented = main not in PAIR_LEADS and main != "utf-8" and accented(sample)
    unreadable_from = UNREADABLE_ACCENTS if is_accented else UNREADABLE
    most = DAMAGED if main in PAIR_LEADS or main == "utf-8" else unreadable_from
    if not (strict or is_accented) and other > most * ranking.high + SHORT:
        main, other = _best_with_damage(sample, main, other)
    is_noise = other > unreadable_from * ranking.high + SHORT and not strict
    return None if is_noise or _is_one_byte(sample, main) else main


def _best_with_damage(sample: bytes, main: str, cost: float) -> tuple[str, float]:
    """The encoding that reads best when bytes may be missing, and the cost; or what was given."""
    start = next((i for i, byte in enumerate(sample) if byte >= 0x80), 0)
    part = sample[max(0, start - 16) : start + 480]
    costs = {name: walk(part, [name], name)[1] for name in (*USUAL, "cp932", "euc_jp", "cp949")}
    best = min(costs, key=lambda name: costs[name] + PRIOR[name])
    ascii_bytes = sum(byte < 0x80 for byte in part)
    high = len(part) - ascii_bytes
    found = (costs[best] - 5.0 * ascii_bytes) / max(high, 1)
    whole = sum(byte >= 0x80 for byte in sample)
    if found * whole < cost and found < UNREADABLE:
        return best, found * whole
    return main, cost


def _is_one_byte(sample: bytes, main: str) -> bool:
    """Whether nearly all non-ASCII bytes are the same one, many times: filling, not letters."""
    counts = np.bincount(np.frombuffer(sample, dtype=np.uint8), minlength=256)[128:]
    most = int(counts.max())
    return most >= 32 and most * 50 > 49 * int(counts.sum()) and main != "utf-8"
