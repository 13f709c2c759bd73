"""The help of the command and its subcommands: in the reader's language, as wide as the terminal."""

import inspect
import shutil
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

from typer.core import TyperCommand, TyperGroup

from jiaokan.repair.messages import later, tr, translated
from jiaokan.repair.visible import width

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
_NO_LINE_BEGINS_WITH = frozenset("，。；：、？！）」』”’》…")


class Subcommand(TyperCommand):
    """A subcommand with our help."""

    def get_help(self, ctx: Any) -> str:
        return "\n".join(_of_subcommand(self, ctx)).rstrip("\n")


class Application(TyperGroup):
    """The command with our help."""

    def get_help(self, ctx: Any) -> str:
        lines = list(_head(self, "jiaokan [--lang LANG] COMMAND …"))
        lines += [_heading(later("Commands"))]
        for name, command in self.commands.items():
            lines += _row(f"  {name}", tr(inspect.cleandoc(command.help or "")), 14)
        lines += ["", _heading(OPTIONS)]
        for param in self.get_params(ctx):
            lines += _option(param, {})
        lines += ["", _heading(later("Examples"))]
        for example, meaning in _EXAMPLES:
            lines += _row(f"  {example}", tr(meaning), _COLUMN + 4)
        more = tr("`jiaokan COMMAND --help` shows the options of a command.")
        return "\n".join([*lines, "", more])


def _of_subcommand(command: TyperCommand, ctx: Any) -> Iterator[str]:
    params: list[Any] = list(command.get_params(ctx))
    arguments = [param for param in params if param.param_type_name == "argument"]
    yield from _head(command, usage_of(ctx))
    if arguments:
        yield _heading(later("Arguments"))
        for param in arguments:
            yield from _row(f"  {_metavar(param)}", translated(param.help or ""))
        yield ""
    values = _values(command)
    for panel in (OPTIONS, SETTINGS):
        options = [
            param
            for param in params
            if param.param_type_name == "option"
            and not param.hidden
            and (getattr(param, "rich_help_panel", None) or OPTIONS) == panel
        ]
        if options:
            yield _heading(panel)
            for param in options:
                yield from _option(param, values)
            yield ""


def usage_of(ctx: Any) -> str:
    """How a subcommand is called."""
    arguments = (p for p in ctx.command.get_params(ctx) if p.param_type_name == "argument")
    parts = (_metavar(p) if p.required else f"[{_metavar(p)}]" for p in arguments)
    return " ".join([ctx.command_path, "[OPTIONS]", *parts])


def _head(command: Any, usage: str) -> Iterator[str]:
    yield tr("Usage: {usage}", usage=usage)
    yield ""
    yield from _wrapped(tr(inspect.cleandoc(command.help or "")), _width())
    yield ""


def _heading(title: str) -> str:
    return tr("{title}:", title=tr(title))


def _values(command: TyperCommand) -> dict[str, list[str]]:
    """The values of the parameters that have a choice of some."""
    assert command.callback is not None
    parameters = inspect.signature(command.callback).parameters.values()
    found = {}
    for parameter in parameters:
        waiting = [parameter.annotation]
        while waiting:
            kind = waiting.pop()
            if isinstance(kind, type) and issubclass(kind, Enum):
                found[parameter.name] = [str(each.value) for each in kind]
            waiting += get_args(kind)
    return found


def _option(param: Any, values: dict[str, list[str]]) -> list[str]:
    short = [name for name in param.opts if not name.startswith("--")]
    long = [name for name in param.opts if name.startswith("--")] + param.secondary_opts
    names = ", ".join(short + long)
    metavar = _metavar(param)
    left = f"  {names}" if short else f"      {names}"
    if not param.is_flag and metavar:
        left += f" {metavar}"
    text = tr("Show this help.") if "--help" in long else translated(param.help or "")
    notes = []
    if choices := values.get(param.name):
        notes.append(", ".join(choices))
    if isinstance(param.default, str | Path) and not isinstance(param.default, bool):
        default = param.default.value if isinstance(param.default, Enum) else param.default
        notes.append(tr("default: {value}", value=default))
    if param.envvar:
        notes.append(tr("environment: {name}", name=param.envvar))
    return _row(left, " ".join([text, *(f"[{note}]" for note in notes)]))


def _metavar(param: Any) -> str:
    return str(param.metavar or "")


def _row(left: str, text: str, column: int = _COLUMN) -> list[str]:
    lines = _wrapped(text, _width() - column)
    rest = [f"{'':{column}}{line}" for line in lines]
    if len(left) > column - 2:
        return [left, *rest]
    return [f"{left:{column}}{lines[0] if lines else ''}".rstrip(), *rest[1:]]


def _width() -> int:
    return max(50, min(WIDEST, shutil.get_terminal_size((80, 24)).columns))


def _wrapped(text: str, columns: int) -> list[str]:
    """Lines of this many columns at the most: Latin words stay whole, Chinese breaks anywhere but
    before the marks that no line begins with."""
    lines, line = [], ""
    for part in _parts(" ".join(text.split())):
        if line and width((line + part).rstrip()) > columns:
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
            part[-1] == " " or (is_wide and character not in _NO_LINE_BEGINS_WITH)
            or (width(part[-1]) > 1 and character not in " ,.;:)]" and not is_wide)
        ):  # fmt: skip
            yield part
            part = ""
        part += character
    if part:
        yield part
