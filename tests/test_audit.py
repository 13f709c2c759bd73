"""Files of any bytes go through a run and come back, whatever was done to them in between."""

import io
import json
import random
import tempfile
import zlib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jiaokan.repair.audit.reading import Audit
from jiaokan.repair.audit.rows import edit_of_json, json_line
from jiaokan.repair.files import RunError, path_of, walk_inputs
from jiaokan.repair.files.content import is_binary
from jiaokan.repair.fixing.output import open_output
from jiaokan.repair.location import Locator
from jiaokan.repair.repairer import Repairer
from jiaokan.repair.run import Result, repair_inputs
from jiaokan.repair.undo import undo_runs
from jiaokan.validators.values import Decoding, Document, Run
from tests.command import DAMAGED, tree

PIECES = (
    "江蘇省召開企業(yè)家座談會", "，加快發(fā)展", "今年的計劃,還沒有定下來", "標准制造經曆", "后来", "鏂囦欢",
    "\n", "\r\n", "\r", "\u2028", "\x0c", "\u200b", "\ufeff", "\x00", "&amp;", "，", ",", " ", "a",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)
contents = st.binary(max_size=40) | st.tuples(
    texts, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "shift_jis"])
).map(lambda pair: pair[0].encode(pair[1], "ignore"))


def run_over(folder: Path, out: Path, repairer: Repairer) -> None:
    in_place = folder == out
    about = {"in_place": in_place}
    with open_output(out, out / "_audit", [folder], about, in_place=in_place, force=False) as to:
        for batch in repair_inputs(walk_inputs([folder]), repairer):
            to.commit([to.target.prepare(item) for item in batch if isinstance(item, Result)])
        to.finish()


