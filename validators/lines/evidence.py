"""What speaks for and against a line running on into the next: one row of numbers a break."""

import re

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.lines.layout import Flags, Layout, Positions
from jiaokan.validators.lines.network import reads_on
from jiaokan.validators.lines.pairs import Pairs, apart
from jiaokan.validators.lines.widths import of_widths
from jiaokan.validators.lines.words import Column, of_words
from jiaokan.validators.programs import is_code_line
from jiaokan.validators.view import View

FEATURES = (
    "runs_on", "crosses", "left_ends", "right_begins",
    "left_terminal", "left_comma", "left_colon", "left_close", "left_open", "left_digit", "left_latin",
    "left_hyphen", "right_no_start", "right_open", "right_digit", "right_lower", "right_upper",
    "right_item", "left_item", "right_label", "left_label", "right_table", "left_table",
    "unclosed", "unopened", "left_width", "right_width", "slack", "room", "slack_document",
    "left_chars", "marks_left", "marks_right", "indent_right", "indent_change", "indent_first",
    "blanks", "blank_is_usual", "page", "peak", "width_document", "open_ends", "crossing", "ends_full",
    "near_left", "near_right", "latin_share", "columns_gap", "same_width",
    "sentences_left", "tail_left", "head_right", "sentences_right", "closed_right", "prose_open", "long_open",
    "han_left", "han_right", "code_left", "code_right", "lines", "number_cut",
    "farther_runs_on", "farther_crosses", "farther_ends", "farther_begins", "begins_by_chance",
    "pulls", "pulls_second", "pulls_third", "met", "own_left", "own_right", "own_ends", "own_begins", "to_stop",
    "reads_on",
)  # fmt: skip
"""The columns, in their order; each function below says what its own mean."""
READS_ON = FEATURES.index("reads_on")

NEARBY = (
    "glance", "left_chars", "right_chars", "comma", "no_start",
    "indent", "wide_indent", "blank", "latin_left", "latin_right", "close", "open_right", "open_left", "tail",
    "head", "item_right", "digit_right", "digit_left", "ended", "right_ended", "number_cut", "open_share",
    "breaks",
)  # fmt: skip
"""The columns of the first look, see `screening`."""
CLOSER = (*NEARBY, "reads_on")
"""The columns of the closer look at those breaks that the first leaves in doubt."""
_NO_START = "，。、；：？！」』”’）》〉】〕…·,.;:?!)]}%‰℃"
_OPENERS = "「『“‘（《〈【〔([{"
_TERMINAL = "。！？…．!?｡"
_ITEM_SOURCE = (
    r"(?:[-－―*+•●○◎◆◇■□▪▸►▶➢※★☆✓✔→·‧∙⁃–—]\s*|"
    r"[（(［\[]?(?:\d{1,3}|[一二三四五六七八九十百]{1,4}|[a-zA-Z]|[ivxIVX]{1,4}|[甲乙丙丁戊己庚辛壬癸])[）)］\]]\s*|"
    r"(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z]|[甲乙丙丁])\s*[、．.:：](?!\d)\s*|\d{1,2}(?:\.\d{1,3}){1,4}\.?\s+|"
    r"第\s?[\d一二三四五六七八九十百千零〇○ＯO0-9]{1,6}\s?[章节節条條回卷部篇集款项項目编編讲講課课幕场場話话]|"
    r"[①-⑳⑴-⒇❶-❿㈠-㈩➀-➉]|#{1,6}\s|>\s|\[\d+\]|\^\[|注\s*[:：]|附\s?[件表錄录图圖]|"
    r"(?:图|圖|表|式)\s?\d+|\d{1,2}:\d\d|\d{4}[-/.年]\d{1,2}[-/.月]|【|[Qq&AＱＡ问答問]\s*[:：]|"
    r"本[报報刊网網台臺][^，。]{0,6}[讯訊电電]|[（(]?[^，。\s]{1,4}社[^，。]{0,14}[电電]|[^，。\s]{2,4}[讯訊][ 　（(]|"
    r"[（(]?(?:本[报報刊网網台臺])?[记記]者|作者|原[标標]题|来源|來源|编者|編者|[责責]任?[编編]|导读|摘要|关键[词詞]|图为|圖為|文/)"
)
_ITEM = expression(_ITEM_SOURCE)
_HAN_OF_ITEMS = "".join(sorted(set(re.findall("[\u3400-\u9fff〇]", _ITEM_SOURCE))))
_AGENCY, _BEFORE_AGENCY = "社讯訊", 5
"""What is of no use to begin with, and how many characters may stand before it."""
_PARTS_CLAUSES = "，。！？；：:,.!?;"
_STOPS = "。！？!?"
LABEL = expression(
    rf"[^{_PARTS_CLAUSES}\s]{{1,8}}(?:\s{{0,4}}[^{_PARTS_CLAUSES}\s]{{1,4}})?\s*[：:](?!//|\d)"
)
_TABLE = expression(r"[|│┃┆┊║╎├┤┌└┬┴┼─━═╔╚╠]|\t|\S {3,}\S")
_GAP = 3 * " "
_BORDERS = "|│┃┆┊║╎├┤┌└┬┴┼─━═╔╚╠\t"
COLUMN = {name: index for index, name in enumerate(FEATURES)}


