"""`jiaokan config`: what holds for a file, and which file says so."""

import json
from pathlib import Path
from typing import Annotated

import typer

from jiaokan.repair.command.errors import CLEAN
from jiaokan.repair.files import absolute
from jiaokan.repair.visible import visible


def config(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file or folder.")] = Path(),
    keys: Annotated[bool, typer.Option("--keys", help="Explain every key instead.")] = False,
) -> int:
    """Print the settings that hold for a file, and why."""
    from jiaokan.repair.configuration import KEYS, Choices

    if keys:
        for key, about in KEYS.items():
            print(f"{key} = {_toml(about.default)}\n    {about.docs}\n")
        return CLEAN
    folder = absolute(path if path.is_dir() else path.parent)
    choices = Choices({})
    configuration = choices.configuration(folder)
    source = configuration.source
    print(f"# {visible(str(source)) if source else 'no configuration file: all is as built in'}")
    for key in KEYS:
        why = "" if key in configuration.values else "  # built in"
        print(f"{key} = {_toml(configuration[key])}{why}")
    ignores = configuration.ignores_of(path)
    if ignores:
        print(f"# by per-path-ignores, this file also ignores: {', '.join(ignores)}")
    return CLEAN


def _toml(value: object) -> str:
    """A value as TOML has it; "unset" for none."""
    if value is None:
        return "unset"
    if isinstance(value, dict):
        rows = (f"{json.dumps(k, ensure_ascii=False)} = {_toml(v)}" for k, v in value.items())
        return "{" + ", ".join(rows) + "}"
    return json.dumps(value, ensure_ascii=False)
