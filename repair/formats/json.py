"""One JSON object: findings, files that were not checked, and the summary at its end."""

from collections.abc import Iterator

import jiaokan
from jiaokan.repair.files import Refused
from jiaokan.repair.formats.problem import Problem, Totals, json_text, refused_json

VERSION = 1


def render(items: Iterator[Problem | Refused], totals: Totals) -> Iterator[str]:
    """The object in pieces, so that a large one is never held."""
    yield f'{{"version":{VERSION},"jiaokan":{json_text(jiaokan.__version__)},"findings":['
    refused = []
    comma = "\n"
    for item in items:
        if isinstance(item, Refused):
            refused.append(refused_json(item))
            continue
        yield comma + json_text(item.as_json())
        comma = ",\n"
    yield f'\n],"not_checked":{json_text(refused)},"summary":{json_text(totals.as_json())}}}\n'
