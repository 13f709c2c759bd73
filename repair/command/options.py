"""The options that several subcommands share, and the settings that they add up to."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from jiaokan.repair.command.help import SETTINGS, argument, option
from jiaokan.repair.files.addresses import path_or_address
from jiaokan.validators.values import FORMATS, SCRIPTS, SCRIPTS_OF_REGIONS

if TYPE_CHECKING:
    from jiaokan.repair.configuration import Choices
    from jiaokan.repair.corpus.record_file import RecogniseRecords

Command = Callable[..., int]

paths = argument(
    "paths",
    metavar="PATH…",
    nargs=-1,
    required=True,
    type=path_or_address,
    help="Files, folders, patterns ('raw/**/*.txt'), addresses (s3://…), @FILE for a list of them; - is standard input.",
)
out = argument(
    "out", metavar="OUT", type=path_or_address, help="What fix wrote into, or repaired in place."
)
workers = option(
    "--workers",
    metavar="N",
    type=click.IntRange(min=1),
    help="Processes (default: all cores where there is much to do).",
)


def cache(command: Command) -> Command:
    """A subcommand that remembers what it found. Its parameter `remembered` is the folder for it;
    None: it is to remember nothing."""

    @option("--no-cache", is_flag=True, help="Check all anew, and remember nothing.")
    @option(
        "--cache-dir",
        metavar="DIR",
        envvar="JIAOKAN_CACHE_DIR",
        type=click.Path(path_type=Path),
        help="Where it is remembered what was found (default: the user's cache folder).",
    )
    @functools.wraps(command)
    def run(*, no_cache: bool, cache_dir: Path | None, **values: Any) -> int:
        from jiaokan.repair.checking.cache import default_folder

        return command(remembered=None if no_cache else cache_dir or default_folder(), **values)

    return run


_setting = functools.partial(option, panel=SETTINGS)
_text_format = functools.partial(
    _setting,
    metavar="FORMAT",
    type=click.Choice(FORMATS),
    help="What the lines of a text mean (default: auto).",
)
_SETTINGS = (
    _setting(
        "--unsafe/--no-unsafe",
        default=None,
        help="Also make the changes that are likely, not sure.",
    ),
    _setting(
        "--regional-words/--no-regional-words",
        default=None,
        help="With a script, also the region's own words (软件 to 軟體).",
    ),
    _setting(
        "--select",
        metavar="RULE",
        multiple=True,
        help="Only these rules or families, commas between. An unsafe rule is made only if "
        "named by its id; of families, only debris is made as a whole.",
    ),
    _setting(
        "--extend-select",
        metavar="RULE",
        multiple=True,
        help="These rules or families too; unsafe ones as above.",
    ),
    _setting("--ignore", metavar="RULE", multiple=True, help="Not these rules or families."),
    _setting(
        "--exclude",
        metavar="PATTERN",
        multiple=True,
        help="Leave out what matches, as in .gitignore.",
    ),
    _setting(
        "--force-exclude",
        is_flag=True,
        help="Leave it out also where it is given by name, as hooks do.",
    ),
    _setting(
        "--gitignore/--no-gitignore", default=None, help="Leave out what .gitignore leaves out."
    ),
    _setting(
        "--column",
        metavar="NAME",
        multiple=True,
        help="The text of a record (JSON, CSV, Parquet …), or a path to it, such as"
        " messages[].content; several may be given.",
    ),
    _setting("--id-column", metavar="NAME", help="What names a record."),
    _setting(
        "--config",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="This configuration file, for all inputs.",
    ),
    _setting(
        "--stdin-filename",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="The name of what comes on standard input; what holds for it holds for that file.",
    ),
    _setting("--isolated", is_flag=True, help="No configuration file at all."),
)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the options say of what is looked at, and how. A subcommand takes it as `given`."""

    script: str | None
    text_format: str | None
    unsafe: bool | None
    regional_words: bool | None
    select: Sequence[str]
    extend_select: Sequence[str]
    ignore: Sequence[str]
    exclude: Sequence[str]
    force_exclude: bool
    gitignore: bool | None
    column: Sequence[str]
    id_column: str | None
    config: Path | None
    stdin_filename: Path | None
    isolated: bool

    def choices(self) -> "Choices":
        """The settings. Raises ValueError, naming the valid ones, for a rule that there is not."""
        from jiaokan.repair.configuration import Choices

        return Choices(
            {
                "script": self.script,
                "format": self.text_format,
                "unsafe": self.unsafe,
                "regional-words": self.regional_words,
                "select": names(self.select),
                "extend-select": names(self.extend_select),
                "ignore": names(self.ignore),
                "extend-exclude": list(self.exclude) or None,
                "respect-gitignore": self.gitignore,
            },
            config=self.config,
            isolated=self.isolated,
        )

    def inputs(self, paths: Sequence[Path], choices: "Choices") -> list[Path]:
        """What the paths stand for: those of lists and patterns, too, and not what is excluded by force."""
        from jiaokan.repair.files.lists import expanded

        found = expanded(paths)
        if self.force_exclude:
            found = choices.not_excluded(found)
        choices.given_by_name(found)
        return found

    def recognise(self) -> "RecogniseRecords":
        """What tells files of records from plain text."""
        from jiaokan.repair.corpus.recognise import Columns
        from jiaokan.repair.corpus.record_file import RecogniseRecords

        return RecogniseRecords(Columns(tuple(self.column) or None, self.id_column))


