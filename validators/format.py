"""What kind of text a document is, and which parts of it are not prose at all.

`format_of` tells Markdown (and reStructuredText, its sister), code and other machine formats, CSV and
subtitles from plain text. `protected_spans` finds what no rule about prose may touch in any of them:
code blocks, inline code, URLs, e-mail addresses, file paths, front matter.
"""

import csv
import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression
from jiaokan.validators.values import Format, Settings
from jiaokan.validators.view import View

LINES_LOOKED_AT = 400
"""A document's format shows in its first lines."""

FENCE = expression(
    r"^[ \t]{0,12}(`{3,}|~{3,})[^\n`]*\n(?:.*\n)*?[ \t]{0,12}\1[`~]*[ \t\r]*$", re.MULTILINE
)
FRONT_MATTER = expression(r"\A(---|\+\+\+)[ \t]*\r?\n(?:.*\n){0,80}?\1[ \t]*$", re.MULTILINE)

_PATH = r"[A-Za-z0-9_.+@%~$-]"
_PROTECTED = (
    FENCE,
    FRONT_MATTER,
    expression(r"(?<=::\n)(?:[ \t]*\n)+(?:[ \t]+\S.*\n?(?:[ \t]*\n)*)+"),
    expression(r"(`+)(?!`)[^`\n]+?\1(?!`)"),
    expression(r"""(?:https?|ftp|file|wss?|git|ssh|mailto|magnet|data|tel):[A-Za-z0-9!#$%&'()*+,./:;=?@_~\[\]-]*[A-Za-z0-9#&=/_~+-]""", re.IGNORECASE),
    expression(r"(?<![\w.@-])[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII),
    expression(
        r"(?<![A-Za-z0-9@.])(?:www\.)?(?:[A-Za-z0-9-]{1,63}\.)+"
        r"(?:com|org|net|edu|gov|info|io|cn|tw|hk|jp|kr|uk|de|fr|us|dev|app|html?|php|aspx?)"
        r"(?![A-Za-z0-9])(?:[:/?#][A-Za-z0-9!#$%&'()*+,./:;=?@_~-]*[A-Za-z0-9/#=&_-])?"
    ),
    expression(rf"(?<![A-Za-z0-9_.~/<])(?:~|\.{{1,2}})?(?:/{_PATH}+)+/?(?=[^A-Za-z0-9]|$)"),
    expression(r"(?<![A-Za-z0-9])[A-Za-z]:\\(?:[^\s\\/:*?\"<>|，。；：！？、]+\\?)*"),
    expression(rf"(?<![A-Za-z0-9_./-])(?:{_PATH}+/)+{_PATH}*\.[A-Za-z0-9]{{1,5}}(?![A-Za-z0-9])"),
    expression(
        r"<(script|style|pre|code|textarea)\b[^<>]*>(?:(?!\n\n\n\n).)*?</\1>", re.DOTALL | re.IGNORECASE
    ),
    expression(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>\n]*)?/?>|<!--.*?-->", re.DOTALL),
)  # fmt: skip
_HINTS = (
    ("```", "~~~"), ("---", "+++"), ("::\n",), ("`",), (":",), ("@",), (".",), ("/",), (":\\",),
    ("/",), ("</",), ("<",),
)  # fmt: skip
"""For each of `_PROTECTED`, strings of which what it finds has one: they are found sooner."""

TIME_CODE = expression(
    r"^\s*\d{1,2}:\d\d:\d\d[,.]\d{2,3}\s*-->\s*\d{1,2}:\d\d:\d\d[,.]\d{2,3}", re.MULTILINE
)
_ASS = expression(r"^(?:\[Script Info\]|Dialogue: *\d|\[V4\+? Styles\])", re.MULTILINE)
_LYRIC_TIME = expression(r"^\[\d{1,2}:\d\d(?:[.:]\d{1,3})?\]", re.MULTILINE)

