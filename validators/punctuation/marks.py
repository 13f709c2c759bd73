"""Which single ASCII marks stand where Chinese text has its own: arrays of positions."""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import members, one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.punctuation.context import CHINESE, Context, Flags, Positions
from jiaokan.validators.tables import words_of

_WORD = int(Class.LATIN | Class.DIGIT)
_EDGE = int(Class.SPACE | Class.BREAK)
_REACH = 40
"""How far back a sentence is looked over for Han, in code points."""


def separating_dots(context: Context) -> Positions:
    """Full stops tight between Han, in a text whose sentences end in 。: they part a name.

    Between two clauses one may as well be a slip for 。.
    """
    at = context.of(".")
    if not len(at):
        return at
    han = context.han(at - 1) & context.han(at + 1)
    at = at[han & context.in_chinese(at)]
    found: Positions = at[~_between_clauses(context, at, at + 1)]
    return found


_LONG_BEFORE, _LONG_AFTER = 8, 5
"""Han without a mark on each side of a point, from which on it parts clauses rather than a name: of
those in gazettes, laws and news 4 in 100 have as many, of full stops in sentences about half."""
_NUMERALS = "一二三四五六七八九十百零〇"
_STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


def _between_clauses(context: Context, at: Positions, after: Positions) -> Flags:
    """Whether a clause ends before each of these and another begins behind it; not in a number."""
    edges = np.flatnonzero((context.bits & np.uint32(Class.HAN)) == 0)
    before = at - edges[np.searchsorted(edges, at) - 1] - 1
    behind = edges[np.searchsorted(edges, after)] - after
    number = one_of(context.codes[at - 1], _NUMERALS) & one_of(context.codes[after], _NUMERALS)
    clauses: Flags = (before >= _LONG_BEFORE) & (behind >= _LONG_AFTER) & ~number
    return clauses


def spaced_dots(context: Context) -> Positions:
    """Full stops between Han with a space behind them, where other marks are tight: ．made so by a tool.

    Data-Juicer's operator makes `.` of 。 and `. ` of ．; who types spaces behind full stops has
    them behind commas, too.
    """
    tight, spaced = context.commas
    at = context.of(".")
    if not len(at):
        return at
    han = context.han(at - 1) & (context.codes[at + 1] == 0x20) & context.han(at + 2)
    at = at[han]
    so_set = (tight > 0) & (spaced == 0) & context.is_traditional
    at = at[context.in_chinese(at) & so_set[context.document_of(at)]]
    # One that parts clauses shows a writer who sets a space behind full stops, if behind nothing else.
    ends = context.per_document(at[_between_clauses(context, at, at + 2)])
    found: Positions = at[ends[context.document_of(at)] == 0]
    return found


def colons(context: Context) -> Positions:
    """Colons of Chinese text: not times, ratios, addresses, `::`, or Latin keys."""
    at = context.of(":")
    if not len(at):
        return at
    left, right = context.left(at), context.right(at)
    after_chinese = context.any(left, CHINESE)
    before_han = context.han(right) & context.any(left, _WORD | int(Class.BREAK))
    neighbour = context.codes[at + 1]
    part_of_sign = one_of(neighbour, _SIGNS) | (context.codes[at - 1] == 0x3A) | (neighbour == 0x3A)
    part_of_sign &= (neighbour != 0x2D) | (context.codes[at + 2] != 0x20)  # 注意:- 打开盖子
    # A writer who sets a space behind it has an ASCII colon: 小明: 吃了吗.
    spaced = (neighbour == 0x20) & ~context.any(at + 2, _EDGE)
    spaced &= ~one_of(context.codes[at + 2], _OPENING)
    ends = context.any(at + 1, int(Class.BREAK)) & context.any(left, _WORD)
    ends &= _han_before(context, at)
    good = (after_chinese | before_han | ends) & ~part_of_sign & ~spaced
    good &= context.codes[context.breaks[context.line_of(at)] + 1] != 0x3B  # a wiki's ;term:meaning
    chinese = context.in_chinese(at)
    keys = good & ~chinese & context.han(at - 1) & ~context.protected[at]
    for index in np.flatnonzero(keys).tolist():  # 网址:https://…, whatever stands behind it
        position = int(at[index])
        start = context.text.rfind("\n", 0, position) + 1
        chinese[index] = _KEY.fullmatch(context.text, start, position) is not None
    good &= chinese
    words = context.any(left, _WORD) & chinese & ~part_of_sign & ~spaced
    keys = np.zeros(len(at), dtype=np.bool_)
    for index in np.flatnonzero(words & (good | context.any(at + 1, _WORD))).tolist():
        position = int(at[index])
        start = context.text.rfind("\n", 0, position) + 1
        keys[index] = _NAME.fullmatch(context.text, start, position) is not None
    # What most keys of a list of settings have behind them, all have: arch:CPU 的架构.
    enough = context.per_document(at[keys & good]) >= _LEAST_KEYS
    good |= keys & enough[context.document_of(at)]
    found: Positions = at[good]
    return found


