"""The kernels that take the time on clean text, against libraries that do the same; milliseconds a MB.

The libraries are no dependencies: those that are not installed are left out
(`pip install ahocorasick-rs google-re2 hyperscan stringzilla numba pyarrow`). Where one did better
by much it would have been taken.

**Compiling our own modules** was measured on 2026-11-28: where the processor's time goes (py-spy, native
frames; in percent), and how many times as fast it all is with the 77 modules that take most of it compiled
by mypyc 2.4 (in turns with the plain ones, of nine runs each the fastest, and the median of ratios).

| workload of `throughput` | around numpy's loops | in them | bytecode | re | str, dict, values, collector | compiled |
|---|---|---|---|---|---|---|
| clean prose, 2,000 B documents | 36 | 33 | 22 | 2 | 7 | 1.03, 1.04 |
| clean prose, 200 B documents | 42 | 23 | 27 | 2 | 7 | 1.01, 1.05 |
| clean prose, 200,000 B documents | 26 | 44 | 17 | 7 | 6 | 1.04, 1.04 |
| one call a document | 52 | 18 | 26 | 0 | 3 | 1.00, 1.02 |
| the seed documents | 33 | 20 | 31 | 6 | 11 | 1.03, 1.01 |
| prose through ftfy's defaults | 18 | 30 | 33 | 6 | 13 | 1.03, 1.04 |
| mojibake, every line | 30 | 33 | 27 | 3 | 8 | 1.02, 1.02 |

So there is no compiled wheel. The bytecode is calls to numpy, which compiled code makes through the same
doors; no module loops over characters. And what is compiled asks at run time whether annotations hold: a
`numpy.int64` where `int` is declared, which neither mypy nor Python minds, was a TypeError in a place that one
text in some hundreds reaches, and two others were found by hand (`vars()` of a dataclass, methods put into an
object). Had all that stands around numpy's loops and all bytecode cost nothing, the seeds were 2.7 times as
fast, ftfy's text 2.0, mojibake 2.3, clean prose 1.8 to 3.2, one call a document 4.7. Python 3.13.0
took 4 to 14% longer than 3.11.7. Four times as many code points in a batch are 1.10 times as fast on clean
prose of 2,000 B, 1.02 to 1.04 elsewhere, and their arrays four times as large.

What is looked at document by document (`find`) is 68% of the seeds' time, script's alone 49%, in some fifty
functions of at most 2% each that call numpy on ten to a hundred places; elsewhere it is 19 to 27%. What
would be faster there, by a half at most, is to find forms in all Traditional documents of a stage at once.
"""

import re
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import class_table
from jiaokan.validators.debris.triggers import triggers, triggers_in
from jiaokan.validators.lines.evidence import FEATURES
from jiaokan.validators.lines.forest import Forest
from jiaokan.validators.lines.model import break_model
from jiaokan.validators.view import View
from tests.accuracy.rows import Row
from tests.benchmarks.throughput import clean_documents

ROUNDS = 5
ROWS = 5_000


def measure(scale: float) -> Iterator[Row]:
    texts = clean_documents(2_000, int(6e6 * scale))
    views = [View.of_batch(texts[at : at + 700]) for at in range(0, len(texts), 700)]
    size = sum(len(view.text.encode()) for view in views) / 1e6

    def row(
        name: str, ours: Callable[[View], object], peers: dict[str, Callable[[View], Any]]
    ) -> Row:
        def taken(run: Callable[[View], object]) -> str:
            best = min(_seconds(run, views) for _ in range(ROUNDS))
            return f"{1e3 * best / size:.2f} ms/MB"

        return Row(name, "", taken(ours), {library: taken(run) for library, run in peers.items()})

    for view in views:
        assert len(view.bits)
    yield row("class of every character", _classes, _peers_of_classes())
    pairs = triggers()
    # The libraries look everywhere, ours where a line may be debris.
    name = f"{len(pairs):,} pairs of characters that begin debris"
    yield row(name, triggers_in, _peers_of_pairs(pairs))
    yield row("a string that is in no text", lambda v: v.text.find("版权所有无"), _peers_of_find())
    evidence = np.round(np.random.default_rng(1).normal(size=(ROWS, len(FEATURES))) * 5)
    forest = break_model().judges[0].first
    peers = {"numba": f"{_best(_in_numba(forest, evidence)):.1f} µs"} if find_spec("numba") else {}
    ours = f"{_best(lambda: forest.log_odds(evidence)):.1f} µs"
    yield Row("80 trees, for each row of evidence", "", ours, peers)


