"""Which joins are safe: the words need say less where widths speak, too."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.lines.evidence import COLUMN, COUNTED, Columns
from jiaokan.validators.lines.intended import (
    are_beside_row,
    begin_alike,
    begin_as_commands,
    english_words,
    is_set_off,
    is_signature,
    may_be_parted,
)
from jiaokan.validators.lines.kinds import (
    BROKEN_PARAGRAPH,
    HARD_WRAP,
    HYPHENATION,
    MANY,
    NARROW,
    PAGE_BREAK,
    are_set_at_width,
    cut_words,
)
from jiaokan.validators.lines.layout import Flags, Layout, Positions
from jiaokan.validators.lines.parts import are_at_spaces
from jiaokan.validators.lines.prose import (
    CLAUSE,
    MOSTLY,
    are_between_words,
    are_in_prose,
    ends_its_sentences,
    hold_sentences,
    runs_paragraphs_together,
)
from jiaokan.validators.lines.weighing import Decided
from jiaokan.validators.lines.widths import BEYOND, are_steps
from jiaokan.validators.programs import HEADING, is_code_line

_SURE = np.array((0.45, 0.985, 0.85, 0.6))
"""From this probability on a join is `safe`, in the order of `RULES_OF_JOINS`: where widths or a hyphen speak too,
the words need say less."""
_SURE_OF_SEVERAL = 0.93
"""The same for a false paragraph among others of its document."""
_SURE_OF_MANY = 0.6
"""The same in a document that was broken again and again, as wrapped text of ragged lines is."""
_SURE_OF_WORD, _SURE_OF_WORDS = 0.88, 0.6
"""The same for a false paragraph where a word, a set phrase or a number is cut, or a mark begins the line:
no title ends so; and where it is one of several."""
_SURE_OF_FEW = 0.95
"""The same for lines cut at a width in a document most of whose lines are not."""
_SURE_OF_CLASSICAL = 0.97
"""Titles, verse and prose of classical texts, and what is said in Cantonese, the counts know little of."""
_SURE_IN_PROSE, _SURE_IF_BARE = 0.85, 0.9
"""The same between Han or figures, in a text that ends its sentences, see `ends_its_sentences`; and where a line
has no mark at all, as titles have none."""
_SURE_BESIDE, _SURE_BESIDE_IF_BARE = 0.65, 0.75
"""The same in the prose of a text that was surely cut elsewhere."""
_NUMERAL = 4
"""Characters of an item's number and its mark, at the most."""
_SURE_IF_SOFT, _FEW_SOFT, _SOFT = 0.65, 0.5, "\v\x85\u2028"
"""The same in prose at a break that ends a line but no paragraph, if of all breaks no more than such a share are so."""
_SURE_AFTER_COMMA, _SURE_AFTER_COMMAS = 0.998, 0.99
"""A comma before a break may also lead to a formula or a listing that was lost from between."""
_SURE_WITHOUT_HAN, _SURE_OF_ENGLISH = 0.98, 0.85
"""Lines of Latin letters alone may be names, commands or output, which the counts know little of, unless they
are English and the second goes on with a small letter."""
_SEVERAL, _SHARE_OF_SEVERAL = 2, 0.12
"""So many likely breaks, and such a share of all, tell a document that was broken more than once."""
_SET_IN_LINES = 0.4
"""Of the lines, those that end at the document's width, in wrapped text of short paragraphs."""
_SOME = 6
"""Of fewer lines, none is usual."""
_FEW = 6
"""Of so few breaks, one is a large share."""
_RAGGED = 44
"""Columns that a line may be short of its neighbours where lines were cut at a ragged width."""
_PASSAGE = 10
"""Breaks between lines without Han, in a row, from which they are a text of their own."""
_SHORTEST = 4
"""Characters of a line that has hardly been cut from a sentence."""
_OPEN = 2
"""Of so many other joins it takes, in mid-sentence, to tell that a line which ends its sentence was cut at a width."""
_OF_NOTES, _FAR = 8, 1000
"""Lines of the notes of a page."""
_NOTE = expression(
    rf"\d{{1,2}}[.、)）]?[ \u00a0]*(?![{COUNTED}章节節行列位种種])[\u3400-\u9fff“「《]"
)
"""A number, and no measure word behind it."""
_LETTERS_NARROWER = 0.25
"""Of a row's width, what Latin letters take less of in print than in columns."""
_ENGLISH = 3
"""Words of two lines, of those that hold sentences together, which tell English."""
_SHARE_OF_MANY = 0.12
"""Of all breaks, in a wrapped document, joins."""


