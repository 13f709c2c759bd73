"""JSON Lines: a row a finding or file that was not checked, and an end record with the summary.

A stream without the end record was cut off.
"""

from collections.abc import Iterator

import jiaokan
from jiaokan.repair.files import Refused
from jiaokan.repair.formats.json import VERSION
from jiaokan.repair.formats.problem import Problem, Totals, json_text, refused_json


def render(items: Iterator[Problem | Refused], totals: Totals) -> Iterator[str]:
    for item in items:
        if isinstance(item, Refused):
            yield json_text({"type": "not_checked", **refused_json(item)}) + "\n"
        else:
            yield json_text({"type": "finding", **item.as_json()}) + "\n"
    end = {"version": VERSION, "jiaokan": jiaokan.__version__, "summary": totals.as_json()}
    yield json_text({"type": "end", **end}) + "\n"