_MARKDOWN = (
    expression(r"^#{1,6}[ \t]+\S", re.MULTILINE),
    expression(r"^[ \t]*(?:`{3,}|~{3,})", re.MULTILINE),
    expression(r"!?\[[^\]\n]{1,200}\]\((?:[^()\s]|\([^()\s]*\))+(?: \"[^\"\n]*\")?\)"),
    expression(r"\*\*[^*\n]+\*\*|__[^_\n]+__"),
    expression(
        r"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*$", re.MULTILINE
    ),
    expression(r"^[ \t]{0,3}>[ \t]\S", re.MULTILINE),
    expression(r"^[ \t]*[-*+][ \t]+\[[ xX]\][ \t]", re.MULTILINE),
    expression(r"^[ \t]*(?:[-*+])[ \t]+\S.*\n[ \t]*(?:[-*+])[ \t]+\S", re.MULTILINE),
    expression(r"`[^`\n]+`"),
)
_RST = (
    expression(r"^[ \t]*\.\.[ \t]+[A-Za-z_|-].*$", re.MULTILINE),
    expression(r"^\S[^\n]*\n([=\-~^\"'*+#`])\1{3,}[ \t]*$", re.MULTILINE),
    expression(r"::[ \t]*\n[ \t]*\n[ \t]+\S", re.MULTILINE),
    expression(r"``[^`\n]+``|:[a-z]+:`[^`\n]+`"),
)
_MARKDOWN_HAS = tuple(
    tuple(strings.split("|"))
    for strings in (
        "# |#\t", "```|~~~", "](", "**|__", "---", "> |>\t", "[ ]|[x]|[X]",
        "- |* |+ |-\t|*\t|+\t", "`",
    )
)  # fmt: skip
_RST_HAS = tuple(
    tuple(strings.split("|"))
    for strings in (
        ".. |..\t", "====|----|~~~~|^^^^|\"\"\"\"|''''|****|++++|####|````", "::", "`",
    )
)  # fmt: skip
"""For each pattern, strings of which its text has one: they are found sooner."""
_CODE_LINE = expression(
    r"""^\s*(?:
        [{}()\[\]]+[;,]?$ | [{\[][^。]*['"][^。]*[}\]],?\s*(?:\#.*)?$ | \#!\s*/ | //(?!@)|/\*|\*/ | <\/?[A-Za-z!?] | \}\s*else\b |
        (?:def|class|import|from|return|function|func|fn|let|const|var|public|private|static|void|int|float|
           if|elif|else|for|while|switch|case|try|except|finally|with|package|using|namespace|struct|enum|
           \#include|\#define|\#ifdef|\#endif|SELECT|INSERT|UPDATE|CREATE|export|echo|fi|done|esac|end|begin)\b
           [^。，！？]*$ |
        [^。，！？]*[;{}]\s*(?://.*|\#.*|/\*.*)?$ |
        "?[A-Za-z_][\w.-]*"?\s*[:=]\s*\S.*[^。！？]$ | "?[A-Za-z_][\w.-]*"?\s*[:=]\s*$ |
        [$>%]\s[a-z] | \\(?:begin|end|documentclass|usepackage|section|item)\b | @[A-Za-z_] |
        [\w.]+\([^。，]*\)\s*[;:{]?\s*$ | -\s+[A-Za-z_][\w.-]*:\s
    )""",
    re.VERBOSE,
)  # fmt: skip

_ROFF = expression(
    r"^(?:[.']\\\"|\.(?:TH|SH|SS|PP|P|TP|IP|LP|HP|RS|RE|B|BR|BI|I|IR|IB|RB|RI|nf|fi|br|sp|in|de|ds|"
    r"Dd|Dt|Os|Sh|Ss|Nm|Nd|Op|It|Bl|El|Pp|Fl|Ar|Xr|Ic|Pq)(?:[ \t]|\r?$))",
    re.MULTILINE,
)
_CATALOGUE = expression(r"^(?:msgid|msgstr|msgctxt)(?:_plural|\[\d\])? \"", re.MULTILINE)
_LOG = expression(
    r"^\W?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d\S*\s.{0,40}?"
    r"\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL)\b",
    re.MULTILINE,
)
_DIFF = expression(r"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@", re.MULTILINE)
_PROGRAM = expression(
    r"^[ \t]*(?:\#include\b|(?:async )?(?:def|class|function|func|fn) \w+[^\n]*[{:(]|import [\w.{*]|from [\w.]+ import\b|"
    r"(?:if|for|while|switch|else|try|except)\b[ -~]*[{:]|return\b[ -~]*|(?:const|let|var|int|void|char|public|private|static) [ -~]*"
    r"[;={(]|[\w.]+ ?= ?[ -~]+|[{}]|SELECT\b|INSERT INTO\b|CREATE TABLE\b)[ \t;]*(?:$|[#/-])",
    re.MULTILINE,
)


