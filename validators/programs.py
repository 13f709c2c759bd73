"""Programs, pages, settings and other text for machines: told by how they begin, and by their lines."""

import re

from jiaokan.validators.expressions import expression
from jiaokan.validators.protected import FENCE

HEADING = expression(r"^#{1,6}[ \t]+\S", re.MULTILINE)
"""A heading of Markdown, or a comment."""
_BEGINS_AS_CODE = r"""
        [{}()\[\]]+[;,]?$ | [{\[][^。]*['"][^。]*[}\]],?\s*(?:\#.*)?$ | \#!\s*/ | //(?!@)|/\*|\*/ | <\/?[A-Za-z!?] | \}\s*else\b |
        (?:def|class|import|from|return|function|func|fn|let|const|var|public|private|static|void|int|float|
           if|elif|else|for|while|switch|case|try|except|finally|with|package|using|namespace|struct|enum|
           \#include|\#define|\#ifdef|\#endif|SELECT|INSERT|UPDATE|CREATE|export|echo|fi|done|esac|end|begin)\b
           [^。，！？]*$ |
        [$>%]\s[a-z] | \\(?:begin|end|documentclass|usepackage|section|item)\b | @[A-Za-z_]
    """
_CODE_LINE = expression(
    rf"""(?:{_BEGINS_AS_CODE} |
        [^。，！？]*[;{{}}]\s*(?://.*|\#.*|/\*.*)?$ |
        "?[A-Za-z_][\w.-]*"?\s*[:=]\s*\S.*[^。！？]$ | "?[A-Za-z_][\w.-]*"?\s*[:=]\s*$ |
        [\w.]+\([^。，]*\)\s*[;:{{]?\s*$ | -\s+[A-Za-z_][\w.-]*:\s | [A-Za-z_][\w.]*(?:[ \t]\w+)?[ \t]"(?:[^"\\\n]|\\.)*"\s*:?\s*$
    )""",
    re.VERBOSE,
)  # fmt: skip
_CODE_BEGUN = expression(_BEGINS_AS_CODE, re.VERBOSE)
"""A line of code that has none of the marks which all others have."""

# What begins a line is looked for behind a line break, which is found many times as fast as `^`.
_ROFF = expression(
    r"\n(?:[.']\\\"|\.(?:TH|SH|SS|PP|P|TP|IP|LP|HP|RS|RE|B|BR|BI|I|IR|IB|RB|RI|nf|fi|br|sp|in|de|ds|"
    r"Dd|Dt|Os|Sh|Ss|Nm|Nd|Op|It|Bl|El|Pp|Fl|Ar|Xr|Ic|Pq)(?:[ \t]|\r?$))",
    re.MULTILINE,
)
_CATALOGUE = expression(r"^(?:msgid|msgstr|msgctxt)(?:_plural|\[\d\])? \"", re.MULTILINE)
_LOG = expression(
    r"\n\W?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d\S*\s.{0,40}?"
    r"\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL)\b"
)
_DIFF = expression(r"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@", re.MULTILINE)
_PROGRAM = expression(
    r"\n[ \t]*(?:\#include\b|(?:async )?(?:def|class|function|func|fn) \w+[^\n]*[{:(]|import [\w.{*]|from [\w.]+ import\b|"
    r"(?:if|for|while|switch|else|try|except)\b[ -~]*[{:]|return\b[ -~]*|(?:const|let|var|int|void|char|public|private|static) [ -~]*"
    r"[;={(]|[\w.]+ ?= ?[ -~]+|[{}]|SELECT\b|INSERT INTO\b|CREATE TABLE\b)[ \t;]*(?:$|[#/-])",
    re.MULTILINE,
)


def is_roff(text: str) -> bool:
    """Whether a text is the source of a manual page: lines that begin with macros of roff."""
    return "." in text and len(_ROFF.findall("\n" + text[:_HEAD])) >= 2


