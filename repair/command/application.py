"""The command and the names of its subcommands, each in the module of its name."""

import click

from jiaokan.repair import messages
from jiaokan.repair.command.help import Application, option
from jiaokan.repair.messages import later, use_language

NAMES = ("fix", "check", "diff", "undo", "explain", "report", "baseline", "config")
"""In the order in which the help shows them."""


def _version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    if asked:
        from jiaokan import __version__

        click.echo(f"jiaokan {__version__}")
        ctx.exit()


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
        use_language(messages.language())  # the environment is asked once
    except ValueError as error:
        say_error(str(error))
        raise SystemExit(FAILURE) from None
    return rest + arguments[end:]


@click.group(
    cls=Application,
    help=later("Finds and repairs damage in Chinese text, and records every change."),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@option(
    "-V", "--version", is_flag=True, callback=_version, is_eager=True, expose_value=False,
    help="The version.",
)  # fmt: skip
@option(
    "--lang", metavar="LANG", expose_value=False,
    help="en, zh-Hans or zh-Hant (default: JIAOKAN_LANG, or the locale); also after the"
    " subcommand.",
)  # fmt: skip
def application() -> None:
    """The command line."""


application.names = NAMES