def is_roff(text: str) -> bool:
    """Whether a text is the source of a manual page: lines that begin with macros of roff."""
    return "." in text and len(_ROFF.findall(text[:_HEAD])) >= 2


def has_program_lines(text: str) -> bool:
    """Whether a text has what no prose has, however it was flattened: macros, keys of a catalogue,
    levels of a log, hunks of a diff, statements."""
    head = text[:_HEAD]
    return (
        _begins_as_program(head, text)
        or _is_machine_made(head, _ascii_of(head))
        or len(_PROGRAM.findall(head)) >= 2
        or _are_settings(inked := [line for line in head.split("\n") if line.strip()])
        or _is_yaml(inked)
    )


def _is_machine_made(head: str, ascii_: str) -> bool:
    # What each needs is asked for first: a look for a character takes next to no time.
    return (
        (
            (head[:1] in (".", "'") or "\n." in ascii_ or "\n'" in ascii_)
            and len(_ROFF.findall(head)) >= 2
        )
        or ("msg" in ascii_ and len(_CATALOGUE.findall(head)) >= 2)
        or ("@@" in ascii_ and _DIFF.search(head) is not None)
        or (_has_level(ascii_) and len(_LOG.findall(head)) * 2 > head.count("\n") + 1 >= 3)
    )


def _has_level(ascii_: str) -> bool:
    return ":" in ascii_ and any(level in ascii_ for level in _LEVELS)


_LEVELS = ("TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "ERROR", "FATAL", "CRITICAL")
_HEAD = 20_000


def format_of(view: View, settings: Settings) -> Format:
    """The format of the one document of the view: what the user said, or what its lines show.

    reStructuredText counts as `markdown`; code in any language, markup and configuration as `code`.
    """
    if settings.format != "auto":
        return settings.format
    cached = view.__dict__.get("format")
    if cached is None:
        cached = view.__dict__["format"] = recognise(view.text)
    found: Format = cached
    return found


_MAY_BE_CODE = expression(r"\s*(?:[!-/:-~]|.*[;{}(=])")
"""A line of code begins with an ASCII letter or mark, or has one of a few marks."""
_ASCII_SIGN = expression(r"[!-/:-~\t]")
"""What every format has that is not plain text: ASCII letters, marks or tabs."""


def _ascii_of(text: str) -> str:
    """The ASCII characters of a text: what signs it may have is soon seen of them."""
    return text.encode("ascii", "ignore").decode("ascii")


def recognise(text: str) -> Format:
    """The format that a text's first lines show; `text` where they show none."""
    lines = text.split("\n", LINES_LOOKED_AT)[:LINES_LOOKED_AT]
    head = "\n".join(lines)
    if not _ASCII_SIGN.search(head):
        return "text"
    ascii_ = _ascii_of(head)
    bare = [line.strip("\r") for line in lines] if "\r" in head else lines
    inked = [line for line in bare if line and not line.isspace()]
    if is_page(text) or _begins_as_program(head, text):
        return "code"
    if len(inked) < 3:
        return "code" if "=" in ascii_ and _are_settings(inked) else "text"
    if "-->" in ascii_ and len(TIME_CODE.findall(head)) >= 2:
        return "subtitles"
    if ("[" in ascii_ or "Dialogue:" in ascii_) and len(_ASS.findall(head)) >= 2:
        return "subtitles"
    if "[" in ascii_ and len(_LYRIC_TIME.findall(head)) * 2 >= len(inked):
        return "subtitles"
    if FRONT_MATTER.match(head):
        return "markdown"
    if _is_csv(ascii_, inked):
        return "csv"
    if _is_machine_made(head, ascii_):
        return "code"
    if _is_page_of_links(head, ascii_):
        return "markdown"
    if _is_code(head, inked):
        return "code"
    if _is_light_markup(head, ascii_):
        return "markdown"
    return "text"


def _is_csv(ascii_: str, lines: list[str]) -> bool:
    """Nearly every line has the same number of fields: flattened prose never keeps that up."""
    if len(lines) < 3:
        return False
    marks = [mark for mark in ",\t;|" if ascii_.count(mark) * 10 >= 9 * len(lines)]
    if not marks or sum(line.rstrip()[-1:] in "。！？」』" for line in lines) * 2 > len(lines):
        return False  # sentences
    for mark in marks:
        if sum(mark in line for line in lines) * 10 < 9 * len(lines):
            continue
        try:
            fields = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if row)
        except csv.Error:
            continue
        width, rows = fields.most_common(1)[0]
        enough = 3 if width >= 3 else 5
        if width >= 2 and rows >= enough and rows * 20 >= 19 * fields.total():
            return True
    return False