def has_program_lines(text: str) -> bool:
    """Whether a text has what no prose has, however it was flattened: macros, keys of a catalogue,
    levels of a log, hunks of a diff, statements."""
    head = text[:_HEAD]
    ascii_ = ascii_of(head)
    return (
        begins_as_program(head, text)
        or is_encoded(ascii_)
        or is_machine_made(head, ascii_)
        or len(_PROGRAM.findall("\n" + head)) >= 2
        or are_settings(inked := [line for line in head.split("\n") if line.strip()])
        or _is_yaml(inked)
    )


def is_machine_made(head: str, ascii_: str) -> bool:
    # What each needs is asked for first: a look for a character takes next to no time.
    return (
        (
            (head[:1] in (".", "'") or "\n." in ascii_ or "\n'" in ascii_)
            and len(_ROFF.findall("\n" + head)) >= 2
        )
        or ("msg" in ascii_ and len(_CATALOGUE.findall(head)) >= 2)
        or ("@@" in ascii_ and _DIFF.search(head) is not None)
        or (ascii_.count("(") > ascii_.count("\n") * 9 // 10 and _are_calls(head))
        or (ascii_.count("\n(") >= _CALLS and _are_rows(head))
        or (_has_level(ascii_) and len(_LOG.findall("\n" + head)) * 2 > ascii_.count("\n") + 1 >= 3)
    )


_CALL = expression(
    r"^(?:[^\s,，。()（）]{1,12}[:=][ \t]*)?[A-Za-z][A-Za-z0-9_./]*\([^()（）。，\n]*\)[;,]?\r?$",
    re.MULTILINE,
)
_CALLS = 5


def _are_calls(head: str) -> bool:
    """Whether nearly every line is a name with what it is made of in brackets, as formulas and parts of
    characters are written: 明:a(日,月)."""
    calls = len(_CALL.findall(head))
    return calls >= _CALLS and calls * 10 >= 9 * (head.rstrip().count("\n") + 1)


_CELL = r"(?:NULL|-?\d+(?:\.\d+)?|\"[^\"\n]*\"|'[^'\n]*')"
_ROW = expression(rf"^[ \t]*\({_CELL}(?:,[ \t]?{_CELL})+\)[,;]?\r?$", re.MULTILINE)


def _are_rows(head: str) -> bool:
    """Whether many lines are rows of quoted values and numbers in brackets, as they are put into a
    database: (4,"af","阿富汗")."""
    rows = len(_ROW.findall(head))
    return rows >= _CALLS and rows * 3 > head.rstrip().count("\n") + 1


def _has_level(ascii_: str) -> bool:
    return ":" in ascii_ and any(level in ascii_ for level in _LEVELS)


_LEVELS = ("TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "ERROR", "FATAL", "CRITICAL")
_HEAD = 20_000


_CODE_MARKS = ";{}(="
_BEGINS_IN_ASCII = expression(r"\n\s*[!-/:-~]")
"""The beginning of such a line after another."""


def ascii_of(text: str) -> str:
    """The ASCII characters of a text: what signs it may have is soon seen of them."""
    return text.encode("ascii", "ignore").decode("ascii")


_PAGE = expression(r"\ufeff?\s*<(?:\?xml|!DOCTYPE|html)\b", re.IGNORECASE)
_OPENING = expression(
    r"\ufeff?(?:#[ \t]*!/|#[ \t]*-\*-|;{2,}[ \t]|\\documentclass|\s*<\?php\b|\s*/\*|"
    r"\s*(?://[^\n]*\n\s*)*(?:['\"]use strict['\"]|[!;(+]*function\b[ \t\w$]*\([\w$, \t]*\)[ \t]*\{|module\.exports\b|"
    r"#include\s*[<\"]|(?:const|let|var)\s+[\w${][^\n=]*=|window\.\w[\w.]*\s*=|"
    r"package\s+[\w.]+;|using\s+[\w.]+;|[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+\((?:[\"'\[{]|function\b)))",
    re.ASCII,
)
"""How a program or a TeX document begins, however few its lines."""
_MODULE = expression(
    r"\ufeff?\s*(?://[^\n]*\n\s*)*(?:import\s(?:[^\n;]*\sfrom\s*)?['\"]|import\s*(?:type\s*)?\{|"
    r"export\s+(?:default|declare|const|let|var|async|function|class|abstract|interface|type|enum|\{|\*))"
)
"""How a module of JavaScript or TypeScript begins, and a page of Markdown that imports some."""
_SCRIPT = expression(
    r"\ufeff?\s*(?:#[^\n]*\n\s*)*(?:(?:from\s+[\w.]+\s+import\s+[A-Za-z_(*][ -~]*\r?$|import\s+[\w.]+(?:\s+as\s+\w+)?"
    r"[ \t]*(?:[,#][^\n]*)?\r?$|def\s+\w+\(|class\s+\w+[(:]|[A-Za-z_]\w*[ \t]*=[ \t]*[\[({\"']|@[A-Za-z_][A-Za-z0-9_.]*[ \t]*(?:\(.*)?$)|[ru]?(?:\"{3}|'{3}))",
    re.MULTILINE,
)
_STATEMENT = expression(
    r"^\s*(?:from\s+[\w.]+\s+import\s|import\s+\w|def\s+\w+\(|class\s+\w+[(:]|[A-Za-z_]\w*(?:\s*:\s*[\w\[\], |.]+)?\s*=\s)",
    re.MULTILINE,
)
"""How a module of Python begins, and the least that one has."""
_DATA = expression(
    r'\ufeff?\s*(?:\{\s*["}]|\[\s*(?:["\]\d-]|\{\s*["}]|\[\s*["\[\d-])|a:\d+:\{[si]:\d+[:;])'
)
"""How JSON begins, and what PHP serializes; `{{` and `[[` with words are marks of a wiki."""


def is_page(text: str) -> bool:
    """Whether a text is a page of HTML or a document of XML: `code` whose words stand between tags."""
    return _PAGE.match(text) is not None


def is_marked_up(text: str) -> bool:
    """Whether a text is `code` for its markup, and its words are a document's: a page, the source of
    a manual page or of TeX, a catalogue of messages."""
    head = text[:_HEAD]
    return (
        is_page(text)
        or is_roff(text)
        or ("\\" in head and len(_TEX.findall("\n" + head)) >= 3)
        or ("msg" in head and len(_CATALOGUE.findall(head)) >= 2)
    )


def begins_as_program(head: str, text: str) -> bool:
    return (
        _OPENING.match(head) is not None
        or (_DATA.match(head) is not None and text.rstrip()[-1:] in ("}", "]"))
        or (_MODULE.match(head) is not None and not HEADING.search(head))
        or (_SCRIPT.match(head) is not None and _STATEMENT.search(text) is not None)
    )


_SETTING = expression(r"[ \t]*[.-]?[A-Za-z_][\w.-]*(?:\[[\w@.-]+\])?[ \t]*=(?!=)", re.ASCII)
_TEX = expression(
    r"\n[ \t]*\\(?:documentclass|usepackage|usemodule|(?:begin|end|section|subsection|chapter|title|author|label|input)\*?\{|"
    r"item\b|par\b|(?:new|renew)command|def\\)"
)


_YAML = expression(r"[ \t]|[A-Za-z_][\w-]*:(?:[ \t]|\r?$)|-(?:[ \t\r]|$)|#|---|\.\.\.", re.ASCII)
"""A line of YAML, as far as its margin tells."""
_YAML_KEY = expression(r"[A-Za-z_][\w-]*:[ \t]*\r?$", re.ASCII)


def _is_yaml(lines: list[str]) -> bool:
    """Whether keys have lists and settings below them, and nothing else stands at the margin."""
    return (
        bool(lines)
        and lines[0].lstrip("\ufeff")[:1] not in " \t-"
        and all(map(_YAML.match, lines))
        and any(map(_YAML_KEY.match, lines))
    )


def are_settings(lines: list[str]) -> bool:
    """Whether half of the lines give a name a value, as messages and configuration do."""
    settings = sum(_SETTING.match(line) is not None for line in lines if "=" in line)
    return settings >= 2 and settings * 2 >= sum(line.lstrip()[:1] not in "#;![" for line in lines)


_STRING_GIVEN = expression(
    r"[ \t]*(?:(?:msg(?:id|str|ctxt)(?:_plural|\[\d\])?[ \t]+)|"
    r"(?:(?:const|let|var|return|export|String|auto)[ \t]+)?(?:[A-Za-z_$][\w.$\[\]]*|\"[^\"\n]*\"|'[^'\n]*')"
    r"[ \t]*(?:\(|=>?|:[ \t])[ \t]*)"
    r"(?:\"[^\"\n]*\"|'[^'\n]*')[ \t]*[)\];,]*[ \t]*(?:(?://|#)[^\n]*)?\r?",
    re.ASCII,
)


def are_statements(lines: list[str]) -> bool:
    """Whether each line with ink gives a string to a name, or calls one with it, and is no more than that."""
    return all(_STRING_GIVEN.fullmatch(line) for line in lines if line and not line.isspace())


_ENTRY = expression(r"[A-Za-z][\w-]+[.=/|*][^\s,?!。，！？；]*\r?", re.ASCII)
_ENTRIES = 20
_SIGNS = "#$%&*+<=>@[\\]^_`{|}~"
_KINDS = 17
_LOOKED_AT = 2000
"""ASCII characters that signs are counted in."""


def _are_entries(lines: list[str]) -> bool:
    """Whether nearly every line is a key, a mark, and what belongs to it, without a space: a table."""
    if len(lines) < _ENTRIES:
        return False
    entries = sum(_ENTRY.fullmatch(line) is not None for line in lines)
    return entries * 10 >= 9 * len(lines)


def is_encoded(ascii_: str) -> bool:
    """Whether signs of most kinds are strewn over a text, as where numbers are written with them."""
    near = ascii_[:_LOOKED_AT]
    kinds = [sign for sign in _SIGNS if sign in near]
    return len(kinds) >= _KINDS and sum(map(near.count, kinds)) * 8 >= len(near)


def _may_be_code(line: str) -> bool:
    """A line of code begins with an ASCII letter or mark, or has one of a few marks."""
    first = line.lstrip()[:1]
    if "!" <= first <= "~" and not "0" <= first <= "9":
        return True
    # Faster than a loop over the marks, or an expression.
    return "(" in line or ";" in line or "=" in line or "{" in line or "}" in line


def is_code(head: str, ascii_: str, lines: list[str]) -> bool:
    stripped = head.strip()
    if stripped[:1] in "{[" and stripped[-1:] in "}]," and '"' in head and ":" in head:
        return True
    if "```" in ascii_ and "```" in head and HEADING.search(head):
        lines = [line for line in FENCE.sub("", head).split("\n") if line and not line.isspace()]
    if ("=" in ascii_ and are_settings(lines)) or (":" in ascii_ and _is_yaml(lines)):
        return True
    if ascii_.count("\\") >= 3 and len(_TEX.findall("\n" + head)) >= 3:
        return True
    begun = 1 + len(_BEGINS_IN_ASCII.findall(head))  # prose is told by counts, line by line is slow
    if (begun + sum(map(ascii_.count, _CODE_MARKS))) * 4 < len(lines):
        return False
    if _are_entries(lines):
        return True
    signed = [line for line in lines if _may_be_code(line)]
    if len(signed) * 4 < len(lines):
        return False
    statements = begun + ascii_.count("=")  # at the most
    if statements >= 3 and statements * 4 >= len(lines):
        statements = len(_PROGRAM.findall("\n" + head))
        if statements >= 3 and statements * 4 >= len(lines):
            return True
    alike = sum(map(is_code_line, signed))
    if alike * 4 <= len(lines):
        return False
    comments = sum(line.lstrip().startswith(("#", "//", "*", "--", ";;")) for line in lines)
    return alike * 2 > len(lines) or (alike + comments) * 5 > 3 * len(lines)


def is_code_line(line: str) -> bool:
    """Whether one line looks like program text, a command or a setting."""
    line = line.lstrip()
    signed = ":" in line or "(" in line or ";" in line or "=" in line or '"' in line
    if signed or "{" in line or "}" in line:
        return _CODE_LINE.match(line) is not None
    return _CODE_BEGUN.match(line) is not None
