"""`jiaokan undo`: what was changed comes back, and nothing else is touched."""

import json
import stat
from pathlib import Path

import pytest

from tests.command import CLEAN, DAMAGED, REPAIRED, corpus_in, jiaokan, tree


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return corpus_in(tmp_path)


def test_undo_gives_the_bytes_back(corpus: Path, tmp_path: Path) -> None:
    before = tree(corpus)
    del before["picture.png"]
    out = tmp_path / "out"
    jiaokan("fix", corpus, "-o", out)
    assert jiaokan("undo", out, "-o", tmp_path / "back").code == 0
    assert tree(tmp_path / "back") == before
    assert stat.S_IMODE((tmp_path / "back/damaged.txt").stat().st_mode) == 0o640
    assert jiaokan("undo", out).code == 0
    assert tree(out) == before
    done = jiaokan("undo", out)
    assert done.code == 0 and "7 had not changed" in done.out


def test_in_place_and_back_over_several_runs(corpus: Path) -> None:
    before = tree(corpus)
    done = jiaokan("fix", "--in-place", corpus)
    assert done.code == 0 and (corpus / "damaged.txt").read_bytes() == REPAIRED.encode()
    assert (corpus / "picture.png").exists()
    once = tree(corpus)
    again = jiaokan("fix", "--in-place", corpus)
    assert "changed nothing" in again.out and tree(corpus) == once
    (corpus / "new.txt").write_bytes(DAMAGED.encode())
    before["new.txt"] = DAMAGED.encode()
    assert jiaokan("fix", "--in-place", corpus).code == 0
    assert (corpus / "new.txt").read_bytes() == REPAIRED.encode()
    assert jiaokan("undo", corpus, "--last").code == 0
    assert tree(corpus) == {**once, "new.txt": DAMAGED.encode()}
    assert jiaokan("undo", corpus).code == 0
    assert tree(corpus) == before


def test_runs_and_undos_in_any_order(corpus: Path) -> None:
    before = tree(corpus)
    fix = ("fix", "--in-place", corpus)
    jiaokan(*fix, "--ignore", "glosses")
    jiaokan(*fix)
    (corpus / "clean.txt").write_bytes((CLEAN + DAMAGED).encode())  # edited between two runs
    assert jiaokan(*fix).code == 0
    done = jiaokan("undo", corpus)
    assert done.code == 0, done.err
    assert tree(corpus) == {**before, "clean.txt": (CLEAN + DAMAGED).encode()}
    assert not list((corpus / "_audit/earlier").iterdir())
    again = tree(corpus)
    for _ in range(2):
        assert jiaokan(*fix).code == 0 and tree(corpus) != again
        assert jiaokan("undo", corpus).code == 0 and tree(corpus) == again


def test_a_file_edited_between_two_runs_is_as_before_the_later_one(corpus: Path) -> None:
    before = tree(corpus)
    assert jiaokan("fix", "--in-place", corpus).code == 0
    (corpus / "damaged.txt").write_bytes((CLEAN + DAMAGED).encode())
    assert jiaokan("fix", "--in-place", corpus).code == 0
    done = jiaokan("undo", corpus)
    assert done.code == 0 and "damaged.txt: edited between two runs" in done.err
    assert tree(corpus) == {**before, "damaged.txt": (CLEAN + DAMAGED).encode()}


def test_all_runs_are_undone_into_another_folder(corpus: Path, tmp_path: Path) -> None:
    before = tree(corpus)
    jiaokan("fix", "--in-place", corpus, "--ignore", "glosses")
    jiaokan("fix", "--in-place", corpus)
    assert (corpus / "_audit/earlier/1/summary.json").exists()
    done = jiaokan("undo", corpus, "-o", tmp_path / "back")
    assert done.code == 0, done.err
    back = tree(tmp_path / "back")
    assert back == {name: data for name, data in before.items() if name in back}
    assert "damaged.txt" in back and "sub/deeper/gbk.txt" in back


def test_what_was_tampered_with_is_named(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    jiaokan("fix", corpus, "-o", out)
    (out / "damaged.txt").write_text("somebody else's words")
    done = jiaokan("undo", out, "-o", tmp_path / "back")
    assert done.code == 2 and "damaged.txt: changed after it was repaired" in done.err
    assert "crlf.txt" in tree(tmp_path / "back") and "damaged.txt" not in tree(tmp_path / "back")
    edits = out / "_audit/edits.jsonl"
    edits.write_bytes(edits.read_bytes().replace("(yè)".encode(), "(yé)".encode()))
    done = jiaokan("undo", out)
    assert done.code == 2 and "edits.jsonl was altered" in done.err
    (out / "_audit/files.jsonl").unlink()
    assert "files.jsonl" in jiaokan("undo", out).err
    (out / "_audit/summary.json").write_text("{")
    done = jiaokan("undo", out)
    assert done.code == 2 and "summary.json" in done.err and "Traceback" not in done.err


def test_an_audit_that_would_write_elsewhere_is_refused(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    jiaokan("fix", corpus, "-o", out)
    files = out / "_audit/files.jsonl"
    files.write_bytes(files.read_bytes().replace(b'"damaged.txt"', b'"../damaged.txt"'))
    summary = json.loads((out / "_audit/summary.json").read_text("utf-8"))
    summary["sha256"] = {}
    (out / "_audit/summary.json").write_text(json.dumps(summary))
    done = jiaokan("undo", out, "-o", tmp_path / "in/back")
    assert done.code == 2 and "../damaged.txt" in done.err
    assert not (tmp_path / "in/damaged.txt").exists()


def test_undo_where_there_is_nothing_to_undo(tmp_path: Path) -> None:
    assert "no audit here" in jiaokan("undo", tmp_path).err
    done = jiaokan("undo", tmp_path / "nowhere")
    assert done.code == 2 and "no such folder" in done.err


def test_another_file_in_the_place_of_an_original_is_left(corpus: Path, tmp_path: Path) -> None:
    out, back = tmp_path / "out", tmp_path / "back"
    jiaokan("fix", corpus, "-o", out)
    (corpus / "crlf.txt").write_bytes(b"a new version")
    done = jiaokan("undo", out, "-o", corpus)
    assert done.code == 2 and "crlf.txt: another file of that name is there" in done.err
    assert (corpus / "crlf.txt").read_bytes() == b"a new version"
    assert jiaokan("undo", out, "-o", back).code == 0
    assert jiaokan("undo", out, "-o", back).code == 0  # what is there is the original
