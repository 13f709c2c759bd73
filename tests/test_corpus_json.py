"""JSON that is no lines, and JSON Lines that are not UTF-8: only the texts change, all comes back."""

import base64
import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")

from jiaokan.repair.checking.record_lines import lines_of_record
from jiaokan.repair.corpus.formats import json_records
from jiaokan.repair.corpus.formats.json_records import JsonRecords
from jiaokan.repair.corpus.formats.json_spelling import spelling_of
from jiaokan.repair.corpus.records import Blocks, FormatError
from jiaokan.repair.corpus.repairing import repair_chunks
from jiaokan.repair.corpus.workers import Workers
from jiaokan.repair.repairer import Repairer
from tests.command import CLEAN, DAMAGED, REPAIRED, jiaokan, tree
from tests.test_corpus_formats import through, upper

BAD, GOOD = DAMAGED.split("\n")[0], REPAIRED.split("\n")[0]
ROWS: list[Any] = [
    {"id": 0, "text": BAD, "x": ["}]", '\\"{']},
    {"text": CLEAN, "n": 1.10},
    {"text": BAD},
]
MENDED = json.loads(json.dumps(ROWS).replace(json.dumps(BAD), json.dumps(GOOD)))
LAYOUTS: dict[str, Any] = {
    "indented": lambda rows: json.dumps(rows, ensure_ascii=False, indent=4) + "\n",
    "packed": lambda rows: json.dumps(rows, separators=(",", ":"), ensure_ascii=False),
    "escaped": lambda rows: "\ufeff" + json.dumps(rows, indent="\t"),
    "a line each": lambda rows: "[\r\n" + ",\r\n".join(map(json.dumps, rows)) + "\r\n]\r\n",
    "behind each other": lambda rows: "\n".join(json.dumps(row, indent=2) for row in rows),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("packed", [False, True])
def test_repaired_in_its_layout_and_undone(tmp_path: Path, layout: Any, packed: bool) -> None:
    name = "rows.json" + ".gz" * packed
    pack = (lambda data: gzip.compress(data, mtime=0)) if packed else bytes
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(pack(layout(ROWS).encode()))
    done = jiaokan("fix", "in", "-o", "out", "--column", "text", "--id-column", "id", cwd=tmp_path)
    assert done.code == 0 and done.out.startswith("1 file, 3 records, ")
    out = (tmp_path / "out" / name).read_bytes()
    assert (gzip.decompress(out) if packed else out) == layout(MENDED).encode()
    assert jiaokan("undo", "out", "-o", "back", cwd=tmp_path).code == 0
    assert tree(tmp_path / "back") == tree(tmp_path / "in")


def test_standard_input_takes_it_too() -> None:
    done = jiaokan("fix", "-", "--column", "text", stdin=json.dumps(ROWS).encode())
    assert (done.code, json.loads(done.stdout)) == (0, MENDED)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["text", "other"]),
            st.text(st.sampled_from('a"\\/{}[],\né'), max_size=9)
            | st.lists(st.text(st.sampled_from('"\\]}'), max_size=3), max_size=2),
            max_size=2,
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([None, 0, 2]),
    st.integers(1, 40),
    st.sampled_from([50, 1 << 20]),
)
def test_records_are_cut_wherever_blocks_end(
    records: list[dict[str, Any]], indent: int | None, size: int, most: int
) -> None:
    data = json.dumps(records, indent=indent).encode() + b"\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_records, "CHUNK_BYTES", size)
        chunks = list(JsonRecords(most=most).read(io.BytesIO(data)))
    units: list[bytes] = []
    for chunk in chunks:
        if isinstance(chunk.data, Blocks) or chunk.data.is_first:
            assert chunk.first == len(units)
        if isinstance(chunk.data, Blocks):
            units += chunk.data.items
        elif chunk.data.is_first:
            units.append(chunk.data.data)
        else:
            units[-1] += chunk.data.data
    assert b"".join(units) == data
    inner = [unit.strip(b"[,] \n") for unit in units]
    assert [json.loads(unit) for unit in inner] == records


