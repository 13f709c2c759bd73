"""Random characters that forums hide in their posts against copying.

Discuz! puts five to fifteen pieces, each a character of U+0020–U+003B, a space and one of U+003F–U+007E,
beside each line break of a post, in a colour that readers do not see (`jammer` in its
function_discuzcode.php). What takes the text out of the page takes them, too.
"""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.characters.finding import finding
from jiaokan.validators.expressions import expression
from jiaokan.validators.format import format_of
from jiaokan.validators.punctuation.screening import plain_spaces
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import View

_PIECE = expression(r"[ -;] [?-~]")
_CLOSED_UP = expression(r" [?-~](?=[!-;] [?-~]|[ \t]*$)", re.MULTILINE)
"""A piece of which the first of two spaces was dropped."""
_BEGUN = expression(r"([ -;]) [?-~]")
_LEAST = 5
_DIFFERENT = 4
"""Different first characters of the pieces of one run: lists (`a, b, c`) have one or two."""
_DIGITS = set("0123456789 ")
_ITEMS = frozenset("-*#+")
_UNSURE = Applicability.UNSAFE


def noise_positions(view: View) -> NDArray[np.intp]:
    """Where three pieces begin one behind the other, none of them with a space."""
    return view.positions("copy noise", _positions)


def _positions(view: View) -> NDArray[np.intp]:
    codes = view.codes
    at = plain_spaces(view)
    at = at[(at > 0) & (at < len(codes) - 7)]
    at = at[codes[at - 1] - np.uint32(0x21) < 0x1B]
    at = at[codes[at + 1] - np.uint32(0x3F) < 0x40]
    if len(at) < 3:
        return at[:0]
    three: NDArray[np.intp] = at[:-2][(at[1:-1] - at[:-2] == 3) & (at[2:] - at[:-2] == 6)]
    return three - 1


def find_noise(view: View, settings: Settings) -> Iterator[Finding]:
    """Each run of pieces; what a post has once may be meant."""
    text = view.text
    runs = list(_runs(text, noise_positions(view)))
    if not any(_firsts(text[start:end]) - _DIGITS for start, end in runs):
        return
    if format_of(view, settings) == "code":
        return
    for start, end in runs:
        after = text[end : end + 1]
        # The last piece may be the text's own: `- A` of an item `- Apple`.
        may_be_item = text[end - 3] in _ITEMS and after.isascii() and after.isalpha()
        sure = len(runs) > 1 and not may_be_item
        message = "Random characters that a forum hid here against copying."
        yield finding("copy-noise", start, end, message, "", 0.97, None if sure else _UNSURE)


def _runs(text: str, positions: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    done = 0
    for start in positions.tolist():
        if start < done:
            continue
        end = start + 9
        while match := _PIECE.match(text, end) or _CLOSED_UP.match(text, end):
            end = match.end()
        while start - 3 >= done and _PIECE.fullmatch(text, start - 3, start):
            start -= 3
        begins_line = text[start - 2 : start - 1] in ("", "\n")
        if start > done and begins_line and "?" <= text[start - 1] <= "~":
            start -= 1  # of a piece whose spaces began the line
        done = end
        if len(_firsts(text[start:end])) >= _DIFFERENT and end - start >= 3 * _LEAST - 1:
            yield start, end


def _firsts(run: str) -> set[str]:
    """The characters that the pieces of a run begin with."""
    return set(_BEGUN.findall(run))
