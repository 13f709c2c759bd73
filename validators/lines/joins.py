"""Which breaks cut a text that runs on: the four rules whose findings can be mended."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.format import format_of
from jiaokan.validators.lines.evidence import COUNTED, FEATURES
from jiaokan.validators.lines.intended import (
    are_beside_row,
    begin_alike,
    begin_as_commands,
    english_words,
    is_set_off,
    is_signature,
    may_be_parted,
)
from jiaokan.validators.lines.interleaved import are_in_turns
from jiaokan.validators.lines.layout import Flags, Layout, Positions
from jiaokan.validators.lines.verse import CUT_WORD, ends_at_marks, is_in_clauses
from jiaokan.validators.lines.weighing import LIKELY, Decided, decided_in, may_be_joined
from jiaokan.validators.lines.widths import BEYOND, are_steps
from jiaokan.validators.lines.words import Column
from jiaokan.validators.programs import HEADING, is_code_line
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import View

SURE = {
    "lines/hard-wrap": 0.45,
    "lines/broken-paragraph": 0.985,
    "lines/page-break": 0.85,
    "lines/hyphenation": 0.6,
}
"""From this probability on a join is `safe`: where widths or a hyphen speak too, the words need say less."""
_RULES, _SURE = tuple(SURE), np.array(list(SURE.values()))
_HARD_WRAP, _BROKEN_PARAGRAPH, _PAGE_BREAK, _HYPHENATION = range(4)
SURE_OF_SEVERAL = 0.93
"""The same for a false paragraph among others of its document."""
SURE_OF_MANY = 0.6
"""The same in a document that was broken again and again, as wrapped text of ragged lines is."""
SURE_OF_WORD, SURE_OF_WORDS = 0.88, 0.6
"""The same for a false paragraph where a word, a set phrase or a number is cut, or a mark begins the line:
no title ends so; and where it is one of several."""
SURE_OF_FEW = 0.95
"""The same for lines cut at a width in a document most of whose lines are not."""
SURE_OF_CLASSICAL = 0.97
"""Titles, verse and prose of classical texts, and what is said in Cantonese, the counts know little of."""
SURE_IN_PROSE, SURE_IF_BARE = 0.85, 0.9
"""The same between Han or figures, in a text that ends its sentences, see `_ends_its_sentences`; and where a line
has no mark at all, as titles have none."""
SURE_AFTER_COMMA, SURE_AFTER_COMMAS = 0.998, 0.99
"""A comma before a break may also lead to a formula or a listing that was lost from between."""
SURE_WITHOUT_HAN, SURE_OF_ENGLISH = 0.98, 0.85
"""Lines of Latin letters alone may be names, commands or output, which the counts know little of, unless they
are English and the second goes on with a small letter."""
LIKELY_ELSE = 0.6
"""From this probability on a join is reported, as `unsafe`, where lines were not cut at a width."""
LIKELY_IF_HELD = 0.95
"""The same where lines are set in clauses or in one pattern."""
_SEVERAL, _SHARE_OF_SEVERAL = 2, 0.12
"""So many likely breaks, and such a share of all, tell a document that was broken more than once."""
_SET_IN_LINES = 0.4
"""Of the lines, those that end at the document's width, in wrapped text of short paragraphs."""
_SOME = 6
"""Of fewer lines, none is usual."""
_ALIKE = 1 / 3
"""Of the joins of a list, those between lines that begin alike."""
_OF_SENTENCES = ("sentences_left", "sentences_right", "marks_left")
_OF_MARK = ("left_terminal", "left_comma", "left_colon")
_MANY, _SHARE_OF_MANY = 10, 0.12
"""So many joins, and such a share of all breaks, tell a wrapped document."""
_MOSTLY = 0.5
"""Of a line's characters, Han: what ends it is no command, behind which something was lost."""
_FEW = 6
"""Of so few breaks, one is a large share."""
_RAGGED = 44
"""Columns that a line may be short of its neighbours where lines were cut at a ragged width."""
_BESIDE_WORDS = (
    "left_latin", "right_lower", "right_upper", "left_terminal", "left_comma", "left_colon", "left_close",
    "left_open", "left_hyphen", "right_no_start", "right_open",
)  # fmt: skip
"""What stands at a break that cuts no word of Han."""
_PASSAGE = 10
"""Breaks between lines without Han, in a row, from which they are a text of their own."""
_SHORTEST = 4
"""Characters of a line that has hardly been cut from a sentence."""
_OPEN = 2
"""Of so many other joins it takes, in mid-sentence, to tell that a line which ends its sentence was cut at a width."""
_SHARE_AT_WIDTH = 0.6
"""Of the lines that end at the width, those that run on, where the width is why."""
_NARROW = 20
"""Columns of a line that is hardly cut at a width; titles are of one width by chance."""
_AT_WIDTH = 8
"""Columns that a line may be short of the width at which lines were cut."""
_VERSE_ENDS = 0.5
"""Share of a classical text's lines that end at marks, where they are verses: of those that a width cut, a fifth do."""
_LEAST_EXPLAINED = 2 / 3
"""Of the lines that hold the end of a sentence and end in the middle of one, those that likely run on, in a
text that ends its sentences."""
_LEAST_ENDED = 1 / 2
"""Of its other lines, but for short ones, those that end with a stop, a colon or a semicolon."""
_SEMICOLON = 2
"""What the evidence has for one, where it has 1 for a comma."""
_PHRASE, _CLAUSE, _LONG = 5, 20, 40
"""Characters of a line that is no word by itself; of a line, and columns of the next, that are hardly a title."""
_OF_WORDS = np.uint32(Class.HAN | Class.DIGIT)
_COLUMN = {name: index for index, name in enumerate(FEATURES)}
_AT_SIDE = [_COLUMN[name] for name in _BESIDE_WORDS]
_AT_MARK = [_COLUMN[name] for name in _OF_MARK]
_AT_SENTENCES = [_COLUMN[name] for name in _OF_SENTENCES]


