"""Damage of encodings and mojibake."""

import random
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import quote

from tests.accuracy.damage import Damage, Damaged, Injure, Writer, is_han, whole
from tests.accuracy.mojibake import CHAINS, PATHS, misread

Misreading = Callable[[str, random.Random], str]
"""Raises UnicodeError where a text cannot be misread so."""
_STRICT = {("utf8", "big5"), ("utf8", "euc-kr"), ("utf8", "shift-jis"), ("utf8", "gbk")}
"""Readings that few sentences allow."""
_LOST = ("锟斤拷锟斤拷", "\ufffd\ufffd\ufffd\ufffd", "烫烫烫烫", "屯屯屯屯")


def _pieces(line: str, least: int) -> Iterator[tuple[str, bool]]:
    """The sentences of a line, and whether each is long enough to be read wrongly by itself."""
    for sentence in re.findall(r"[^。！？]+[。！？]?|[。！？]", line):
        yield sentence, sum(map(is_han, sentence)) >= least and len(sentence) <= 60


def _misread(how: Misreading, least: int = 8, share: float = 1.0) -> Injure:
    """One sentence of each line, or of this share of them, read wrongly."""

    def injure(text: str, draw: random.Random) -> Damaged | None:
        writer = Writer()
        for number, line in enumerate(text.split("\n")):
            writer.keep("\n" if number else "")
            pieces = list(_pieces(line, least))
            able = [at for at, (_, is_able) in enumerate(pieces) if is_able]
            chosen = draw.choice(able) if able and draw.random() < share else -1
            for at, (sentence, _) in enumerate(pieces):
                try:
                    shown = how(sentence, draw) if at == chosen else sentence
                except UnicodeError:
                    shown = sentence
                if shown != sentence:
                    writer.put(shown, sentence)
                else:
                    writer.keep(sentence)
        return writer.damaged()

    return injure


def _by(*path: tuple[str, str]) -> Misreading:
    def how(text: str, draw: random.Random) -> str:
        for true, wrong in path:
            text = misread(text, true, wrong)
        return text

    return how


def _part_by(true: str, wrong: str) -> Misreading:
    """The longest run of 4 to 12 characters that can be misread so."""

    def how(text: str, draw: random.Random) -> str:
        for length in range(12, 3, -1):
            for at in range(len(text) - length + 1):
                run = text[at : at + length]
                if all(map(is_han, run)):
                    with suppress(UnicodeError):
                        return text[:at] + misread(run, true, wrong) + text[at + length :]
        return text

    return how


def _by_some_chain(text: str, draw: random.Random) -> str:
    return _by(*draw.choice(CHAINS))(text, draw)


def _with_gaps(text: str, draw: random.Random) -> str:
    """Read as GBK by a decoder that replaces what it cannot read; where it could read all, no
    damage of this kind."""
    shown = text.encode("utf-8").decode("gbk", "replace")
    return shown if "\ufffd" in shown else text


def _shifted(text: str, draw: random.Random) -> str:
    return f"?{text.encode('gbk')[1:-1].decode('gbk')}?"


def _lost(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text) - 4)
    return text[:at] + draw.choice(_LOST) + text[at + 4 :]


def _by_no_known_page(text: str, draw: random.Random) -> str:
    return text.encode("utf-8").decode(draw.choice(("cp862", "cp863")))


def _escaped(text: str, draw: random.Random) -> str:
    return "".join(f"\\u{ord(c):04x}" if is_han(c) else c for c in text)


def _percent(text: str, draw: random.Random) -> str:
    return re.sub("[一-鿿]+", lambda run: quote(run[0]), text)


def _quoted_printable(text: str, draw: random.Random) -> str:
    return re.sub("[一-鿿]+", lambda r: "".join(f"={b:02X}" for b in r[0].encode()), text)


def _octal(text: str, draw: random.Random) -> str:
    return re.sub("[一-鿿]+", lambda r: "".join(f"\\{b:03o}" for b in r[0].encode()), text)


def _hex(text: str, draw: random.Random) -> str:
    return re.sub("[一-鿿]+", lambda r: "".join(f"\\x{b:02x}" for b in r[0].encode()), text)


def _encoded_words(text: str, draw: random.Random) -> str:
    return re.sub("[一-鿿]+", lambda r: f"=?UTF-8?B?{b64encode(r[0].encode()).decode()}?=", text)


def _legacy(encoding: str) -> Injure:
    def injure(text: str, draw: random.Random) -> Damaged | None:
        try:
            return whole(text.encode(encoding), text)
        except UnicodeEncodeError:
            return None

    return injure


