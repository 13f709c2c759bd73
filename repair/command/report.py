"""`jiaokan report`: the page for people, built again from the audit."""

from pathlib import Path
from typing import Annotated

import typer

from jiaokan.repair.command.errors import CLEAN
from jiaokan.repair.visible import visible


def report(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A folder that fix wrote.")],
) -> int:
    """Build the report again from the audit."""
    from jiaokan.repair.report import write_report

    print(visible(str(write_report(out))))
    return CLEAN