class _Columns:
    """Rows of evidence by the names of its columns."""

    def __init__(self, evidence: NDArray[np.float64]) -> None:
        self.evidence = evidence

    def __getitem__(self, name: str) -> Column:
        column: Column = self.evidence[:, _COLUMN[name]]
        return column


def find_joins(view: View, settings: Settings) -> list[Finding]:
    """The breaks that cut a text that runs on; what to put there is decided by `repair.lines`."""
    if not may_be_joined(view, settings):
        return []
    found: list[Finding] = []
    for decided in decided_in(view, settings):
        chosen = np.flatnonzero(decided.probability >= LIKELY)
        if len(chosen) and view.profile.is_verse:
            return []
        rules = _rules(decided, chosen)
        kept = np.zeros(len(chosen), dtype=np.bool_)
        if format_of(view, settings) == "markdown":
            # Within a paragraph a break does harm only inside a word, and where all are wrapped that is how it was written.
            within = decided.evidence[chosen, _COLUMN["blanks"]] == 0
            shown = ~within | _cut_words(decided, chosen)
            kept = (within & (rules == _HARD_WRAP).any())[shown]
            chosen, rules = chosen[shown], rules[shown]
        elif are_in_turns(decided, chosen):
            found.append(_columns_in_turns(decided, chosen))
            continue
        found += _findings(decided, chosen, rules, kept)
    return found


def _columns_in_turns(decided: Decided, chosen: NDArray[np.intp]) -> Finding:
    layout, pairs, start = decided.layout, decided.pairs, decided.window.start
    rows = range(int(pairs.left[chosen[0]]), int(pairs.right[chosen[-1]]) + 1)
    return Finding(
        rule="lines/interleaved-columns",
        start=int(layout.first[rows[0]]) + start,
        end=int(layout.last[rows[-1]]) + 1 + start,
        message=f"two columns were read across, line by line, over {len(rows)} lines",
        confidence=0.85,
        applicability=Applicability.DISPLAY,
    )


def _cut_words(decided: Decided, chosen: NDArray[np.intp]) -> Flags:
    """Breaks inside a word or a phrase of Han, or inside a number."""
    evidence = decided.evidence[chosen]
    beside_words = (evidence[:, _AT_SIDE] != 0).any(axis=1)
    cut: Flags = (evidence[:, _COLUMN["number_cut"]] != 0) | (
        (decided.pull[chosen] >= CUT_WORD) & ~beside_words
    )
    return cut