def _seconds(run: Callable[[View], object], views: list[View]) -> float:
    started = time.process_time()
    for view in views:
        run(view)
    return time.process_time() - started


def _best(run: Callable[[], object]) -> float:
    """Microseconds a row."""

    def seconds() -> float:
        started = time.process_time()
        run()
        return time.process_time() - started

    run()
    return 1e6 * min(seconds() for _ in range(ROUNDS)) / ROWS


def _classes(view: View) -> NDArray[np.uint32]:
    codes = np.frombuffer(view.text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return class_table().take(codes, mode="clip")


def _peers_of_classes() -> dict[str, Callable[[View], Any]]:
    han = re.compile("[㐀-鿿]")
    return {"re, Han counted": lambda view: sum(1 for _ in han.finditer(view.text))}


def _peers_of_pairs(pairs: list[str]) -> dict[str, Callable[[View], Any]]:
    peers: dict[str, Callable[[View], Any]] = {}
    if find_spec("ahocorasick_rs"):
        automaton = import_module("ahocorasick_rs").AhoCorasick(pairs)
        peers["ahocorasick-rs"] = lambda view: automaton.find_matches_as_indexes(view.text)
    if find_spec("re2"):
        re2 = import_module("re2")
        options = re2.Options()
        options.max_mem = 1 << 28
        compiled = re2.compile("|".join(map(re.escape, pairs)), options=options)
        peers["google-re2"] = lambda view: sum(1 for _ in compiled.finditer(view.text))
    if find_spec("hyperscan"):
        database = import_module("hyperscan").Database()
        expressions = [re.escape(pair).encode() for pair in pairs]
        database.compile(expressions=expressions, ids=list(range(len(pairs))))

        def scan(view: View) -> int:
            found: list[int] = []
            database.scan(view.text.encode(), match_event_handler=lambda *m: found.append(m[2]))
            return len(found)

        peers["hyperscan"] = scan
    return peers


def _peers_of_find() -> dict[str, Callable[[View], Any]]:
    peers: dict[str, Callable[[View], Any]] = {}
    if find_spec("stringzilla"):
        string = import_module("stringzilla").Str
        peers["stringzilla"] = lambda view: string(view.text).find("版权所有无")
    if find_spec("pyarrow"):
        array, compute = import_module("pyarrow").array, import_module("pyarrow.compute")
        peers["pyarrow"] = lambda view: compute.find_substring(array([view.text]), "版权所有无")
    return peers


def _in_numba(forest: Forest, evidence: NDArray[np.float64]) -> Callable[[], object]:
    """The trees one after the other, row by row, compiled."""
    numba = import_module("numba")

    def odds(rows, root, feature, threshold, below, value):  # type: ignore[no-untyped-def]
        total = np.zeros(len(rows))
        for row in range(len(rows)):
            for tree in range(len(root)):
                node = root[tree]
                while below[node] != node:
                    node = below[node] + (rows[row, feature[node]] > threshold[node])
                total[row] += value[node]
        return total

    compiled = numba.njit(odds)
    rows = evidence.astype(np.float32)
    arrays = forest.root, forest.feature, forest.threshold, forest.below, forest.value
    return lambda: compiled(rows, *arrays)
