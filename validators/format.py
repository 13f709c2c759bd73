"""What kind of text a document is.

`format_of` tells Markdown (and reStructuredText, its sister), code and other machine formats, CSV and
subtitles from plain text.
"""

import csv
import re
from collections import Counter
from itertools import dropwhile
from typing import TypeAlias

from jiaokan.validators.expressions import expression, holds
from jiaokan.validators.programs import (
    HEADING,
    are_settings,
    are_statements,
    ascii_of,
    begins_as_program,
    is_code,
    is_encoded,
    is_machine_made,
    is_page,
)
from jiaokan.validators.protected import FENCE, FRONT_MATTER
from jiaokan.validators.values import Format, Settings
from jiaokan.validators.view import View

LINES_LOOKED_AT = 400
"""A document's format shows in its first lines."""

_TIME_CODE = expression(r"\n\s*\d{1,2}:\d\d:\d\d[,.]\d{2,3}\s*-->\s*\d{1,2}:\d\d:\d\d[,.]\d{2,3}")
_ASS = expression(r"\n(?:\[Script Info\]|Dialogue: *\d|\[V4\+? Styles\])")
_LYRIC_TIME = expression(r"\n\[\d{1,2}:\d\d(?:[.:]\d{1,3})?\]")
"""All behind the line break, as the signs below: so they are found many times as fast as with `^`."""

_Signs: TypeAlias = tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]
"""Patterns, each with strings of which what it finds has one: those are found sooner."""
_TITLE = expression(
    r"""(?:\A|^[ \t\r]*\n)\#{1,6}[ \t]+(?:
        [^\n]*[\u3400-\u9fff] |
        (?:[^\sa-z/]|v\d)[^\n]*(?:\Z|\n(?:[ \t\r]*$|[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]|[\u3400-\u9fff]))
    )""",
    re.MULTILINE | re.VERBOSE,
)
"""A heading as it is set off from what is around it. The commands that a manual shows to root (`# apt update`)
and the comments among them look alike but for that, or for their small letters."""
_HASHES = expression(r"\n\#{1,6}[ \t]")
"""What a title begins with, found much sooner."""
_FENCE_LINE = expression(r"^[ \t]*(?:`{3,}|~{3,})", re.MULTILINE)
_MARKDOWN: _Signs = (
    (("# ", "#\t"), _TITLE),
    (("```", "~~~"), _FENCE_LINE),
    (("](",), expression(r"!?\[(?!:[a-z]+:\])[^\]\n]{1,200}\]\((?![+*?\[\\|^])(?:[^()\s]|\([^()\s]*\))+(?: \"[^\"\n]*\")?\)")),
    (("**", "__"), expression(r"\*\*[^*\n]+\*\*|__[^_\n]+__")),
    (("---",), expression(
            r"\n[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*$", re.MULTILINE
        )),
    (("> ", ">\t"), expression(r"\n[ \t]{0,3}>[ \t]\S")),
    (("[ ]", "[x]", "[X]"), expression(r"\n[ \t]*[-*+][ \t]+\[[ xX]\][ \t]")),
    (("- ", "* ", "+ ", "-\t", "*\t", "+\t"), expression(
            r"\n[ \t]*(?:[-*+])[ \t]+\S.*\n[ \t]*(?:[-*+])[ \t]+\S"
        )),
    (("`",), expression(r"`[^`\n]+`")),
)  # fmt: skip
_RST: _Signs = (
    ((".. ", "..\t"), expression(r"\n[ \t]*\.\.[ \t]+[A-Za-z_|-]")),
    (tuple("\n" + 4 * mark for mark in "=-~^\"'*+#`"), expression(
            r"^\S[^\n]*\n([=\-~^\"'*+#`])\1{3,}[ \t]*$", re.MULTILINE
        )),
    (("::",), expression(r"::[ \t]*\n[ \t]*\n[ \t]+\S", re.MULTILINE)),
    (("`",), expression(r"``[^`\n]+``|:[a-z]+:`[^`\n]+`")),
)  # fmt: skip


def format_of(view: View, settings: Settings) -> Format:
    """The format of the one document of the view: what the user said, or what its lines show.

    reStructuredText counts as `markdown`; code in any language, markup and configuration as `code`.
    """
    if settings.format != "auto":
        return settings.format
    if settings.found_format is not None:
        return settings.found_format
    return view.once("format", _recognised)