@settings(max_examples=40)
@example({"a": b"N-a\x0eN&amp;N"}, "auto", False)
@given(
    st.dictionaries(st.sampled_from(["a", "b/c", "b/d", "漢"]), contents, min_size=1),
    st.sampled_from(["auto", "zh-Hans", "zh-Hant"]),
    st.booleans(),
)
def test_any_files_come_back(files: dict[str, bytes], script: str, in_place: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "in"
        out = folder if in_place else Path(temporary) / "out"
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        text = {name: data for name, data in files.items() if not is_binary(data)}
        run_over(folder, out, Repairer(script=script, unsafe=True))  # type: ignore[arg-type]
        repaired = tree(out)
        assert in_place or set(repaired) == set(text)
        for name in text:
            assert repaired[name].decode("utf-8", "surrogatepass") is not None
        assert all(hasattr(item, "was_already") for item in undo_runs(out))
        assert {name: data for name, data in tree(out).items() if name in text} == text
        if in_place:
            return
        run_over(folder, out, Repairer())
        whole = tree(out)
        again = Path(temporary) / "again"
        run_over(out, again, Repairer())
        assert tree(again) == whole  # repaired twice, nothing more changes


def test_a_batch_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(10):
        (tmp_path / f"{number}").write_text(DAMAGED * 10, "utf-8")
    monkeypatch.setattr("jiaokan.repair.run.BATCH_BYTES", 3000)
    small = list(repair_inputs(walk_inputs([tmp_path]), Repairer()))
    monkeypatch.setattr("jiaokan.repair.run.BATCH_BYTES", 1 << 20)
    (large,) = repair_inputs(walk_inputs([tmp_path]), Repairer())
    assert len(small) > 3 and [item for batch in small for item in batch] == large


def test_too_large_a_file_is_refused_and_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large.txt").write_text(DAMAGED * 5000, "utf-8")
    (tmp_path / "small.txt").write_text(DAMAGED, "utf-8")
    monkeypatch.setattr("jiaokan.repair.run.largest_text", lambda: 100_000)
    (batch,) = repair_inputs(walk_inputs([tmp_path]), Repairer())
    assert "too large" in batch[0].reason and batch[1].repaired.edits  # type: ignore[union-attr]


def test_lone_surrogates_pass_through_json() -> None:
    for text in ("\ud800", "a\\\udcff", '"\udc80"\n', "\x00\u2028"):
        line = json_line({"text": text})
        assert line.endswith(b"\n") and line.count(b"\n") == 1
        assert json.loads(line.decode("utf-8"))["text"] == text


def test_a_row_that_is_no_edit_is_refused() -> None:
    with pytest.raises(RunError, match="no edit"):
        edit_of_json({"rule": "x"})


@pytest.mark.parametrize("name", ["", "..", "a/../b", "/etc/passwd", "a//b", "a/.", "nul\0"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RunError):
        path_of(tmp_path, name)


def test_an_audit_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "_audit").mkdir()
    (tmp_path / "_audit/summary.json").write_text('{"audit_version": 99}')
    with pytest.raises(RunError, match="can read"):
        Audit(tmp_path)


def test_places_in_mixed_encodings() -> None:
    text = "第一行\r\n中文\rab\n繁體"
    parts = [("utf-8", text[:8]), ("gb18030", text[8:11]), ("big5", text[11:])]
    runs, at, byte = [], 0, 3
    for encoding, part in parts:
        size = len(part.encode(encoding))
        runs.append(Run(encoding, byte, byte + size, at, at + len(part)))
        at, byte = at + len(part), byte + size
    document = Document("d", text, Decoding("utf-8", tuple(runs), b"\xef\xbb\xbf"))
    data = b"\xef\xbb\xbf" + b"".join(part.encode(encoding) for encoding, part in parts)
    for order in (range(len(text)), reversed(range(len(text)))):
        locator = Locator(document)
        for position in order:
            place = locator.place(position)
            encoding = next(r.encoding for r in runs if r.start <= position < r.end)
            assert data[place.byte :].startswith(text[position].encode(encoding))
    places = [Locator(document).place(position) for position in range(len(text) + 1)]
    assert [(p.line, p.column) for p in places] == [
        (1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (3, 3),
        (4, 1), (4, 2), (4, 3),
    ]  # fmt: skip
    assert places[-1].byte == len(data)


_PACKED = b"".join(bytes([n, 0xB8]) + "八个汉字一个词组".encode() for n in range(1, 25))
"""A list as MessagePack has it: before each word its number, and how long it is."""


@pytest.mark.parametrize(
    ("data", "binary"),
    [
        (b"", False),
        (DAMAGED.encode("utf-16"), False),
        (DAMAGED.encode("utf-16-le"), False),
        (DAMAGED.encode("utf-16-be"), False),
        (DAMAGED.encode("utf-32-le"), False),
        (DAMAGED.encode("utf-32-be"), False),
        (DAMAGED.encode("gb18030"), False),
        (("今天天气很好\n" * 9).encode("iso2022_jp_2", "ignore"), False),
        (b"\x0e$)A" + b"=qLl\x0f\n\x0eLlFx\x0f\n" * 40, False),
        ("單元格\x07單元格單元格單元格單元格\x07\x07\n".encode() * 9, False),
        ((DAMAGED * 9).encode().replace(b"\n", b"\n\x00", 3), False),
        (b"plain \x1b[1mansi\x1b[0m log\n", False),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), True),
        (b"\x1f\x8b\x08" + bytes(range(200)), True),
        (random.Random(1).randbytes(70_000), True),
        (zlib.compress(DAMAGED.encode() * 1000 + random.Random(2).randbytes(5000)), True),
        (b"\x7fELF" + bytes(100), True),
        (b"P5\n# by a program\n64 4\n255\n" + bytes(range(9, 137)) * 2, True),
        ("P5\n第五页\n12 人到场。\n".encode(), False),
        (_PACKED, True),
        (_PACKED.translate(None, bytes(range(9))), False),
        (bytes(range(256)) * 3, True),
        (b"\x00", True),
        (b"\x00\x00\n \x0e &amp;\x00", True),
        (b"VEC\x00\xff\xff\x00\x00" + bytes(range(0x40, 0xFF)) * 3, True),
        (b"VEC\x00\xff\xff\x00\x00" + "빈이강산물".encode("utf-16-le") * 40, True),
        (b"\x00\x00" + DAMAGED.encode(), False),
        (DAMAGED.encode("gb18030") + b"\x00", False),
        (io.BytesIO(bytes(1000)).getvalue(), True),
        (b"# a table of numbers\n" + b"x" * 70_000 + random.Random(3).randbytes(300_000), True),
        (("今天天气很好。\n" * 9_000).encode() + bytes(90_000), False),
        (("今天天气很好。\n" * 9_000).encode("utf-16-le"), False),
        (("单元格\x07" * 90_000).encode(), False),
    ],
)
def test_what_is_binary(data: bytes, binary: bool) -> None:
    assert is_binary(data) is binary
