"""Speed of the whole road, one core, MB = 10^6 bytes of UTF-8.

With PROFILE=1 the processor time of each stage comes first.

The chain is ftfy with its Chinese-safe settings, then OpenCC t2s: what a user would run today.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

import chardet
import ftfy
import numpy as np
import opencc

import jiaokan
from jiaokan.repair.pipeline import wanted_stages
from jiaokan.validators.values import Settings
from jiaokan.validators.view import View
from tests.accuracy.rows import Row
from tests.accuracy.sets import SHARED, documents, rank_of
from tests.benchmarks.timing import interleaved, speed

CLEAN_SETS = (
    "zh-Hans/prc-laws",
    "zh-Hans/lctt-tech-news",
    "zh-Hant/tw-president-news",
    "zh-Hant/tw-laws",
)
ROUNDS = 3


def clean_documents(size: int, total: int) -> list[str]:
    """About `total` bytes of clean prose, cut at line ends into documents of about `size` bytes."""
    found: list[str] = []
    for name in CLEAN_SETS:
        left = total // len(CLEAN_SETS)
        pieces: list[str] = []
        length = 0
        for document in documents(name):
            for line in document.split("\n"):
                pieces.append(line)
                length += len(line.encode()) + 1
                if length >= size:
                    found.append("\n".join(pieces))
                    left -= length
                    pieces, length = [], 0
            if left <= 0:
                break
    return found


def stage_times(texts: list[str]) -> Iterator[Row]:
    """Processor time of each stage: its screen, and its look at the documents that it flagged."""
    settings = Settings()
    size = sum(len(text.encode()) for text in texts) / 1e6
    taken: dict[str, tuple[float, float]] = {}
    flagged = dict.fromkeys((stage.family for stage in wanted_stages(settings)), 0)
    for _ in range(ROUNDS + 1):
        now: dict[str, list[float]] = {name: [0.0, 0.0] for name in ("the arrays", *flagged)}
        flagged = dict.fromkeys(flagged, 0)
        for first in range(0, len(texts), 700):
            started = time.process_time()
            view = View.of_batch(texts[first : first + 700])
            assert len(view.bits) and view.present
            now["the arrays"][0] += time.process_time() - started
            looked_at: dict[int, View] = {}
            for stage in wanted_stages(settings):
                started = time.process_time()
                flags = stage.screen(view, settings)
                screened = time.process_time()
                at = np.flatnonzero(flags).tolist()
                looked_at.update(
                    (index, view.part(index)) for index in at if index not in looked_at
                )
                parts = [looked_at[index] for index in at]
                stage.look_at(parts, settings)
                now[stage.family][0] += screened - started
                now[stage.family][1] += time.process_time() - screened
                flagged[stage.family] += int(np.count_nonzero(flags))
        for name, (screen, look) in now.items():
            old = taken.get(name, (screen, look))
            taken[name] = min(old[0], screen), min(old[1], look)
    for name, (screen, look) in taken.items():
        yield Row(
            f"stage: {name}",
            "",
            f"screen {1e3 * screen / size:.2f} ms/MB, look {1e3 * look / size:.2f} ms/MB",
            note=f"{flagged[name]} of {len(texts):,} flagged" if name in flagged else "",
        )


def chain() -> Callable[[str], str]:
    """ftfy, harmless to Chinese, then OpenCC."""
    converter = opencc.OpenCC("t2s")
    config = ftfy.TextFixerConfig(fix_character_width=False, uncurl_quotes=False)
    return lambda text: converter.convert(ftfy.fix_text(text, config))


def measure(scale: float) -> Iterator[Row]:
    repairer = jiaokan.Repairer()
    run_chain = chain()
    if os.environ.get("PROFILE"):
        yield from stage_times(clean_documents(2_000, int(4e6 * scale)))

    def compare(
        name: str,
        target: str,
        texts: list[str],
        ours: Callable[[list[str]], object],
        share_of_chain: float,
    ) -> Row:
        """The chain is timed on a part of the texts only, since it is slow."""
        few = texts[: max(1, int(len(texts) * share_of_chain))]
        times = interleaved(
            {"ours": lambda: ours(texts), "chain": lambda: [run_chain(text) for text in few]},
            ROUNDS,
        )
        rate = sum(len(t.encode()) for t in texts) / times["ours"]
        chain_rate = sum(len(t.encode()) for t in few) / times["chain"]
        return Row(
            name,
            target,
            f"{rate / 1e6:.1f} MB/s, {rate / chain_rate:.1f} × the chain",
            {"chain": f"{chain_rate / 1e6:.1f} MB/s"},
        )

    def repair_all(texts: list[str]) -> None:
        for _ in repairer.repair_many(texts):
            pass

    def check_all(texts: list[str]) -> None:
        for _ in repairer.check_many(texts):
            pass

    def check_each(texts: list[str]) -> None:
        for text in texts:
            repairer.check(text)

    for size, target in ((2_000, "40 ×"), (200, "20 ×"), (200_000, "40 ×")):
        texts = clean_documents(size, int(12e6 * scale))
        repair_all(texts[:50])
        changed = sum(bool(out.edits) for out in repairer.repair_many(texts))
        row = compare(f"clean prose, {size:,} B documents", target, texts, repair_all, 0.1)
        yield replace(row, note=f"{changed} of {len(texts):,} changed")
    texts = clean_documents(2_000, int(6e6 * scale))
    check_all(texts[:50])
    yield compare("check, clean prose, 2,000 B documents", "50 ×", texts, check_all, 0.1)
    few = texts[: max(1, len(texts) // 4)]
    yield compare("the same, one call a document", "", few, check_each, 0.4)
    seeds = [path.read_text("utf-8") for path in sorted((SHARED.parent / "seeds").glob("*.txt"))]
    seeds *= max(1, int(20 * scale))
    yield compare("the seed documents", "10 ×", seeds, repair_all, 0.2)
    flat = [ftfy.fix_text(text) for text in clean_documents(2_000, int(2e6 * scale))]
    yield compare("prose through ftfy's defaults", "10 ×", flat, repair_all, 0.2)

    simplified = list(islice((d for d in documents("zh-Hans/prc-laws") if rank_of(d) < 0.2), 400))
    simplified = simplified[: max(2, int(len(simplified) * scale))]
    legacy = [d.encode("gb18030") for d in simplified]

    def repair_bytes() -> None:
        for _ in repairer.repair_many(legacy):
            pass

    def chain_bytes() -> None:
        for data in legacy[: max(1, len(legacy) // 10)]:
            encoding = chardet.detect(data)["encoding"] or "gb18030"
            run_chain(data.decode(encoding, "replace"))

    times = interleaved({"ours": repair_bytes, "chain": chain_bytes}, ROUNDS)
    size = sum(len(d.encode()) for d in simplified)
    part = sum(len(d.encode()) for d in simplified[: max(1, len(legacy) // 10)])
    ratio = (size / times["ours"]) / (part / times["chain"])
    yield Row(
        "GBK files to clean UTF-8",
        "15 ×",
        f"{speed(size, times['ours'])}, {ratio:.1f} × the chain",
        {"chain": speed(part, times["chain"])},
    )
    broken = [d.encode().decode("gbk", "replace") for d in simplified[:60]]
    repair_all(broken[:1])
    taken = interleaved({"ours": lambda: repair_all(broken)}, ROUNDS)["ours"]
    yield Row(
        "UTF-8-as-GBK mojibake, every line",
        "5 MB/s",
        speed(sum(len(t.encode()) for t in broken), taken),
    )
