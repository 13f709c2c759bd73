"""What default settings change in clean text: edits per million code points, per rule and set.

Sets are whole documents of `prose`; every edit is a false one unless the text really is damaged.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache

import jiaokan
from tests.accuracy.rows import Row
from tests.accuracy.sets import documents, prose_sets, rank_of

TABLE_HEADER = """\
# Edits per million code points of clean text, per rule, over all sets of docs/accuracy/harm.md.
# Written by `python -m tests.accuracy harm --write`.
"""


@cache
def counts(share: float) -> dict[str, tuple[int, Counter[str]]]:
    """For each set: its size in code points, and how many edits each rule made."""
    repairer = jiaokan.Repairer()
    found = {}
    for name in prose_sets():
        size = 0
        edits: Counter[str] = Counter()
        for out in repairer.repair_many(d for d in documents(name) if rank_of(d) < share):
            size += len(out.document.text)
            edits.update(rule for edit in out.edits for rule in (edit.rule, *edit.also))
        found[name] = (size, edits)
    return found


def measure(share: float) -> Iterator[Row]:
    for name, (size, edits) in counts(share).items():
        rates = {rule: count * 1e6 / max(size, 1) for rule, count in edits.most_common()}
        yield Row(
            measure=f"{name} ({size / 1e6:.2f} M code points)",
            target="< 5 per million and rule",
            measured=f"{sum(edits.values()) * 1e6 / max(size, 1):.1f}",
            note="; ".join(f"{rule} {rate:.1f}" for rule, rate in rates.items()),
        )


def tables(share: float) -> dict[str, str]:
    """The table that `jiaokan explain` and the report read the rates from."""
    total = sum(size for size, _ in counts(share).values())
    edits = sum((found for _, found in counts(share).values()), Counter[str]())
    lines = [f"{rule.id}\t{edits[rule.id] * 1e6 / total:.3f}\n" for rule in jiaokan.RULES]
    return {"validators/tables/harm.tsv": TABLE_HEADER + "".join(lines)}
