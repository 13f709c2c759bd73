"""`jiaokan report`: the page for people, built again from the audit."""

from pathlib import Path
from typing import Annotated

import typer

from jiaokan.repair.addresses import Address, path_or_address
from jiaokan.repair.command.errors import CLEAN
from jiaokan.repair.mirror import mirrored
from jiaokan.repair.visible import visible


def report(
    out: Annotated[
        Path,
        typer.Argument(metavar="OUT", help="What fix wrote into.", parser=path_or_address),
    ],
) -> int:
    """Build the report again from the audit."""
    from jiaokan.repair.report import write_report

    if isinstance(out, Address):
        with mirrored(out.url) as mirror:
            mirror.fetch_audit()
            write_report(mirror.here, mirror)
            print(visible(mirror.put_report()))
        return CLEAN
    print(visible(str(write_report(out))))
    return CLEAN