_NAME = expression(r"[A-Za-z_][\w.]*", re.ASCII)
_LEAST_KEYS = 3
_KEY = expression(r"[\s•·●○*◎※-]*[㐀-鿿]{2,12}")


_SIGNS = "/\\=-"
_OPENING = "“「『‘"


def emphatic(context: Context, mark: str) -> Positions:
    """Question or exclamation marks that end Chinese sentences; chains of them as one."""
    at = context.of(mark)
    if not len(at):
        return at
    before = at - 1
    for _ in range(3):
        before = np.where(one_of(context.codes[before], _EMPHATIC), before - 1, before)
    left = context.left(before + 1)
    after_chinese = context.any(left, CHINESE)
    right = context.right(at)
    ends = context.any(right, _EDGE | CHINESE) | one_of(context.codes[at + 1], _AFTER_END)
    after_word = context.any(left, _WORD) & ends & _han_before(context, at)
    code = one_of(context.codes[at + 1], "=[")  # != ![
    found: Positions = at[(after_chinese | after_word) & ~code & context.in_chinese(at)]
    return found


_EMPHATIC = "!?！？"
_AFTER_END = "\"')]!?"


def for_lost_words(context: Context, questions: Positions) -> Flags:
    """Which of these question marks stand for characters that an encoding could not hold: 錫?, 在??公司.

    No sentence ends where a mark follows or went before, nor two marks of it before a word. In a document
    that has such, a mark between Han ends a sentence only where something is asked; in a line with U+FFFD,
    any mark.
    """
    codes = context.codes
    at = context.of("?")
    starts = np.diff(at, prepend=-9) != 1
    first = at[starts]
    last = at[np.append(starts[1:], True)] if len(at) else at
    before, after = codes[first - 1], codes[last + 1]
    word = context.any(last + 1, CHINESE | _WORD) & ~one_of(after, _MARKS)
    lost = one_of(after, _PAUSES) & (codes[last + 2] != after)  # ?... may be an author's
    lost |= (one_of(before, _PAUSES + _OPENING_MARKS) | context.any(first - 1, _EDGE)) & word
    tight = context.han(first - 1) & word
    lost |= (last > first) & word & ~_are_asked(context, first, tight & (last > first))
    beside = context.han(first - 1) | context.han(last + 1)
    lossy = context.per_document(first[lost & beside]) > 0
    tight &= lossy[context.document_of(first)]
    tight |= _in_lines_with(context, _REPLACED, first)
    lost |= tight & ~_are_asked(context, first, tight)
    flags: Flags = lost[first.searchsorted(questions, side="right") - 1]
    return flags


_REPLACED = "\ufffd"


def _in_lines_with(context: Context, character: str, at: Positions) -> Flags:
    if character not in context.text:
        return np.zeros(len(at), dtype=np.bool_)
    there = np.flatnonzero(context.codes == ord(character))
    flags: Flags = context.in_lines(there)[context.line_of(at)] > 0
    return flags


def _are_asked(context: Context, at: Positions, where: Flags) -> Flags:
    """Which of these positions, of those where it is asked for, end a sentence that has a word that asks."""
    found = np.zeros(len(at), dtype=np.bool_)
    for index in np.flatnonzero(where).tolist():
        position = int(at[index])
        found[index] = _ASKED.search(context.text, max(0, position - 40), position) is not None
    return found


_PAUSES = ",;:.，；：。、"
_OPENING_MARKS = "(（“「《"
_MARKS = _PAUSES + "）”」》！？…—～"
_ASKED = expression(
    r"[吗嗎呢么麼嘛吧何谁誰哪什甚怎几幾否孰焉乎耶邪欤歟岂豈胡曷咩乜边邊点點嚟][^。.？?！!…\n]*\Z"
)
"""A word that asks, and no end of a sentence behind it: before ？ set tight between Han four times in five,
elsewhere one time in fifteen."""
_PART_OF_SPEECH = expression(
    r"\s*(?:n|v|vt|vi|a|ad|adj|adv|aux|conj|int|num|prep|pron)\.(?=[ \t]*[㐀-鿿\[(<])"
)


