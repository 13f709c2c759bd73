"""What `check` found, written in a form: for people, for programs, for code hosts.

Each form is a module of the same name with one function:

`render(items, totals) -> iterator of str`
    pieces of the output, as the items come. `items` yields a `Problem` a finding and a `Refused`
    a file that was not checked; `totals` is complete once `items` is used up.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from jiaokan.repair.files import Refused
    from jiaokan.repair.formats.problem import Problem, Totals

NAMES = (
    "text", "statistics", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown",
)  # fmt: skip

Items: TypeAlias = "Iterator[Problem | Refused]"
Renderer: TypeAlias = "Callable[[Items, Totals], Iterator[str]]"


def renderer(name: str) -> Renderer:
    """The renderer of a form, one of `NAMES`."""
    render: Renderer = import_module(f"jiaokan.repair.formats.{name}").render
    return render
