"""What is left out of a run is said so that a person can read it."""

import json
from pathlib import Path

import pytest

from tests.command import CLEAN, jiaokan

WITHOUT_TEXT = '{"id": 1, "content": "今天天氣很好。"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(20):
        (tmp_path / f"{number:02}.jsonl").write_text(WITHOUT_TEXT, "utf-8")
    (tmp_path / "other.jsonl").write_text('{"body": "好"}\n', "utf-8")
    (tmp_path / "a.txt").write_text(CLEAN, "utf-8")
    return tmp_path


@pytest.mark.parametrize("command", [("check",), ("diff",), ("baseline",), ("fix", "-o", "out")])
def test_files_without_the_column_are_not_named_one_by_one(
    folder: Path, command: tuple[str, ...]
) -> None:
    said = jiaokan(*command, ".", cwd=folder).err.splitlines()
    assert len(said) == 5, said
    assert [name for name in ("00", "01", "02", "03") if f"{name}.jsonl: " in "".join(said)] == [
        "00", "01", "02",
    ]  # fmt: skip
    assert "17 more, for the same reason as 02.jsonl" in said[-1]
    assert any("other.jsonl" in line and line.endswith("--column: body") for line in said)


def test_all_of_them_are_in_the_record_and_in_json(folder: Path) -> None:
    jiaokan("fix", ".", "-o", "out", cwd=folder)
    rows = (folder / "out/_audit/rejected.jsonl").read_text("utf-8").splitlines()
    assert len(rows) == 21
    value = json.loads(
        jiaokan("check", ".", "--exclude", "out", "--format", "json", cwd=folder).out
    )
    assert len(value["not_checked"]) == 21


def test_a_line_in_another_encoding_than_the_others_is_left_out(tmp_path: Path) -> None:
    row = '{"id": 1, "text": "今天天气很好，我们去公园散步。"}\n'
    (tmp_path / "part.jsonl").write_bytes(row.encode() + row.encode("gb18030"))
    out = jiaokan("fix", ".", "-o", "out", cwd=tmp_path)
    assert out.code == 0 and "1 of 2 records could not be read" in out.err
