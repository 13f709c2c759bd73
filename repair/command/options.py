"""The options that several subcommands share."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from jiaokan.repair.repairer import Repairer

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH…", help="Files and folders; - is standard input.")
]
Script = StrEnum(
    "Script",
    {s: s for s in ("auto", "keep", "zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK")},
)
TextFormat = StrEnum(
    "TextFormat", {f: f for f in ("auto", "text", "markdown", "code", "csv", "subtitles")}
)
ScriptOption = Annotated[
    Script,
    typer.Option("--script", help="The script the text shall be in; auto: each file in its own."),
]
FormatOption = Annotated[TextFormat, typer.Option("--text-format", help="What the lines mean.")]
Unsafe = Annotated[
    bool, typer.Option("--unsafe", help="Also make the changes that are likely but not sure.")
]
RegionalWords = Annotated[
    bool, typer.Option("--regional-words", help="Also the region's own words (软件 to 軟體).")
]
Select = Annotated[
    list[str], typer.Option("--select", help="Only these rules or families.", metavar="RULE")
]
ExtendSelect = Annotated[
    list[str], typer.Option("--extend-select", help="These rules too.", metavar="RULE")
]
Ignore = Annotated[list[str], typer.Option("--ignore", help="Not these rules.", metavar="RULE")]


def names(values: list[str]) -> list[str]:
    """Rule names, given one at a time or with commas between."""
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def repairer_of(
    script: str,
    text_format: str,
    unsafe: bool,
    regional_words: bool,
    select: list[str],
    extend_select: list[str],
    ignore: list[str],
) -> "Repairer":
    """The repairer that these options describe. Raises ValueError, naming the valid values."""
    from jiaokan.repair.repairer import Repairer

    return Repairer(
        script=str(script),  # type: ignore[arg-type]
        format=str(text_format),  # type: ignore[arg-type]
        unsafe=unsafe,
        regional_words=regional_words,
        select=names(select) or None,
        extend_select=names(extend_select),
        ignore=names(ignore),
    )
