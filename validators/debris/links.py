"""Lines that are furniture by where they stand: below a heading of links, beside other furniture."""

from collections.abc import Container, Iterator
from itertools import pairwise

from jiaokan.validators.debris.folding import fold
from jiaokan.validators.debris.words import is_detail, kind_beside_furniture
from jiaokan.validators.expressions import expression

_MARKED = expression(
    r"\s*(?:[-–—·•*●○◆◇■□▪▸▶►>»★☆※‧・]|\d{1,2}[.、．)]?(?=\s|[^\d年月日时時点點])|\[\d{1,2}\])\s*\S"
)
_SENTENCE_END = expression(r"[。；;，,：:！!”」』]\s*$")
_ENTRY = expression(r"\t[a-z]+(?:\t|$)")
"""A field of a dictionary: how a word is typed. Behind a link may stand its date."""
_KEPT = expression(
    r"^\s*[推噓嘘→]\s|^\s*(?://|回[复復]\s?)?@\S+[:：]|[作笔筆记記译譯]者|通[讯訊][员員]|[摄攝]影|^\s*[（(].*[）)]\s*$|附件|[联聯][系絡络]|[电電][话話]|地址|^\s*完\s*$|"
    r"\d年|\d月\d|[一二三四五六七八九十]月|\d{4}[-/.]\d|[局部会會院厅廳府]\s*$|\.(?:odt|ods|docx?|xlsx?|pptx?|pdf|zip|rar)\s*$"
)
LONGEST = 40
"""Code points of a link's text."""
MOST = 30
"""Links below one heading."""

LONGEST_OF_WORDS = 80
"""Code points of a line of page words."""

Line = tuple[int, int]


def links_below(text: str, headings: list[Line], taken: set[int]) -> Iterator[Line]:
    """Lines of links: with list marks, as far as they go; without, to other furniture or the end."""
    for _, end in headings:
        lines = list(_lines_after(text, end))
        marked = [line for line in lines if _MARKED.match(text, *line)]
        if lines and marked[:1] == lines[:1]:
            for line in lines:
                if not _MARKED.match(text, *line) or line[1] - line[0] > 2 * LONGEST:
                    break
                if "。" in text[line[0] : line[1]]:
                    break  # what is told, and no title
                yield line
            continue
        links = []
        for line in lines:
            if line[0] in taken:
                break
            links.append(line)
        closed = len(links) < len(lines) or (links and not text[links[-1][1] :].strip())
        if closed and len(links) < MOST and all(_is_link(text, line) for line in links):
            yield from links


def inked_lines(text: str) -> list[Line]:
    """All lines that are not empty, in their order."""
    found = []
    at = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            found.append((at, at + len(line) - line.endswith("\r")))
        at += len(line) + 1
    return found


def lines_around_text(text: str, lines: list[Line], taken: set[int]) -> Iterator[Line]:
    """Short lines before the first and after the last sentence of a page that has furniture.

    After: those that follow furniture directly or hold a word of pages. Before: rows of four or
    more words set apart. Nothing is said of a page without sentences (verse, lists), nor of names,
    dates and addresses.
    """
    every = range(len(lines))
    first = next((i for i in every if _is_text(text, lines[i], taken)), None)
    if first is None:
        return
    last = next(i for i in reversed(every) if _is_text(text, lines[i], taken))
    known = set(taken)
    for line in lines[:first]:
        words = text[line[0] : line[1]].strip()
        if line[0] not in known and _MENU.fullmatch(words) and not _KEPT.search(words):
            known.add(line[0])
            yield line
    for before, line in pairwise(lines[last:]):
        if line[0] in known or not _is_link(text, line):
            continue
        words = fold(text[line[0] : line[1]])
        if before[0] in known or _PAGE_WORD.search(words):
            known.add(line[0])
            yield line


