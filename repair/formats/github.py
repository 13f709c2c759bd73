"""Annotations of GitHub Actions, as its workflow commands say."""

from collections.abc import Iterator

from jiaokan.repair.files import Refused
from jiaokan.repair.formats.problem import Problem, Totals, name_in_repository, on_host
from jiaokan.repair.formats.text import mend_of, summary_line
from jiaokan.repair.messages import tr, translated
from jiaokan.repair.visible import visible

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(items: Iterator[Problem | Refused], totals: Totals) -> Iterator[str]:
    for item in items:
        if isinstance(item, Refused):
            command = "error" if item.is_failure else "notice"
            yield f"::{command} file={_file(item.name)}::{_data(visible(translated(item.reason)))}\n"
            continue
        finding = item.finding
        where = on_host(item)
        message = where.message
        if finding.replacement is not None:
            said = message[:-1] if message.endswith((".", "。")) else message
            message = tr("{message}: {mend}", message=said, mend=mend_of(item))
        place = f"line={where.line}"
        place += f",col={where.column}" if where.column else ""
        place += f",endLine={where.end_line}"
        if where.end_column and where.end_line == where.line:
            place += f",endColumn={where.end_column}"
        yield (
            f"::{_COMMANDS[item.level]} file={_property(where.file)},{place},"
            f"title={_property(item.rule)}::{_data(visible(message))}\n"
        )
    yield summary_line(totals)


def _file(name: str) -> str:
    return _property(name_in_repository(name))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return visible(_data(text)).replace(":", "%3A").replace(",", "%2C")
