"""`jiaokan report`: rebuilds the report from the audit."""

from pathlib import Path

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import CLEAN, subcommand
from jiaokan.repair.files.addresses import Address
from jiaokan.repair.files.mirror import mirrored
from jiaokan.repair.visible import visible


@subcommand
@options.out
def report(out: Path) -> int:
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
