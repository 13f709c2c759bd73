"""Every command that the pages of docs/ show is run, and says what is shown there."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from jiaokan.repair.configuration import KEYS
from tests.command import jiaokan

DOCS = Path(__file__).parent.parent / "docs"
pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="the docs are not in the sdist")


PAGES = sorted(path.name for path in DOCS.glob("*.md") if "```console" in path.read_text("utf-8"))


def shown_commands(name: str = "command.md") -> list[tuple[str, list[str], int]]:
    """Each command of the page, the lines of its output that are shown, and its exit code."""
    page = (DOCS / name).read_text("utf-8")
    commands = []
    for block in re.findall(r"^```console\n(.*?)^```", page, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *output = part.rstrip("\n").split("\n")
            code = 0
            if output and (match := re.fullmatch(r"\[exit (\d)\]", output[-1])):
                code = int(match[1])
                output.pop()
            commands.append((command, output, code))
    return commands


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page(page: str, tmp_path: Path) -> None:
    commands = shown_commands(page)
    assert len(commands) > 5
    for command, shown, expected in commands:
        if command.startswith("jiaokan "):
            rest, _, target = command.partition(" > ")
            rest, _, source = rest.partition(" < ")
            stdin = (tmp_path / source).read_bytes() if source else b""
            done = jiaokan(*shlex.split(rest)[1:], stdin=stdin, cwd=tmp_path)
            code, out = done.code, done.out
            assert code == expected, (command, done.err)
            if target:
                (tmp_path / target).write_text(out, "utf-8")
        else:
            shell = subprocess.run(
                ["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False
            )
            code, out = shell.returncode, shell.stdout.decode("utf-8")
            assert code == expected, (command, shell.stderr)
        lines = out.splitlines()
        at = 0
        for line in shown:
            if line != "...":
                assert line in lines[at:], (command, line, out)
                at = lines.index(line, at) + 1


def test_the_page_shows_every_subcommand_and_option() -> None:
    page = (DOCS / "command.md").read_text("utf-8")
    shown = {command.split()[1] for command, *_ in shown_commands() if command.startswith("jiao")}
    listed = re.findall(
        r"^  ([a-z]+)  ", jiaokan("--help").out.partition("Commands:")[2], re.MULTILINE
    )
    assert shown == set(listed) and len(listed) >= 8
    for subcommand in ("fix", "check", "undo", "diff", "baseline"):
        for option in re.findall(
            r"^\s+(?:-\w, )?(--[a-z-]+)", jiaokan(subcommand, "--help").out, re.MULTILINE
        ):
            if option not in ("--help", "--quiet", "--output"):
                assert option in page, (subcommand, option)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_documented(key: str) -> None:
    assert f"| `{key}` |" in (DOCS / "configuration.md").read_text("utf-8")
