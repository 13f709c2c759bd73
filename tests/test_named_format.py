"""What a file's name says of its lines, where they are too few to show it themselves."""

import gzip
from pathlib import Path

import pytest

from jiaokan.repair.named_format import for_text_of
from jiaokan.repair.repairer import Repairer
from tests.command import jiaokan

KEPT = {
    "hello.py": 'print("你好,世界")\n',
    "a.po": 'msgid "a"\nmsgstr "你好,世界"\n',
    "rows.csv": "1,今天天氣很好。\n2,我們去公園散步。\n",
    "rows.CSV": "1;今天天氣很好。\n",
    "rows.tsv": "甲,乙\t今天天氣很好,我們去公園。\n",
}


@pytest.mark.parametrize(("name", "text"), KEPT.items())
def test_marks_that_part_cells_and_strings_stay(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "plain.txt").write_text("今天天氣很好,我們去公園散步。\n", "utf-8")
    assert jiaokan("fix", ".", "-o", "out", cwd=tmp_path).code == 0
    assert (tmp_path / "out" / name).read_text("utf-8") == text
    assert gzip.decompress((tmp_path / "out" / f"{name}.gz").read_bytes()).decode() == text
    assert "很好，我們" in (tmp_path / "out" / "plain.txt").read_text("utf-8")
    out = jiaokan("fix", "-", "--stdin-filename", name, stdin=text.encode(), cwd=tmp_path)
    assert out.out == text
    assert jiaokan("check", name, cwd=tmp_path).code == 0


def test_what_was_said_goes_before_the_name() -> None:
    said = Repairer(format="text")
    assert for_text_of(said, "a.csv") is said
    assert for_text_of(Repairer(), "a.csv.zst").format == "csv"
    assert for_text_of(Repairer(), "a.txt") == Repairer()


def test_cells_of_records_are_no_tables(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,text\n1,"今天天氣很好,我們去公園。發(fā)展"\n', "utf-8")
    assert jiaokan("fix", ".", "-o", "out", "--column", "text", cwd=tmp_path).code == 0
    assert (tmp_path / "out/a.csv").read_text(
        "utf-8"
    ) == "id,text\n1,今天天氣很好，我們去公園。發展\n"


def test_a_long_text_has_the_format_of_its_name(tmp_path: Path) -> None:
    text = "1,今天天氣很好。\n2,我們去公園散步。\n" * 32_000
    (tmp_path / "long.csv").write_text(text, "utf-8")
    assert jiaokan("check", "long.csv", cwd=tmp_path).code == 0