def _findings(
    decided: Decided, chosen: NDArray[np.intp], rules: NDArray[np.intp], kept: Flags
) -> Iterator[Finding]:
    """The findings of these breaks; `kept` are those whose lines are left as they are."""
    if not len(chosen):
        return
    wraps = rules == _HARD_WRAP
    held = kept | _held_back(decided, chosen, wraps)
    chance = decided.probability[chosen]
    least = np.where(held, LIKELY_IF_HELD, np.where(wraps, LIKELY, LIKELY_ELSE))
    confidence = np.round(chance, 4)
    likely = np.flatnonzero(confidence >= least).tolist()
    if not likely:
        return
    sure = _are_sure(decided, chosen, rules, ~held)
    layout, pairs = decided.layout, decided.pairs
    starts = layout.last[pairs.left[chosen]] + 1 + decided.window.start
    ends = layout.first[pairs.right[chosen]] + decided.window.start
    shown = np.round(decided.evidence[chosen][:, _AT_SHOWN], 3).tolist()
    for at in likely:
        rule = _RULES[rules[at]]
        yield Finding(
            rule=rule,
            start=int(starts[at]),
            end=int(ends[at]),
            message=_MESSAGES[rule],
            confidence=float(confidence[at]),
            applicability=Applicability.SAFE if sure[at] else Applicability.UNSAFE,
            evidence=dict(zip(_SHOWN, shown[at], strict=True)),
        )


def _held_back(decided: Decided, chosen: NDArray[np.intp], wraps: Flags) -> Flags:
    """Which of the joins are not sure, whatever speaks for each: those of lines set in clauses or of one pattern."""
    layout, pairs, language = decided.layout, decided.pairs, decided.window.whole.profile.language
    held = np.zeros(len(chosen), dtype=np.bool_)
    marked: Flags = np.any(decided.evidence[:, _AT_MARK] > 0, axis=1)
    in_verse = ~_hold_sentences(decided.evidence[chosen])
    if ends_at_marks(marked):
        held |= wraps & marked[chosen] & (decided.evidence[chosen, _COLUMN["indent_right"]] < 2)
        if language == "lzh":  # titles stand between the verses
            held |= in_verse & (decided.pull[chosen] < CUT_WORD)
    elif language == "lzh" and marked.mean() >= _VERSE_ENDS:
        held |= in_verse
    alike = _begin_alike(layout, pairs.left[chosen], pairs.right[chosen])
    if np.count_nonzero(alike) > 1 and np.count_nonzero(alike) / len(alike) >= _ALIKE:
        held |= alike
    han = decided.evidence[chosen, _COLUMN["left_latin"]] == 0
    if han.any() and is_in_clauses(layout.view.text, decided.pull[chosen[han]] >= CUT_WORD):
        held |= han & (decided.evidence[chosen, _COLUMN["number_cut"]] == 0)
    return held


def _begin_alike(layout: Layout, left: Positions, right: Positions) -> Flags:
    """`begin_alike`, for many pairs of lines."""
    codes, first, next_ = layout.view.codes, layout.first[left], layout.first[right]
    longer, next_longer = layout.last[left] > first, layout.last[right] > next_
    second = np.where(longer, codes[np.minimum(first + 1, layout.last[left])], 0)
    next_second = np.where(next_longer, codes[np.minimum(next_ + 1, layout.last[right])], 0)
    alike: Flags = codes[first] == codes[next_]
    alike &= (second == next_second) & (longer == next_longer)
    return alike


