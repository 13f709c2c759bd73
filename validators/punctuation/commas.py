"""Which commas and semicolons of Chinese text are ASCII ones: arrays of positions."""

import numpy as np

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.punctuation.context import CHINESE, Context, Flags, Positions

_WORD = int(Class.LATIN | Class.DIGIT)


def commas(context: Context, mark: str = ",") -> Positions:
    """Commas (or semicolons) of Chinese text: not thousands, not between Latin words."""
    at = context.of(mark)
    if not len(at):
        return at
    left, right = context.left(at), context.right(at)
    chinese_left, chinese_right = context.any(left, CHINESE), context.any(right, CHINESE)
    within_word = context.any(at - 1, _WORD) & context.any(at + 1, _WORD)
    percents = one_of(context.codes[at - 1], "%‰℃℉°") & context.any(right, int(Class.DIGIT))
    starts = context.any(left, int(Class.BREAK))
    bracketed = (context.codes[at - 1] == 0x28) & context.any(at - 2, CHINESE)
    # The end of a line of Chinese, whatever stands before it: 从5%降到2%; and 见 (#118);
    lines = context.line_of(at)
    ends = context.any(at + 1, int(Class.BREAK)) & (
        context.line_latin[lines] < context.line_han[lines]
    )
    good = (chinese_left | chinese_right | percents | ends) & ~within_word & ~starts
    good |= bracketed
    for index in np.flatnonzero(~good & (context.codes[at + 1] == 0x29)).tolist():
        end = int(at[index])
        good[index] = _NAME_IN_BRACKETS.search(context.text, max(0, end - 64), end) is not None
    good |= _between_words_in_chinese(context, at, within_word)
    good |= _after_closing_in_chinese(context, at, ~good)
    if mark == ",":
        numbers = context.any(at - 1, int(Class.DIGIT)) & context.any(at + 1, int(Class.DIGIT))
        _go_with_their_row(context, at, good, within_word & ~numbers & ~good)
    for index in np.flatnonzero(good & one_of(context.codes[at - 1], _BY)).tolist():
        good[index] = _PARTED.match(context.text, int(at[index]) + 1) is None
    # A row of them is one mark, such as 好吧,,,, has.
    heads = np.where(context.codes[at - 1] == ord(mark), 0, np.arange(len(at)))
    good = good[np.maximum.accumulate(heads)]
    found: Positions = at[good & context.in_chinese(at)]
    return found


_NAME_IN_BRACKETS = expression(r"[㐀-鿿][”」\"]? ?\([A-Z][^()\n㐀-鿿]{1,60}[a-z.]\Z")
"""A foreign name behind a Chinese one, whose years or pronunciation were lost with their template: 约翰(John,)."""
_BY = "用以按由过過"
_PARTED = expression(
    r" ?(?:(?:来|來)?(?:分[隔割开開]|隔[开開]|[间間]隔|[连連]接|拆分|[区區]分)|[结結]尾|[开開][头頭]|作[为為]|[号號])"
)
"""What stands behind a mark that is named: 用,分隔."""


def _between_words_in_chinese(context: Context, at: Positions, within_word: Flags) -> Flags:
    """Commas set tight between a Latin word and another, each with Han on its other side."""
    latin = int(Class.LATIN)
    variables = context.any(at - 1, latin) & context.any(at + 1, latin)
    variables &= ~context.any(at - 2, _WORD) & ~context.any(at + 2, _WORD)
    digit = int(Class.DIGIT)
    thousands = np.logical_and.reduce([context.any(at + k, digit) for k in (-1, 1, 2, 3)])
    good: Flags = within_word & ~variables & ~(thousands & ~context.any(at + 4, _WORD))
    for index in np.flatnonzero(good).tolist():
        position = int(at[index])
        before = _WORD_AFTER_HAN.search(context.text[max(0, position - 48) : position])
        after = _WORD_BEFORE_HAN.match(context.text[position + 1 : position + 49])
        locant = _LOCANTS.match(context.text, position + 1)
        good[index] = (
            before is not None and after is not None and not (after["thousands"] or locant)
        )
    return good


def _go_with_their_row(context: Context, at: Positions, good: Flags, asked: Flags) -> None:
    """Take commas between words of Latin letters for what the next one in their row is: 鸿蒙,Windows,Linux."""
    places = np.flatnonzero(asked).tolist()
    for step, order in ((-1, places), (1, places[::-1])):
        for index in order:
            beside = index + step
            if 0 <= beside < len(at) and good[beside]:
                first, last = sorted((int(at[beside]), int(at[index])))
                good[index] |= _LATIN_ITEM.fullmatch(context.text, first + 1, last) is not None


_LATIN_ITEM = expression(r"(?=[^,]*[A-Za-z])[A-Za-z0-9.+#_ -]{1,24}")


def _after_closing_in_chinese(context: Context, at: Positions, asked: Flags) -> Flags:
    """Commas set tight behind a bracket or quote that closes, or a number, in a Chinese sentence.

    Han stands near on both sides, with no other mark between: 寄存器(register),L1和L2缓存.
    """
    before, after = context.codes[at - 1], context.bits[at + 1]
    closing = one_of(before, _CLOSING) & ((after & np.uint32(_WORD)) != 0)
    number = context.any(at - 1, int(Class.DIGIT)) & ((after & np.uint32(Class.LATIN)) != 0)
    good = np.zeros(len(at), dtype=np.bool_)
    for index in np.flatnonzero(asked & (closing | number)).tolist():
        position = int(at[index])
        ahead = _HAN_AHEAD.match(context.text[position + 1 : position + 25])
        behind = context.text[max(0, position - 60) : position]
        line = behind[behind.rfind("\n") + 1 :]
        if ahead is None or _HAN_BEHIND.search(line) is None:
            continue
        opened = sum(map(line.count, "(（[")) - sum(map(line.count, ")）]"))
        good[index] = opened <= 0
    return good


_CLOSING = ")）]\"'”’」』"
_HAN_BEHIND = expression(r"[㐀-鿿][^㐀-鿿\n,，。;；、!！?？]{0,40}$")
_HAN_AHEAD = expression(r"[^㐀-鿿\n,，。;；:：!！?？]{0,20}[㐀-鿿]")
_LOCANTS = expression(r"(?:[0-9]{1,2}'*,){0,12}[0-9]{1,2}'*-(?![0-9])")
"""The places that a chemical's name begins with: 2,3,7,8-四氯…"""
_WORD_AFTER_HAN = expression(
    r"[㐀-鿿][ ]?(?:[A-Za-z0-9.+#_ -]{1,20}[,、，]){0,4}[A-Za-z0-9.+#_ -]{1,20}$"
)
_WORD_BEFORE_HAN = expression(
    r"(?P<thousands>[0-9]{3}(?![0-9A-Za-z]))?[A-Za-z0-9.+#_ -]{0,20}(?:[,、，][A-Za-z0-9.+#_ -]{1,20}){0,4}[㐀-鿿]"
)
