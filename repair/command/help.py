"""The help of the command and its subcommands: in the reader's language, as wide as the terminal."""

import difflib
import functools
import inspect
import shutil
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from jiaokan.repair.messages import later, tr, translated
from jiaokan.repair.visible import quoted, width

OPTIONS = later("Options")
SETTINGS = later("Settings (a configuration file may say them, too)")
"""The panel of what a configuration file may say as well."""
WIDEST = 100
_COLUMN = 30
"""Where what is said of an option begins."""
_EXAMPLES = (
    ("jiaokan check corpus", later("what is wrong, and where")),
    ("jiaokan diff corpus", later("what fix would change")),
    ("jiaokan fix corpus -o clean", later("repaired copies, a record of every change, and a report")),
    ("jiaokan undo clean", later("the originals again")),
)  # fmt: skip
_EXAMPLES_OF = {
    "fix": (
        ("jiaokan fix corpus -o clean", later("repaired copies, a record of every change, and a report")),
        ("jiaokan fix corpus --in-place", later("over the originals; undo gives them back")),
        ("jiaokan fix - < old.txt > new.txt", later("as a filter")),
        ("jiaokan fix news.jsonl -o clean --column content", later("one column of records")),
    ),
    "check": (
        ("jiaokan check . --format statistics", later("how much of what, without the places")),
        ("jiaokan check . --diff-base origin/main", later("only what a branch changed")),
        ("jiaokan check . --select encoding,mojibake", later("only these families")),
    ),
    "undo": (
        ("jiaokan undo clean -o originals", later("the originals, in a folder of their own")),
        ("jiaokan undo corpus", later("after --in-place: where they were")),
    ),
}  # fmt: skip
_NO_LINE_BEGINS_WITH = frozenset("，。；：、？！）」』”’》…")
_NO_LINE_ENDS_WITH = frozenset("（「『“‘《`")
_INSTEAD = {
    "--dry-run": later("`jiaokan diff` shows what fix would change"),
    "--check": later("`jiaokan check` reports what is wrong, and never writes"),
}
"""Options that other tools have, and what there is instead."""