def _are_sure(
    decided: Decided, chosen: NDArray[np.intp], rules: NDArray[np.intp], free: Flags
) -> Flags:
    """Which of the joins, of those not held back, are safe: the words need say less where widths speak, too."""
    layout, pairs = decided.layout, decided.pairs
    column = _Columns(decided.evidence[chosen])
    language = decided.window.whole.profile.language
    joins, breaks = len(chosen), len(pairs)
    wrap, paragraph = rules == _HARD_WRAP, rules == _BROKEN_PARAGRAPH
    cut = _cut_words(decided, chosen)
    whole = column["left_chars"] > _SHORTEST  # 此致 and 敬礼 are one phrase, on lines of their own
    many = joins >= _SHARE_OF_SEVERAL * breaks
    several = many and joins >= _SEVERAL
    mostly = joins * 2 >= breaks
    by_width = wrap & (joins >= _MANY or mostly)
    wrapped = (column["indent_right"] >= 2) | mostly
    no_start = column["right_no_start"] != 0
    ragged = (column["blanks"] == 0) & (column["slack"] <= _RAGGED)
    often = ragged | _are_parts(decided, chosen)
    often &= joins >= _MANY and joins >= _SHARE_OF_MANY * breaks
    least = _SURE[rules]
    set_ = _are_set_at_width(decided, chosen)
    least[wrap & ~wrapped] = np.where(set_, SURE_OF_MANY, SURE_OF_FEW)[wrap & ~wrapped]
    if several:
        least[paragraph] = SURE_OF_SEVERAL
    least[often & (paragraph | (wrap & ~wrapped))] = SURE_OF_MANY
    words = SURE_OF_WORDS if several or (many and breaks <= _FEW) else SURE_OF_WORD
    by_words = (cut & whole) | (no_start & (column["han_left"] >= _MOSTLY))
    least[by_words] = np.minimum(least[by_words], words)
    after_comma = (column["left_comma"] != 0) & ~no_start
    after_comma &= ~(by_width | wrapped | often | (rules == _PAGE_BREAK))
    least[after_comma] = SURE_AFTER_COMMAS if several else SURE_AFTER_COMMA
    if language in ("lzh", "yue"):
        least[paragraph] = SURE_OF_CLASSICAL
    ended = (column["left_terminal"] != 0) & ~no_start
    han_left, han_right = column["han_left"] != 0, column["han_right"] != 0
    without_han = ~han_left & ~han_right
    goes_on = without_han & ~ended & (column["right_lower"] != 0)
    least[without_han] = np.maximum(least[without_han], SURE_WITHOUT_HAN)
    least[goes_on] = SURE_OF_ENGLISH
    chance = decided.probability[chosen]
    doubted = (chance < least) & (chance >= SURE_IN_PROSE)
    if language != "yue" and doubted.any() and _ends_its_sentences(decided):
        prose = _are_in_prose(decided, chosen, column)
        enough = np.where(column["marks_left"] == 0, SURE_IF_BARE, SURE_IN_PROSE)
        least[prose] = np.minimum(least, enough)[prose]
    sure = free & (chance >= least)
    if not sure.any():
        return sure
    in_another = han_left != han_right  # a paragraph of its own
    stays = ended if _runs_paragraphs_together(decided) else ended & in_another
    sure &= ~stays | are_steps(layout, pairs)[chosen]
    sure &= ~_may_have_lost_a_mark(layout, pairs.left[chosen], pairs.right[chosen])
    sure &= ~_are_foreign(decided)[chosen] & ~_are_before_notes(decided, chosen)
    sure &= ~(in_another & ~han_left & (column["slack_document"] < -BEYOND))  # a command, not cut
    sure &= ~(
        (column["right_item"] != 0) & (column["indent_change"] < 0)
    )  # an item set further out
    if language == "lzh":
        sure &= (
            cut | wrapped | _hold_sentences(decided.evidence[chosen])
        )  # a title stands above its verse
    if language == "yue":  # what is said breaks off anywhere
        sure &= (column["peak"] >= _SET_IN_LINES) & (column["lines"] >= _SOME)
    if breaks > _OPEN and np.count_nonzero(sure & ~ended) < _OPEN:
        sure &= ~ended | (column["indent_right"] >= 2)
    unbroken = column["blanks"] == 0
    for at in np.flatnonzero(sure).tolist():
        before = layout.text(int(pairs.left[chosen[at]]))
        if is_signature(before) if unbroken[at] else HEADING.match(before):
            sure[at] = False
        elif rules[at] != _HYPHENATION:
            after = layout.text(int(pairs.right[chosen[at]]))
            wraps = by_width[at] or often[at]
            may_stand = cut[at] or wraps
            parted = not may_stand and (begin_alike(before, after) or may_be_parted(before, after))
            parted |= begin_as_commands(before, after) or is_set_off(before, after)
            parted |= is_code_line(before) and is_code_line(after)
            parted |= not wraps and are_beside_row(before, after)
            if without_han[at] and not no_start[at] and not parted:
                words = english_words(before, after)
                parted = words < (_ENGLISH if goes_on[at] else 1)
            sure[at] = not parted
    return sure