def full_stops(context: Context) -> Positions:
    """Full stops of Chinese text: not decimals, numbering, abbreviations, names of files, dots."""
    at = context.of(".")
    if not len(at):
        return at
    dots = (context.codes[at - 1] == 0x2E) | (context.codes[at + 1] == 0x2E)
    spaced = np.where(context.codes[at - 1] == 0x20, at - 1, at)
    left, right = context.left(spaced), context.right(at)
    after_chinese = context.any(left, CHINESE)
    # Behind quotes or brackets that end a sentence of their own: 「……！」。
    after_chinese |= (
        one_of(context.codes[left], "!?.")
        & (left < spaced - 1)
        & context.any(context.left(left), CHINESE)
    )
    closed = one_of(context.codes[at - 1], ')]"') & (left < spaced - 1)
    after_word = (context.any(left, _WORD) | closed) & _han_before(context, at)
    numbering = context.any(context.left(left), int(Class.BREAK)) & context.any(at + 1, _EDGE)
    ends = context.any(at + 1, _EDGE | CHINESE) | one_of(
        context.codes[at + 1], _AFTER_END + "([<:—─"
    )
    capital = (context.codes[at + 1] >= 0x41) & (context.codes[at + 1] <= 0x5A)
    digit = context.any(at + 1, int(Class.DIGIT))
    word = np.logical_and.reduce(
        [
            context.any(at + k, int(Class.LATIN)) | (k > 1) & one_of(context.codes[at + k], "_-")
            for k in range(1, 6)
        ]
    )
    good = (after_chinese & (ends | capital | digit | word)) | (
        after_word
        & (
            context.han(at + 1)
            | context.any(right, int(Class.BREAK))
            | (context.codes[at + 1] == 0x28) & context.han(at + 2)
        )
    )
    # A numeral, a point and a word at the start of a line is a number of a list.
    heads = context.any(left - 1, int(Class.BREAK)) & ~context.any(at + 1, int(Class.BREAK))
    heads &= ~context.han(left) | one_of(context.codes[left], _NUMERALS + _STEMS)
    spaced_word = after_word & (context.codes[at + 1] == 0x20) & context.han(at + 2) & ~good
    for index in np.flatnonzero(spaced_word).tolist():
        position = int(at[index])
        good[index] = not _ABBREVIATED.search(context.text, max(0, position - 6), position)
    latin_next = context.any(at + 2, int(Class.LATIN)) & (context.codes[at + 1] == 0x20)
    for index in np.flatnonzero(after_word & latin_next & ~good).tolist():
        position = int(at[index])
        good[index] = (
            _LATIN_AFTER_HAN.search(context.text, position - 26, position) is not None
            and _LATIN_BEFORE_HAN.match(context.text, position + 2) is not None
            and not _ABBREVIATED.search(context.text, max(0, position - 6), position)
        )
    # .name with a space before it is the name of an attribute or a file.
    named = (context.codes[at - 1] == 0x20) & context.any(at + 1, _WORD)
    good &= ~dots & ~numbering & ~heads & ~named
    numbered = good & context.any(left, int(Class.DIGIT)) & context.han(at + 1)
    for index in np.flatnonzero(numbered).tolist():
        position = int(at[index])
        line = context.text.rfind("\n", 0, position) + 1
        good[index] = (
            _NUMBERED.fullmatch(context.text, line, position) is None
            and _ITEM.search(context.text, line, position) is None
        )
    next_to_han = context.han(at + 1)
    for index in np.flatnonzero(good & context.any(left, int(Class.LATIN))).tolist():
        position = int(at[index])
        good[index] = _POINTED.search(context.text, max(0, position - 12), position) is None
        if good[index] and next_to_han[index]:
            good[index] = _CHOICE.search(context.text, position - 2, position) is None
    good &= ~_in_name(context, at)
    good &= ~(context.han(at - 1) & next_to_han & _in_entries(context, at))
    found: Positions = at[good & context.in_chinese(at)]
    return found


def _in_entries(context: Context, at: Positions) -> Flags:
    """Which of these are in entries of a dictionary, where a point stands for what is left out: v.把.举起."""
    documents, where = np.unique(context.document_of(at), return_inverse=True)
    begins = [
        _PART_OF_SPEECH.match(context.text, start) for start in context.starts[documents].tolist()
    ]
    found: Flags = np.array([begin is not None for begin in begins], dtype=np.bool_)[where]
    return found


def _in_name(context: Context, at: Positions) -> Flags:
    """Which of these stand in a name that was translated by its sound: 约翰.史密斯."""
    beside = context.codes[at[:, None] + np.array([-2, -1, 1, 2])]
    found: Flags = _of_names().take(beside, mode="clip").all(axis=1)
    return found


@cache
def _of_names() -> Flags:
    return members("".join(words_of("characters of translated names")))


