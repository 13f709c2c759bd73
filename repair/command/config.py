"""`jiaokan config`: the settings that apply to a file, and where they come from."""

import json
from pathlib import Path

import click

from jiaokan.repair.command.errors import CLEAN, subcommand
from jiaokan.repair.command.help import argument, option
from jiaokan.repair.files import RunError, absolute
from jiaokan.repair.messages import tr
from jiaokan.repair.visible import visible


@subcommand
@argument(
    "path",
    metavar="PATH",
    required=False,
    default=Path(),
    type=click.Path(path_type=Path),
    help="A file or folder.",
)
@option("--keys", is_flag=True, help="Explain every key instead.")
def config(path: Path, *, keys: bool) -> int:
    """Print the settings that hold for a file, and why."""
    from jiaokan.repair.configuration import KEYS, Choices

    if keys:
        for key, about in KEYS.items():
            print(f"{key} = {_toml(about.default)}\n    {tr(about.docs)}\n")
        return CLEAN
    if not path.exists():
        raise RunError(f"{path}: there is no such file or folder")
    folder = absolute(path if path.is_dir() else path.parent)
    choices = Choices({})
    configuration = choices.configuration(folder)
    source = configuration.source
    none = tr("no configuration file: all is as built in")
    print(f"# {visible(str(source)) if source else none}")
    for key in KEYS:
        note = "" if key in configuration.values else f"  # {tr('built in')}"
        print(f"{key} = {_toml(configuration[key])}{note}")
    ignores = configuration.ignores_of(path)
    if ignores:
        said = tr("by per-path-ignores, this file also ignores: {rules}", rules=", ".join(ignores))
        print(f"# {said}")
    excluding = choices.key_that_excludes(path)
    if excluding:
        said = tr("by {key}, it is left out of the folder that it is in", key=excluding)
        print(f"# {said}")
    return CLEAN


def _toml(value: object) -> str:
    """A value as TOML has it; "unset" for none."""
    if value is None:
        return "unset"
    if isinstance(value, dict):
        rows = (f"{json.dumps(k, ensure_ascii=False)} = {_toml(v)}" for k, v in value.items())
        return "{" + ", ".join(rows) + "}"
    return json.dumps(value, ensure_ascii=False)