def lines_beside(text: str, lines: list[Line], taken: dict[int, str]) -> Iterator[tuple[Line, str]]:
    """Lines that are furniture by their own words and by what stands beside them, and their kinds.

    A line of nothing but page words makes furniture of those beside it in turn, and empty lines do
    not part them. Of a menu with an item a line, half are such lines; the others go with them.
    """
    kinds = dict(taken)
    for step in (1, -1):
        known = [index for index, line in enumerate(lines) if line[0] in kinds]
        for index in known[::step]:
            beside = kinds[lines[index][0]]
            index += step
            while 0 <= index < len(lines) and lines[index][0] not in kinds:
                kind = _kind_beside(text, lines[index], beside)
                if kind is None:
                    break
                kinds[lines[index][0]] = beside = kind
                yield lines[index], kind
                index += step
    for run in _runs_of_items(text, lines, kinds):
        known_ones = sum(line[0] in kinds for line in run)
        if len(run) >= _LEAST_ITEMS and known_ones * 2 >= len(run) > known_ones:
            for line in run:
                if line[0] not in kinds:
                    yield line, "navigation"


def _kind_beside(text: str, line: Line, beside: str) -> str | None:
    """The kind of a line beside furniture of some kind; None where it is none."""
    start, end = line
    if end - start > LONGEST_OF_WORDS:
        return None
    words = fold(text[start:end].strip())
    kind = kind_beside_furniture(words)
    return "counter" if kind is None and beside == "counter" and is_detail(words) else kind


_LEAST_ITEMS = 5
_ITEM = expression(
    r"\s*[•·*●○>»-]?\s*[^\s。,，.!！?？：:;；、“”「」]{1,10}(?: ?[^\s。,，.!！?？：:;；、“”「」]{1,4})?\s*[>»▼]?\s*"
)


def _runs_of_items(text: str, lines: list[Line], known: Container[int]) -> Iterator[list[Line]]:
    """Runs of lines that each hold a word or two, and of which some are known."""
    done = 0
    for index, line in enumerate(lines):
        if index < done or line[0] not in known:
            continue
        first = done = index
        while done < len(lines) and _is_item(text, lines[done]):
            done += 1
        while done > first > 0 and _is_item(text, lines[first - 1]):
            first -= 1
        yield lines[first:done]


def _is_item(text: str, line: Line) -> bool:
    return line[1] - line[0] <= 20 and _ITEM.fullmatch(text, *line) is not None


_MENU = expression(r"[^\s\d|。，、,：:；;]{1,8}(?:[\s|｜·›>]+[^\s\d|。，、,：:；;]{1,8}){3,}")
_PAGE_WORD = expression(
    r"分享|转发|收藏|点赞|在看|打赏|月票|评论|留言|原文|标签|打印|列印|扫码|微信|首发|域名|举报|积分|访客|浏览|"
    r"关注|下载|版权|参考|转载|上一|下一|目录|首页|返回|列表|相关|推荐|热门|更多|延伸|编辑|觉得有用|广告|赞助"
)


def _is_text(text: str, line: Line, taken: set[int]) -> bool:
    words = text[line[0] : line[1]].strip()
    return line[0] not in taken and (
        (len(words) > LONGEST and not _MENU.fullmatch(words))
        or _SENTENCE_END.search(words) is not None
    )


def _is_link(text: str, line: Line) -> bool:
    words = text[line[0] : line[1]].strip()
    return (
        2 <= len(words) <= LONGEST
        and not _SENTENCE_END.search(words)
        and "。" not in words
        and not _KEPT.search(words)
        and not ("\t" in words and _ENTRY.search(words))
    )


def _lines_after(text: str, end: int) -> Iterator[Line]:
    """The non-empty lines from `end` on, up to an empty line that follows one of them."""
    at = end
    count = 0
    while at < len(text) and count < MOST:
        at += 2 if text[at : at + 2] == "\r\n" else 1
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line_end = stop - 1 if stop > at and text[stop - 1] == "\r" else stop
        if text[at:line_end].strip():
            count += 1
            yield at, line_end
        elif count:
            return
        at = stop
