"""How time grows with the text, one core: seconds a MB should stay what they are for ordinary text.

Each worst case is run at a size and at four times that size. `growth` is the time of the larger for
each MB against that of the smaller: 1 is linear, 4 quadratic. `ordinary` is the time for each MB
against that of clean prose in documents of 2 KB, as many as are as large. Before it is timed, each
case runs at a hundredth of its size, so that tables are loaded and expressions compiled; of three
runs the fastest counts, since what else the machine does can only add to it.
"""

import time
from collections.abc import Callable, Iterator
from itertools import islice

import jiaokan
from tests.accuracy.rows import Row
from tests.accuracy.sets import documents
from tests.benchmarks.throughput import clean_documents

SIZE = 250_000
"""Code points of the smaller run at scale 1."""
STEP = 4
RUNS = 3
LIMIT = 5.0
"""A worst case may take so many times as long as ordinary text."""

Made = Callable[[int], list[str]]


def _repeated(piece: str) -> Made:
    return lambda size: [(piece * (size // len(piece) + 1))[:size]]


def _ordinary(size: int) -> list[str]:
    text = "\n".join(islice(documents("zh-Hans/prc-laws"), 20))
    return [(text * (size // len(text) + 1))[:size]]


_BROKEN = "他走到河邊坐下來休息，看著水面上的波\n\n紋一圈一圈散開。\n"


def _looked_at(size: int) -> list[str]:
    """Prose with one break to mend, so that both sizes are looked at and not only screened."""
    return [_BROKEN + _ordinary(size)[0]]


def _clean(size: int) -> list[str]:
    found: list[str] = []
    for text in clean_documents(2_000, 3 * size):
        if size <= 0:
            break
        found.append(text[:size])
        size -= len(text)
    return found


WORST: dict[str, Made] = {
    "ordinary prose with one broken line, one document": _looked_at,
    "one line, no mark": _repeated("天地玄黄宇宙洪荒日月盈昃辰宿列张"),
    "one line of prose": lambda size: [_ordinary(size)[0].replace("\n", "")],
    "all brackets": _repeated("（"),
    "all ASCII brackets": _repeated("("),
    "brackets with readings": _repeated("展(zhǎn)開"),
    "all ambiguous characters": _repeated("后里发干面台"),
    "both scripts in turns": _repeated("后後里裡发發"),
    "all ASCII commas": _repeated("字,"),
    "all full stops": _repeated("."),
    "all spaces": _repeated(" "),
    "spaces between Han": _repeated("字 "),
    "all line breaks": _repeated("\n"),
    "one character a line": _repeated("字\n"),
    "the same line again": _repeated("这一行字总是一样的，没有什么不同。\n"),
    "replacement characters": _repeated("\ufffd"),
    "misread text": _repeated("涓枃鍐呭鏄"),
    "zero-width characters": _repeated("字\u200b"),
    "character references": _repeated("&#20013;"),
    "escapes in a line of prose": _repeated("今天\\u5929，"),
    "quotations from works": _repeated("《后》：「裡发」"),
    "described characters": _repeated("⿰木山說，"),
    "open tags": _repeated("<a "),
    "backquotes": _repeated("`"),
    "URL characters": _repeated("a.b/"),
    "documents of one character": lambda size: ["字"] * size,
}


def measure(scale: float) -> Iterator[Row]:
    repairer = jiaokan.Repairer()

    def seconds(texts: list[str]) -> float:
        started = time.process_time()
        for _ in repairer.repair_many(texts):
            pass
        return time.process_time() - started

    small = max(2_000, int(SIZE * scale))

    def rates(make: Made) -> list[float]:
        """Seconds for each code point, at both sizes."""
        seconds(make(small // 100))
        found = []
        for size in (small, STEP * small):
            texts = make(size)
            found.append(min(seconds(texts) for _ in range(RUNS)) / size)
        return found

    base = rates(_clean)
    yield Row(
        "clean prose, documents of 2 KB",
        "growth ≤ 1.5",
        f"growth {base[1] / base[0]:.1f}, {1e6 * base[1]:.2f} s a million characters",
    )
    for name, make in WORST.items():
        taken = rates(make)
        yield Row(
            name,
            f"growth ≤ 1.5, ≤ {LIMIT:g} × ordinary",
            f"growth {taken[1] / taken[0]:.1f}, {taken[1] / base[1]:.1f} × ordinary",
        )
