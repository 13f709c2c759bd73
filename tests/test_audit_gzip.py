"""The audit in gzip, for those who have no pyarrow: the same lines, undone and gone on with."""

import gzip
from pathlib import Path

from jiaokan.repair.audit.reading import Audit
from tests.command import CLEAN, DAMAGED, jiaokan, tree
from tests.test_corpus_resume import inodes

TABLES = ("edits", "findings")


def test_the_lines_are_the_same_and_a_run_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(DAMAGED * 3, "utf-8")
    (folder / "b.jsonl").write_text(f'{{"text": "{DAMAGED.strip()[:20]}"}}\n{{\n', "utf-8")
    for form in ("jsonl", "gzip"):
        done = jiaokan("fix", "in", "-o", form, "--audit-format", form, cwd=tmp_path)
        assert done.code == 0, done.err
    plain, packed = (tmp_path / form / "_audit" for form in ("jsonl", "gzip"))
    for name in TABLES:
        lines = (plain / f"{name}.jsonl").read_bytes()
        assert gzip.decompress((packed / f"{name}.jsonl.gz").read_bytes()) == lines != b""
        assert not (packed / f"{name}.jsonl").exists()
    assert jiaokan("report", "gzip", cwd=tmp_path).code == 0
    before = inodes(tmp_path / "gzip")
    (folder / "new.txt").write_text(CLEAN + DAMAGED, "utf-8")
    done = jiaokan("fix", "in", "-o", "gzip", "--audit-format", "gzip", cwd=tmp_path)
    assert done.code == 0, done.err
    after = inodes(tmp_path / "gzip")
    assert {name for name in after if before.get(name) != after[name]} == {"new.txt"}
    assert len({row["file"] for row in Audit(tmp_path / "gzip").rows("edits.jsonl")}) == 3
    assert jiaokan("undo", "gzip", "-o", "back", cwd=tmp_path).code == 0
    assert tree(tmp_path / "back") == tree(folder)


def test_a_table_that_was_cut_is_an_altered_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    jiaokan("fix", "a.txt", "--in-place", "--audit-format", "gzip", cwd=tmp_path)
    jiaokan(
        "fix", "a.txt", "--in-place", "--audit-format", "gzip", "--script", "zh-Hans", cwd=tmp_path
    )
    assert (tmp_path / "_audit/earlier/1/edits.jsonl.gz").exists()
    table = tmp_path / "_audit/edits.jsonl.gz"
    whole = table.read_bytes()
    table.write_bytes(whole[:-9])
    done = jiaokan("undo", ".", cwd=tmp_path)
    assert done.code == 2 and "was altered after the run" in done.err
    table.write_bytes(whole)
    assert jiaokan("undo", ".", cwd=tmp_path).code == 0
    assert (tmp_path / "a.txt").read_text("utf-8") == DAMAGED