class _Script(click.Choice):  # type: ignore[type-arg]  # generic from click 8.2 on
    """A script, in whichever case it is given: what it may be is told as BCP 47 writes it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        written = {script.lower(): script for script in SCRIPTS}
        meant = SCRIPTS_OF_REGIONS.get(str(value).lower().replace("_", "-"))
        if meant is not None:
            raise click.UsageError(f"--script={value!r} is not known; did you mean {meant}?", ctx)
        return super().convert(written.get(str(value).lower(), value), param, ctx)


def given(*text_format: str) -> Callable[[Command], Command]:
    """A subcommand whose parameter `given` stands as the options that it is made of.
    `text_format`: what that option is called, too."""

    def take(command: Command) -> Command:
        @functools.wraps(command)
        def run(**values: Any) -> int:
            shared = {field.name: values.pop(field.name) for field in fields(Given)}
            return command(given=Given(**shared), **values)

        settings = (
            _setting(
                "--script",
                metavar="SCRIPT",
                type=_Script(SCRIPTS),
                help="Script of the text; auto, the default: each file in its own.",
            ),
            _text_format(*text_format, "--text-format", "text_format"),
            *_SETTINGS,
        )
        for setting in reversed(settings):
            setting(run)
        return run

    return take


def names(values: Sequence[str]) -> list[str] | None:
    """Rule names, given one at a time or with commas between; None where there are none."""
    if not values:
        return None
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def settings_again() -> list[str]:
    """The settings that the command line has, as words of a command that is to have them, too."""
    context = click.get_current_context()
    words: list[str] = []
    for param in context.command.params:
        source = context.get_parameter_source(param.name or "")
        if getattr(param, "panel", None) != SETTINGS or source is not ParameterSource.COMMANDLINE:
            continue
        value = context.params[param.name or ""]
        if isinstance(value, bool):
            words.append(param.opts[0] if value else param.secondary_opts[0])
        else:
            each = value if isinstance(value, tuple) else (value,)
            words += (word for one in each for word in (param.opts[0], str(one)))
    return words


def is_stdin(paths: Sequence[Path]) -> bool:
    """Whether standard input is asked for. Raises ValueError where files are asked for, too."""
    asked = [str(path) == "-" for path in paths]
    if any(asked) and len(paths) > 1:
        raise ValueError("- (standard input) cannot be given together with files")
    return any(asked)
