"""What default settings change in text of Debian and PyPI packages from which no table or model of ours is made.

Edits per million code points. The texts are as their packages have them, with real damage in some: the
reviews have ASCII marks, the manuals were converted, the fortunes are wrapped. They are no longer wholly
unseen: what was done wrongly in them was looked at, and rules were mended for it (commas of lists in the
reviews, old verse in the fortunes, captions in the newspaper, lists of words and programs taken for text).
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
