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
_ENDED_IN_MARKUP = expression(r"<(?:[bB][rR]|[hH][rR]|/[A-Za-z][A-Za-z0-9]*)\s*/?>$")
_LONGEST_END = 24
"""The tags that end a line or an element, and how long they are at the most."""
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
    r"(?:如下|以下|下面|下列|下述|下图|下圖|下表|下行)(?![简簡]?[称稱])[^，。！？；：,.!?;:]{0,10}[，,]?$|"
    r"(?:例如|比如|譬如|诸如|諸如|分别为|分別為|分别是|分別是|包括|包含)[，,]?$"
)
_HEADED = expression(
    r"[。！？」』”][ \u3000]*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])[^，。！？；：、,.;:!?]{2,20}$"
)
_LONGEST_HEADED = 30
"""The heading of the next item, which a reader of PDF left at the end of a paragraph: …。三、目的"""
_FIELD = expression(r"[A-Za-z][\w.-]* +`[^`\n]+`")
"""The name of a field and its type, in the markup of documentation."""
_LATIN_EDGE = expression(r"[!-~]$"), expression(r"[，。、；：].*[\u4e00-\u9fff]\d{1,4}$")
"""Letters or figures at the end; and figures right behind Han in a sentence, which count what follows."""
_NO_START = expression(r"[，。、；：？！」』”’）》〉】〕…·,.;:?!)\]}%]")
_CLOSED_TWICE = expression(r"[“”\"][，,]?$"), expression(r"[“”\"]")
_SIGNATURE = expression(
    r"(?:^|[。！？.!?…」』”’\"'）)])[ \u00a0\u3000]*(?:——+|――+|--+(?![a-z]))[ \u00a0]*[^，。！？；：、,;:!?]{1,24}$|"
    r"[。！？.!?…][」』”’\"'][ \u3000]*[\u4e00-\u9fff]{1,6}(?:[·・][\u4e00-\u9fff]{1,6})+$"
)
"""Who said what was quoted: behind a dash, or a foreign name."""
_SHORT, _PATTERN = 2, 2
_WHOLE = "。！？!?"


def is_signature(line: str) -> bool:
    """Whether a line ends with who said what was quoted."""
    # Its signs are much sooner looked for than all of it, and not in a loop.
    if not ("—" in line or "·" in line or "・" in line or "--" in line or "―" in line):
        return False
    return _SIGNATURE.search(line) is not None


def is_set_off(before: str, after: str) -> bool:
    """Whether the line `before` ends, or `after` begins, as only what stands alone does: pictographs,
    rows of marks, a tag, a time of day, an address or a link, a line's number in a listing; a wish and what is wished."""
    # What ends a line is looked for from where it would begin, not from the line's beginning.
    if _SET_OFF_BEFORE.search(before, max(len(before) - 2, 0)) or _SET_OFF_AFTER.match(after):
        return True
    if before[-1:] == ">" and _ENDED_IN_MARKUP.search(before, max(len(before) - _LONGEST_END, 0)):
        return True
    if _TIME[0].search(before, max(len(before) - 4, 0)) and _TIME[1].match(after):
        return True
    if _NUMBERED.match(before) and _NUMBERED.match(after):
        return True
    if _ADDRESS.fullmatch(before) and not _NO_START.match(after):
        return True
    if len(after) > _LONGEST_WISH:
        return False
    wishes = "祝" in before or "颂" in before or "頌" in before
    return wishes and _WISH.search(before) is not None


def are_beside_row(before: str, after: str) -> bool:
    """Whether the line `before` ends with, or `after` is, a row of words, as buttons to share and tags are."""
    return bool(
        (_has_gap(before) and _ROW_OF_WORDS[0].search(before))
        or (_has_gap(after) and _ROW_OF_WORDS[1].fullmatch(after))
    )


def _has_gap(line: str) -> bool:
    return " " in line or "|" in line or "\u3000" in line


def may_be_parted(before: str, after: str) -> bool:
    """Whether two lines may stand apart for what they say, unless widths or a cut word tell otherwise:
    a quotation after a colon, what an announcement promised, what has a heading at its end, a name or command of
    Latin letters, one remark after another, a lone character."""
    end = max(len(before) - 2, 0)
    if _QUOTATION.search(before, end) or _ANNOUNCED.search(before):
        return True
    if _HEADED.search(before, max(len(before) - _LONGEST_HEADED, 0)):
        return True
    if _LATIN_EDGE[0].search(before, end) and not _NO_START.match(after):
        return not ("\u4e00" <= after[0] <= "\u9fff" and _LATIN_EDGE[1].search(before))
    if _CLOSED_TWICE[0].search(before, end) and _CLOSED_TWICE[1].match(after):
        return True
    return len(after) <= _SHORT and after[-1] not in _WHOLE


def begin_alike(before: str, after: str) -> bool:
    """Whether two lines are items of one pattern."""
    if before[:_PATTERN] == after[:_PATTERN]:
        return True
    return "`" in before and bool(_FIELD.match(before) and _FIELD.match(after))


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
