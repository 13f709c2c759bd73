"""Where marks are of code, addresses, data, faces or markup, and not of prose."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import ascii_set, one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.protected import protected_spans
from jiaokan.validators.view import View, distinct

if TYPE_CHECKING:
    from jiaokan.validators.punctuation.context import Context

Positions: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]

_EMOTICON = expression(
    r"[:;=][-'^o]?[)DPp|](?![A-Za-z0-9])|[:;]-?\((?![^()\n]*\))|"
    r"[(（][-\^TtoO>@=;:~*_.`'\"、。 ]{2,12}[)）]|\^[_.]\^"
)


def _closes_a_bracket(text: str, face: re.Match[str]) -> bool:
    """Whether what looks like `:)` is a colon and a bracket that was open: 学名:)."""
    if face[0] not in (":)", ";)"):
        return False
    line = text[text.rfind("\n", 0, face.start()) + 1 : face.start()]
    return line.count("(") + line.count("（") > line.count(")") + line.count("）")


_MARKUP = expression(
    r"!?\[[^\]\n]{0,200}\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)|"
    r"&#?\w{1,10};|(?<![A-Za-z0-9]):[a-z_]+:(?!/)|\{\{[^{}\n]*\}\}|-\{[^{}\n]*\}-|\$(?! )[^$\n]{1,200}(?<! )\$(?!\d)|\\[a-zA-Z]+|"
    r"[\[{][ \t]*(?:'[^'\n]*'|\"[^\"\n]*\")(?:[ \t]*[,:][ \t]*(?:'[^'\n]*'|\"[^\"\n]*\"|[\w.-]+))*[ \t]*,?[ \t]*[\]}]|"
    r"^(?:Dialogue|Comment): ?[^,\n]*,(?:[^,\n]*,){8}|^(?:Format|Style):.*$|"
    r"^[^\n\[]*(?:\[\d{1,3}\][^\n\[]*)?\[(?:[JMDCNPSRZAG]|(?:EB|DB|CP|[JMDCNPR])/OL)\](?:\.|//|,).*$",
    re.MULTILINE,
)
"""Links, entities, emoji codes, templates, a wiki's forms of both scripts, formulas, lists of quoted values, the fields of subtitles, references to literature (GB/T 7714)."""
_VALUES, _LONGEST_VALUE = 8, 8
_LIST = expression(
    rf"(?:[^,\s，。；：！？、]{{1,{_LONGEST_VALUE}}},){{{_VALUES - 1},}}[^,\s，。；：！？、]{{1,{_LONGEST_VALUE}}}(?<![㐀-鿿]\.)\s*"
)
"""So many short values and nothing else between commas are data: a menu's choices, not a sentence."""
_CHARACTERS = expression(r"(?:[㐀-鿿𠀀-𳿿],)+[㐀-鿿𠀀-𳿿]\s*")
"""Characters by themselves between commas are a row of a table: 干,幹,乾."""
_KEYS = expression(
    r"^(?!\"[^\"'\n]*[㐀-鿿][^\"'\n]*\":\"[^\"\n]*[.!?]\"$)[ \t]*[{,]?[ \t]*[\"'][^\"'\n]{1,60}[\"'][ \t]*:.*$",
    re.MULTILINE,
)
"""Lines of quoted keys with values, in a text that has what data are put in; else a title is quoted,
and something out of it, as where the value is set tight, ends as a sentence does, and ends the line."""
_DATA = expression(r"[\"'],[ \t]*(?:[\"'\n]|\Z)")
_ALWAYS = ascii_set("`@/\\<[&{$^=~")
_JOINING = ascii_set(".:")
_EYES, _MOUTH = ascii_set(":;"), ascii_set("-'^o)DPp|(")
_FACE = ascii_set("-^TtoO>@=;:~*_.`'\" ")
_MANY_LINES = {
    ":": ("::\n", "::\r\n"),
    "`": ("```",),
    "~": ("~~~",),
    "<": ("<!--",),
    "-": ("\n---", "---\n", "---\r\n"),
    "+": ("+++\n", "+++\r\n"),
    "D": ("Dialogue:",),
}
"""By a character that each has: it alone is looked for ten times as fast."""


def _is_data(text: str) -> bool:
    """Whether a text has what data are put in."""
    if "{" in text or "[" in text:
        return True
    return ('",' in text or "'," in text) and _DATA.search(text) is not None


def spans_lines(text: str) -> bool:
    """Whether a text has marks of what may be protected over many lines."""
    return any(
        mark in text and any(sign in text for sign in signs) for mark, signs in _MANY_LINES.items()
    )


_APART = "\n\n\n\n\0\n\n\n\n"
"""Between lines of many documents that are looked at as one text: nothing that is protected has it."""


