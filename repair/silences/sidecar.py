"""Silences of files that have no comments: `jiaokan-silences.toml`, the nearest one upwards.

Each silence is a table:

    [[silence]]
    file = "tables/names.csv"        # relative to the folder of jiaokan-silences.toml
    rule = "glosses/leaked-pinyin"   # a rule, a family, or "all"
    line = "企業(yè)家"               # only on lines in which this stands (optional)
    text = "(yè)"                    # only where this is what stands there (optional)
    left = "協會、企業"                # only where this stands right before it (optional)
    reason = "a lesson"              # for people (optional)

Patterns of files are for `per-path-ignores` of the configuration; a silence is of one file.
"""

import difflib
import os
import tomllib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from jiaokan.repair.edits import apply_edits
from jiaokan.repair.files import Input, Refused, RunError, reason_of
from jiaokan.repair.silences import BREAK, UnusedSilence
from jiaokan.validators.values import Finding, Repaired

NAME = "jiaokan-silences.toml"
_KEYS = frozenset({"file", "rule", "line", "text", "left", "reason"})


_strays: list[tuple[Path, str]] = []


@dataclass(frozen=True, slots=True)
class Silence:
    """What is left alone in one file."""

    rule: str
    line: str | None = None
    text: str | None = None
    left: str | None = None

    def is_of(self, rule: str) -> bool:
        return self.rule in ("all", rule, rule.partition("/")[0])

    @property
    def unused(self) -> UnusedSilence:
        """Where it stands, for whoever is told that it is of no use."""
        only = " ".join(f"{key} = {value!r}" for key, value in self._only())
        return UnusedSilence(0, f"{self.rule} in {NAME}{only and f' ({only})'}")

    def _only(self) -> Iterator[tuple[str, str]]:
        if self.line is not None:
            yield "line", self.line
        if self.text is not None:
            yield "text", self.text
        if self.left is not None:
            yield "left", self.left


def silences_for(path: Path) -> tuple[Silence, ...]:
    """The silences of a file. Raises RunError where the nearest `jiaokan-silences.toml` is wrong.

    What was read is remembered until `forget`.
    """
    at = os.path.abspath(path)  # noqa: PTH100
    found = _nearest(os.path.dirname(at))  # noqa: PTH120
    if found is None:
        return ()
    root, files = found
    return files.get(at.removeprefix(root).replace(os.sep, "/"), ())


def silences_as_json(inputs: Iterable[Input | Refused]) -> Any:
    """The silences of all these files, for a hash of what decides the answers."""
    found = ((item.name, silences_for(item.path)) for item in inputs if isinstance(item, Input))
    return {
        name: [[s.rule, s.line, s.text, s.left] for s in silences]
        for name, silences in found
        if silences
    }


def forget() -> None:
    """Read the files anew when they are next asked for."""
    _nearest.cache_clear()
    _strays.clear()


def strays() -> list[tuple[Path, str]]:
    """Of the files of silences that were read, those with a silence for a file that is not there,
    and that file."""
    return list(_strays)


def silence(
    repaired: Repaired, silences: tuple[Silence, ...]
) -> tuple[Repaired, tuple[Silence, ...]]:
    """The result without what the silences of its file leave alone, and those without use."""
    if not silences:
        return repaired, ()
    text = repaired.document.text
    starts = [0, *(match.end() for match in BREAK.finditer(text)), len(text) + 1]
    used: set[Silence] = set()

    @cache  # a line may be a whole book, with a finding every few words
    def says(number: int, words: str) -> bool:
        return words.strip() in text[starts[number - 1] : starts[number]]

    def is_silenced(rules: tuple[str, ...], start: int, end: int) -> bool:
        first, last = bisect_right(starts, start), bisect_right(starts, max(start, end - 1))
        lines = range(first, last + 1)
        what = {text[start:end], text[start:end].strip()}
        covering = [
            each
            for each in silences
            if any(map(each.is_of, rules))
            and (each.line is None or any(says(number, each.line) for number in lines))
            and (each.text is None or each.text in what)
            and (each.left is None or text.endswith(each.left, 0, start))
        ]
        used.update(covering)
        return bool(covering)

    silenced = [f for f in repaired.findings if is_silenced((f.rule,), f.start, f.end)]
    by_rule: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in silenced:
        by_rule[finding.rule].append(finding)
    spans = {rule: _Spans(of_rule) for rule, of_rule in by_rule.items()}

    def is_of_silenced(rules: tuple[str, ...], start: int, end: int) -> bool:
        return any(spans[rule].meet(start, max(end, start + 1)) for rule in rules if rule in spans)

    edits = tuple(
        edit
        for edit in repaired.edits
        if not is_of_silenced((edit.rule, *edit.also), edit.start, edit.end)
        and not is_silenced((edit.rule, *edit.also), edit.start, edit.end)
    )
    gone = set(map(id, silenced))
    heard = replace(repaired, findings=tuple(f for f in repaired.findings if id(f) not in gone))
    if len(edits) < len(repaired.edits):
        heard = replace(heard, text=apply_edits(text, edits), edits=edits)
    return heard, tuple(each for each in silences if each not in used)


class _Spans:
    """Where findings are; an empty one is as long as a character."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        spans = sorted((each.start, max(each.end, each.start + 1)) for each in findings)
        self._starts = [start for start, _ in spans]
        self._reached = list(accumulate((end for _, end in spans), max))

    def meet(self, start: int, end: int) -> bool:
        """Whether one of them has a part of what is between these."""
        begun = bisect_left(self._starts, end)
        return begun > 0 and self._reached[begun - 1] > start


@cache
def _nearest(folder: str) -> tuple[str, dict[str, tuple[Silence, ...]]] | None:
    path = Path(folder) / NAME
    if path.is_file():
        return os.path.join(folder, ""), _read(path)  # noqa: PTH118
    above = os.path.dirname(folder)  # noqa: PTH120
    return None if above == folder else _nearest(above)


def _read(path: Path) -> dict[str, tuple[Silence, ...]]:
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise RunError(f"{path}: {reason_of(error, path)}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RunError(f"{path}: not TOML ({error})") from error
    rows = table.pop("silence", [])
    if table or not isinstance(rows, list):
        raise RunError(f"{path}: it holds [[silence]] tables and nothing else")
    files: dict[str, tuple[Silence, ...]] = {}
    for row in rows:
        silence = _silence(path, row)
        files[row["file"]] = (*files.get(row["file"], ()), silence)
    _strays.extend((path, name) for name in files if not (path.parent / name).exists())
    return files


def _silence(path: Path, row: Any) -> Silence:
    from jiaokan.validators.families import FAMILIES, rules_by_id, unknown_name

    unknown = sorted(set(row) - _KEYS) if isinstance(row, dict) else []
    if unknown:
        near = difflib.get_close_matches(unknown[0], _KEYS, 1)
        name, valid = "".join(near), ", ".join(sorted(_KEYS))
        hint = f"did you mean {name}?" if near else f"there are {valid}"
        raise RunError(f"{path}: unknown key {unknown[0]!r}; {hint}")
    if not isinstance(row, dict) or not {"file", "rule"} <= set(row):
        raise RunError(f"{path}: each [[silence]] says a file and a rule")
    if not all(isinstance(value, str) for value in row.values()):
        raise RunError(f"{path}: the keys of a [[silence]] are strings")
    if row["rule"] not in ("all", *FAMILIES) and row["rule"] not in rules_by_id():
        raise RunError(f"{path}: {unknown_name(row['rule'])}")
    return Silence(row["rule"], row.get("line"), row.get("text"), row.get("left"))
