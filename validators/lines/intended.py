"""Breaks that an author sets although the words on both sides might run on: greetings at the end of a
speech, lists of one pattern, what a listing or a picture stood behind before it was lost."""

from jiaokan.validators.expressions import expression

_PICTOGRAPH = "[\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3\U0001f000-\U0001faff]"
_SET_OFF_BEFORE = expression(rf"{_PICTOGRAPH}$|[#*=~]{{2,}}$")
_SET_OFF_AFTER = expression(
    rf"{_PICTOGRAPH}|－|[•◦‣▪▫●○■□◆◇★☆►▶]\s|:[A-Za-z\u4e00-\u9fff][\w -]{{0,20}}:(?:\s|$)|\[[^\]\n]{{1,40}}\]\(\S+\)$|([%*=#~_+-])\1{{2,}}$|"
    r"第[\d一二三四五六七八九十百千零〇]{1,7}[章节節條条][ \t\u3000]"
)
"""Pictographs, bullets, the name of a field (`:Author: …`), a link and nothing else, a row of marks, the number
of an article with a space behind it."""
_ADDRESS = expression(r"(?:→\s*)?(?:https?|ftp)://\S*[^\s/_=&?#%~-]")
"""All of a line, and none that is cut."""
_ROW = r"[^\s，。；！？,;!?：:]{1,8}[：:] ?[^\s，。；！？]{1,8}(?:[ \u3000|]+[^\s，。；！？]{1,8})+|[\u3400-\u9fff]{2,6}(?:[ \u3000|]+[\u3400-\u9fff]{2,6}){2,}"
_ROW_OF_WORDS = expression(rf"(?:^|[。！？!?…」”])(?:{_ROW})$"), expression(_ROW)
"""Words parted by spaces behind a label or among themselves, as tags, counters, links and buttons to share are."""
_NUMBERED = expression(r"\d{1,4}[ \u00a0]{2,}")
_TIME = expression(r"\d[:：]\d\d$"), expression(r"\d")
_WISH = expression(
    r"(?:^|[，。、,;；！!])(?:最後|最后)?[，,]?[敬恭谨謹顺順并並]{0,2}[祝颂頌][^，。！？；：、,.!?;:]{0,6}$"
)
_LONGEST_WISH = 24
"""Characters of the line with what is wished."""
_QUOTATION = expression(r"[:：︰][「『“‘\"]$")
_ANNOUNCED = expression(
    r"(?:如下|以下|下面|下列|下述|下图|下圖|下表|下行)[^，。！？；：,.!?;:]{0,10}[，,]?$|"
    r"(?:例如|比如|譬如|诸如|諸如|分别为|分別為|分别是|分別是|包括|包含)[，,]?$"
)
_LATIN_EDGE = expression(r"[!-~]$")
_NO_START = expression(r"[，。、；：？！」』”’）》〉】〕…·,.;:?!)\]}%]")
_CLOSED_TWICE = expression(r"[“”\"][，,]?$"), expression(r"[“”\"]")
_SHORT, _PATTERN = 2, 2
_WHOLE = "。！？!?"


def is_set_off(before: str, after: str) -> bool:
    """Whether the line `before` ends, or `after` begins, as only what stands alone does: pictographs,
    rows of marks, a time of day, an address or a link, a line's number in a listing; a wish and what is wished."""
    if _SET_OFF_BEFORE.search(before) or _SET_OFF_AFTER.match(after):
        return True
    if _TIME[0].search(before) and _TIME[1].match(after):
        return True
    if _NUMBERED.match(before) and _NUMBERED.match(after):
        return True
    if _ADDRESS.fullmatch(before) and not _NO_START.match(after):
        return True
    return len(after) <= _LONGEST_WISH and _WISH.search(before) is not None


def are_beside_row(before: str, after: str) -> bool:
    """Whether the line `before` ends with, or `after` is, a row of words, as buttons to share and tags are."""
    return bool(_ROW_OF_WORDS[0].search(before) or _ROW_OF_WORDS[1].fullmatch(after))


def may_be_parted(before: str, after: str) -> bool:
    """Whether two lines may stand apart for what they say, unless widths or a cut word tell otherwise:
    a quotation after a colon, what an announcement promised, a name or command of Latin letters,
    one remark after another, a lone character."""
    if _QUOTATION.search(before) or _ANNOUNCED.search(before):
        return True
    if _LATIN_EDGE.search(before) and not _NO_START.match(after):
        return True
    if _CLOSED_TWICE[0].search(before) and _CLOSED_TWICE[1].match(after):
        return True
    return len(after) <= _SHORT and after[-1] not in _WHOLE


def begin_alike(before: str, after: str) -> bool:
    """Whether two lines are items of one pattern."""
    return before[:_PATTERN] == after[:_PATTERN]


def begin_as_commands(before: str, after: str) -> bool:
    """Whether two lines begin with the same four characters, such as are of no sentence: `net.`, `<w>$`."""
    begin = before[:_PATTERN_OF_SIGNS]
    return begin == after[:_PATTERN_OF_SIGNS] and _SIGN.search(begin) is not None


def english_words(before: str, after: str) -> int:
    """How many of the words of two lines are those that hold English sentences together; commands, listings and
    names have none."""
    return len(_FUNCTION_WORD.findall(f"{before} {after}"))


_PATTERN_OF_SIGNS = 4
_SIGN = expression(r"[!-/:-@\[-`{-~\d]")
_FUNCTION_WORD = expression(
    r"(?<![\w./-])(?:[Tt]he|[Aa]n?|[Tt]h(?:is|at|ese|ose|ey|eir|ere|en|an)|[Ii]ts?|[Yy]ou|[Yy]our|[Ww]e|of|to|and|or|"
    r"[Ii]n|[Oo]n|[Aa]t|[Ff]rom|[Ff]or|[Ww]ith|[Bb]y|[Aa]s|[Ii]f|[Ww]hen|which|is|are|was|were|be|been|has|have|had|not|"
    r"can|will|would|may|must|should|but|[Aa]ll|any|no|into|only|so|such|other|also)(?![\w/=-])"
)
