"""Comments that silence findings of `jiaokan check`, and what is said of those that silence nothing."""

import json
from pathlib import Path

import pytest

from tests.command import CLEAN, DAMAGED, jiaokan


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("# jiaokan: disable-next-line glosses/leaked-pinyin", 2),
        ("<!-- jiaokan: disable-next-line glosses -->", 2),
        ("// jiaokan: disable-next-line punctuation/ascii-comma, glosses/leaked-pinyin", 2),
        ("% jiaokan: disable-next-line", 2),
        ("; jiaokan: disable-file glosses", 0),
        ("# jiaokan: disable-next-line punctuation", 4),
        ("# jiaokan: disable-next-lines glosses", 4),
        ("<!-- jiaokan：disable-file glosses，punctuation -->", 0),
        ("Say `jiaokan: disable-file glosses` in a comment.", 4),
        ('"jiaokan: disable-next-line"', 4),
    ],
)
def test_silences(tmp_path: Path, comment: str, left: int) -> None:
    (tmp_path / "a.txt").write_text(f"{comment}\n{DAMAGED}", "utf-8")
    done = jiaokan("check", "a.txt", "--format", "json", "--ignore", "lines", cwd=tmp_path)
    assert json.loads(done.out)["summary"]["findings"] == left
    assert ("unused silence of punctuation" in done.err) is ("punctuation" in comment)


@pytest.mark.parametrize("options", [("--ignore", "glosses"), ("--select", "encoding")])
def test_a_silence_of_what_is_not_looked_for_is_not_called_useless(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    text = f"# jiaokan: disable-file glosses\n# jiaokan: disable-line\n{CLEAN}"
    (tmp_path / "a.txt").write_text(text, "utf-8")
    assert jiaokan("check", "a.txt", *options, cwd=tmp_path).err == ""
    said = jiaokan("check", "a.txt", cwd=tmp_path).err
    assert "unused silence of glosses" in said and "unused silence of all" in said


def test_a_misspelt_silence_is_said(tmp_path: Path) -> None:
    text = f"# jiaokan: disable glosses\n# jiaokan: disable-nextline\n`jiaokan: disable`\n{DAMAGED}"
    (tmp_path / "a.txt").write_text(text, "utf-8")
    done = jiaokan("check", "a.txt", cwd=tmp_path)
    assert done.code == 1
    assert done.err.splitlines() == [
        f"jiaokan: a.txt:{line}: {word} silences nothing; there are disable-next-line,"
        " disable-line, disable-file"
        for line, word in ((1, "disable"), (2, "disable-nextline"))
    ]


def test_a_silence_of_one_line_silences_no_other() -> None:
    text = "a: 企業(yè)家  # jiaokan: disable-line glosses/leaked-pinyin\nc: 企業(yè)家\n"
    done = jiaokan("check", "-", stdin=text.encode())
    assert done.code == 1 and "<stdin>:2:6" in done.out and "<stdin>:1:" not in done.out


def test_a_silence_of_a_rule_that_there_is_not_says_so() -> None:
    text = "# jiaokan: disable-next-line glosses/leaked-pinyn\n企業(yè)家協(xié)會\n"
    done = jiaokan("check", "-", stdin=text.encode())
    assert done.code == 1 and "did you mean glosses/leaked-pinyin?" in done.err
    assert "<stdin>:1: " in done.err


def test_a_silence_is_no_damage_itself() -> None:
    """Rules that would take the comment away (it is HTML) leave it."""
    text = "<!-- jiaokan: disable-next-line glosses -->\n天氣很好。\n"
    assert jiaokan("check", "-", "--extend-select", "characters", stdin=text.encode()).code == 0
    done = jiaokan("fix", "-", "--unsafe", "--extend-select", "characters", stdin=text.encode())
    assert done.out == text


def test_a_silence_on_a_line_of_its_own_leaves_what_the_line_before_ends_with() -> None:
    text = "天氣很好。\r\n# jiaokan: disable-next-line glosses\n今天企業(yè)家來了。\n"
    done = jiaokan("check", "-", "--format", "json", stdin=text.encode())
    found = [(each["rule"], each["line"]) for each in json.loads(done.out)["findings"]]
    assert found == [("lines/mixed-endings", 1)]


def test_a_silence_of_its_own_line(tmp_path: Path) -> None:
    first, second = DAMAGED.splitlines()
    text = f"{first} <!-- jiaokan: disable-line glosses -->\n{second}\n"
    (tmp_path / "a.md").write_text(text, "utf-8")
    done = jiaokan("check", "a.md", "--format", "json", "--select", "glosses", cwd=tmp_path)
    assert {finding["line"] for finding in json.loads(done.out)["findings"]} == {2}
