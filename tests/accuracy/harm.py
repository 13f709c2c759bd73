"""What default settings change in clean text: edits per million code points, per rule and set.

Sets are whole documents of `prose`; every edit is a false one unless the text really is damaged.
"""

from collections import Counter
from collections.abc import Iterator

import jiaokan
from tests.accuracy.rows import Row
from tests.accuracy.sets import documents, prose_sets, rank_of


def measure(share: float) -> Iterator[Row]:
    repairer = jiaokan.Repairer()
    for name in prose_sets():
        size = 0
        counts: Counter[str] = Counter()
        for out in repairer.repair_many(d for d in documents(name) if rank_of(d) < share):
            size += len(out.document.text)
            counts.update(edit.rule for edit in out.edits)
        rates = {rule: count * 1e6 / max(size, 1) for rule, count in counts.most_common()}
        yield Row(
            measure=f"{name} ({size / 1e6:.2f} M code points)",
            target="< 5 per million and rule",
            measured=f"{sum(counts.values()) * 1e6 / max(size, 1):.1f}",
            note="; ".join(f"{rule} {rate:.1f}" for rule, rate in rates.items()),
        )
