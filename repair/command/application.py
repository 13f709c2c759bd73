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
from jiaokan.repair.command.help import Application, Subcommand
from jiaokan.repair.command.options import with_given
from jiaokan.repair.command.report import report
from jiaokan.repair.command.undo import undo
from jiaokan.repair.messages import later, use_language


def _version(asked: bool) -> None:
    if asked:
        from jiaokan import __version__

        typer.echo(f"jiaokan {__version__}")
        raise typer.Exit


def choose_language(arguments: list[str]) -> list[str]:
    """The arguments without `--lang`, which may stand before or after the subcommand."""
    from jiaokan.repair.command.errors import FAILURE, say_error

    end = arguments.index("--") if "--" in arguments else len(arguments)
    rest: list[str] = []
    language = None
    waiting = iter(arguments[:end])
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if name == "--lang":
            language = value if equals else next(waiting, "")
        else:
            rest.append(argument)
    try:
        use_language(language)
    except ValueError as error:
        say_error(str(error))
        raise SystemExit(FAILURE) from None
    return rest + arguments[end:]


def application() -> Any:
    """The command line, ready to be called."""
    app = typer.Typer(
        name="jiaokan",
        help=later("Finds and repairs damage in Chinese text, and records every change."),
        cls=Application,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for command in (fix, check, diff, undo, explain, report, baseline, config):
        app.command(name=command.__name__, cls=Subcommand)(guarded(with_given(command)))

    @app.callback()
    def options(
        version: Annotated[
            bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")
        ] = False,
        lang: Annotated[
            str | None,
            typer.Option(
                help="en, zh-Hans or zh-Hant (default: JIAOKAN_LANG, or the locale); also after the"
                " subcommand.",
                metavar="LANG",
            ),
        ] = None,
    ) -> None:
        pass

    return app