_CHOICE = expression(r"[\s(（:：;；,，。.!?！？、][A-Za-z]\Z")
"""A letter by itself, before a word: one of some answers to choose from, A.苹果 B.香蕉."""
_ABBREVIATED = expression(r"(?:^|[^A-Za-z0-9_])[A-Za-z][a-z]{0,3}\Z")
"""A word before a point and a space that may be cut short: Dr. 王, vol. 三."""
_POINTED = expression(
    r"(?:^|[^A-Za-z0-9_])(?:(?:[A-Za-z]\.)+[A-Za-z]|etc|vs|[Nn]os?|[Dd]r|Mrs?|Ms|Prof|[Ff]igs?|Eqs?|[Vv]ol|pp|cf|al|Inc|Ltd|Co|[JS]r|St)\Z"
)
"""Words that have their own point also right before Han: U.S.政府, i.e.那种, No.三."""
_ITEM = expression(r"[,，、;；.。:：!！?？]\s?\d{1,2}\Z")
"""The number of an item within a line: 1.打开文件;2.选择."""
_LATIN_AFTER_HAN = expression(r"[㐀-鿿] ?[A-Za-z0-9_+-]{2,24}\Z")
_LATIN_BEFORE_HAN = expression(r"[A-Za-z][A-Za-z0-9_.+-]{0,24} ?[㐀-鿿]")
_NUMBERED = expression(
    r"\s*(?:[定公]理|引理|命[题題]|推[论論]|定[义義]|例[题題]?|[图圖表式注註题題]|[问問][题題]|[习習][题題]|步[骤驟]|"
    r"方案|附[件录錄图圖表]|第|[备備]注|[说說]明|模[块塊]|[阶階]段|[选選][项項]|[规規][则則])\s*\d+(?:[.-]\d+)*"
)
"""What is numbered, and its number, at the beginning of a line: 定理1."""


def angle_titles(context: Context) -> NDArray[np.intp]:
    """`<` and `>` around Han, shape (n, 2): what one tool makes of 〈〉, the marks of poems and chapters."""
    spans = [(m.start(), m.end() - 1) for m in _ANGLES.finditer(context.text)]
    pairs = np.array(spans, dtype=np.intp).reshape(-1, 2)
    return pairs[context.in_chinese(pairs).all(axis=1)]


_ANGLES = expression(r"<[㐀-鿿](?:[^<>\n]{0,60}[㐀-鿿])?>")


def ellipses(context: Context, of: Flags) -> tuple[NDArray[np.intp], list[str]]:
    """Runs of three or more full stops after or before Chinese, shape (n, 2), and what should stand, in
    these of the documents."""
    at = context.of(".")
    first = np.flatnonzero(np.diff(at, prepend=-9) != 1)
    number = np.diff(first, append=len(at))
    long = number >= 3
    start, number = at[first[long]], number[long]
    end = start + number
    document = context.document_of(start)
    chinese = context.any(context.left(start), CHINESE) | context.any(end, CHINESE)
    chinese &= context.in_chinese(start) & of[document]
    dots, rest = np.divmod(number, 3)
    chinese &= (rest == 0) | ((rest == 1) & context.lost_stops[document])
    marks = [
        "…" * dot + "。" * more
        for dot, more in zip(dots[chinese].tolist(), rest[chinese].tolist(), strict=True)
    ]
    return np.stack([start[chinese], end[chinese]], axis=1), marks


def _han_before(context: Context, at: Positions) -> Flags:
    """Whether there is Han in the line, within reach before each position."""
    start = np.maximum(at - _REACH, context.breaks[context.line_of(at)] + 1)
    return context.han_up_to[at] > context.han_up_to[start]


_DASH = expression(r"(?<![-<!|])(?: -  - |--)(?![->|])")


def dashes(context: Context) -> NDArray[np.intp]:
    """`--`, and ` -  - ` (what one tool makes of ——), between or before Chinese: spans, shape (n, 2)."""
    matches = (
        _DASH.finditer(context.text) if "--" in context.text or " -  - " in context.text else ()
    )
    spans = np.array([match.span() for match in matches], dtype=np.intp).reshape(-1, 2)
    sides = np.stack([spans[:, 0] - 1, spans[:, 1]], axis=1)
    # Nobody else writes the long form: there, quotes, brackets and spaces beside it are passed over.
    long = context.codes[spans[:, 0]] == 0x20
    before, after = sides.T
    before = context.left(np.where(context.codes[before] == 0x20, before, before + 1))
    after = context.right(np.where(context.codes[after] == 0x20, after, after - 1))
    sides[long] = np.stack([before, after], axis=1)[long]
    chinese, edge = context.any(sides, CHINESE), context.any(sides, _EDGE)
    option = (context.codes[sides[:, 0]] == 0x20) & ~edge[:, 1]  # ls --全部
    prose = ~option & ~context.protected[spans[:, 0]]
    found: NDArray[np.intp] = spans[
        np.all(chinese | edge, axis=1) & np.any(chinese, axis=1) & prose
    ]
    return found
