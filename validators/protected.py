"""Spans that are not prose in any format: code, URLs, e-mail addresses, paths, front matter, tags."""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression, holds
from jiaokan.validators.view import View

FENCE = expression(
    r"^[ \t]{0,12}(`{3,}|~{3,})[^\n`]*\n(?:.*\n)*?[ \t]{0,12}\1[`~]*[ \t\r]*$", re.MULTILINE
)
FRONT_MATTER = expression(r"\A(---|\+\+\+)[ \t]*\r?\n(?:.*\n){0,80}?\1[ \t\r]*$", re.MULTILINE)

_PATH = r"[A-Za-z0-9_.+@%~$-]"
_PROTECTED: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (("```", "~~~"), FENCE),
    (("---", "+++"), FRONT_MATTER),
    (("::\n", "::\r\n"), expression(
            r"(?:(?<=::\n)|(?<=::\r\n))(?:[ \t\r]*\n)+(?:[ \t]+\S.*\n?(?:[ \t\r]*\n)*)+"
        )),
    ((".. ",), expression(
            r"^[ \t]*\.\. (?:code|code-block|sourcecode|parsed-literal)::[^\n]*\n(?:[ \t\r]*\n)*(?:[ \t]+\S.*\n?(?:[ \t\r]*\n)*)+",
            re.MULTILINE,
        )),
    (("</",), expression(
            r"<(script|style|pre|code|textarea)\b[^<>]*>(?:(?!\n\n\n\n).)*?</\1>", re.DOTALL | re.IGNORECASE
        )),
    (("<",), expression(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>\n]*)?/?>")),
    (("-->",), expression(r"<!--.*?-->", re.DOTALL)),
)  # fmt: skip
"""Spans of one line or many, each with strings of which what it finds has one: they are found sooner."""
_WITHIN_LINES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("$ ", expression(r"^[ \t]*\$ +[A-Za-z.~/][^\n]*", re.MULTILINE)),
    ("`", expression(r"(`+)(?!`)[^`\n]+?\1(?!`)")),
    (":", expression(r"""(?=[A-Za-z]{2,6}:)(?:https?|ftp|file|wss?|git|ssh|mailto|magnet|data|tel):[A-Za-z0-9!#$%&'()*+,./:;=?@_~\[\]-]*[A-Za-z0-9#&=/_~+-]""", re.IGNORECASE)),
    ("@", expression(r"(?<![\w.@-])[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)),
    (".", expression(
            r"(?=[A-Za-z0-9-]{1,63}\.)(?<![A-Za-z0-9@.])(?:www\.)?(?:[A-Za-z0-9-]{1,63}\.)+"
            r"(?:com|org|net|edu|gov|info|io|cn|tw|hk|jp|kr|uk|de|fr|us|dev|app|html?|php|aspx?)"
            r"(?![A-Za-z0-9])(?:[:/?#][A-Za-z0-9!#$%&'()*+,./:;=?@_~-]*[A-Za-z0-9/#=&_-])?"
        )),
    ("/", expression(rf"(?<![A-Za-z0-9_.~/<])(?:~|\.{{1,2}})?(?:/{_PATH}+)+/?(?=[^A-Za-z0-9]|$)")),
    (":\\", expression(r"(?<![A-Za-z0-9])[A-Za-z]:\\(?:[^\s\\/:*?\"<>|，。；：！？、]+\\?)*")),
    ("/", expression(rf"(?<![A-Za-z0-9_./-])(?:{_PATH}+/)+{_PATH}*\.[A-Za-z0-9]{{1,5}}(?![A-Za-z0-9])")),
)  # fmt: skip
"""Spans that never go over a line's end, each with the string that what it finds has."""


def protected_spans(view: View) -> NDArray[np.intp]:
    """Spans of the view's text that are not prose: shape (n, 2), sorted, not overlapping.

    Fenced code blocks, front matter, commands after a prompt, inline code, URLs, domain names, e-mail addresses, file paths
    and HTML tags. Works on one document or a batch; positions are those of `view.text`.
    """
    return view.once("protected spans", _protected)


def _protected(view: View) -> NDArray[np.intp]:
    text = view.text
    found: list[tuple[int, int]] = []
    for hints, pattern in _PROTECTED:
        if holds(text, *hints):
            found += [match.span() for match in pattern.finditer(text)]
    for hint, pattern in _WITHIN_LINES:
        found += _in_lines_with(hint, pattern, text)
    found.sort()
    merged: list[list[int]] = []
    for start, end in found:
        if merged and start < merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        elif end > start:
            merged.append([start, end])
    return np.array(merged, dtype=np.intp).reshape(-1, 2)


def _in_lines_with(hint: str, pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """What a pattern finds in the lines that have a hint: of prose, next to none have."""
    at = text.find(hint) if hint[0] in text else -1
    while at >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        if end < 0:
            end = len(text)
        for match in pattern.finditer(text, start, end):
            yield match.span()
        at = text.find(hint, end)


def is_protected(view: View, positions: NDArray[np.intp]) -> NDArray[np.bool_]:
    """For each position, whether it lies in a protected span."""
    spans = protected_spans(view)
    if not len(spans):
        return np.zeros(len(positions), dtype=np.bool_)
    at = np.searchsorted(spans[:, 0], positions, side="right") - 1
    inside: NDArray[np.bool_] = (at >= 0) & (positions < spans[np.maximum(at, 0), 1])
    return inside
