"""The rules of the family, with what each is documented to do."""

from functools import cache

from jiaokan.validators.mojibake.codepages import HALF_MENDED, page_of
from jiaokan.validators.mojibake.segments import Path
from jiaokan.validators.values import Applicability, Rule

_TRUE = {"utf8": "UTF-8", "gbk": "GBK", "big5": "Big5"}
_WRONG = {
    "gbk": "GBK (GB18030, cp936)", "latin1": "Latin-1", "cp1252": "windows-1252",
    "latin9": "Latin-9 (ISO 8859-15)", "latin2": "Latin-2 (ISO 8859-2)",
    "cp1254": "windows-1254 (Turkish)",
    "cp1258": "windows-1258 (Vietnamese)", "cp1250": "windows-1250 (Central European)",
    "cp1251": "windows-1251 (Cyrillic)", "big5": "Big5 (cp950)", "cp437": "cp437",
    "cp850": "cp850 (Western European)", "cp852": "cp852 (Central European)",
    "cp857": "cp857 (Turkish)", "cp866": "cp866 (Cyrillic)", "mac-roman": "Mac Roman", "shift-jis": "Shift_JIS (cp932)",
    "euc-kr": "EUC-KR (cp949)", "koi8r": "KOI8-R",
}  # fmt: skip
PAIRS = (
    *(("utf8", w) for w in _WRONG),
    *(("gbk", w) for w in _WRONG if w != "gbk"),
    *(("big5", w) for w in _WRONG if w not in ("big5", "shift-jis", "euc-kr")),
)

_DOCS = """\
Text in {true} was decoded as {wrong} somewhere on its way. What is seen is made of characters that
real text seldom has, in an order that no language has; turned back into the bytes it was read from,
and these read as {true}, it is text again.

A segment is changed only where every byte goes back, the reading as {true} is many bits more
probable than what stands there, and is itself more probable than bytes in any order would give.
Short segments need either to be very sure or to stand beside others of the same path; the more rare
characters a text has, as a dictionary does, the surer each must be. Rare characters, other
languages, accents, box drawing and code have no such reading and stay.

What a text speaks of is only offered, as `unsafe`: examples near a word such as 乱码 or mojibake, and what
stands between quotes in a text that is whole, such as the error message of a program.

Where a byte is gone for good (`?`, U+FFFD, or nothing at all in its place) a visible gap, U+FFFD,
stands for the character; `mojibake/gap` says what it may have been.
"""


def rule_id(true: str, wrong: str) -> str:
    return f"mojibake/{true}-as-{wrong}"


def named(paths: tuple[Path, ...], seen: str, meant: str) -> tuple[str, str]:
    """The rule for these paths, and the way that the text took, in words."""
    first = paths[0].wrong
    page = "latin1" if first == HALF_MENDED else page_of(first, seen, meant, paths[0].true)
    return _named(paths, page)


@cache
def _named(paths: tuple[Path, ...], page: str) -> tuple[str, str]:
    first = paths[0].wrong
    steps = [(true, page if wrong == first else wrong) for true, wrong in paths]
    way = ", then ".join(f"{true} as {wrong}" for true, wrong in reversed(steps))
    return (rule_id(*steps[0]) if len(steps) == 1 else CHAINED), way


CHAINED = "mojibake/chained"
GAP = "mojibake/gap"
LOST = "mojibake/lost"
UNEXPLAINED = "mojibake/unexplained"
SHIFTED = "mojibake/gbk-shifted"
BYTE_ORDER_MARK = "mojibake/byte-order-mark"
UNICODE_ESCAPES = "mojibake/unicode-escapes"
PERCENT_ESCAPES = "mojibake/percent-escapes"
QUOTED_PRINTABLE = "mojibake/quoted-printable"
OCTAL_ESCAPES = "mojibake/octal-escapes"
ENCODED_WORDS = "mojibake/encoded-words"
HEX_ESCAPES = "mojibake/hex-escapes"