_PAGE = expression(r"\ufeff?\s*<(?:\?xml|!DOCTYPE|html)\b", re.IGNORECASE)
_OPENING = expression(
    r"\ufeff?(?:#[ \t]*!/|#[ \t]*-\*-|\\documentclass|\s*<\?php\b|\s*/\*|"
    r"\s*(?://[^\n]*\n\s*)*(?:['\"]use strict['\"]|[!;(+]*function\b[\s\w$]*\(|module\.exports\b|"
    r"#include\s*[<\"]|(?:const|let|var)\s+[\w${][^\n=]*=|window\.\w[\w.]*\s*=|"
    r"package\s+[\w.]+;|using\s+[\w.]+;))",
    re.IGNORECASE,
)
"""How a program or a TeX document begins, however few its lines."""
_MODULE = expression(
    r"\ufeff?\s*(?://[^\n]*\n\s*)*(?:import\s(?:[^\n;]*\sfrom\s*)?['\"]|import\s*(?:type\s*)?\{|"
    r"export\s+(?:default|declare|const|let|var|async|function|class|abstract|interface|type|enum|\{|\*))"
)
"""How a module of JavaScript or TypeScript begins, and a page of Markdown that imports some."""
_SCRIPT = expression(
    r"\ufeff?\s*(?:#[^\n]*\n\s*)*(?:(?:from\s+[\w.]+\s+import\s+[A-Za-z_(*][ -~]*\r?$|import\s+[\w.]+(?:\s+as\s+\w+)?"
    r"[ \t]*(?:[,#][^\n]*)?$|def\s+\w+\(|class\s+\w+[(:]|[A-Za-z_]\w*[ \t]*=[ \t]*[\[({\"']|@[A-Za-z_][A-Za-z0-9_.]*[ \t]*(?:\(.*)?$)|[ru]?(?:\"{3}|'{3}))",
    re.MULTILINE,
)
_STATEMENT = expression(
    r"^\s*(?:from\s+[\w.]+\s+import\s|import\s+\w|def\s+\w+\(|class\s+\w+[(:]|[A-Za-z_]\w*(?:\s*:\s*[\w\[\], |.]+)?\s*=\s)",
    re.MULTILINE,
)
"""How a module of Python begins, and the least that one has."""
_DATA = expression(r'\ufeff?\s*[{\[]\s*(?:["{\[]|$)')
"""How JSON begins."""


def is_page(text: str) -> bool:
    """Whether a text is a page of HTML or a document of XML: `code` whose words stand between tags."""
    return _PAGE.match(text) is not None


def _begins_as_program(head: str, text: str) -> bool:
    return (
        _OPENING.match(head) is not None
        or (_DATA.match(head) is not None and text.rstrip()[-1:] in ("}", "]"))
        or (_MODULE.match(head) is not None and not _MARKDOWN[0].search(head))
        or (_SCRIPT.match(head) is not None and _STATEMENT.search(text) is not None)
    )


_SETTING = expression(
    r"[ \t]*(?:[.-]?[A-Za-z_][\w.-]*[ \t]*=(?!=)|\[[^\]\n]*\][ \t\r]*$)", re.ASCII
)
_TEX = expression(
    r"^[ \t]*\\(?:documentclass|usepackage|usemodule|(?:begin|end|section|subsection|chapter|title|author|label|input)\*?\{|"
    r"item\b|par\b|(?:new|renew)command|def\\)",
    re.MULTILINE,
)


_YAML = expression(
    r"[A-Za-z_][\w-]*:(?:[ \t]|[\r]?$)|[ \t]*(?:-[ \t\r]|-$|#)|[ \t]+[A-Za-z_\"'][^:\n]*:(?:[ \t]|\r?$)|---|\.\.\.",
    re.ASCII,
)
_YAML_KEY = expression(r"[A-Za-z_][\w-]*:[ \t]*\r?$", re.ASCII)


def _is_yaml(lines: list[str]) -> bool:
    """Whether keys have lists and settings below them, and nothing else stands at the margin."""
    return (
        any(_YAML_KEY.match(line) for line in lines)
        and lines[0].lstrip("\ufeff")[:1] not in " \t-"
        and all(_YAML.match(line) or line[0] in " \t" for line in lines)
    )


