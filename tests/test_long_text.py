"""Texts that are repaired in parts: the same everywhere, and as they would be in one piece."""

import gzip
import io
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from jiaokan.repair.audit.reading import Audit
from jiaokan.repair.corpus import long_text
from jiaokan.repair.cutting import parts_of
from jiaokan.repair.decode import decode_document
from jiaokan.repair.location import Locator
from jiaokan.repair.memory import LONG, PART, is_long, keep_to
from jiaokan.repair.pipeline import repair_document
from jiaokan.repair.repairer import Repairer, undo
from jiaokan.repair.report.collect import collect_report
from jiaokan.validators.values import Edit, Finding
from tests.command import CLEAN, DAMAGED, jiaokan
from tests.kills import leftovers, outcome

SENTENCES = (
    "臺北的雨下了整整一個星期，巷口的麵店還是照常開門。",
    "她把信摺好，放回抽屜裡，什麼也沒有說。",
    "這條鐵路穿過三個縣，每天只有兩班車經過。",
    "他想起父親說過的話：凡事都要留一點餘地。",
)


def book(size: int, seed: int = 7) -> str:
    """Paragraphs of clean prose with some damage here and there, of about `size` bytes in UTF-8."""
    rng = random.Random(seed)
    pieces: list[str] = []
    held = 0
    while held < size:
        paragraph = "".join(rng.choices(SENTENCES, k=rng.randint(2, 9))) + str(rng.random())
        pieces.append(DAMAGED if rng.random() < 0.002 else f"{paragraph}。\n\n")
        held += len(pieces[-1].encode())
    return "".join(pieces)


BOOK = book(5 << 19)
"""Two parts, the second longer than the first."""


@pytest.fixture(autouse=True)
def no_bound() -> Iterator[None]:
    """What `--memory` said in this process holds for no other test."""
    yield
    keep_to(None)


def cuts(data: bytes) -> list[bytes]:
    return [part.data for part in parts_of(io.BytesIO(data).read)]


