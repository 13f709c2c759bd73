"""Debris: lines of furniture on pages marked by hand; what is reported in clean prose; speed.

The table and the rules about lines around the text were made on the pages for tuning. Those for
reporting were written after them, and read once, by the same hand. Earlier reporting sets became tuning
pages after they were read: the first readings, at precision 0.96 to 1.00, had recalls of 0.52, 0.57,
0.68, 0.74, 0.76, 0.50, 0.80 and 0.83, by how odd a site's own words are. Of the heads of 15 pages of the
web (copied by hand, not kept here) the first readings found 0.28 and 0.51 of the lines.
"""

import time
from collections import Counter
from collections.abc import Iterator

import jiaokan
from jiaokan.validators.debris import screen
from jiaokan.validators.values import Settings
from jiaokan.validators.view import View
from tests.accuracy.rows import Row
from tests.accuracy.sets import documents, prose_sets, rank_of
from tests.marked_pages import lines_found, pages

ONLY = jiaokan.Repairer(select=["debris"], ignore=["debris/empty-brackets"])


def measure(share: float) -> Iterator[Row]:
    for half in ("report", "tune"):
        yield _pages(half)
    yield from _prose(share)
    yield _speed()


def _pages(half: str) -> Row:
    right = wrong = missed = count = 0
    kinds: Counter[str] = Counter()
    for page in pages():
        if page.half != half:
            continue
        count += 1
        found = lines_found(page.text, ((f.start, f.end) for f in ONLY.check(page.text)))
        wanted = {number for number, kind in enumerate(page.kinds) if kind}
        right, wrong = right + len(found & wanted), wrong + len(found - wanted)
        missed += len(wanted - found)
        kinds.update(page.kinds[number] for number in wanted - found)
    return Row(
        f"lines of {count} pages ({half}): precision / recall",
        "≥ 0.97 / ≥ 0.85",
        f"{right / max(right + wrong, 1):.3f} / {right / max(right + missed, 1):.3f} of {right + missed}",
        note="missed: " + ", ".join(f"{kind} {number}" for kind, number in kinds.most_common()),
    )


def _prose(share: float) -> Iterator[Row]:
    for name in prose_sets():
        size = 0
        kinds: Counter[str] = Counter()
        for out in ONLY.repair_many(text for text in documents(name) if rank_of(text) < share / 2):
            size += len(out.document.text)
            kinds.update(finding.rule for finding in out.findings)
        if kinds:
            yield Row(
                f"reported in {name} ({size / 1e6:.2f} M code points)",
                "reported, never removed by default",
                str(kinds.total()),
                note=", ".join(f"{rule} {number}" for rule, number in kinds.most_common()),
            )


def _speed() -> Row:
    texts = [text for text in documents("zh-Hant/tw-president-news") if rank_of(text) < 0.06]
    best = float("inf")
    for _ in range(3):
        view = View.of_batch(texts)  # anew: a view keeps what was found in it
        assert len(view.codes) == len(view.bits) and len(view.breaks)
        started = time.process_time()
        screen(view, Settings())
        best = min(best, time.process_time() - started)
    size = len(view.text.encode()) / 1e6
    return Row("screen of clean news", "≤ 1 ms per MB", f"{best * 1e3 / size:.1f} ms per MB")