def _are_settings(lines: list[str]) -> bool:
    """Whether half of the lines give a name a value, as messages and configuration do."""
    settings = sum(_SETTING.match(line) is not None for line in lines)
    return settings >= 2 and settings * 2 >= sum(line.lstrip()[:1] not in "#;!" for line in lines)


def _is_code(head: str, lines: list[str]) -> bool:
    stripped = head.strip()
    if stripped[:1] in "{[" and stripped[-1:] in "}]," and '"' in head and ":" in head:
        return True
    if "```" in head and _MARKDOWN[0].search(head):
        lines = [line for line in FENCE.sub("", head).split("\n") if line and not line.isspace()]
    if ("=" in head and _are_settings(lines)) or (":" in head and _is_yaml(lines)):
        return True
    if "\\" in head and len(_TEX.findall(head)) >= 3:
        return True
    signed = [line for line in lines if _MAY_BE_CODE.match(line)]
    if len(signed) * 4 < len(lines):
        return False
    program = len(_PROGRAM.findall(head))
    if program >= 3 and program * 4 >= len(lines):
        return True
    alike = sum(_CODE_LINE.match(line) is not None for line in signed)
    if alike * 4 <= len(lines):
        return False
    comments = sum(line.lstrip().startswith(("#", "//", "*", "--", ";;")) for line in lines)
    return alike * 2 > len(lines) or (alike + comments) * 5 > 3 * len(lines)


def is_code_line(line: str) -> bool:
    """Whether one line looks like program text, a command or a setting."""
    return _CODE_LINE.match(line) is not None


_LINK = expression(r"\]\((?:https?:|\.{0,2}/|#)")


def _is_page_of_links(head: str, ascii_: str) -> bool:
    """Whether a text has headings and links as a README has, whose badges and examples look like code."""
    return (
        "](" in ascii_
        and len(_LINK.findall(ascii_)) >= 2
        and len(_MARKDOWN[0].findall(FENCE.sub("", head))) >= 2
    )


def _is_light_markup(head: str, ascii_: str) -> bool:
    strong = _number_found(_MARKDOWN, _MARKDOWN_HAS, head, ascii_)
    headings = len(_MARKDOWN[0].findall(head)) if "#" in ascii_ else 0
    fences = len(_MARKDOWN[1].findall(head)) if "```" in ascii_ or "~~~" in ascii_ else 0
    if headings >= 2 or fences >= 2 or strong >= 3 or (headings and strong >= 2):
        return True
    return _number_found(_RST, _RST_HAS, head, ascii_) >= 2


def _number_found(
    patterns: tuple[re.Pattern[str], ...],
    strings: tuple[tuple[str, ...], ...],
    text: str,
    ascii_: str,
) -> int:
    """How many of the patterns are found, each looked for only where it can be."""
    found = 0
    for pattern, some in zip(patterns, strings, strict=True):
        for string in some:
            if string in ascii_:
                found += pattern.search(text) is not None
                break
    return found


def protected_spans(view: View) -> NDArray[np.intp]:
    """Spans of the view's text that are not prose: shape (n, 2), sorted, not overlapping.

    Fenced code blocks, front matter, inline code, URLs, domain names, e-mail addresses, file paths
    and HTML tags. Works on one document or a batch; positions are those of `view.text`.
    """
    cached = view.__dict__.get("protected")
    if cached is None:
        cached = view.__dict__["protected"] = _protected(view.text)
    spans: NDArray[np.intp] = cached
    return spans


def _protected(text: str) -> NDArray[np.intp]:
    found: list[tuple[int, int]] = []
    for pattern, hints in zip(_PROTECTED, _HINTS, strict=True):
        if any(hint in text for hint in hints):
            found += [match.span() for match in pattern.finditer(text)]
    found.sort()
    merged: list[list[int]] = []
    for start, end in found:
        if merged and start < merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        elif end > start:
            merged.append([start, end])
    return np.array(merged, dtype=np.intp).reshape(-1, 2)


def is_protected(view: View, positions: NDArray[np.intp]) -> NDArray[np.bool_]:
    """For each position, whether it lies in a protected span."""
    spans = protected_spans(view)
    if not len(spans):
        return np.zeros(len(positions), dtype=np.bool_)
    at = np.searchsorted(spans[:, 0], positions, side="right") - 1
    inside: NDArray[np.bool_] = (at >= 0) & (positions < spans[np.maximum(at, 0), 1])
    return inside
