"""Settings from `[tool.jiaokan]` in pyproject.toml, or jiaokan.toml: the nearest file wins, whole."""

import difflib
import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from jiaokan.repair.files import Input, RunError, absolute, reason_of
from jiaokan.repair.files.ignored import GitIgnore, matcher
from jiaokan.validators.values import FORMATS, SCRIPTS

if TYPE_CHECKING:
    from jiaokan.repair.repairer import Repairer

FILES = ("jiaokan.toml", "pyproject.toml")
FAIL_ON = ("safe", "unsafe", "display", "never")


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the configuration."""

    default: Any
    kind: str
    """What its value is, in words, for the error message."""
    fits: Callable[[Any], bool]
    docs: str


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _is_table_of_names(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_names, value.values()))


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


KEYS: Mapping[str, Key] = {
    "script": Key("auto", "a string", _is_text, "The script the text shall be in: auto (each file in its own), keep, zh-Hans, zh-Hant, zh-Hant-TW, zh-Hant-HK, zh-Hant-CN."),
    "format": Key("auto", "a string", _is_text, "What the lines of a text mean: auto, text, markdown, code, csv, subtitles."),
    "unsafe": Key(False, "true or false", _is_bool, "Also make the changes that are likely but not sure."),
    "regional-words": Key(False, "true or false", _is_bool, "With a script, also replace words by the region's own."),
    "select": Key(None, "a list of rules or families", _is_names, "Only these rules or families."),
    "extend-select": Key([], "a list of rules or families", _is_names, "These rules or families too."),
    "ignore": Key([], "a list of rules or families", _is_names, "Not these rules or families."),
    "per-path-ignores": Key({}, "a table of patterns, each with a list of rules or families", _is_table_of_names, "Rules or families to ignore in files that match a pattern (as .gitignore writes them)."),
    "extend-exclude": Key([], "a list of patterns", _is_names, "Files and folders to leave out, as .gitignore writes them."),
    "respect-gitignore": Key(True, "true or false", _is_bool, "Leave out what .gitignore leaves out."),
    "fail-on": Key("display", "safe, unsafe, display or never", lambda v: v in FAIL_ON, "The least sure findings for which check exits with 1."),
    "baseline": Key(None, "a file name", _is_text, "A file of known findings that check leaves out (see jiaokan baseline)."),
}  # fmt: skip


@dataclass(frozen=True)
class Configuration:
    """What holds for files of one folder. `source` is the file that says so, if any."""

    source: Path | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key, KEYS[key].default)

    @property
    def folder(self) -> Path:
        """What its patterns and file names are relative to."""
        return self.source.parent if self.source else Path.cwd()

    @cached_property
    def excludes(self) -> Callable[[str], bool] | None:
        return matcher(self["extend-exclude"])

    @cached_property
    def path_ignores(self) -> Sequence[tuple[Callable[[str], bool], Sequence[str]]]:
        table = self["per-path-ignores"]
        return [(match, names) for p, names in table.items() if (match := matcher([p]))]

    def ignores_of(self, path: Path) -> tuple[str, ...]:
        """The rules that per-path-ignores name for a file."""
        relative = _relative(path, self.folder)
        if relative is None:
            return ()
        return tuple(
            name for match, names in self.path_ignores if match(relative) for name in names
        )


def read_configuration(path: Path) -> Configuration | None:
    """What a file says; None where it says nothing about jiaokan. Raises RunError."""
    try:
        text = path.read_text("utf-8-sig")
        table: Any = tomllib.loads(text)
    except OSError as error:
        raise RunError(f"{path}: {reason_of(error, path)}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RunError(f"{path}: not TOML ({error})") from error
    where = ""
    if path.name == "pyproject.toml":
        tools = table.get("tool", {})
        table = tools.get("jiaokan") if isinstance(tools, dict) else None
        where = " in [tool.jiaokan]"
        if table is None:
            return None
        if not isinstance(table, dict):
            raise RunError(f"{path}: [tool.jiaokan] must be a table of keys, not {table!r}")
    for key, value in table.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            name, valid = "".join(near), ", ".join(KEYS)
            hint = f"did you mean {name}?" if near else f"there are {valid}"
            if key == "tool":
                hint = "in this file the keys stand by themselves, without [tool.jiaokan]"
            raise RunError(f"{path}: unknown key {key!r}{where}; {hint}")
        if not KEYS[key].fits(value):
            raise RunError(f"{path}: {key}{where} must be {KEYS[key].kind}, not {value!r}")
    configuration = Configuration(absolute(path), table)
    try:
        for names in ((), *configuration["per-path-ignores"].values()):
            _check(_options(configuration, {}, names))
    except ValueError as error:
        raise RunError(f"{path}: {error}") from error
    return configuration


def _options(
    configuration: Configuration, given: Mapping[str, Any], ignores: Sequence[str]
) -> dict[str, Any]:
    """The options of a `Repairer`, by its names."""
    values = {key: given.get(key, configuration[key]) for key in KEYS}
    return {
        "script": values["script"],
        "format": values["format"],
        "unsafe": values["unsafe"],
        "regional_words": values["regional-words"],
        "select": values["select"],
        "extend_select": values["extend-select"],
        "ignore": (*values["ignore"], *ignores),
    }


def _check(options: Mapping[str, Any]) -> None:
    """Raises ValueError, naming the valid ones, for a value or rule that there is not."""
    names = (options["select"] or (), options["extend_select"], options["ignore"])
    if any(names) or options["script"] not in SCRIPTS or options["format"] not in FORMATS:
        _repairer(options)  # loads every rule, which takes longer than a check of a small file


def _repairer(options: Mapping[str, Any]) -> "Repairer":
    from jiaokan.repair.repairer import Repairer

    return Repairer(**options)


def _relative(path: Path, folder: Path) -> str | None:
    path = absolute(path)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else None


def _matches(
    match: Callable[[str], bool] | None, folder: Callable[[], Path], path: Path, is_folder: bool
) -> bool:
    """Whether a path is one that patterns of a folder name."""
    relative = _relative(path, folder()) if match else None
    return match is not None and relative is not None and match(relative + "/" * is_folder)


_Key: TypeAlias = tuple[Path | None, tuple[str, ...]]


class Choices:
    """What holds for each file: what was said on the command line, then its configuration."""

    def __init__(
        self, given: Mapping[str, Any], *, config: Path | None = None, isolated: bool = False
    ) -> None:
        """`given` are keys from the command line. `config` is one file for all; `isolated`: none.

        Raises ValueError for a value or rule that there is not, RunError for a bad file.
        """
        self.given = {key: value for key, value in given.items() if value is not None}
        self._one = Configuration() if isolated else None
        if config is not None:
            self._one = read_configuration(config) or Configuration(absolute(config))
        self._by_folder: dict[Path, Configuration] = {}
        self._keys: dict[str, _Key] = {}
        self._options: dict[_Key, dict[str, Any]] = {}
        self._repairers: dict[_Key, Repairer] = {}
        self._ignored = GitIgnore()
        self._excludes = matcher(self.given.pop("extend-exclude", ()))
        self.left_out = 0
        """How many files and folders were excluded."""
        _check(_options(self._one or Configuration(), self.given, ()))

    def configuration(self, folder: Path) -> Configuration:
        """What holds in a folder (absolute)."""
        if self._one is not None:
            return self._one
        found = self._by_folder.get(folder)
        if found is None:
            found = self._find(folder)
            self._by_folder[folder] = found
        return found

    def _find(self, folder: Path) -> Configuration:
        for name in FILES:
            path = folder / name
            if path.is_file():
                configuration = read_configuration(path)
                if configuration is not None:
                    return configuration
        return Configuration() if folder.parent == folder else self.configuration(folder.parent)

    def value(self, key: str, folder: Path) -> Any:
        return self.given.get(key, self.configuration(absolute(folder))[key])

    def repairer(self, item: Input) -> "Repairer":
        """The repairer for a file."""
        key = self._key(item)
        if key not in self._repairers:
            self._repairers[key] = _repairer(self._options[key])
        return self._repairers[key]

    def options(self, item: Input) -> Mapping[str, Any]:
        """The options of the repairer for a file, without loading what repairing takes."""
        return self._options[self._key(item)]

    def _key(self, item: Input) -> _Key:
        folder = os.path.dirname(item.path)  # noqa: PTH120 (the same for many files, and asked for each)
        key = self._keys.get(folder)
        if key is not None:
            return key
        configuration = self.configuration(absolute(item.path).parent)
        ignores = configuration.ignores_of(item.path) if configuration.path_ignores else ()
        key = (configuration.source, ignores)
        if not configuration.path_ignores:
            self._keys[folder] = key
        if key not in self._options:
            self._options[key] = _options(configuration, self.given, ignores)
        return key

    def not_excluded(self, paths: Sequence[Path]) -> list[Path]:
        """Of what is given by name, what would not be left out in a folder either."""
        kept = [path for path in paths if self.key_that_excludes(path) is None]
        self.left_out += len(paths) - len(kept)
        return kept

    def key_that_excludes(self, path: Path) -> str | None:
        """By which key a path would be left out in a folder, itself or a folder above it."""
        path = absolute(path)
        above = [(each, True) for each in reversed(path.parents) if each != each.parent]
        keys = (self._excluding(*each) for each in (*above, (path, path.is_dir())))
        return next(filter(None, keys), None)

    def given_by_name(self, paths: Sequence[Path]) -> None:
        """What is given by name is looked at, also where it would be left out in a folder."""
        for path in paths:
            self._ignored.enter(absolute(path))

    def excluded(self, path: Path, is_folder: bool) -> bool:
        """Whether something found in a folder (by its absolute path) is left out."""
        left_out = self._excluding(path, is_folder) is not None
        self.left_out += left_out
        return left_out

    def _excluding(self, path: Path, is_folder: bool) -> str | None:
        """The key by which a path is left out."""
        configuration = self.configuration(path.parent)
        if _matches(self._excludes, Path.cwd, path, is_folder) or _matches(
            configuration.excludes, lambda: configuration.folder, path, is_folder
        ):
            return "extend-exclude"
        respected = self.given.get("respect-gitignore", configuration["respect-gitignore"])
        ignored = respected and self._ignored.ignores(path, is_folder)
        return "respect-gitignore" if ignored else None

    def as_json(self, folder: Path) -> dict[str, Any]:
        """What holds in a folder, for the audit."""
        return {key: self.value(key, folder) for key in KEYS}