def _are_parts(decided: Decided, chosen: NDArray[np.intp]) -> Flags:
    """Joins within a row that an extractor read in parts, as it does where a row is spread to fill its width: the
    left line goes on with the one before, and both leave room for each other."""
    layout, pairs, column = decided.layout, decided.pairs, _Columns(decided.evidence[chosen])
    goes_on = np.zeros(len(chosen), dtype=np.bool_)
    goes_on[1:] = chosen[1:] == chosen[:-1] + 1
    room = column["slack_document"]
    peak = room + layout.edge[pairs.left[chosen]]
    parts: Flags = goes_on & (column["blanks"] == 0) & (peak >= _NARROW)
    parts &= layout.width[pairs.right[chosen]] <= room + _LETTERS_NARROWER * peak
    return parts


def _are_before_notes(decided: Decided, chosen: NDArray[np.intp]) -> Flags:
    """Joins to a line that begins with a number and has the page's end below it: a note at its foot, whatever
    the sentence above goes on with on the next page."""
    layout, pairs = decided.layout, decided.pairs
    before: Flags = (decided.evidence[chosen, _COLUMN["right_digit"]] != 0) & ~pairs.page[chosen]
    ends = np.append(np.flatnonzero(pairs.page), _FAR + len(pairs))
    below = ends[np.searchsorted(ends, chosen, side="right")] - chosen
    before &= below <= _OF_NOTES
    for at in np.flatnonzero(before).tolist():
        before[at] = _NOTE.match(layout.text(int(pairs.right[chosen[at]]))) is not None
    return before


_OF_NOTES, _FAR = 8, 1000
"""Lines of the notes of a page."""
_NOTE = expression(
    rf"\d{{1,2}}[.、)）]?[ \u00a0]*(?![{COUNTED}章节節行列位种種])[\u3400-\u9fff“「《]"
)
"""A number, and no measure word behind it."""
_LETTERS_NARROWER = 0.25
"""Of a row's width, what Latin letters take less of in print than in columns."""


def _may_have_lost_a_mark(layout: Layout, left: Positions, right: Positions) -> Flags:
    """Lines that end with U+FFFD, which may have been the end of a sentence; but for characters of which the
    break cut the bytes."""
    last, first = layout.view.bits[layout.last[left]], layout.view.bits[layout.first[right]]
    lost: Flags = (last & ~first & np.uint32(Class.REPLACEMENT)) != 0
    return lost


def _are_foreign(decided: Decided) -> Flags:
    """Breaks in a passage without Han of so many lines that it is a text of its own, such as a licence."""
    column = _Columns(decided.evidence)
    without = np.append((column["han_left"] == 0) & (column["han_right"] == 0), False)
    edges = np.flatnonzero(without[1:] != without[:-1]) + 1
    runs = np.diff(edges, prepend=0, append=len(without))
    foreign: Flags = (without & (np.repeat(runs, runs) >= _PASSAGE))[:-1]
    return foreign


def _hold_sentences(evidence: NDArray[np.float64]) -> Flags:
    """Lines that hold the end of a sentence, or a mark where the next holds such an end: no title of a verse."""
    ends_left, ends_right, marks = evidence[:, _AT_SENTENCES].T
    hold: Flags = (ends_left > 0) | ((marks > 0) & (ends_right > 0))
    return hold


def _ends_its_sentences(decided: Decided) -> bool:
    """Whether the lines of a text end where its sentences do, but for those after which it likely runs on: such a
    text is damaged there. In one whose writers leave the last stop out, as in talk and reviews, few do."""
    column = _Columns(decided.evidence)
    likely = decided.probability >= LIKELY
    han = column["han_left"] >= _MOSTLY
    ended = (column["left_terminal"] != 0) | (column["left_colon"] != 0)
    holds_end = han & ~ended & (column["sentences_left"] != 0)
    holds_end &= (column["left_hyphen"] == 0) & (column["right_no_start"] == 0)
    if likely[holds_end].sum() < _LEAST_EXPLAINED * holds_end.sum():
        return False
    long = han & ~likely & (column["left_chars"] >= _CLAUSE)
    ended |= column["left_comma"] == _SEMICOLON
    of_last = bool(column["closed_right"][-1])
    return bool((ended & long).sum() + of_last >= _LEAST_ENDED * (long.sum() + 1))