class Columns:
    """Rows of evidence by the names of its columns."""

    def __init__(self, evidence: NDArray[np.float64]) -> None:
        self.evidence = evidence

    def __getitem__(self, name: str) -> Column:
        column: Column = self.evidence[:, COLUMN[name]]
        return column


_NOTHING_READ = np.zeros(0, dtype=np.intp), np.zeros((0, 4))


def evidence_of(layout: Layout, pairs: Pairs, weighed: Positions) -> NDArray[np.float64]:
    """One row for each pair, one column for each of `FEATURES`; what takes time is 0 elsewhere than in the
    rows that are weighed, and the last column, left to `reading_of`, everywhere."""
    left, right = layout.last[pairs.left], layout.first[pairs.right]
    columns = _of_marks(layout, pairs) | _of_lines(layout, pairs) | of_widths(layout, pairs)
    columns |= of_words(layout.view, left, right, pairs.document, weighed)
    columns |= _of_sentences(layout, pairs, columns["left_terminal"])
    columns |= _of_document(layout, pairs, columns)
    rows = np.zeros((len(pairs), len(FEATURES)))
    for number, name in enumerate(FEATURES[:READS_ON]):
        rows[:, number] = columns[name]
    return rows


def reading_of(
    layout: Layout,
    pairs: Pairs,
    at: Positions,
    known: tuple[Positions, NDArray[np.float64]] = _NOTHING_READ,
) -> Column:
    """What the network that reads says of some of the pairs; what is `known` of breaks that it has read, see
    `screening.of_breaks`."""
    left, right = pairs.left[at], pairs.right[at]
    begin, end = layout.last[left], layout.first[right]
    first, last = layout.first[left], layout.last[right]
    places, rows = known
    number = places.searchsorted(begin)
    rows = np.append(rows, [[0.0] * 4], axis=0)[number]
    around = np.column_stack([end - begin, begin - first, last - end])
    is_known = (np.append(places, -1)[number] == begin) & (rows[:, :3] == around).all(axis=1)
    odds: Column = rows[:, 3].copy()
    new = (~is_known).nonzero()[0]
    odds[new] = reads_on("read", layout.view, *(each[new] for each in (begin, end, first, last)))
    return odds


