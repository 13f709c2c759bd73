"""The options that several subcommands share, and what they say together."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from jiaokan.repair.addresses import path_or_address
from jiaokan.repair.command.help import SETTINGS

if TYPE_CHECKING:
    from jiaokan.repair.configuration import Choices
    from jiaokan.repair.corpus.record_file import RecogniseRecords

Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH…",
        help="Files, folders, addresses (s3://…), @FILE for a list of them; - is standard input.",
        parser=path_or_address,
    ),
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


Workers = Annotated[
    int | None,
    typer.Option(
        help="Processes (default: all cores where there is much to do).", metavar="N", min=1
    ),
]


_setting = functools.partial(typer.Option, rich_help_panel=SETTINGS)


@dataclass(frozen=True, kw_only=True)
class Given:
    """The options that say what is looked at, and how. A subcommand takes them as `given`."""

    script: Annotated[
        Script | None,
        _setting(
            metavar="SCRIPT", help="Script of the text; auto, the default: each file in its own."
        ),
    ] = None
    text_format: Annotated[
        TextFormat | None,
        _setting(metavar="FORMAT", help="What the lines of a text mean (default: auto)."),
    ] = None
    unsafe: Annotated[
        bool | None,
        _setting("--unsafe/--no-unsafe", help="Also make the changes that are likely, not sure."),
    ] = None
    regional_words: Annotated[
        bool | None,
        _setting(
            "--regional-words/--no-regional-words",
            help="With a script, also the region's own words (软件 to 軟體).",
        ),
    ] = None
    select: Annotated[
        list[str] | None,
        _setting(
            help="Only these rules or families, commas between. An unsafe rule is made only if "
            "named by its id; of families, only debris is made as a whole.",
            metavar="RULE",
        ),
    ] = None
    extend_select: Annotated[
        list[str] | None,
        _setting(help="These rules or families too; unsafe ones as above.", metavar="RULE"),
    ] = None
    ignore: Annotated[
        list[str] | None, _setting(help="Not these rules or families.", metavar="RULE")
    ] = None
    exclude: Annotated[
        list[str] | None,
        _setting(help="Leave out what matches, as in .gitignore.", metavar="PATTERN"),
    ] = None
    gitignore: Annotated[
        bool | None,
        _setting("--gitignore/--no-gitignore", help="Leave out what .gitignore leaves out."),
    ] = None
    column: Annotated[
        list[str] | None,
        _setting(
            help="The text of a record (JSON Lines, CSV, Parquet …); several may be given.",
            metavar="NAME",
        ),
    ] = None
    id_column: Annotated[str | None, _setting(help="What names a record.", metavar="NAME")] = None
    config: Annotated[
        Path | None,
        _setting(help="This configuration file, for all inputs.", metavar="FILE"),
    ] = None
    isolated: Annotated[bool, _setting("--isolated", help="No configuration file at all.")] = False

    def choices(self) -> "Choices":
        """The settings. Raises ValueError, naming the valid ones, for a rule that there is not."""
        from jiaokan.repair.configuration import Choices

        return Choices(
            {
                "script": None if self.script is None else self.script.value,
                "format": None if self.text_format is None else self.text_format.value,
                "unsafe": self.unsafe,
                "regional-words": self.regional_words,
                "select": names(self.select),
                "extend-select": names(self.extend_select),
                "ignore": names(self.ignore),
                "extend-exclude": self.exclude,
                "respect-gitignore": self.gitignore,
            },
            config=self.config,
            isolated=self.isolated,
        )

    def recognise(self) -> "RecogniseRecords":
        """What tells files of records from plain text."""
        from jiaokan.repair.corpus.recognise import Columns
        from jiaokan.repair.corpus.record_file import RecogniseRecords

        return RecogniseRecords(Columns(tuple(self.column or ()) or None, self.id_column))


def with_given(command: Callable[..., int]) -> Callable[..., int]:
    """A subcommand whose parameter `given` (a `Given`) stands as the options that it is made of."""
    signature = inspect.signature(command, eval_str=True)
    taken = signature.parameters.get("given")
    if taken is None:
        return command
    given: type[Given] = taken.annotation
    hints = get_type_hints(given, include_extras=True)
    shared = [field.name for field in fields(given)]

    @functools.wraps(command)
    def run(**values: Any) -> int:
        return command(given=given(**{name: values.pop(name) for name in shared}), **values)

    parameters = list(signature.parameters.values())
    at = parameters.index(taken)
    parameters[at : at + 1] = [
        taken.replace(name=field.name, annotation=hints[field.name], default=field.default)
        for field in fields(given)
    ]
    named = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]
    # typer reads the signature, with the types as written
    run.__signature__ = signature.replace(parameters=named)  # type: ignore[attr-defined]
    return run


def names(values: list[str] | None) -> list[str] | None:
    """Rule names, given one at a time or with commas between."""
    if values is None:
        return None
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def is_stdin(paths: list[Path]) -> bool:
    """Whether standard input is asked for. Raises ValueError where files are asked for, too."""
    asked = [str(path) == "-" for path in paths]
    if any(asked) and len(paths) > 1:
        raise ValueError("- (standard input) cannot be given together with files")
    return any(asked)