def are_sure(
    decided: Decided, chosen: NDArray[np.intp], rules: NDArray[np.intp], free: Flags
) -> Flags:
    """Which of the joins are safe: of those not held back those that are likely enough, unless the lines or the
    text forbid it."""
    joins = _Joins(decided, chosen, rules)
    sure: Flags = free & (decided.probability[chosen] >= _least(joins))
    if sure.any():
        sure &= _are_allowed(joins)
        if joins.breaks > _OPEN and np.count_nonzero(sure & ~joins.ended) < _OPEN:
            sure &= ~joins.ended | (joins.column["indent_right"] >= 2)
        for at in np.flatnonzero(sure).tolist():
            sure[at] = not _are_parted(joins, at)
        for at in np.flatnonzero(free & ~sure & _are_beside_others(joins, sure)).tolist():
            sure[at] = not _are_parted(joins, at)
    return sure


class _Joins:
    """Joins of a window, and what is asked of them more than once."""

    def __init__(self, decided: Decided, chosen: NDArray[np.intp], rules: NDArray[np.intp]) -> None:
        self.decided, self.chosen, self.rules = decided, chosen, rules
        self.column = column = Columns(decided.evidence[chosen])
        self.language = decided.window.whole.profile.language
        self.breaks = len(decided.pairs)
        count = len(chosen)
        mostly = count * 2 >= self.breaks
        ragged = (column["blanks"] == 0) & (column["slack"] <= _RAGGED)
        self.cut = cut_words(decided, chosen)
        self.many = count >= _SHARE_OF_SEVERAL * self.breaks
        self.several = self.many and count >= _SEVERAL
        set_: Flags = (rules == PAGE_BREAK) & (np.abs(column["slack_document"]) <= BEYOND)
        self.by_width: Flags = ((rules == HARD_WRAP) | set_) & (count >= MANY or mostly)
        self.wrapped: Flags = (column["indent_right"] >= 2) | mostly
        self.often: Flags = ragged | _are_parts(decided, chosen)
        self.often &= count >= MANY and count >= _SHARE_OF_MANY * self.breaks
        self.often |= are_at_spaces(decided.layout, decided.pairs)[chosen]
        self.no_start: Flags = column["right_no_start"] != 0
        codes = decided.layout.view.codes
        last = codes[decided.layout.last[decided.pairs.left[chosen]]]
        in_name = (last == ord(".")) & (column["right_lower"] != 0)  # *.‖txt
        self.ended: Flags = (column["left_terminal"] != 0) & ~self.no_start & ~in_name
        self.bracketed: Flags = (column["unclosed"] > 0) & (column["unopened"] > 0)
        self.bracketed &= column["left_open"] == 0
        self.han_left: Flags = column["han_left"] != 0
        self.han_right: Flags = column["han_right"] != 0
        self.without_han = ~self.han_left & ~self.han_right
        self.goes_on = self.without_han & ~self.ended & (column["right_lower"] != 0)