def _recognised(view: View) -> Format:
    return recognise(view.text)


_ASCII_SIGN = expression(r"[!-/:-~\t]")
"""What every format has that is not plain text: ASCII letters, marks or tabs."""


_REFERENCES = expression(
    r"&#(?:(?:8[12]\d\d|1[2-9]\d{3}|[2-6]\d{4}|[xX][2-9a-fA-F][0-9a-fA-F]{3});(?:&#)?){2,}"
)
"""Character references in a row, of Han and its marks."""


def recognise(text: str) -> Format:
    """The format that a text's first lines show; `text` where they show none."""
    if holds(text, "&#"):  # Chinese that was written so ends its lines as statements end
        text = _REFERENCES.sub("字", text)
    lines = text.split("\n", LINES_LOOKED_AT)[:LINES_LOOKED_AT]
    head = text if len(lines) < LINES_LOOKED_AT else "\n".join(lines)
    ascii_ = ascii_of(head)
    if ('"' in ascii_ or "'" in ascii_) and are_statements(lines):
        return "code"
    if not _ASCII_SIGN.search(ascii_):
        return "text"
    bare = [line.strip("\r") for line in lines] if "\r" in ascii_ else lines
    inked = [line for line in bare if line and not line.isspace()]
    if is_page(text) or begins_as_program(head, text) or is_encoded(ascii_):
        return "code"
    if _has_header(inked) or _are_quoted_cells(inked):
        return "csv"
    if len(inked) < 3:
        return "code" if "=" in ascii_ and are_settings(inked) else "text"
    if "-->" in ascii_ and len(_TIME_CODE.findall("\n" + head)) >= 2:
        return "subtitles"
    if ("[" in ascii_ or "Dialogue:" in ascii_) and len(_ASS.findall("\n" + head)) >= 2:
        return "subtitles"
    if "[" in ascii_ and len(_LYRIC_TIME.findall("\n" + head)) * 2 >= len(inked):
        return "subtitles"
    if FRONT_MATTER.match(head):
        return "markdown"
    if _is_csv(ascii_, list(dropwhile(_is_comment, inked))):
        return "csv"
    if is_machine_made(head, ascii_):
        return "code"
    if _is_page_of_links(head, ascii_):
        return "markdown"
    if is_code(head, ascii_, inked):
        return "code"
    if _is_light_markup(head, ascii_):
        return "markdown"
    return "text"


_HEADER = expression(r"\ufeff?(?:\"?[^\W\d][\w.-]{0,30}\"?|(?=,))([,;\t]).+")
_COLUMN = expression(r"[^\W\d][\w.-]{0,30}")


def _has_header(lines: list[str]) -> bool:
    """Whether the first line is names of columns, and each other one has a cell for each of them.

    The first may have none, as where rows are numbered. Names in Han may be a sentence's clauses, so
    numbers must stand below the first of them.
    """
    header = _HEADER.fullmatch(lines[0]) if len(lines) > 1 else None
    if header is None:
        return False
    try:
        names = next(csv.reader([lines[0].lstrip("\ufeff")], delimiter=header[1]))
        if not all(map(_COLUMN.fullmatch, names[names[0] == "" :])):
            return False
        rows = [row for row in csv.reader(lines[1:], delimiter=header[1]) if row]
    except csv.Error:
        return False
    for each in (rows, [_split_loosely(line, header[1]) for line in lines[1:]]):
        full = [row for row in each if len(row) == len(names)]
        if full and len(full) * 20 >= 19 * len(each):
            return lines[0].isascii() or (len(full) > 2 and all(row[0].isdigit() for row in full))
    return False


_CELL_IN_QUOTES = {
    mark: expression(rf'((?:[^"\n{mark}]*{mark})*)"(.*)"((?:{mark}[^"\n{mark}]*)*)\r?')
    for mark in ",;\t"
}


def _split_loosely(line: str, mark: str) -> list[str]:
    """The cells of a row of which one is in quotes, whatever it holds: tools that make all quotes straight
    leave 1,"他说"好"。" """
    found = _CELL_IN_QUOTES[mark].fullmatch(line)
    if found is None:
        return line.split(mark)
    return [*found[1].split(mark)[:-1], found[2], *found[3].split(mark)[1:]]