def _of_marks(layout: Layout, pairs: Pairs) -> dict[str, Column]:
    view = layout.view
    left, right = layout.last[pairs.left], layout.first[pairs.right]
    last, first = view.codes[left], view.codes[right]
    left_bits, right_bits = view.bits[left], view.bits[right]
    closes = ((left_bits & np.uint32(Class.CLOSE)) != 0) | (last == ord('"'))
    letter = np.uint32(Class.LATIN)
    depth = _depth(layout)
    return {
        "left_terminal": _f(are_terminal(layout, pairs)),
        "left_comma": _f(one_of(last, "，、,")) + 2 * _f(one_of(last, "；;")),
        "left_colon": _f(one_of(last, "：:︰")),
        "left_close": _f(closes),
        "left_open": _f(one_of(last, _OPENERS)),
        "left_digit": _f((left_bits & np.uint32(Class.DIGIT)) != 0),
        "left_latin": _f((left_bits & letter) != 0),
        "number_cut": _f(is_number_cut(view, left, right)),
        "left_hyphen": _f(one_of(last, "-‐­/_~—–")),
        "right_no_start": _f(one_of(first, _NO_START)),
        "right_open": _f(one_of(first, _OPENERS + '"')),
        "right_digit": _f((right_bits & np.uint32(Class.DIGIT)) != 0),
        "right_lower": _f((first >= 97) & (first <= 122)),
        "right_upper": _f((first >= 65) & (first <= 90)),
        "unclosed": np.maximum(depth[pairs.left], 0).astype(np.float64),
        "unopened": np.maximum(-depth[pairs.right], 0).astype(np.float64),
    }


def are_terminal(layout: Layout, pairs: Pairs) -> Flags:
    """Which of the left lines end as a sentence does."""
    codes, bits, left = layout.view.codes, layout.view.bits, layout.last[pairs.left]
    last, inner = codes[left], codes[np.maximum(left - 1, 0)]
    closes = ((bits[left] & np.uint32(Class.CLOSE)) != 0) | one_of(last, "\"'")
    terminal: Flags = one_of(last, _TERMINAL) | (closes & one_of(inner, _TERMINAL))
    terminal |= (last == ord(".")) & ~_is_digit(inner)
    return terminal


def _of_lines(layout: Layout, pairs: Pairs) -> dict[str, Column]:
    """What a line as a whole looks like: an item, a label with a colon, a row of a table."""
    others = layout.others
    wide, tabular = _with_gaps(layout), _with_borders(layout)
    item = np.zeros(len(layout))
    label = np.zeros(len(layout))
    code = np.zeros(len(layout))
    table = np.zeros(len(layout))
    gap = np.zeros(len(layout))
    marks = others.number(others.are_marks)
    size = layout.last - layout.first + 1
    han = size - (others.end - others.first)
    share = han / size
    text = layout.view.text
    firsts = layout.first.tolist()
    ends = np.minimum(layout.first + _HEAD, layout.last + 1).tolist()
    for line in _may_be_items(layout).nonzero()[0].tolist():
        item[line] = _ITEM.match(text, firsts[line], ends[line]) is not None
    for line in _may_be_labelled(layout).nonzero()[0].tolist():
        label[line] = LABEL.match(text, firsts[line], ends[line]) is not None
    for line in np.flatnonzero(han < 4).tolist():
        code[line] = is_code_line(layout.text(line)[:200])
    for line in (wide | tabular).nonzero()[0].tolist():
        table[line] = len(_TABLE.findall(layout.text(line)[:200]))
    for line in wide.nonzero()[0].tolist():
        gap[line] = layout.text(line).count(_GAP)
    return {
        "left_item": item[pairs.left],
        "right_item": item[pairs.right],
        "left_label": label[pairs.left],
        "right_label": label[pairs.right],
        "left_table": np.minimum(table[pairs.left], 6),
        "right_table": np.minimum(table[pairs.right], 6),
        "marks_left": np.minimum(marks[pairs.left], 9).astype(np.float64),
        "marks_right": np.minimum(marks[pairs.right], 9).astype(np.float64),
        "han_left": share[pairs.left],
        "han_right": share[pairs.right],
        "code_left": code[pairs.left],
        "code_right": code[pairs.right],
        "lines": np.minimum(np.diff(layout.bounds), 100)[pairs.document].astype(np.float64),
        "columns_gap": np.minimum(gap[pairs.left] + gap[pairs.right], 4),
    }