def test_a_record_that_cannot_be_read_stays_and_is_named(tmp_path: Path) -> None:
    data = json.dumps([ROWS[0], "?", ROWS[1], ROWS[2]], ensure_ascii=False, indent=1).encode()
    data = data.replace(b'"?"', b'{"text": "\xd6\xd0"}').replace(b"1.1", b"1.1.1")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.json").write_bytes(data)
    done = jiaokan("fix", "in", "-o", "out", "--column", "text", cwd=tmp_path)
    assert done.code == 0 and "2 of 4 records could not be read and stay as they are" in done.err
    again = jiaokan("fix", "in", "-o", "out", "--column", "text", cwd=tmp_path)
    assert again.err == done.err
    assert (tmp_path / "out/a.json").read_bytes() == data.replace(BAD.encode(), GOOD.encode())
    rejected = (tmp_path / "out/_audit/rejected.jsonl").read_text("utf-8").splitlines()
    assert [(one["record"], one["raw"]) for one in map(json.loads, rejected)] == [(1, ""), (2, "")]
    assert "byte 0xD6" in rejected[0] and "left as it is, unread" in rejected[0]
    assert jiaokan("undo", "out", "-o", "back", cwd=tmp_path).code == 0
    assert tree(tmp_path / "back") == tree(tmp_path / "in")


def test_a_record_that_is_too_long_passes_unread() -> None:
    rows = [{"text": "a"}, {"text": "b" * 999}, {"text": "c"}]
    data = json.dumps(rows).encode()
    form = JsonRecords(most=500)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_records, "CHUNK_BYTES", 100)
        out, chunks = through(form, data, upper)
    assert out == data.replace(b'"a"', b'"A"').replace(b'"c"', b'"C"')
    assert [one.record for chunk in chunks for one in chunk.unread] == [1]
    assert sum(chunk.records for chunk in chunks) == 3


class Failing(Repairer):
    def repair_many(self, data: Any) -> Any:
        raise RuntimeError(list(data))


@pytest.mark.parametrize("codec", [None, "gzip"])
def test_a_record_that_breaks_jiaokan_stays(codec: str | None) -> None:
    data = b'[{"text": "a"}, {"text": "b"}]'
    form = JsonRecords()
    with Workers(1) as workers:
        chunks = form.read(io.BytesIO(data))
        done = list(repair_chunks(form, chunks, Failing(), workers, codec=codec))
    out = io.BytesIO()
    form.write(out, (each.changed.data for each in done), io.BytesIO())
    assert (gzip.decompress(out.getvalue()) if codec else out.getvalue()) == data
    assert [one.record for each in done for one in each.changed.unread] == [0, 1]


def test_json_that_does_not_end_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(ROWS)[:-3])
    done = jiaokan("fix", "a.json", "-o", "out", "--column", "text", cwd=tmp_path)
    assert done.code == 2 and "a.json: not whole: its JSON does not end" in done.err
    assert not (tmp_path / "out/a.json").exists()
    with pytest.raises(FormatError):
        list(JsonRecords().read(io.BytesIO(b'[{"a": "')))