def not_prose(context: "Context") -> Flags:
    """Positions that are not prose: code, addresses, paths, tags, emoticons, entities.

    Looked for only in lines with a mark that one of these needs, unless something spans lines.
    """
    flags = np.zeros(len(context.codes), dtype=np.bool_)
    whole = [i for i in _may_span_lines(context) if spans_lines(context.views[i].text)]
    lines = distinct(context.line_of(_signs(context)).astype(np.intp))
    document = context.document_of(context.breaks[lines] + 1)
    if whole:
        apart = np.ones(len(context.views), dtype=np.bool_)
        apart[whole] = False
        lines, document = lines[apart[document]], document[apart[document]]
    data = _holds_data(context, document)
    for index in whole:
        spans = np.array([[context.starts[index], context.ends[index]]])
        _protect(context, flags, spans, _is_data(context.views[index].text))
    spans = np.stack([context.breaks[lines] + 1, context.breaks[lines + 1]], axis=1)
    _protect(context, flags, spans[data], True)
    _protect(context, flags, spans[~data], False)
    for start, end in _lists(context):
        flags[start:end] = True
    return flags


def _may_span_lines(context: "Context") -> list[int]:
    """Documents with marks in a row as in what spans lines: to look for each of them takes longer."""
    if "Dialogue:" in context.text:
        return list(range(len(context.views)))
    at, codes = context.marks, context.mark_codes
    first, second = codes[:-1], codes[1:]
    beside = at[1:] - at[:-1] == 1
    twice = beside & (first == second)
    found = twice & (first == ord(":")) | beside & (first == ord("!")) & (second == ord("-"))
    found[:-1] |= twice[:-1] & twice[1:]
    documents: list[int] = distinct(context.document_of(at[:-1][found])).tolist()
    return documents


def _lists(context: "Context") -> Iterator[tuple[int, int]]:
    """Lines that are lists of short values, or of characters."""
    if not len(context.of(",")):
        return
    commas = np.bincount(context.line_of(context.of(",")), minlength=len(context.breaks))
    short = context.line_lengths <= (_LONGEST_VALUE + 1) * (commas + 1)
    short[:-1] |= context.any(context.breaks[1:] - 1, int(Class.SPACE))
    spare = context.line_lengths - 2 * commas
    rows = (commas > 0) & (spare >= 1) & (spare <= 2)
    for line in (((commas >= _VALUES - 1) & short) | rows).nonzero()[0].tolist():
        start, end = int(context.breaks[line]) + 1, int(context.breaks[line + 1])
        if (_CHARACTERS if rows[line] else _LIST).fullmatch(context.text, start, end):
            yield start, end


def _protect(context: "Context", flags: Flags, spans: Positions, holds_data: bool) -> None:
    """Set the flags of what is no prose in these spans, which are looked at apart."""
    if not len(spans):
        return
    parts = [context.text[start:end] for start, end in spans.tolist()]
    text = parts[0] if len(parts) == 1 else _APART.join(["", *parts, ""])
    found = protected_spans(View(text)).tolist()
    found += [m.span() for m in _EMOTICON.finditer(text) if not _closes_a_bracket(text, m)]
    for pattern in (_MARKUP, _KEYS)[: 2 if holds_data else 1]:
        found += [match.span() for match in pattern.finditer(text)]
    if not found:
        return
    lengths = spans[:, 1] - spans[:, 0]
    begin = np.cumsum(lengths + len(_APART)) - lengths if len(parts) > 1 else lengths * 0
    first, last = np.array(found, dtype=np.intp).T
    part = begin.searchsorted(first, side="right") - 1
    shift = (spans[:, 0] - begin)[part]
    for start, end in zip((first + shift).tolist(), (last + shift).tolist(), strict=True):
        flags[start:end] = True


def _holds_data(context: "Context", documents: Positions) -> Flags:
    """For each of these, ascending, whether the document has what data are put in."""
    data = context.per_document(context.of("{[")) > 0
    quotes = context.of("\"'")
    listed = context.document_of(quotes[context.codes[quotes + 1] == 0x2C])
    if len(listed):
        for index in np.intersect1d(listed, documents[~data[documents]]).tolist():
            data[index] = _is_data(context.views[index].text)
    found: Flags = data[documents]
    return found


def _signs(context: "Context") -> Positions:
    """Marks without which a line has nothing to protect."""
    at, codes = context.marks, context.mark_codes
    after = np.minimum(context.codes[at + 1], 127)
    word = int(Class.LATIN | Class.DIGIT)
    keys = (codes == 0x3A) & one_of(context.codes[at - 1], "\"'")
    joins = context.any(at - 1, word) & context.any(at + 1, int(Class.LATIN))
    flags = _ALWAYS[codes] | keys | (_JOINING[codes] & joins)
    flags |= _EYES[codes] & _MOUTH[after]
    flags |= (codes == 0x3A) & context.any(at + 1, int(Class.LATIN))  # :smile:
    # Style: …, and "key" : …
    named = context.any(at - 1, int(Class.LATIN | Class.SPACE)) & (after == 0x20)
    flags |= (codes == 0x3A) & named
    faces = at[codes == 0x28]
    flags[codes == 0x28] |= _of_face(context, faces + 1) & _of_face(context, faces + 2)
    signs: Positions = at[flags]
    return signs


def _of_face(context: "Context", at: Positions) -> Flags:
    """Which of these positions may be of a face between brackets: (T_T)."""
    codes = context.codes[at]
    flags: Flags = _FACE[np.minimum(codes, 127)] | one_of(codes, "、。")
    return flags