def in_pieces(data: bytes, size: int) -> Any:
    """A stream that gives so many bytes at a time."""
    stream = io.BytesIO(data)
    return lambda wanted: stream.read(min(size, wanted))


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (BOOK.encode(), "。\n\n".encode()),
        (BOOK.replace("\n\n", "\n").encode(), "。\n".encode()),
        (BOOK.replace("\n\n", "\r\n").encode(), "。\r\n".encode()),
        (BOOK.replace("\n\n", "\r").encode(), "。\r".encode()),
        (BOOK.replace("\n", "").encode(), "。".encode()),
        (BOOK.replace("。", "").replace("\n", "").encode(), b""),
        (BOOK.encode("gb18030") * 2, "。\n\n".encode("gb18030")),
        (BOOK.encode("cp950", "ignore") * 2, "。\n\n".encode("cp950")),
        (BOOK.replace("\n", "").encode("gb18030") * 2, b""),
        ((BOOK * 2).encode("utf-16"), "\n".encode("utf-16-le")),
        (BOOK.encode("utf-16-be") * 2, "\n".encode("utf-16-be")),
        (BOOK.replace("\n", "").replace("雨", "𠮷").encode("utf-16-le") * 2, b""),
    ],
)
def test_a_text_is_cut_where_least_is_lost(data: bytes, end: bytes) -> None:
    parts = cuts(data)
    assert len(parts) > 1 and b"".join(parts) == data
    assert all(PART // 2 <= len(part) <= PART for part in parts[:-1]) and len(parts[-1]) <= LONG
    assert all(part.endswith(end) for part in parts[:-1])
    assert [part.data for part in parts_of(in_pieces(data, 70_001))] == parts
    whole = decode_document(data)[0].text
    repaired = Repairer(select="encoding").repair(data)
    assert repaired.document.text == whole and undo(repaired) == data
    assert "\ufffd" not in whole


def test_short_texts_are_not_cut() -> None:
    assert cuts(b"") == [b""] and cuts(b"x" * LONG) == [b"x" * LONG]
    assert not is_long("是" * (LONG // 3)) and is_long("是" * (LONG // 3 + 1))
    assert not is_long(b"x" * LONG) and is_long(b"x" * (LONG + 1)) and not is_long("x" * LONG)


def test_a_block_of_code_is_not_cut() -> None:
    head = book(PART - 20_000).encode()
    code = b"```\nx = 1\n\n" + b"y = 2.\n\n" * 4_000 + b"```\n\n"
    data = head + code + BOOK.encode()
    assert cuts(data)[0] == head
    # Marks that are no pair leave some place to cut.
    data = b"```\n" + BOOK.encode()
    assert len(cuts(data)) == 2 and cuts(data)[0].endswith("。\n\n".encode())


def test_it_is_as_in_one_piece() -> None:
    data = BOOK.encode()
    repairer = Repairer()
    parts = repairer.repair(data)
    document, noticed = decode_document(data)
    whole = repair_document(document, repairer.settings, noticed=noticed)
    assert parts == whole and len(parts.edits) > 30
    assert undo(parts) == data
    (among,) = list(repairer.repair_many([CLEAN, data, CLEAN]))[1:2]
    assert among == parts
    text = repairer.repair(BOOK)
    assert (text.text, text.edits, text.findings) == (parts.text, parts.edits, parts.findings)
    assert undo(text) == BOOK
    assert not repairer.repair(parts.text).edits


def test_what_a_text_begins_with_holds_for_all_of_it() -> None:
    markdown = "# 目錄\n\n- [一](#a)\n- [二](#b)\n\n## 甲\n\n" + BOOK
    assert Repairer().repair(markdown).edits
    # Nothing but Markdown would keep these two lines apart.
    tail = "> 這是一段被引用的話，後面還有\n> 一行，說的是同一件事。\n"
    assert Repairer().repair(markdown + tail).text.endswith(tail)
    # A mark in the midst is a character to remove, and not how an encoding begins.
    second = cuts(BOOK.encode())[0].decode()
    marked = second + "\ufeff" + BOOK[len(second) :]
    repaired = Repairer().repair(marked.encode())
    assert "\ufeff" not in repaired.text and undo(repaired) == marked.encode()
    # The end of a part is no end of the text, and its encoding is said once.
    legacy = Repairer().repair((BOOK.replace("。", "").replace("\n", "") * 2).encode("gb18030"))
    rules = [finding.rule for finding in legacy.findings]
    assert rules.count("encoding/legacy") == 1 and rules.count("lines/truncated") <= 1


@pytest.mark.parametrize("name", ["a.txt", "gbk.txt", "line.txt", "a.txt.gz"])
@pytest.mark.parametrize("memory", [(), ("--memory", "400M")])
def test_the_command_gives_the_same(tmp_path: Path, name: str, memory: tuple[str, ...]) -> None:
    data = {
        "a.txt": b"\xef\xbb\xbf" + BOOK.encode(),
        "gbk.txt": (BOOK * 2).encode("gb18030"),
        "line.txt": BOOK.replace("\n", "").encode(),
        "a.txt.gz": BOOK.encode(),
    }[name]
    is_packed = name.endswith(".gz")
    original = gzip.compress(data) if is_packed else data
    (tmp_path / name).write_bytes(original)
    expected = Repairer().repair(data)
    workers = "1" if memory else "2"
    done = jiaokan("fix", name, "-o", "out", "--workers", workers, *memory, cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    output = (tmp_path / "out" / name).read_bytes()
    text = gzip.decompress(output) if is_packed else output
    assert text.removeprefix(b"\xef\xbb\xbf") == expected.text.encode()
    tables: dict[str, Sequence[Edit | Finding]]
    tables = {"edits": expected.edits, "findings": expected.findings}
    for table, found in tables.items():
        lines = (tmp_path / f"out/_audit/{table}.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        assert len(rows) == len(found) > 0
        locator = Locator(expected.document)
        for row, each in zip(rows, found, strict=True):
            place = locator.place(each.start)
            assert (row["rule"], row["start"], row["end"]) == (each.rule, each.start, each.end)
            assert (row["byte"], row["line"], row["column"]) == (
                place.byte, place.line, place.column,
            )  # fmt: skip
            assert (
                row["left"]
                == expected.document.text[max(0, each.start - 24) : each.start][-len(row["left"]) :]
                or not row["left"]
            )
    assert jiaokan("undo", "out", "-o", "back", cwd=tmp_path).code == 0
    back = (tmp_path / "back" / name).read_bytes()
    assert (gzip.decompress(back) if is_packed else back) == data
    piped = jiaokan("fix", "-", stdin=original, cwd=tmp_path).stdout
    assert (gzip.decompress(piped) if is_packed else piped) == text
    again = jiaokan("fix", name, "-o", "out", *memory, cwd=tmp_path)
    assert again.code == 0 and (tmp_path / "out" / name).read_bytes() == output


@pytest.mark.parametrize("text", [BOOK, BOOK.replace("\n", "")], ids=["lines", "one line"])
def test_check_and_diff(tmp_path: Path, text: str) -> None:
    data = text.encode()
    (tmp_path / "a.txt").write_bytes(data)
    expected = Repairer().repair(data)
    locator = Locator(expected.document)
    for done in (
        jiaokan("check", "a.txt", "--format", "jsonl", cwd=tmp_path),
        jiaokan("check", "-", "--format", "jsonl", stdin=data, cwd=tmp_path),
    ):
        rows = [json.loads(line) for line in done.out.splitlines()]
        found = [row for row in rows if "rule" in row]
        places = [(r["rule"], r["start"], r["byte"], r["line"], r["column"]) for r in found]
        assert places == [
            (f.rule, f.start, p.byte, p.line, p.column)
            for f, p in ((f, locator.place(f.start)) for f in expected.findings)
        ]
    patch = jiaokan("diff", "a.txt", cwd=tmp_path).out
    assert patch == jiaokan("diff", "-", "--stdin-filename", "a.txt", stdin=data, cwd=tmp_path).out
    assert patch.count("\n-") == len({locator.place(e.start).line for e in expected.edits})
    assert patch.count("--- ") == 1


def test_a_comment_silences_the_whole_text(tmp_path: Path) -> None:
    text = "# jiaokan: disable-file glosses\n\n" + BOOK
    (tmp_path / "a.txt").write_text(text, "utf-8")
    assert jiaokan("fix", "a.txt", "-o", "out", cwd=tmp_path).code == 0
    assert (tmp_path / "out/a.txt").read_text("utf-8") == text
    done = jiaokan("check", "a.txt", cwd=tmp_path)
    assert done.code == 0 and "unused" not in done.err
    line = "# jiaokan: disable-next-line characters\n"
    (tmp_path / "b.txt").write_text(BOOK + line, "utf-8")
    number = (BOOK + line).count("\n")
    assert f"b.txt:{number}: unused silence" in jiaokan("check", "b.txt", cwd=tmp_path).err


def test_a_run_goes_on_within_a_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(book(5 << 20), "utf-8")
    monkeypatch.setattr(long_text, "SECTION", 1 << 20)
    seen: list[int] = []
    repair = long_text.PartRepairer.__call__
    stop_after = 3

    def counted(self: Any, numbered: Any) -> Any:
        if len(seen) >= stop_after:
            raise KeyboardInterrupt
        seen.append(numbered.number)
        return repair(self, numbered)

    monkeypatch.setattr(long_text.PartRepairer, "__call__", counted)
    arguments = ("fix", "a.txt", "--workers", "1")
    assert jiaokan(*arguments, "-o", "out", cwd=tmp_path).code == 130
    assert list((tmp_path / "out").glob(".*.point.tmp"))
    stop_after = 99
    seen.clear()
    assert jiaokan(*arguments, "-o", "out", cwd=tmp_path).code == 0
    assert seen[0] == 2
    assert jiaokan(*arguments, "-o", "whole", cwd=tmp_path).code == 0
    assert outcome(tmp_path / "out") == outcome(tmp_path / "whole")
    assert not leftovers(tmp_path / "out")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_is_no_text_or_cannot_be_repaired_is_named(
    tmp_path: Path, workers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt.gz").write_bytes(gzip.compress(BOOK.encode())[:-2_000])
    (tmp_path / "in/z.txt").write_text(DAMAGED, "utf-8")
    done = jiaokan("fix", "in", "-o", "out", "--workers", workers, cwd=tmp_path)
    assert done.code == 2 and "its gzip data cannot be read" in done.err
    assert sorted(p.name for p in (tmp_path / "out").glob("[!_]*")) == ["z.txt"]
    if workers == "1":
        (tmp_path / "in/a.txt.gz").write_bytes(gzip.compress(BOOK.encode()))
        monkeypatch.setattr(long_text, "repair_part", lambda *_: 1 / 0)
        done = jiaokan("fix", "in", "-o", "out", "--workers", workers, "--force", cwd=tmp_path)
        assert done.code == 2 and "jiaokan itself failed on it (division by zero)" in done.err
        assert not list((tmp_path / "out").glob("*.tmp"))


def test_an_altered_file_or_audit_is_not_undone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BOOK, "utf-8")
    assert jiaokan("fix", "a.txt", "--in-place", cwd=tmp_path).code == 0
    repaired = (tmp_path / "a.txt").read_bytes()
    assert repaired == Repairer().repair(BOOK).text.encode()
    (tmp_path / "a.txt").write_bytes(repaired + b"x")
    assert "changed after it was repaired" in jiaokan("undo", ".", cwd=tmp_path).err
    (tmp_path / "a.txt").write_bytes(repaired)
    assert jiaokan("undo", ".", cwd=tmp_path).code == 0
    assert (tmp_path / "a.txt").read_text("utf-8") == BOOK


def test_an_audit_in_parquet_says_the_same(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")
    (tmp_path / "a.txt").write_text(BOOK, "utf-8")
    for form in ("jsonl", "parquet"):
        arguments = ("fix", "a.txt", "-o", form, "--audit-format", form)
        done = jiaokan(*arguments, cwd=tmp_path)
        assert (done.code, done.err) == (0, "")
    lines, packed = (Audit(tmp_path / form) for form in ("jsonl", "parquet"))
    for table in ("edits.jsonl", "findings.jsonl"):
        assert list(packed.rows(table)) == list(lines.rows(table))
    reports = [collect_report(tmp_path / form) for form in ("jsonl", "parquet")]
    assert reports[0].files == reports[1].files
    (file,) = reports[0].files
    expected = Repairer().repair(BOOK.encode())
    places = [Locator(expected.document).place(edit.start).line for edit in expected.edits]
    assert [change.line for change in file.changes if change.applied] == places
    done = jiaokan("undo", "parquet", "-o", "back", cwd=tmp_path)
    assert done.code == 0 and (tmp_path / "back/a.txt").read_text("utf-8") == BOOK


def test_its_rows_are_as_the_schemas_say(tmp_path: Path) -> None:
    validator = pytest.importorskip("tests.test_schemas").validator
    if not (Path(__file__).parent.parent / "docs/schemas").is_dir():
        pytest.skip("the docs are not in the sdist")
    (tmp_path / "a.txt").write_bytes((BOOK * 2).encode("gb18030"))
    assert jiaokan("fix", "a.txt", "-o", "out", cwd=tmp_path).code == 0
    for table, name in (("edits", "edit"), ("findings", "finding"), ("files", "file")):
        check = validator(f"audit-{name}-1")
        for line in (tmp_path / f"out/_audit/{table}.jsonl").read_text("utf-8").splitlines():
            check.validate(json.loads(line))