def test_what_is_an_array_of_records_and_what_is_not(tmp_path: Path) -> None:
    texts = {
        "of other records.json": f'[{{"name": "{BAD}"}}]',
        "of texts.json": f'["{BAD}"]',
        "config.json": f'{{"name": "{BAD}"}}',
        "no json.json": f'[{{text: "{BAD}"}}]',
        "array.txt": f'[{{"name": "{BAD}"}}]',
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    done = jiaokan("fix", ".", "-o", "out", "--column", "text", cwd=tmp_path)
    # The others are texts, as any JSON is without --column.
    assert done.err.splitlines() == [
        "jiaokan: error: of other records.json: no key 'text' in its first records; name the text"
        + " with --column: name"
    ]
    for name, text in texts.items():
        if name != "of other records.json":
            assert (tmp_path / "out" / name).read_text("utf-8") == text.replace(BAD, GOOD)
    assert jiaokan("fix", ".", "-o", "all", cwd=tmp_path).code == 0
    deep = {"data": [{"paragraphs": [{"context": BAD}]}]}
    (tmp_path / "config.json").write_text(json.dumps(deep, indent=1))
    (tmp_path / "of other records.json").unlink()
    path = ("--column", "data[].paragraphs[].context")
    assert jiaokan("fix", "config.json", "--in-place", *path, cwd=tmp_path).code == 0
    text = (tmp_path / "config.json").read_text()
    assert text == json.dumps(deep, indent=1).replace(json.dumps(BAD), json.dumps(GOOD))
    long = {"data": [{"paragraphs": [{"context": BAD}]}] * 3_000}  # one record, not seen to its end
    (tmp_path / "config.json").write_text(json.dumps(long))
    done = jiaokan("check", "config.json", *path, "--max-findings", "0", cwd=tmp_path)
    assert done.code == 1 and "6,000 findings" in done.out


def test_code_hosts_are_told_the_lines_of_a_record(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(LAYOUTS["indented"]([{"text": "a"}, {"text": "b", "n": [1]}]), "utf-8")
    assert [lines_of_record(path, n) for n in range(3)] == [range(2, 5), range(5, 11), None]
    path = tmp_path / "lines.json"
    path.write_text('{"text": 1}\n{"text": 2}', "utf-8")
    assert [lines_of_record(path, n) for n in range(2)] == [range(1, 2), range(2, 3)]


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_json_lines_that_are_not_utf8_become_so_and_come_back(
    tmp_path: Path, encoding: str
) -> None:
    text = "今天天氣很好，我們去公園散步。江蘇省召開座談會，加快發展新質生產力。"
    rows = [{"id": n, "內容": {"text": text + "覆蓋複寫。　"[: n % 5]}} for n in range(200)]
    lines = [json.dumps(row, ensure_ascii=False).encode(encoding) for row in rows]
    broken = [b"{\xff\xff}", '{"內容"'.encode(encoding), b'{"a": "\xff\xff"}']
    data = b"\n".join([*lines[:100], *broken, *lines[100:]]) + b"\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(data)
    path = ("--column", "內容.text")
    done = jiaokan("fix", "in", "-o", "out", *path, cwd=tmp_path)
    assert done.code == 0 and "3 of 203 records" in done.err
    assert ": no edits, but 1 of them written anew (as UTF-8, or" in done.out
    out = (tmp_path / "out/a.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in out] == list(range(200))
    rejected = (tmp_path / "out/_audit/rejected.jsonl").read_text("utf-8").splitlines()
    assert [base64.b64decode(json.loads(one)["raw"]).rstrip(b"\n") for one in rejected] == broken
    assert re.search("byte 0xFF at 1 is not (GBK|GB18030|BIG5)", rejected[0])
    undone = jiaokan("undo", "out", "-o", "back", cwd=tmp_path)
    assert undone.code == 0 and "not the same bytes" not in undone.out
    assert tree(tmp_path / "back") == tree(tmp_path / "in")
    assert jiaokan("fix", "-", *path, stdin=b"\n".join(lines)).out.splitlines() == out
    assert jiaokan("check", "in", *path, "--fail-on", "safe", cwd=tmp_path).code == 0


def test_json_whose_lines_are_no_bytes_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(
        (json.dumps(ROWS[1], ensure_ascii=False) + "\n").encode("utf-16") * 9
    )
    done = jiaokan("fix", "a.jsonl", "-o", "out", cwd=tmp_path)
    assert done.code == 2 and "a.jsonl: " in done.err


def in_capitals(text: str) -> str:
    """As .NET escapes: all beyond ASCII, with capitals, and some of ASCII."""
    text = json.dumps(text).replace("<", "\\u003C").replace("'", "\\u0027")
    return re.sub(r"\\u[0-9a-f]{4}", lambda m: "\\u" + m[0][2:].upper(), text)


WRITERS: dict[str, Any] = {
    "Python": json.dumps,
    "PHP": lambda text: json.dumps(text).replace("/", "\\/"),
    "PHP, not escaped": lambda text: json.dumps(text, ensure_ascii=False).replace("/", "\\/"),
    ".NET": in_capitals,
    "Go": lambda text: json.dumps(text, ensure_ascii=False).replace("<", "\\u003c"),
    "a space by its number": lambda text: json.dumps(text, ensure_ascii=False).replace(
        "\u3000", "\\u3000"
    ),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_strings_are_spelt_as_the_others_are(tmp_path: Path, write: Any) -> None:
    bad = f"</a>\u3000他說\\'{BAD}\n𠀀é/<"
    lines = [f'{{"text": {write(text)}, "n": 1}}' for text in (bad, CLEAN, bad)]
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert jiaokan("fix", "in", "-o", "out", cwd=tmp_path).code == 0
    good = write(bad.replace(BAD, GOOD))
    expected = [f'{{"text": {good}, "n": 1}}', lines[1], f'{{"text": {good}, "n": 1}}']
    assert (tmp_path / "out/a.jsonl").read_text("utf-8").splitlines() == expected
    assert jiaokan("undo", "out", "-o", "back", cwd=tmp_path).code == 0
    assert tree(tmp_path / "back") == tree(tmp_path / "in")


@given(st.text(st.sampled_from('/"\\\\u00e8E<é\n\ud800𠀀企')), st.sampled_from(list(WRITERS)))
def test_whatever_is_spelt_reads_the_same(text: str, writer: str) -> None:
    spell = spelling_of(WRITERS[writer]('a/<é\u3000𠀀"\\'))
    spelt = spell(text)
    assert json.loads(spelt) == text