def _mixed(text: str, draw: random.Random) -> Damaged | None:
    """Some lines in GBK, the others in UTF-8."""
    lines = text.split("\n")
    chosen = {n for n, line in enumerate(lines) if sum(map(is_han, line)) >= 8}
    if len(chosen) < 2:
        return None
    gbk = set(draw.sample(sorted(chosen), max(1, len(chosen) // 3)))
    try:
        parts = [line.encode("gbk" if n in gbk else "utf-8") for n, line in enumerate(lines)]
    except UnicodeEncodeError:
        return None
    return whole(b"\n".join(parts), text)


def _byte_missing(text: str, draw: random.Random) -> Damaged | None:
    data = text.encode()
    places = [n for n, byte in enumerate(data) if byte >= 0x80]
    at = draw.choice(places)
    return whole(data[:at] + data[at + 1 :], text)


def _cut(text: str, draw: random.Random) -> Damaged | None:
    at = draw.choice([n for n, char in enumerate(text) if is_han(char) and n >= 40])
    return whole(text[: at + 1].encode()[:-1], text[:at])


def _lead_missing(text: str, draw: random.Random) -> Damaged | None:
    """The first byte of a character gone whose second is an ASCII letter, in Big5."""
    try:
        coded = [char.encode("cp950") for char in text]
    except UnicodeEncodeError:
        return None
    able = [
        n
        for n, code in enumerate(coded)
        if len(code) == 2 and chr(code[1]).isalpha() and code[1] < 128
    ]
    if not able:
        return None
    at = draw.choice(able)
    coded[at] = coded[at][1:]
    return whole(b"".join(coded), text)


def _noise(text: str, draw: random.Random) -> Damaged | None:
    return whole(draw.randbytes(len(text)), text)


def _marked(text: str, draw: random.Random) -> Damaged | None:
    """A column's name before the text, as some paths lead a byte-order mark into it."""
    first = "\ufeffid".encode().decode(draw.choice(("cp1252", "cp437", "koi8-r", "gbk", "cp949")))
    return whole(f"{first}\n{text}", f"id\n{text}")


def _declared(text: str, draw: random.Random) -> Damaged | None:
    page = f'<html><head><meta charset="gbk"></head><body>\n{text}\n</body></html>\n'
    return Damaged(page.encode(), page, is_whole=True)


def damages() -> dict[str, Damage]:
    found = {
        "encoding/legacy": Damage(
            "a text in GB 18030", _legacy("gb18030"), "zh-Hans"
        ),
        "encoding/mixed": Damage(
            "a third of the lines in GBK, the others in UTF-8", _mixed, "zh-Hans"
        ),
        "encoding/undecodable": Damage(
            "a byte of UTF-8 missing", _byte_missing, is_mendable=False
        ),
        "encoding/truncated": Damage(
            "UTF-8 cut within a character", _cut, is_mendable=False
        ),
        "encoding/half-character": Damage(
            "the first byte of a character of Big5 missing", _lead_missing, "zh-Hant",
            is_mendable=False,
        ),
        "encoding/declared-wrong": Damage(
            "a page in UTF-8 that says GBK", _declared, is_mendable=False
        ),
        "encoding/unreadable": Damage(
            "random bytes", _noise, is_mendable=False
        ),
        "mojibake/chained": Damage("a sentence of a line, misread twice or more",
                                   _misread(_by_some_chain), "zh-Hans"),
        "mojibake/gap": Damage(
            "a sentence of a line, misread as GBK with bytes replaced", _misread(_with_gaps),
            "zh-Hans", {"extend_select": ["mojibake/gap"]},
        ),
        "mojibake/lost": Damage(
            "four characters replaced by the trace of lost ones, in a third of the lines", _misread(_lost, share=0.3),
            is_mendable=False,
        ),
        "mojibake/gbk-shifted": Damage(
            "a sentence of a line in GBK, read one byte late", _misread(_shifted), "zh-Hans",
            {"extend_select": ["mojibake/gbk-shifted"]},
        ),
        "mojibake/unexplained": Damage(
            "a sentence of a line, read as cp862 or cp863, which no path has",
            _misread(_by_no_known_page), is_mendable=False,
        ),
        "mojibake/byte-order-mark": Damage(
            "a column's name before the text, and before it a byte-order mark misread", _marked
        ),
    }  # fmt: skip
    escapes: dict[str, Misreading] = {
        "unicode-escapes": _escaped,
        "percent-escapes": _percent,
        "quoted-printable": _quoted_printable,
        "octal-escapes": _octal,
        "hex-escapes": _hex,
        "encoded-words": _encoded_words,
    }
    for name, escape in escapes.items():
        rule = f"mojibake/{name}"
        made = "the Han of a sentence escaped, in a third of the lines"
        found[rule] = Damage(made, _misread(escape, share=0.3), options={"extend_select": [rule]})
    for true, wrong in PATHS:
        script = "zh-Hant" if true == "big5" else "zh-Hans"
        made = "a sentence of a line, of 8 Han and more"
        tries, how = 1, _by((true, wrong))
        if (true, wrong) in _STRICT:
            made = "the longest run of 4 to 12 Han of a sentence that can be misread so"
            tries, how = 4, _part_by(true, wrong)
        found[f"mojibake/{true}-as-{wrong}"] = Damage(made, _misread(how), script, tries=tries)
    return found