def _least(joins: _Joins) -> NDArray[np.float64]:
    """How likely each must be: the words need say less where widths speak, too."""
    decided, chosen, rules, column = joins.decided, joins.chosen, joins.rules, joins.column
    wrap, paragraph = rules == HARD_WRAP, rules == BROKEN_PARAGRAPH
    alone = wrap & ~joins.wrapped
    least = _SURE[rules]
    set_ = are_set_at_width(decided, chosen)
    least[alone] = np.where(set_, _SURE_OF_MANY, _SURE_OF_FEW)[alone]
    if joins.several:
        least[paragraph] = _SURE_OF_SEVERAL
    least[joins.often & (paragraph | alone)] = _SURE_OF_MANY
    is_share = joins.several or (joins.many and joins.breaks <= _FEW)
    # 此致 and 敬礼 are one phrase, on lines of their own
    whole = (column["left_chars"] > _SHORTEST) | (
        (column["unclosed"] > 0) & (column["unopened"] > 0)
    )
    by_words = (joins.cut & whole) | (joins.no_start & (column["han_left"] >= MOSTLY))
    words = _SURE_OF_WORDS if is_share else _SURE_OF_WORD
    least[by_words] = np.minimum(least[by_words], words)
    after_comma = (column["left_comma"] != 0) & ~joins.no_start
    after_comma &= ~(joins.by_width | joins.wrapped | joins.often | (rules == PAGE_BREAK))
    least[after_comma] = _SURE_AFTER_COMMAS if joins.several else _SURE_AFTER_COMMA
    soft = _are_soft(decided)[chosen] & are_in_prose(decided, chosen, column)
    least[soft] = np.minimum(least, _SURE_IF_SOFT)[soft]
    if joins.language in ("lzh", "yue"):
        least[paragraph] = _SURE_OF_CLASSICAL
    least[joins.without_han] = np.maximum(least[joins.without_han], _SURE_WITHOUT_HAN)
    least[joins.goes_on] = _SURE_OF_ENGLISH
    chance = decided.probability[chosen]
    doubted = (chance < least) & (chance >= _SURE_IN_PROSE)
    if joins.language != "yue" and doubted.any() and ends_its_sentences(decided):
        prose = are_in_prose(decided, chosen, column)
        enough = np.where(column["marks_left"] == 0, _SURE_IF_BARE, _SURE_IN_PROSE)
        least[prose] = np.minimum(least, enough)[prose]
    return least


def _are_soft(decided: Decided) -> Flags:
    """Breaks that end a line but no paragraph, VT, NEL or U+2028, in a text most of whose breaks are none."""
    layout, pairs = decided.layout, decided.pairs
    codes = layout.view.codes
    soft: Flags = one_of(codes[np.minimum(layout.end[pairs.left], len(codes) - 1)], _SOFT)
    return soft & (np.count_nonzero(soft) <= _FEW_SOFT * len(pairs))


def _are_beside_others(joins: _Joins, sure: Flags) -> Flags:
    """Joins in the prose of a text that was surely cut elsewhere: what did so did more."""
    decided, chosen, column = joins.decided, joins.chosen, joins.column
    bare = column["marks_left"] == 0
    least = np.where(bare, _SURE_BESIDE_IF_BARE, _SURE_BESIDE)
    beside: Flags = (decided.probability[chosen] >= least) & ~sure
    beside &= (joins.rules == BROKEN_PARAGRAPH) & ~joins.ended
    if joins.language in ("lzh", "yue") or not beside.any():
        return np.zeros(len(chosen), dtype=np.bool_)
    if not (sure & (joins.rules == BROKEN_PARAGRAPH)).any():
        return np.zeros(len(chosen), dtype=np.bool_)
    beside &= are_between_words(decided, chosen, column) & (column["left_label"] == 0)
    long = ~bare & (column["left_chars"] >= CLAUSE)
    beside &= long | (column["sentences_right"] != 0) | (column["closed_right"] != 0)
    # 第二、 before the heading of an item is no sentence's mark.
    beside &= long | bare | (column["left_chars"] - column["tail_left"] > _NUMERAL)
    return beside & _are_allowed(joins)


def _are_allowed(joins: _Joins) -> Flags:
    """Which joins nothing forbids that the evidence shows."""
    decided, chosen, column = joins.decided, joins.chosen, joins.column
    layout, pairs = decided.layout, decided.pairs
    in_another = joins.han_left != joins.han_right  # a paragraph of its own
    stays = joins.ended & (in_another | runs_paragraphs_together(decided))
    allowed: Flags = ~stays | are_steps(layout, pairs)[chosen]
    allowed &= ~_may_have_lost_a_mark(layout, pairs.left[chosen], pairs.right[chosen])
    allowed &= ~_are_foreign(decided)[chosen] & ~_are_before_notes(decided, chosen)
    # A command, which was not cut; an item that is set further out.
    allowed &= ~(in_another & ~joins.han_left & (column["slack_document"] < -BEYOND))
    is_item = (column["right_item"] != 0) & ~_begin_with_options(layout, pairs.right[chosen])
    allowed &= ~(is_item & (column["indent_change"] < 0))
    if joins.language == "lzh":  # a title stands above its verse
        allowed &= joins.cut | joins.wrapped | hold_sentences(decided.evidence[chosen])
    if joins.language == "yue":  # what is said breaks off anywhere
        allowed &= (column["peak"] >= _SET_IN_LINES) & (column["lines"] >= _SOME)
    return allowed


