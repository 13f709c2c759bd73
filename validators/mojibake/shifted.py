"""GBK read one byte late: a lost lead byte, then every pair made of two neighbours' halves."""

import re

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.expressions import expression
from jiaokan.validators.mojibake.codepages import page, unread
from jiaokan.validators.mojibake.rules import SHIFTED
from jiaokan.validators.mojibake.segments import BITS_OF_HIGH_BYTE
from jiaokan.validators.mojibake.stretches import covered
from jiaokan.validators.plausibility import alone, log_likelihood
from jiaokan.validators.values import Applicability, Evidence, Finding
from jiaokan.validators.view import View, code_points

_RUN = expression(
    "[?\ufffd](?P<run>[\u0080-\ufffc\ufffe\uffff]{2,}+)(?:(?P<trail>[@-~])|(?P<lost>[?\ufffd]))?"
)
"""A run up to an ASCII byte that is the second half of its last character, or up to where that half is lost, too."""
_IMPROBABLE = 15.0
_LOOKED_AT = 3
_BREAK = np.uint32(0x0A)
"""Stands beyond the end of a text, as between those of a batch."""
_GAIN = 24.0
_SURPRISE = 12.0
_SURE = 20.0
"""Bits beyond chance from which a run is read by default. In 300 million code points of clean text of all kinds there
is none that has as many as `_SURPRISE`."""
_SURELY = 0.99


def positions(view: View) -> NDArray[np.intp]:
    """Marks that stand for a lost byte, before two or three characters that are improbable together."""
    return view.positions("mojibake shifted", _positions)


def _positions(view: View) -> NDArray[np.intp]:
    codes = view.codes
    if "?" not in view.text and "\ufffd" not in view.text:
        return np.empty(0, dtype=np.intp)
    marks = view.where(Class.ASCII_MARK | Class.REPLACEMENT)
    mark = codes[marks]
    at: NDArray[np.intp] = marks[(mark == 0x3F) | (mark == 0xFFFD)]
    at = at[at + 2 < len(codes)]
    if not len(at):
        return at
    places = at[:, None] + np.arange(_LOOKED_AT + 1)
    window = np.where(places < len(codes), codes[np.minimum(places, len(codes) - 1)], _BREAK)
    run = window[:, 1:3]
    begun = ((run >= 0x80) & (run != 0xFFFD)).all(axis=1)
    at, window = at[begun], window[begun]
    bits = -log_likelihood(window.ravel()).reshape(window.shape)[:, 1:]
    high = window[:, 1:] >= 0x80
    held = (bits * high).sum(axis=1) >= _IMPROBABLE * high.sum(axis=1)
    improbable: NDArray[np.intp] = at[held & (high.sum(axis=1) >= 2)]
    return improbable


def find_shifted(view: View, taken: list[tuple[int, int]]) -> list[Finding]:
    """Runs that read as text when their bytes are paired the other way."""
    at = positions(view)
    if not len(at):
        return []
    free = ~covered(len(view.text), taken)
    found = []
    for start in at[free[at]].tolist():
        match = _RUN.match(view.text, start)
        if match and free[start : match.end()].all():
            found += _paired_again(view.text, match)
    return found


def _paired_again(text: str, match: re.Match[str]) -> list[Finding]:
    run = code_points(match["run"])
    back = unread(run, page("gbk"))
    data, end, lost = back.data.tobytes(), match.end("run"), ""
    if back.foreign.any() or len(data) < 3:
        return []
    if len(data) % 2 == 0:  # the first byte is the second half of a character; the rest must pair
        end = match.end()
        if match["trail"]:
            data += match["trail"].encode("ascii")
        elif match["lost"]:
            data, lost = data[:-1], "\ufffd"
        else:
            return []
    try:
        rest = data[1:].decode("gb18030")
    except UnicodeDecodeError:
        return []
    before = text[match.start() - 1 : match.start()] or "\n"
    first, probability = _first(data[0], before, rest[:1])
    meant = code_points(rest)
    new = -float(log_likelihood(meant, ord(first)).sum())
    old = -float(log_likelihood(code_points(text[match.start() + 1 : end]), ord("?")).sum())
    surprise = BITS_OF_HIGH_BYTE * 2 * len(rest) - new
    if old - new < _GAIN or surprise < _SURPRISE:
        return []
    if probability < _SURELY:
        first = "\ufffd"
    evidence: Evidence = {
        "gain in bits": round(old - new, 1),
        "bits beyond chance": round(surprise, 1),
        "lost": (first + lost).count("\ufffd"),
    }
    confidence = round(1 - 2.0 ** -(surprise / 4), 4)
    return [
        Finding(
            SHIFTED, match.start(), end, "GBK read one byte late", confidence,
            Applicability.SAFE if surprise >= _SURE else Applicability.UNSAFE, first + rest + lost, evidence,
        )
    ]  # fmt: skip


def _first(trail: int, before: str, after: str) -> tuple[str, float]:
    """The most probable character that ends in this byte, of which the lead byte is lost."""
    characters = (bytes((lead, trail)).decode("gbk", "ignore") for lead in range(0x81, 0xFF))
    points = np.array([ord(c) for c in characters if len(c) == 1], dtype=np.uint32)
    points = points[alone()[points] > -18]
    if not len(points):
        return "\ufffd", 0.0
    rows = np.stack(
        (np.full_like(points, ord(before)), points, np.full_like(points, ord(after))), 1
    )
    bits = log_likelihood(rows.ravel()).reshape(-1, 3)[:, 1:].sum(axis=1).astype(np.float64)
    weights = np.exp2(bits - bits.max())
    best = int(weights.argmax())
    return chr(int(points[best])), float(weights[best] / weights.sum())
