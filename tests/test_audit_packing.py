"""The audit as Parquet: the same rows, from which a run is undone, gone on with and reported."""

import json
import tracemalloc
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.repair.audit import packing, writing
from jiaokan.repair.audit.reading import Audit
from tests.command import CLEAN, DAMAGED, jiaokan, tree
from tests.test_corpus_resume import inodes

NAMES = ("edits", "findings")


def make_inputs(folder: Path) -> None:
    folder.mkdir()
    (folder / "a.txt").write_text(DAMAGED * 3, "utf-8")
    (folder / "b.txt").write_bytes(f"他說，\ud800{DAMAGED}".encode("utf-8", "surrogatepass"))
    rows = [{"id": n % 3 or None, "text": (DAMAGED, CLEAN)[n % 2]} for n in range(9)]
    (folder / "c.jsonl").write_text("\n".join([*map(json.dumps, rows), "{", ""]), "utf-8")


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    """The same run, with its audit in both forms."""
    make_inputs(tmp_path / "in")
    (tmp_path / "in" / "bad\udcff.txt").write_text(DAMAGED, "utf-8")
    outs = tmp_path / "jsonl", tmp_path / "parquet"
    for out in outs:
        done = jiaokan("fix", "in", "-o", out, "--audit-format", out.name, cwd=tmp_path)
        assert done.code == 0, done.err
    return outs


def test_the_rows_are_the_same(both: tuple[Path, Path]) -> None:
    lines, packed = both
    kept = {path.name for path in (packed / "_audit").iterdir()}
    assert {"edits.parquet", "findings.parquet", "files.jsonl"} <= kept
    assert not {"edits.jsonl", "findings.jsonl", "run"} & kept
    for table in ("files.jsonl", "edits.jsonl", "findings.jsonl", "rejected.jsonl"):
        ours, theirs = list(Audit(packed).rows(table)), list(Audit(lines).rows(table))
        assert ours == theirs and [list(row) for row in ours] == [list(row) for row in theirs]
        assert len(ours) > 0
    assert any("\ud800" in edit["left"] for edit in Audit(packed).rows("edits.jsonl") if "left" in edit) or any(
        "\ud800" in json.dumps(row, ensure_ascii=False) or "\udcff" in row["file"]
        for row in Audit(packed).rows("findings.jsonl")
    )  # fmt: skip
    summaries = [json.loads((out / "_audit/summary.json").read_bytes()) for out in both]
    for summary in summaries:
        del summary["sha256"], summary["started"]
    assert summaries[0] == summaries[1]


def test_undo_report_and_going_on(both: tuple[Path, Path], tmp_path: Path) -> None:
    _, packed = both
    before = inodes(packed)
    (tmp_path / "in/new.txt").write_text(DAMAGED, "utf-8")
    done = jiaokan("fix", "in", "-o", packed, "--audit-format", "parquet", cwd=tmp_path)
    assert done.code == 0, done.err
    after = inodes(packed)
    assert {name for name in after if before.get(name) != after[name]} == {"new.txt"}
    rules = pq.read_table(packed / "_audit/edits.parquet").column("rule").to_pylist()
    assert rules.count("glosses/leaked-pinyin") == len(rules) > 30
    assert jiaokan("report", packed).code == 0
    assert "企業" in (packed / "_audit/report.html").read_text("utf-8")
    # And back to lines, which leaves nothing of the other form.
    assert jiaokan("fix", "in", "-o", packed, "--audit-format", "jsonl", cwd=tmp_path).code == 0
    assert not list((packed / "_audit").glob("*.parquet")) and inodes(packed) == after
    assert jiaokan("fix", "in", "-o", packed, "--audit-format", "parquet", cwd=tmp_path).code == 0
    done = jiaokan("undo", packed, "-o", "back", cwd=tmp_path)
    assert done.code == 0 and "not the same bytes" not in done.out, done.err
    assert tree(tmp_path / "back") == tree(tmp_path / "in")


def test_runs_in_place_and_an_altered_table(tmp_path: Path) -> None:
    make_inputs(tmp_path / "in")
    original = tree(tmp_path / "in")
    command = ("fix", "--in-place", tmp_path / "in", "--audit-format", "parquet")
    assert jiaokan(*command, "--select", "encoding").code == 0
    assert jiaokan(*command).code == 0
    (tmp_path / "in/a.txt").write_text(CLEAN + DAMAGED, "utf-8")
    assert jiaokan(*command).code == 0
    assert (tmp_path / "in/_audit/earlier/1/edits.parquet").exists()
    done = jiaokan("undo", tmp_path / "in")
    assert done.code == 0, done.err
    found = tree(tmp_path / "in")
    assert found.pop("a.txt").decode() == CLEAN + DAMAGED
    del original["a.txt"]
    assert found == original
    assert jiaokan(*command).code == 0
    (tmp_path / "in/_audit/edits.parquet").write_bytes(b"PAR1")
    done = jiaokan("undo", tmp_path / "in")
    assert done.code == 2 and "was altered after the run" in done.err


def test_auto_packs_what_is_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_inputs(tmp_path / "in")
    assert jiaokan("fix", "in", "-o", "small", cwd=tmp_path).code == 0
    assert (tmp_path / "small/_audit/edits.jsonl").exists()
    monkeypatch.setattr(writing, "AUTO_BYTES", 1000)
    assert jiaokan("fix", "in", "-o", "large", cwd=tmp_path).code == 0
    assert (tmp_path / "large/_audit/edits.parquet").exists()
    monkeypatch.setattr(writing, "is_available", lambda: False)
    assert jiaokan("fix", "in", "-o", "without", cwd=tmp_path).code == 0
    assert (tmp_path / "without/_audit/edits.jsonl.gz").exists()


@given(
    st.lists(
        st.tuples(st.text(), st.one_of(st.none(), st.text(st.characters(categories=["Cs", "L"]))))
    )
)
def test_any_strings_come_back(pairs: list[tuple[str, str | None]]) -> None:
    import tempfile

    rows = [
        {
            "file": name, "record": n, "id": value, "field": "text", "rule": "a/b", "start": n,
            "end": n, "byte": n, "line": 1, "column": 1, "message": name, "confidence": 0.5,
            "applicability": "safe", "replacement": value, "evidence": {name: value, "n": [1, "x"]},
            "left": name, "right": "\\ud800", "text": value or "",
        }
        for n, (name, value) in enumerate(pairs)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "findings.parquet"
        packing.pack(rows, path)
        assert list(packing.unpack(path)) == rows


def test_many_rows_take_the_memory_of_few(tmp_path: Path) -> None:
    row = {
        "file": "a.jsonl", "record": 0, "id": None, "field": "text", "rule": "a/b", "start": 0,
        "end": 1, "byte": 0, "line": 1, "column": 1, "before": DAMAGED, "after": CLEAN,
        "confidence": 0.5, "applicability": "safe", "also": [], "left": CLEAN, "right": CLEAN,
    }  # fmt: skip

    def peak(rows: int) -> int:
        """Bytes of Python's own, at most; Arrow's groups are bounded by `packing` itself."""
        tracemalloc.start()
        packing.pack(({**row, "record": n} for n in range(rows)), tmp_path / "edits.parquet")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    few = peak(4_000)
    assert peak(16_000) < 1.3 * few
    groups = pq.ParquetFile(tmp_path / "edits.parquet").metadata
    assert groups.num_row_groups <= 2 and groups.num_rows == 16_000