_HEAD = 24
"""Characters at the head of a line in which an item's number, or a label, stands."""


def _may_be_items(layout: Layout) -> Flags:
    """Lines that `_ITEM` may match: those that do not begin with Han, a quotation or a mark that begins none, or
    with Han that it names; and those with the word for a news agency, or for a dispatch, near their beginning."""
    view, first = layout.view, layout.first
    begins = view.codes[first]
    flags: Flags = (view.bits[first] & np.uint32(Class.HAN)) == 0
    flags &= ~one_of(begins, _BEGINS_NO_ITEM)
    flags |= one_of(begins, _HAN_OF_ITEMS)
    for away in range(_BEFORE_AGENCY + 1):
        flags |= one_of(view.codes.take(first + away, mode="clip"), _AGENCY)
    return flags


_BEGINS_NO_ITEM = "“”‘’「」『』《》〈〉…，。、；：！？"


def _may_be_labelled(layout: Layout) -> Flags:
    """Lines that `LABEL` may match: those whose first mark of such as part clauses is a colon in their heads."""
    others = layout.others
    marks = one_of(others.codes, _PARTS_CLAUSES).nonzero()[0]
    if not len(marks):
        return np.zeros(len(layout), dtype=np.bool_)
    first = marks.take(marks.searchsorted(others.first), mode="clip")
    flags: Flags = (first >= others.first) & one_of(others.codes[first], ":：")
    return flags & (others.at[first] - layout.first < _HEAD)


def _of_sentences(layout: Layout, pairs: Pairs, left_terminal: Column) -> dict[str, Column]:
    """How much of whole sentences both lines hold, and whether such lines end open in this document."""
    others, codes, last = layout.others, layout.view.codes, layout.last
    stops = others.at[one_of(others.codes, _STOPS)]
    marks = others.at[others.are_marks]
    sentences = _between(stops, layout.first, layout.last)
    to_stop = _to_previous(stops, layout)
    tail = _to_previous(marks, layout)
    head = _to_next(marks, layout)
    closed = one_of(codes[last], _STOPS)
    closed |= one_of(codes[np.maximum(last - 1, 0)], _STOPS) & (last > 0)
    open_ = left_terminal == 0
    holds = sentences[pairs.left] > 0
    long = layout.width[pairs.left] >= 60
    return {
        "sentences_left": np.minimum(sentences[pairs.left], 4).astype(np.float64),
        "sentences_right": np.minimum(sentences[pairs.right], 4).astype(np.float64),
        "tail_left": np.minimum(tail[pairs.left], 60).astype(np.float64),
        "head_right": np.minimum(head[pairs.right], 60).astype(np.float64),
        "closed_right": _f(closed[pairs.right]),
        "to_stop": np.minimum(to_stop[pairs.left], 120).astype(np.float64),
        "prose_open": _share_of_others(pairs, holds & open_, holds),
        "long_open": _share_of_others(pairs, long & open_, long),
    }


def _share_of_others(pairs: Pairs, part: Flags, whole: Flags) -> Column:
    """For each break, how often `part` holds where `whole` does, in its document's other breaks."""
    parts = pairs.total(part)[pairs.document] - part
    wholes = pairs.total(whole)[pairs.document] - whole
    share: Column = (parts + 0.2) / (wholes + 1.0)
    return share


def _with_gaps(layout: Layout) -> Flags:
    """Lines with a `_GAP` inside."""
    spaces = layout.others.at[layout.others.codes == ord(" ")]
    before = len(_GAP) - 1
    return _holding(layout, spaces[before:][spaces[before:] == spaces[:-before] + before])


def _with_borders(layout: Layout) -> Flags:
    """Lines with a border or a tab inside."""
    return _holding(layout, layout.others.at[one_of(layout.others.codes, _BORDERS)])


