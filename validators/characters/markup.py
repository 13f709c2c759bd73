"""Markup left in text: character references and tags."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from html.entities import html5, name2codepoint

from jiaokan.validators.characters.finding import finding
from jiaokan.validators.expressions import expression
from jiaokan.validators.format import format_of
from jiaokan.validators.tables import words_of
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import View

REFERENCE = expression(r"&(?:amp;)*((?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")
_NAMES = "|".join(sorted(name2codepoint, key=len, reverse=True))
_UNENDED = "|".join(sorted((n for n in html5 if n[-1] != ";"), key=len, reverse=True))
_HAN_OR_MARK = r"\u2014\u2018-\u201d\u2026\u3001-\u303f\u3400-\u9fff\uff01-\uff60"
_SPOILT = expression(
    rf"[&＆](?<![A-Za-z].)(?:amp[;；])*"
    rf"(?:(#\d{{2,7}}|#[xX][0-9A-Fa-f]{{2,6}}|(?:{_NAMES}))[;；]"
    rf"|(#\d{{2,7}}|(?:{_UNENDED}))(?=[&＆{_HAN_OR_MARK}]))"
)
"""References of HTML 4 whose marks were made full-width, and those that end without a semicolon, as
HTML allows for the names of Latin-1, before Chinese."""
_ELEMENTS = (
    "a|abbr|article|aside|b|big|blockquote|body|br|button|center|code|dd|del|div|dl|dt|em|font|footer|"
    "form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link|main|meta|nav|ol|option|p|"
    "pre|rb|rp|rt|rtc|ruby|s|script|section|select|small|source|span|strong|style|sub|sup|svg|table|tbody|td|textarea|"
    "th|thead|title|tr|tt|u|ul|video"
)
TAG = expression(
    rf"</?(?:{_ELEMENTS})(?:\s+[^<>\n]{{0,300}})?\s*/?>|<!--.{{0,1000}}?-->", re.IGNORECASE
)
_CLOSING = expression(r"</([A-Za-z][A-Za-z0-9]*)")
_NAME = expression(r"</?([A-Za-z][A-Za-z0-9]*)(\s+[A-Za-z-]+\s*=)?")
_VOID = frozenset(("br", "hr", "p", "li"))
_GONE = expression(
    r"<(?P<hidden>span|div|p|font|i|b)\b[^<>\n]*?"
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0)[^<>\n]*>[^<>\n]{0,200}</(?P=hidden)>"
    r"|<(?P<reading>rt|rp|rtc)\b[^<>\n]*>[^<>\n]{0,60}</(?P=reading)>",
    re.IGNORECASE,
)
"""Hidden elements; what ruby sets above a character, and its brackets for browsers without ruby."""
_BREAKS = expression(r"</?(?:br|p|div|li|tr|h[1-6]|blockquote|hr)\b", re.IGNORECASE)
_ABOUT_MARKUP = words_of("of markup")
_ABOUT_REFERENCES = words_of("of character references")
_TOKEN = expression(r"[!-~]+\Z")
_ADDRESS = expression(r"://|\bwww\.|\?\w+=|`")
_SPACES = frozenset("\u2002\u2003\u2009\u3000\t ")
_BEFORE_NAMED = frozenset(" \"'“‘「『（([`")
_AFTER_NAMED = frozenset(" \"'”’」』）)]`，,。.、")
_SYNTAX = frozenset("<>&\"'`\\{}[]|_*#~=")
"""What markup gives a meaning to: a reference keeps it from that."""
_LONGEST_ROW = 32
"""References side by side that are one finding, at most."""
_OF_TYPE = frozenset((
    "nbsp;", "ensp;", "emsp;", "thinsp;", "middot;", "bull;", "hellip;", "mdash;", "ndash;", "ldquo;",
    "rdquo;", "lsquo;", "rsquo;", "laquo;", "raquo;", "permil;", "euro;",
))  # fmt: skip
"""Names that nothing else is called by, as `&copy` and `&alpha` are where programs are spoken of."""


def find_references(view: View, settings: Settings) -> Iterator[Finding]:
    """Character references, by what they stand for, in text that is not about markup."""
    text = view.text
    matches = list(_references(text))
    if not matches or _speaks_of(_ABOUT_REFERENCES, _SPOILT.sub("", REFERENCE.sub("", text))):
        return
    if len(TAG.findall(text)) > 2 or format_of(view, settings) in ("code", "markdown"):
        return
    has_addresses = bool(_ADDRESS.search(text))
    rows: list[_Row] = []
    for match, name, is_spoilt in sorted(matches, key=lambda each: each[0].start()):
        after = _meant(name) or _byte_meant(text, match)
        start, end = match.span()
        if after is None or (has_addresses and _in_address(text, start)):
            continue
        is_sure = _is_surely_left(text, match, name, after, is_spoilt)
        last = rows[-1] if rows else None
        if last is not None and last.goes_on_with(start, is_sure):
            last.end, last.after = end, last.after + after
            last.written.append(match[0])
        else:
            rows.append(_Row(start, end, after, is_sure, [match[0]]))
    for row in rows:
        first, number = row.written[0], len(row.written)
        message = f"The character reference {first} was left as it is."
        if number > 1:
            message = f"{number} character references, from {first} on, were left as they are."
        level, confidence = (None, 0.95) if row.is_sure else (Applicability.UNSAFE, 0.6)
        yield finding("html-entity", row.start, row.end, message, row.after, confidence, level)


@dataclass(slots=True)
class _Row:
    """References side by side."""

    start: int
    end: int
    after: str
    """What they stand for."""
    is_sure: bool
    written: list[str]

    def goes_on_with(self, start: int, is_sure: bool) -> bool:
        """Whether the next reference belongs to the row."""
        is_next = self.end == start and self.is_sure == is_sure
        return is_next and len(self.written) < _LONGEST_ROW


def _is_surely_left(
    text: str, match: re.Match[str], name: str, after: str, is_spoilt: bool
) -> bool:
    """Whether a reference is surely a character, and not spoken of or put there for what it is."""
    if after in _SYNTAX and not (after == "&" and _between_letters(text, match)):
        return False
    if name[0] != "#" and (_is_spoken_of(text, match) or (is_spoilt and name not in _OF_TYPE)):
        return False
    return not _is_item(text, match)


def _references(text: str) -> Iterator[tuple[re.Match[str], str, bool]]:
    """References, the names in them with their semicolons, and whether their marks are spoilt."""
    for match in REFERENCE.finditer(text):
        yield match, match[1], False
    for match in _SPOILT.finditer(text):
        if not REFERENCE.match(text, match.start()):
            yield match, (match[1] or match[2]) + ";", True


@lru_cache(1 << 12)
def _meant(name: str) -> str | None:
    """What a reference stands for, if that may be in text."""
    if not (name.startswith("#") or name in html5):
        return None
    after = unescape("&" + name).replace("\u00a0", " ")
    return after if after in _SPACES or (len(after) <= 2 and after.isprintable()) else None


def _byte_meant(text: str, match: re.Match[str]) -> str | None:
    """What a reference to a soft hyphen or a control stands for beside references to Latin-1: a byte of
    misread text, which all of its bytes are needed for."""
    if not _BYTE.fullmatch(match[0]):
        return None
    start, end = match.span()
    is_one_of_many = _BYTE.match(text, end) or _BYTE.fullmatch(text, max(start - 6, 0), start)
    return chr(int(match[0][2:-1])) if is_one_of_many else None


_BYTE = expression(r"&#(?:1[2-9]\d|2[0-4]\d|25[0-5]);")


def _in_address(text: str, position: int) -> bool:
    """Whether the position is in a URL, whose parameters are set off by &, or in inline code."""
    token = _TOKEN.search(text, max(0, position - 200), position)
    return token is not None and bool(_ADDRESS.search(token[0]))


def find_tags(view: View, settings: Settings) -> Iterator[Finding]:
    """HTML tags, and text that a page hides, in text that is neither markup nor about it."""
    text = view.text
    matches = list(TAG.finditer(text))
    if not matches:
        return
    if _speaks_of(_ABOUT_MARKUP, TAG.sub("", text)):
        return
    if format_of(view, settings) in ("code", "markdown"):
        return
    gone = []
    for match in _GONE.finditer(text):
        message = "Text that the page hides, put there against copying or for search engines."
        if match["reading"]:
            message = "A reading that a page set above its character, with its tags."
        gone.append(match.span())
        yield finding("html-tag", *match.span(), message, "", 0.8)
    names = {name.lower() for name in _CLOSING.findall(text)}
    for match in matches:
        start, end = match.span()
        if not _is_markup(match[0], names):
            continue
        at = bisect_right(gone, (start, len(text)))
        if at and start < gone[at - 1][1]:
            continue
        after = "\n" if _BREAKS.match(match[0]) and start > 0 and end < len(text) else ""
        if after and (text[start - 1] == "\n" or text[end] == "\n"):
            after = ""
        yield finding("html-tag", start, end, "An HTML tag was left in the text.", after, 0.7)


def _is_spoken_of(text: str, match: re.Match[str]) -> bool:
    """Whether it stands apart, in quotes or between spaces, as a thing that is named."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return before in _BEFORE_NAMED and after in _AFTER_NAMED and bool(before and after)


def _is_item(text: str, match: re.Match[str]) -> bool:
    """Whether a reference is a line by itself between lines as short: an entry of a list of tokens."""
    before, after = (
        text[max(0, match.start() - 8) : match.start()],
        text[match.end() : match.end() + 8],
    )
    return bool(_ITEM_BEFORE.search(before) and _ITEM_AFTER.match(after))


_ITEM_BEFORE = expression(r"(?:^|\n)[^\n]{1,6}\n$")
_ITEM_AFTER = expression(r"\n[^\n]{1,6}(?:\n|$)")


def _between_letters(text: str, match: re.Match[str]) -> bool:
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return bool(before.strip() and after.strip())


def _speaks_of(words: tuple[str, ...], text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in words)


def _is_markup(tag: str, closed: set[str]) -> bool:
    """Whether it is a tag, and not a name in angle brackets such as <input>."""
    match = _NAME.match(tag)
    if match is None:
        return True  # a comment
    name = match[1].lower()
    return name in closed or name in _VOID or match[2] is not None