class Argument(click.Argument):
    """An argument that the help explains."""

    def __init__(self, *names: Any, help: str = "", **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.help = help


class Option(click.Option):
    """An option in one of the panels of the help."""

    def __init__(self, *names: Any, panel: str = OPTIONS, **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.panel = panel


argument = functools.partial(click.argument, cls=Argument)
option = functools.partial(click.option, cls=Option)


class Subcommand(click.Command):
    """A subcommand with our help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for name, instead in _INSTEAD.items():
            if name in args and "--" not in args[: args.index(name)]:
                ctx.fail(f"No such option {name!r}; {tr(instead)}")
        return super().parse_args(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        return "\n".join(_of_subcommand(self, ctx)).rstrip("\n")


class Application(click.Group):
    """The command, with our help. A subcommand is a module, and loaded when it is asked for."""

    names: Sequence[str] = ()

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.names:
            return None
        module = import_module(f"jiaokan.repair.command.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self.names and not name.startswith("-"):
            if name == "help":
                return super().resolve_command(ctx, [*(args[1:2] or ["--help"]), "--help"])
            near = difflib.get_close_matches(name, self.names, 1)
            hint = f". Did you mean {near[0]!r}?" if near else ""
            if not near and Path(name).exists():
                hint = f"; to look at it: `jiaokan check {quoted(name)}`"
            ctx.fail(f"No such command {name!r}{hint}")
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        lines = list(_head(self, "jiaokan [--lang LANG] COMMAND …"))
        lines += [_heading(later("Commands"))]
        for name in self.names:
            command = self.get_command(ctx, name)
            assert command is not None
            lines += _row(f"  {name}", tr(inspect.cleandoc(command.help or "")), 14)
        lines += ["", _heading(OPTIONS)]
        for param in self.get_params(ctx):
            lines += _option(param)
        lines += ["", *_examples(_EXAMPLES)]
        more = tr("`jiaokan COMMAND --help` shows the options of a command.")
        return "\n".join([*lines, "", more])


def _of_subcommand(command: click.Command, ctx: click.Context) -> Iterator[str]:
    params = command.get_params(ctx)
    arguments = [param for param in params if isinstance(param, Argument)]
    options = [param for param in params if isinstance(param, click.Option)]
    yield from _head(command, _usage(ctx))
    if arguments:
        yield _heading(later("Arguments"))
        for param in arguments:
            yield from _row(f"  {param.metavar}", translated(param.help or ""))
        yield ""
    for panel in (OPTIONS, SETTINGS):
        listed = [each for each in options if getattr(each, "panel", OPTIONS) == panel]
        if listed:
            yield _heading(panel)
            for each in listed:
                yield from _option(each)
            yield ""
    if command.name in _EXAMPLES_OF:
        yield from _examples(_EXAMPLES_OF[command.name])


def _examples(examples: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield _heading(later("Examples"))
    column = max(len(example) for example, _ in examples) + 6
    for example, meaning in examples:
        yield from _row(f"  {example}", tr(meaning), column)


def _usage(ctx: click.Context) -> str:
    arguments = (param for param in ctx.command.params if isinstance(param, Argument))
    parts = (str(p.metavar) if p.required else f"[{p.metavar}]" for p in arguments)
    return " ".join([ctx.command_path, "[OPTIONS]", *parts])


def _head(command: Any, usage: str) -> Iterator[str]:
    yield tr("Usage: {usage}", usage=usage)
    yield ""
    yield from wrapped(tr(inspect.cleandoc(command.help or "")), columns())
    yield ""


def _heading(title: str) -> str:
    return tr("{title}:", title=tr(title))


def _option(param: click.Parameter) -> list[str]:
    assert isinstance(param, click.Option)
    short = [name for name in param.opts if not name.startswith("--")]
    long = [name for name in param.opts if name.startswith("--")] + param.secondary_opts
    names = ", ".join(short + long)
    left = f"  {names}" if short else f"      {names}"
    if not param.is_flag and param.metavar:
        left += f" {param.metavar}"
    notes = []
    if isinstance(param.type, click.Choice):
        notes.append(", ".join(map(str, param.type.choices)))
    if isinstance(param.default, str | Path):
        notes.append(tr("default: {value}", value=param.default))
    if param.envvar:
        notes.append(tr("environment: {name}", name=param.envvar))
    text = tr("Show this help.") if "--help" in long else translated(param.help or "")
    return _row(left, " ".join([text, *(f"[{note}]" for note in notes)]))


def _row(left: str, text: str, column: int = _COLUMN) -> list[str]:
    lines = wrapped(text, columns() - column)
    rest = [f"{'':{column}}{line}" for line in lines]
    if len(left) > column - 2:
        return [left, *rest]
    return [f"{left:{column}}{lines[0] if lines else ''}".rstrip(), *rest[1:]]


def columns() -> int:
    """How wide a text may be: as the terminal, within reason."""
    return max(50, min(WIDEST, shutil.get_terminal_size((80, 24)).columns))


def wrapped(text: str, most: int) -> list[str]:
    """Lines of this many columns at the most: Latin words stay whole, Chinese breaks anywhere but
    before the marks that no line begins with."""
    lines, line = [], ""
    for part in _parts(" ".join(text.split())):
        if line and width((line + part).rstrip()) > most:
            lines.append(line.rstrip())
            line = ""
        line += part if line else part.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _parts(text: str) -> Iterator[str]:
    """What is not broken: words with the space after them, Chinese characters with their marks."""
    part = ""
    for character in text:
        is_wide = width(character) > 1
        if part and (
            part[-1] == " "
            or (
                is_wide and character not in _NO_LINE_BEGINS_WITH
                and part[-1] not in _NO_LINE_ENDS_WITH
            )
            or (
                width(part[-1]) > 1 and not is_wide and character not in " ,.;:)]"
                and part[-1] not in _NO_LINE_ENDS_WITH
            )
        ):  # fmt: skip
            yield part
            part = ""
        part += character
    if part:
        yield part