_JSON_OPENS = ("{", "[", "[{")
"""The first line of JSON with a line for each value, however far its end is."""
_QUOTED_CELLS = expression(r'"[^"\n]*"(?:([,;\t])"[^"\n]*")(?:\1"[^"\n]*")*\s*')


def _are_quoted_cells(lines: list[str]) -> bool:
    """Whether every line is cells in quotes and nothing else."""
    return len(lines) > 1 and all(map(_QUOTED_CELLS.fullmatch, lines))


def _is_csv(ascii_: str, lines: list[str]) -> bool:
    """Nearly every line has the same number of fields: flattened prose never keeps that up."""
    if len(lines) < 3 or lines[0].strip("\ufeff \t") in _JSON_OPENS:
        return False
    marks = [mark for mark in ",\t;|" if ascii_.count(mark) * 10 >= 9 * len(lines)]
    # Not the halves of columns, which more spaces part.
    tight = lines[0].count(" ") >= 3 and "  " not in lines[0]
    if tight and len({line.count(" ") for line in lines[:5]}) == 1:
        marks.append(" ")  # fields that nothing but spaces part, as no wrapped text keeps up either
    if not marks or sum(map(_ends_sentence, lines)) * 2 > len(lines):
        return False
    for mark in marks:
        having = sum(mark in line for line in lines)
        if having * 10 < 9 * len(lines) and '"' not in ascii_:
            continue
        try:
            fields = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if row)
        except csv.Error:
            continue
        width, rows = fields.most_common(1)[0]
        if having * 10 < 9 * len(lines) and (width < 3 or rows < min(having, fields.total())):
            continue  # lines without a mark are the rest of a cell in quotes
        enough = 3 if width >= 3 and mark != " " else 5
        if width >= 2 and rows >= enough and rows * 20 >= 19 * fields.total():
            return True
    return False


def _is_comment(line: str) -> bool:
    return line.startswith("#")


_QUOTED_END = expression(r":\"[^\"\n]*[\u3400-\u9fff][.!?]\"\s*\Z")
"""What somebody says, to the end of a line: behind a colon, as no quoted cell stands."""


def _ends_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does, with whichever mark."""
    last = line.rstrip()[-2:]
    if last[-1:] == '"':
        return _QUOTED_END.search(line) is not None
    return last[-1:] in "。！？」』" or (last[-1:] in ".!?" and "\u3400" <= last[:1] <= "\u9fff")


_LINK = expression(r"\]\((?:https?:|\.{0,2}/|#)")


def _is_page_of_links(head: str, ascii_: str) -> bool:
    """Whether a text has headings and links as a README has, whose badges and examples look like code."""
    return (
        "](" in ascii_
        and len(_LINK.findall(ascii_)) >= 2
        and len(HEADING.findall(FENCE.sub("", head))) >= 2
    )


def _is_light_markup(head: str, ascii_: str) -> bool:
    # A look for a pattern takes much longer than one for what it needs: first, whether it matters.
    lined = "\n" + head
    possible = _possible(_MARKDOWN, ascii_)
    if _TITLE in possible and not _HASHES.search(lined):
        possible.remove(_TITLE)
    may_head, may_fence = _TITLE in possible, _FENCE_LINE in possible
    if may_head or may_fence or len(possible) >= 3:
        strong = sum(pattern.search(lined) is not None for pattern in possible)
        headings = len(_TITLE.findall(lined)) if may_head else 0
        fences = len(_FENCE_LINE.findall(lined)) if may_fence else 0
        if headings >= 2 or fences >= 2 or strong >= 3 or (headings and strong >= 2):
            return True
    possible = _possible(_RST, ascii_)
    return len(possible) >= 2 and sum(p.search(lined) is not None for p in possible) >= 2


def _possible(signs: _Signs, ascii_: str) -> list[re.Pattern[str]]:
    """The patterns that may be found in a text with these ASCII characters."""
    possible = []
    for strings, pattern in signs:
        for string in strings:
            # One character, and a rarer one than a space, is found much sooner than two.
            if string.strip()[0] in ascii_ and string in ascii_:
                possible.append(pattern)
                break
    return possible
