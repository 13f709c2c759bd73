"""Chinese text in each of its encodings through the decoders of other ones, with whatever these do about bytes
that they cannot read.

Sentences of the reporting halves, in both scripts, are written in an encoding and read by each decoder that
Python has and that a browser or an operating system uses or used by default: where it stumbles it puts U+FFFD
or `?`, or drops the byte. *Restored*: of the Han of the sentences, those that stand again in their places.
*Put in*: Han, for each of those, that are neither of the sentence nor in what the decoder made of it. *Left
alone*: sentences that came out as they went in. These are the three figures of a row. Most of what is left
alone can be told by nobody: ASCII and most of ISO 8859 have nothing for most of the bytes. The table has the
sums of each encoding, then of each decoder, and at the end the cells with the most Han put in. EUC-TW is
missing: Python cannot write it. The table is of a share of 0.1: six sentences a cell.
"""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import islice
from typing import NamedTuple

import jiaokan
from tests.accuracy.mojibake import OTHERS, SIMPLIFIED, TRADITIONAL, fragments
from tests.accuracy.rows import Row
from tests.accuracy.sets import rank_of

CANTONESE = ("other/yue-ctcpc-sentences",)
SOURCES = {
    "UTF-8, Simplified": (SIMPLIFIED, "utf-8"), "UTF-8, Traditional": (TRADITIONAL, "utf-8"),
    "GB 18030, Simplified": (SIMPLIFIED, "gb18030"), "GB 18030, Traditional": (TRADITIONAL, "gb18030"),
    "Big5 (cp950)": (TRADITIONAL, "cp950"), "Big5-HKSCS, Cantonese": (CANTONESE, "big5hkscs"),
    "UTF-16 LE, Simplified": (SIMPLIFIED, "utf-16-le"), "UTF-16 BE, Traditional": (TRADITIONAL, "utf-16-be"),
}  # fmt: skip
DECODERS = (
    "ascii", "utf-7", "utf-8", "utf-16-le", "utf-16-be",
    *(f"iso8859-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
    *(f"cp125{number}" for number in range(9)),
    "cp437", "cp720", "cp737", "cp775", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860", "cp861", "cp862",
    "cp863", "cp864", "cp865", "cp866", "cp869", "cp874", "koi8-r", "koi8-u",
    "mac-roman", "mac-latin2", "mac-cyrillic", "mac-greek", "mac-turkish", "mac-iceland",
    "gb2312", "gbk", "gb18030", "big5", "cp950", "big5hkscs", "shift_jis", "cp932", "euc_jp", "iso2022_jp",
    "euc_kr", "cp949", "johab",
)  # fmt: skip
SIGNS = {"U+FFFD": "\ufffd", "?": "?", "dropped": ""}
WORST = 25
"""Cells that the table names."""
_HAN = re.compile("[\u3400-\u9fff]")
_REPLACED = "\ufffd"


class Cell(NamedTuple):
    """Counts of Han that were there, stand again, and were put in; of sentences and of those left alone."""

    han: int = 0
    restored: int = 0
    put_in: int = 0
    sentences: int = 0
    left: int = 0

    def __str__(self) -> str:
        shares = (self.restored / self.han, self.put_in / self.han, self.left / self.sentences)
        return "{:.1%}; {:.2%}; {:.0%}".format(*shares)


def measure(share: float) -> Iterator[Row]:
    cells = grid(share)
    target = "<= 0.1% put in"
    for source in SOURCES:
        for sign in SIGNS:
            of = [cell for (one, _, how), cell in cells.items() if (one, how) == (source, sign)]
            if not of:  # of a small sample of decoders
                continue
            yield Row(
                f"{source}, {sign}, all decoders", target, str(_sum(of)), note=_of_readable(of)
            )
    for decoder in dict.fromkeys(decoder for _, decoder, _ in cells):
        of = [cell for (_, one, _), cell in cells.items() if one == decoder]
        yield Row(f"any encoding as {decoder}", target, str(_sum(of)), note=_of_readable(of))
    worst = sorted(cells, key=lambda key: -cells[key].put_in / cells[key].han)
    for source, decoder, sign in islice(worst, WORST):
        cell = cells[source, decoder, sign]
        if cell.put_in:
            yield Row(f"{source}, as {decoder}, {sign}", target, str(cell))


def _sum(cells: list[Cell]) -> Cell:
    return Cell(*map(sum, zip(*cells, strict=True)))


def _of_readable(cells: list[Cell]) -> str:
    """How many cells there are, and those in which most comes back."""
    some = sum(2 * cell.restored >= cell.han for cell in cells)
    return f"{some} of {len(cells)} cells with half of the Han and more restored"


def grid(share: float) -> dict[tuple[str, str, str], Cell]:
    """Each cell of a sample: by encoding, decoder and what the decoder puts for what it cannot read."""
    repairer = jiaokan.Repairer(ignore=OTHERS)
    count = max(int(60 * share), 3)
    decoders = [name for name in DECODERS if rank_of(name) < 20 * share]
    cells: dict[tuple[str, str, str], Cell] = {}
    for source, (names, encoding) in SOURCES.items():
        written = [
            text.encode(encoding, "ignore") for text in islice(fragments(names, 12, 60), count)
        ]
        good = [data.decode(encoding) for data in written]
        for decoder in decoders:
            shown = [_read(data, decoder) for data in written]
            if shown == good:
                continue
            for how, sign in SIGNS.items():
                seen = [text.replace(_REPLACED, sign) for text in shown]
                out = [each.text for each in repairer.repair_many(seen)]
                cells[source, decoder, how] = _cell(good, seen, out)
    return cells


def _read(data: bytes, decoder: str) -> str:
    """Half pairs of UTF-16 are lost as well."""
    text = data.decode(decoder, "replace")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _cell(good: list[str], seen: list[str], out: list[str]) -> Cell:
    han = sum(len(_HAN.findall(text)) for text in good)
    left = restored = put_in = 0
    for meant, before, after in zip(good, seen, out, strict=True):
        left += before == after
        steps = SequenceMatcher(None, meant, after, autojunk=False).get_opcodes()
        restored += sum(
            len(_HAN.findall(meant[a:b])) for tag, a, b, _, _ in steps if tag == "equal"
        )
        others = Counter[str]()
        for tag, _, _, c, d in steps:
            if tag != "equal":
                others.update(_HAN.findall(after[c:d]))
        put_in += (others - Counter(before)).total()
    return Cell(han, restored, put_in, len(good), left)