def _holding(layout: Layout, positions: Positions) -> Flags:
    """Lines with one of these positions, ascending, in their ink."""
    before = positions.searchsorted(layout.first)
    flags: Flags = positions.searchsorted(layout.last + 1) > before
    return flags


def _between(marks: Positions, first: Positions, last: Positions) -> NDArray[np.intp]:
    found: NDArray[np.intp] = np.searchsorted(marks, last) - np.searchsorted(marks, first)
    return found


def _to_previous(marks: Positions, layout: Layout) -> Positions:
    """Characters after the last mark inside each line, the one at its end left out."""
    at = np.searchsorted(marks, layout.last) - 1
    found = np.where(at >= 0, marks[np.maximum(at, 0)] if len(marks) else -1, -1)
    tail: Positions = layout.last - np.maximum(found, layout.first - 1)
    return tail


def _to_next(marks: Positions, layout: Layout) -> Positions:
    """Characters before the first mark of each line."""
    at = np.searchsorted(marks, layout.first)
    size = len(layout.view.text)
    found = np.where(
        at < len(marks), marks[np.minimum(at, len(marks) - 1)] if len(marks) else size, size
    )
    head: Positions = np.minimum(found, layout.last + 1) - layout.first
    return head


def _of_document(layout: Layout, pairs: Pairs, columns: dict[str, Column]) -> dict[str, Column]:
    view, document = layout.view, pairs.document
    blanks = layout.number[pairs.right] - layout.number[pairs.left] - 1
    size = np.maximum(pairs.total(), 1)
    blank_share = (pairs.total(blanks > 0) / size)[document]
    open_end = (columns["left_terminal"] == 0) & (columns["left_colon"] == 0)
    crossing = open_end & (columns["runs_on"] > 0)
    full = columns["slack_document"] <= 4
    open_ends = pairs.total(open_end)
    padded, places = apart(_f(crossing), 2, document)
    latin = layout.others.at[(layout.others.bits & np.uint32(Class.LATIN)) != 0]
    latin_share = view.numbers_of(latin) / np.maximum(view.ends - view.starts, 1)
    usual = np.where(blanks > 0, blank_share, 1 - blank_share)
    return {
        "blanks": np.where(pairs.page, 1, np.minimum(blanks, 3)).astype(np.float64),
        "blank_is_usual": np.where(pairs.page, 0.5, usual),
        "page": _f(pairs.page),
        "open_ends": (open_ends / size)[document],
        "crossing": (pairs.total(crossing) / size)[document],
        "ends_full": (pairs.total(open_end & full) / np.maximum(open_ends, 1))[document],
        "near_left": padded[places - 1] + padded[places - 2],
        "near_right": padded[places + 1] + padded[places + 2],
        "latin_share": latin_share[document],
    }


def is_number_cut(view: View, left: Positions, right: Positions) -> Flags:
    """Whether a figure ends the left side and what it counts, or its other digits, begin the right."""
    last, first = view.codes[left], view.codes[right]
    figure = (view.bits[left] & np.uint32(Class.DIGIT)) != 0
    figure |= one_of(last, "．.") & (
        (view.bits[np.maximum(left - 1, 0)] & np.uint32(Class.DIGIT)) != 0
    )
    cut: Flags = figure & (one_of(first, COUNTED) | _is_digit(first))
    return cut


COUNTED = "年月日号號时時点點分秒个個人元块塊万萬亿億千百倍度%％℃公米吨噸名项項次家条條岁歲届屆期天周週户戶座台臺辆輛件"


def _depth(layout: Layout) -> Positions:
    """Brackets and quotes opened less those closed, in each line."""
    others = layout.others
    opened, closed = ((others.bits & np.uint32(each)) != 0 for each in (Class.OPEN, Class.CLOSE))
    return others.number(opened.view(np.int8) - closed.view(np.int8))


def _is_digit(codes: NDArray[np.uint32]) -> Flags:
    found: Flags = (codes >= 48) & (codes <= 57)
    return found


def _f(flags: NDArray[np.bool_]) -> Column:
    return flags.astype(np.float64)
