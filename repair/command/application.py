"""The subcommands, in the order in which the help shows them."""

from typing import Annotated, Any

import typer

from jiaokan.repair.command.baseline import baseline
from jiaokan.repair.command.check import check
from jiaokan.repair.command.config import config
from jiaokan.repair.command.diff import diff
from jiaokan.repair.command.errors import guarded
from jiaokan.repair.command.explain import explain
from jiaokan.repair.command.fix import fix
from jiaokan.repair.command.report import report
from jiaokan.repair.command.undo import undo


def _version(asked: bool) -> None:
    if asked:
        from jiaokan import __version__

        typer.echo(f"jiaokan {__version__}")
        raise typer.Exit


def application() -> Any:
    """The command line, ready to be called."""
    app = typer.Typer(
        name="jiaokan",
        help="Finds and repairs damage in Chinese text, and records every change.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for command in (fix, check, diff, undo, explain, report, baseline, config):
        app.command(name=command.__name__)(guarded(command))

    @app.callback()
    def options(
        version: Annotated[
            bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")
        ] = False,
    ) -> None:
        pass

    return app
