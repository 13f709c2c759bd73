"""Speed of script conversion and of the script check, one core, beside OpenCC and zhconv-rs."""

from collections.abc import Iterator

import numpy as np
import opencc
import zhconv_rs

from jiaokan.validators.script import screen
from jiaokan.validators.script.decisions import SIMPLIFIED, TRADITIONAL, convert
from jiaokan.validators.values import Settings
from jiaokan.validators.view import View, code_points
from tests.accuracy.rows import Row
from tests.benchmarks.throughput import clean_documents
from tests.benchmarks.timing import interleaved, speed

ROUNDS = 5


def measure(scale: float) -> Iterator[Row]:
    documents = clean_documents(20_000, int(8e6 * scale))
    half = len(documents) // 2
    for name, texts, script, config, zhconv in (
        ("Simplified → Traditional", documents[:half], TRADITIONAL, "s2tw", "zh-tw"),
        ("Traditional → Simplified", documents[half:], SIMPLIFIED, "t2s", "zh-cn"),
    ):
        converter = opencc.OpenCC(config)

        def run(texts: list[str] = texts, script: int = script) -> None:
            for text in texts:
                convert(code_points(text), script).tobytes().decode("utf-32-le")

        def run_opencc(texts: list[str] = texts, converter: opencc.OpenCC = converter) -> None:
            for text in texts:
                converter.convert(text)

        def run_zhconv(texts: list[str] = texts, target: str = zhconv) -> None:
            for text in texts:
                zhconv_rs.zhconv(text, target)  # type: ignore[arg-type]

        run()
        times = interleaved({"ours": run, "OpenCC": run_opencc, "zhconv-rs": run_zhconv}, ROUNDS)
        size = sum(len(text.encode()) for text in texts)
        yield Row(
            f"convert, {name}, 20 kB documents",
            "≥ OpenCC's",
            speed(size, times["ours"]),
            {peer: speed(size, times[peer]) for peer in ("OpenCC", "zhconv-rs")},
        )
    settings = Settings()
    batch = clean_documents(2_000, int(8e6 * scale))

    def check() -> None:
        for start in range(0, len(batch), 256):
            view = View.of_batch(batch[start : start + 256])
            assert len(view.bits)
            screen(view, settings)

    def look() -> None:
        for start in range(0, len(batch), 256):
            view = View.of_batch(batch[start : start + 256])
            assert len(view.bits)

    check()
    times = interleaved({"ours": check, "view": look}, ROUNDS)
    size = sum(len(text.encode()) for text in batch)
    flagged = int(np.count_nonzero(screen(View.of_batch(batch), settings)))
    yield Row(
        "screen clean prose (beyond the view)",
        "≥ 100 MB/s",
        speed(size, max(1e-6, times["ours"] - times["view"])),
        note=f"{flagged} of {len(batch)} documents flagged",
    )