def _are_in_prose(decided: Decided, chosen: NDArray[np.intp], column: _Columns) -> Flags:
    """Between Han or figures, in lines that are hardly a title, a name or an item."""
    layout, pairs = decided.layout, decided.pairs
    bits = layout.view.bits
    left, right = layout.last[pairs.left[chosen]], layout.first[pairs.right[chosen]]
    prose: Flags = ((bits[left] & _OF_WORDS) != 0) & ((bits[right] & _OF_WORDS) != 0)
    prose &= (column["left_chars"] >= _PHRASE) & (column["right_item"] == 0)
    prose &= (column["han_left"] >= _MOSTLY) & (column["han_right"] >= _MOSTLY)
    long: Flags = (column["left_chars"] >= _CLAUSE) | (column["right_width"] >= _LONG)
    prose &= long | (column["sentences_left"] != 0)
    return prose


def _runs_paragraphs_together(decided: Decided) -> bool:
    """Whether lines that end both a sentence and a paragraph, well short of the width, are followed by neither a
    blank line nor an indent: where a sentence ends at the width, nothing tells if its paragraph does."""
    column = _Columns(decided.evidence)
    ends = (column["left_terminal"] != 0) & (column["slack_document"] > _WELL_SHORT)
    parted = (column["blanks"] != 0) | (column["indent_first"] >= 2)
    return bool(ends.any()) and bool(parted[ends].mean() < _MOSTLY_PARTED)


_WELL_SHORT = 12
"""Columns that a line is short of the width, more than any word of Han or Latin letters would need."""
_MOSTLY_PARTED = 0.8
_ENGLISH = 3
"""Words of two lines, of those that hold sentences together, which tell English."""


_SHOWN = (
    "runs_on",
    "crosses",
    "left_ends",
    "right_begins",
    "slack",
    "peak",
    "blanks",
    "left_chars",
)
_AT_SHOWN = [_COLUMN[name] for name in _SHOWN]
_MESSAGES = {
    "lines/hard-wrap": "a line was cut at a width; the text runs on in the next line",
    "lines/broken-paragraph": "a paragraph break in the middle of a sentence",
    "lines/page-break": "a page ends in the middle of a sentence",
    "lines/hyphenation": "a word was cut at a hyphen",
}


def _are_set_at_width(decided: Decided, chosen: NDArray[np.intp]) -> Flags:
    """Which of the joins are of lines that end at the document's width, where most such lines run on."""
    column = _Columns(decided.evidence)
    at_width = np.abs(column["slack_document"]) <= _AT_WIDTH
    at_width &= decided.layout.edge[decided.pairs.left] >= _NARROW
    joins = at_width[chosen]
    number = np.count_nonzero(joins)
    is_set = number >= _MANY and number >= _SHARE_AT_WIDTH * np.count_nonzero(at_width)
    return joins & is_set


def _rules(decided: Decided, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    """The rule that each join is of, by its number."""
    layout, pairs = decided.layout, decided.pairs
    codes = layout.view.codes
    column = _Columns(decided.evidence[chosen])
    last, first = layout.last[pairs.left[chosen]], layout.first[pairs.right[chosen]]
    blank = column["blanks"] > 0
    at_width = np.minimum(column["slack"], np.abs(column["slack_document"])) <= _AT_WIDTH
    at_width &= layout.edge[pairs.left[chosen]] >= _NARROW
    set_ = _are_set_at_width(decided, chosen)
    joins, breaks = len(chosen), len(pairs)
    often = np.where(blank, joins >= 0.5 * breaks, joins >= 0.2 * breaks)
    found = np.full(joins, _BROKEN_PARAGRAPH, dtype=np.intp)
    found[set_ | (at_width & often & (joins >= 3))] = _HARD_WRAP
    # What was indented by spaces was set in lines.
    set_in = ~blank & (column["indent_right"] >= 2) & one_of(codes[first - 1], " \t\u00a0")
    found[set_in] = _HARD_WRAP
    found[pairs.page[chosen]] = _PAGE_BREAK
    before = codes[last - 1] | np.uint32(0x20)
    hyphen = one_of(codes[last], "-\u2010\u00ad") & (last > 0)
    hyphen &= (before - np.uint32(97) < 26) & (codes[first] - np.uint32(97) < 26)
    found[hyphen] = _HYPHENATION
    return found