RULES: tuple[Rule, ...] = (
    *(
        Rule(
            rule_id(true, wrong),
            f"{_TRUE[true]} text that was read as {_WRONG[wrong]}.",
            Applicability.SAFE,
            _DOCS.format(true=_TRUE[true], wrong=_WRONG[wrong]),
        )
        for true, wrong in PAIRS
    ),
    Rule(
        CHAINED,
        "Text that was misread, saved, and misread again, two or three times.",
        Applicability.SAFE,
        "The paths are undone one after the other, the last first; the finding names them. Each "
        "step must go back to bytes without a remainder, and the end must read as text. Bytes that were "
        "lost on the way are gaps, as they are after one misreading. The same conditions as for one path "
        "hold for the whole chain.",
    ),
    Rule(
        GAP,
        "A character of misread text of which some bytes are lost.",
        Applicability.UNSAFE,
        "A decoder that met bytes it had no character for put `?` or U+FFFD in their place, or "
        "nothing; or what it showed for them is invisible, and was dropped later: the controls that "
        "windows-1252 has for 81, 8D, 8F, 90 and 9D, GBK's private use, no-break spaces. The bytes that "
        "remain, and which ones that page can lose, leave a few characters possible. Where the "
        "neighbours make one of them far more probable than the rest it is offered, with that "
        "probability as confidence; by default U+FFFD stands there, so that nobody takes a guess "
        "for the text. Only where bytes and neighbours together leave no second character, by two "
        "models (a probability of 0.99 and more; seven wrong of 31,224), does it stand there by "
        "default, as part of the run, whose evidence counts it. All characters of a run for which "
        "there is no guess are one finding.",
    ),
    Rule(
        LOST,
        "Content that is gone: runs of U+FFFD, 锟斤拷, 嚙踝蕭, ï¿½, 烫烫烫, 屯屯屯.",
        Applicability.DISPLAY,
        "U+FFFD stands for bytes that a decoder could not read; saved and misread as GBK it shows "
        "as 锟斤拷, as Big5 as 嚙踝蕭, as Latin-1 as ï¿½, in Japanese as 鐃緒申, in Korean as 占쏙옙. 烫 and 屯 are memory that was never written to (CC CC, CD CD), "
        "read as GBK. Nothing can bring the content back from this text: the finding says how many "
        "replacement characters stand there, those of a line together, so that the source can be "
        "looked for.",
    ),
    Rule(
        UNEXPLAINED,
        "Text that was misread in a way that is not known.",
        Applicability.DISPLAY,
        "What is seen is no language, and too much of it is lost, or was misread too often, for any "
        "reading to explain it. Or code pages resemble one another: what a page that is not known here made can be read back "
        "in part by one that is, a few good words among garbage. Nothing could mend such text any "
        "more, so it is left as it is and pointed out. The text it came from can be looked for, or "
        "the encoding that it was read by.",
    ),
    Rule(
        SHIFTED,
        "GBK text that was read one byte late.",
        Applicability.SAFE,
        "A reader that lost a lead byte (`?` or U+FFFD stands for it) makes its pairs of the second "
        "half of one character and the first half of the next, until an ASCII byte brings it back "
        "into step. The run is paired the other way where that is much more probable; of the characters "
        "at its ends of which one byte is left the first is a gap unless only one fits, and the last is one. "
        "A short run is offered, not made by default, and stays as it is.",
    ),
    Rule(
        BYTE_ORDER_MARK,
        "A byte-order mark that was read as characters: `ï»¿`, `锘縤`.",
        Applicability.SAFE,
        "UTF-8's byte-order mark, the bytes EF BB BF, is invisible; read by another encoding it stands "
        "before the first word: `ï»¿id` in the first cell of a table, `锘縤mport` at the top of a "
        "program, where GBK took the `i` in, too. Only the beginning of a text is looked at, and the "
        "characters must be all that a code page makes of these bytes: 锘, the element, begins a "
        "sentence untouched. What GBK took in is given back. Before a blank, or alone, the mark is "
        "taken to be spoken of and stays.",
        ("锘縤mport os", "import os"),
    ),
    Rule(
        UNICODE_ESCAPES,
        "`\\u4e2d` and `%u4e2d` escapes left in prose.",
        Applicability.UNSAFE,
        "JSON or JavaScript strings that were copied without being read; with `%u`, what JavaScript's "
        "`escape` makes and forms of old sites sent; `\\u{4e2d}` of newer languages, `\\u20013?` of RTF and "
        "`_x4E2D_` of Office's files. Escapes are right in code "
        "and in JSON: only lines of Chinese prose outside quotes and code are looked at, and lines "
        "of nothing but escapes; the change is offered, not made by default.",
        ("今天\\u5929\\u6c14很好", "今天天气很好"),
    ),
    Rule(
        PERCENT_ESCAPES,
        "`%E4%B8%AD` escapes left in prose.",
        Applicability.UNSAFE,
        "Percent-encoded UTF-8 is right in URLs; outside of them, between Chinese characters, it "
        "was left in by a form or a log. Offered, not made by default.",
        ("下载%E6%96%87%E4%BB%B6完成", "下载文件完成"),
    ),
    Rule(
        QUOTED_PRINTABLE,
        "`=E4=B8=AD` of an e-mail's transfer encoding left in prose.",
        Applicability.UNSAFE,
        "Quoted-printable UTF-8 or GBK that a mail reader did not decode. Offered, not made by "
        "default.",
        ("主题：=E5=BC=80=E4=BC=9A通知", "主题：开会通知"),
    ),
    Rule(
        HEX_ESCAPES,
        "`\\xe4\\xb8\\xad` in the place of characters, as logs and Python show bytes.",
        Applicability.UNSAFE,
        "Web servers write bytes beyond ASCII into their logs so, and Python shows `bytes` so; text that "
        "was copied from there keeps them. UTF-8 and GBK are read. Only prose outside quotes and code and "
        "lines of nothing but escapes are looked at: in strings of programs, and in the logs themselves, "
        "such escapes are right. Offered, not made by default.",
        ("收到\\xe6\\x96\\x87\\xe4\\xbb\\xb6一份", "收到文件一份"),
    ),
    Rule(
        OCTAL_ESCAPES,
        "`\\344\\270\\255` in the place of characters, as git writes paths.",
        Applicability.UNSAFE,
        "Git writes bytes beyond ASCII of a path as octal numbers, in quotes, unless `core.quotePath` is "
        "off; logs and change lists that were kept have them. Only lines that git writes (of status, "
        "diff and renaming), prose outside quotes, and lines of nothing but escapes are looked at: in "
        "strings of programs such escapes are right. Offered, not made by default, for git reads "
        "them back.",
        ("modified:   \"\\350\\257\\264\\346\\230\\216.md\"", "modified:   \"说明.md\""),
    ),
    Rule(
        ENCODED_WORDS,
        "`=?gb2312?B?...?=` of a mail's head, not decoded.",
        Applicability.UNSAFE,
        "RFC 2047 writes the words of subjects and names beyond ASCII in Base64 or quoted-printable, with "
        "the name of their encoding. Exports and lists of mail keep them when nobody decoded them. "
        "Words that stand beside each other are decoded together, for a character may be in two. "
        "Offered, not made by default: in a mail itself they are right. In quotes and code they are "
        "not looked at.",
        ("主题：=?gb2312?B?u+HS6c2o1qo=?=", "主题：会议通知"),
    ),
)  # fmt: skip
