"""The options that several subcommands share, and what they say together."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from jiaokan.repair.configuration import Choices
    from jiaokan.repair.corpus.record_file import RecogniseRecords

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="Files and folders; - is standard input.")
]


class Script(StrEnum):
    auto = "auto"
    keep = "keep"
    hans = "zh-Hans"
    hant = "zh-Hant"
    taiwan = "zh-Hant-TW"
    hongkong = "zh-Hant-HK"


class TextFormat(StrEnum):
    auto = "auto"
    text = "text"
    markdown = "markdown"
    code = "code"
    csv = "csv"
    subtitles = "subtitles"


ScriptOption = Annotated[
    Script | None,
    typer.Option("--script", help="Script of the text; auto, the default: each file in its own."),
]
FormatOption = Annotated[
    TextFormat | None, typer.Option("--text-format", help="What the lines of a text mean.")
]
Unsafe = Annotated[
    bool | None,
    typer.Option("--unsafe/--no-unsafe", help="Also make the changes that are likely, not sure."),
]
RegionalWords = Annotated[
    bool | None,
    typer.Option(
        "--regional-words/--no-regional-words",
        help="With a script, also the region's own words (软件 to 軟體).",
    ),
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", help="Only these rules or families (commas between).", metavar="RULE"),
]
ExtendSelect = Annotated[
    list[str] | None, typer.Option("--extend-select", help="These too.", metavar="RULE")
]
Ignore = Annotated[
    list[str] | None, typer.Option("--ignore", help="Not these rules or families.", metavar="RULE")
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="Leave out what matches, as in .gitignore.", metavar="PATTERN"),
]
RespectGitignore = Annotated[
    bool | None,
    typer.Option("--gitignore/--no-gitignore", help="Leave out what .gitignore leaves out."),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", help="This configuration file, for all inputs.", metavar="FILE"),
]
Column = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        help="The text of a record (JSON Lines, CSV, Parquet …); several may be given.",
        metavar="NAME",
    ),
]
IdColumn = Annotated[
    str | None, typer.Option("--id-column", help="What names a record.", metavar="NAME")
]
Workers = Annotated[
    int | None,
    typer.Option(help="Processes (default: all cores where there is much to do).", min=1),
]
Isolated = Annotated[bool, typer.Option("--isolated", help="No configuration file at all.")]


def names(values: list[str] | None) -> list[str] | None:
    """Rule names, given one at a time or with commas between."""
    if values is None:
        return None
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def choices_of(given: dict[str, Any]) -> "Choices":
    """What a subcommand's own arguments (its `locals()`) say.

    Raises ValueError, naming the valid ones, for a value or rule that there is not.
    """
    from jiaokan.repair.configuration import Choices

    script, text_format = given["script"], given["text_format"]
    return Choices(
        {
            "script": None if script is None else script.value,
            "format": None if text_format is None else text_format.value,
            "unsafe": given["unsafe"],
            "regional-words": given["regional_words"],
            "select": names(given["select"]),
            "extend-select": names(given["extend_select"]),
            "ignore": names(given["ignore"]),
            "extend-exclude": given["exclude"],
            "respect-gitignore": given["gitignore"],
        },
        config=given["config"],
        isolated=given["isolated"],
    )


def recognise_of(given: dict[str, Any]) -> "RecogniseRecords":
    """What tells files of records from plain text, by a subcommand's own arguments."""
    from jiaokan.repair.corpus.recognise import Columns
    from jiaokan.repair.corpus.record_file import RecogniseRecords

    return RecogniseRecords(Columns(tuple(given["column"] or ()) or None, given["id_column"]))


def is_stdin(paths: list[Path]) -> bool:
    """Whether standard input is asked for. Raises ValueError where files are asked for, too."""
    asked = [str(path) == "-" for path in paths]
    if any(asked) and len(paths) > 1:
        raise ValueError("- (standard input) cannot be given together with files")
    return any(asked)
