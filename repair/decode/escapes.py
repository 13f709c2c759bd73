"""Seven-bit encodings that say by escapes where Chinese begins: HZ and ISO 2022."""

import numpy as np

from jiaokan.repair.decode.codecs import decode_bytes
from jiaokan.repair.decode.lattice import Stretch
from jiaokan.repair.decode.scoring import costs_in_sequence
from jiaokan.validators.expressions import expression
from jiaokan.validators.view import code_points

_ISO = ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext", "iso2022_kr", "iso2022_cn")
_HZ = expression(rb"~\{(?:[!-w][!-~])+(?:~\}|(?=\n|\Z))")
_PLAUSIBLE = 17.0
"""Bits per character up to which an escaped passage is taken for text."""


def decode_escaped(data: bytes) -> tuple[str, list[Stretch], float] | None:
    """The encoding, stretches and confidence; None where the escapes mean something else."""
    if b"\x1b" in data:
        for encoding in _ISO:
            try:
                text = decode_bytes(data, encoding)
            except UnicodeDecodeError:
                continue
            if not text.isascii() and _is_plausible(text):
                return encoding, [Stretch(encoding, 0, len(data))], 0.99
    if b"~{" in data:
        return _decode_hz(data)
    return None


def _decode_hz(data: bytes) -> tuple[str, list[Stretch], float] | None:
    try:
        text = data.decode("hz")
    except UnicodeDecodeError:
        text = ""
    if text and not text.isascii() and _is_plausible(text):
        return "hz", [Stretch("hz", 0, len(data))], 0.99
    # Not all of it is: passages that are, among ASCII and damage.
    stretches: list[Stretch] = []
    at = 0
    for passage in _HZ.finditer(data):
        try:
            text = passage[0].decode("hz")
        except UnicodeDecodeError:
            continue
        if len(text) > 1 and _is_plausible(text):
            if passage.start() > at:
                stretches.append(Stretch("ascii", at, passage.start()))
            stretches.append(Stretch("hz", *passage.span()))
            at = passage.end()
    if not stretches:
        return None
    if at < len(data):
        stretches.append(Stretch("ascii", at, len(data)))
    return "hz", stretches, 0.9


def _is_plausible(text: str) -> bool:
    codes = code_points(text[:8192])
    high = codes >= 0x80
    return bool(np.mean(costs_in_sequence(codes)[high]) < _PLAUSIBLE)