def _begin_with_options(layout: Layout, lines: Positions) -> Flags:
    """Lines that begin with a command's option, -x or --long; not with who said it, --《論語》."""
    codes, first, last = layout.view.codes, layout.first[lines], layout.last[lines]
    second = codes[np.minimum(first + 1, last)]
    letter = np.where(second == ord("-"), codes[np.minimum(first + 2, last)], second)
    option: Flags = (codes[first] == ord("-")) & ((letter | 32) - np.uint32(97) < 26)
    return option


def _are_parted(joins: _Joins, at: int) -> bool:
    """Whether two lines stand apart for what they say."""
    layout, pairs, row = joins.decided.layout, joins.decided.pairs, joins.chosen[at]
    before = layout.text(int(pairs.left[row]))
    unbroken = joins.column["blanks"][at] == 0
    if (is_signature(before) and not joins.cut[at]) if unbroken else HEADING.match(before):
        return True
    if joins.rules[at] == HYPHENATION:
        return False
    after = layout.text(int(pairs.right[row]))
    wraps = joins.by_width[at] or joins.often[at]
    parted = begin_as_commands(before, after) or is_set_off(before, after)
    parted = parted or (is_code_line(before) and is_code_line(after))
    parted = parted or (not wraps and are_beside_row(before, after))
    if not (parted or wraps or joins.cut[at] or joins.bracketed[at]):
        parted = begin_alike(before, after) or may_be_parted(before, after)
    if joins.without_han[at] and not joins.no_start[at] and not parted:
        return english_words(before, after) < (_ENGLISH if joins.goes_on[at] else 1)
    return parted


def _are_parts(decided: Decided, chosen: NDArray[np.intp]) -> Flags:
    """Joins within a row that an extractor read in parts, as it does where a row is spread to fill its width: the
    left line goes on with the one before, and both leave room for each other."""
    layout, pairs, column = decided.layout, decided.pairs, Columns(decided.evidence[chosen])
    goes_on = np.zeros(len(chosen), dtype=np.bool_)
    goes_on[1:] = chosen[1:] == chosen[:-1] + 1
    room = column["slack_document"]
    peak = room + layout.edge[pairs.left[chosen]]
    parts: Flags = goes_on & (column["blanks"] == 0) & (peak >= NARROW)
    parts &= layout.width[pairs.right[chosen]] <= room + _LETTERS_NARROWER * peak
    return parts


def _are_before_notes(decided: Decided, chosen: NDArray[np.intp]) -> Flags:
    """Joins to a line that begins with a number and has the page's end below it: a note at its foot, whatever
    the sentence above goes on with on the next page."""
    layout, pairs = decided.layout, decided.pairs
    before: Flags = (decided.evidence[chosen, COLUMN["right_digit"]] != 0) & ~pairs.page[chosen]
    ends = np.append(np.flatnonzero(pairs.page), _FAR + len(pairs))
    below = ends[np.searchsorted(ends, chosen, side="right")] - chosen
    before &= below <= _OF_NOTES
    for at in np.flatnonzero(before).tolist():
        before[at] = _NOTE.match(layout.text(int(pairs.right[chosen[at]]))) is not None
    return before


def _may_have_lost_a_mark(layout: Layout, left: Positions, right: Positions) -> Flags:
    """Lines that end with U+FFFD, which may have been the end of a sentence; but for characters of which the
    break cut the bytes."""
    last, first = layout.view.bits[layout.last[left]], layout.view.bits[layout.first[right]]
    lost: Flags = (last & ~first & np.uint32(Class.REPLACEMENT)) != 0
    return lost


def _are_foreign(decided: Decided) -> Flags:
    """Breaks in a passage without Han of so many lines that it is a text of its own, such as a licence."""
    column = Columns(decided.evidence)
    without = np.append((column["han_left"] == 0) & (column["han_right"] == 0), False)
    if np.count_nonzero(without) < _PASSAGE:
        return np.zeros(len(without) - 1, dtype=np.bool_)
    edges = np.flatnonzero(without[1:] != without[:-1]) + 1
    runs = np.diff(edges, prepend=0, append=len(without))
    foreign: Flags = (without & (np.repeat(runs, runs) >= _PASSAGE))[:-1]
    return foreign
