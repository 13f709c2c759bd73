"""What default settings change in text of Debian and PyPI packages that nothing of ours was made from.

Edits per million code points. None of these texts was used to choose a rule, a table or a threshold; they
are as their packages have them, with real damage in some.
"""

import subprocess
from collections import Counter
from collections.abc import Iterator

import jiaokan
from tests.accuracy._packages import texts
from tests.accuracy.rows import Row
from tests.accuracy.sets import rank_of


def measure(share: float) -> Iterator[Row]:
    repairer = jiaokan.Repairer()
    for name, read in texts():
        size, edits = 0, Counter[str]()
        try:
            for out in repairer.repair_many(text for text in read() if rank_of(text) < share):
                size += len(out.document.text)
                edits.update(edit.rule for edit in out.edits)
        except (subprocess.CalledProcessError, FileNotFoundError) as error:
            yield Row(name, "< 5 per million and rule", "not fetched", note=str(error))
            continue
        rates = {rule: count * 1e6 / max(size, 1) for rule, count in edits.most_common()}
        yield Row(
            measure=f"{name}, {size / 1e6:.2f} M code points",
            target="< 5 per million and rule",
            measured=f"{sum(rates.values()):.1f}",
            note="; ".join(f"{rule} {rate:.1f}" for rule, rate in rates.items()),
        )
