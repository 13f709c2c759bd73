"""WARC and WET: only the text of plain-text records changes; every record keeps its place."""

import gzip
import io
import json
from pathlib import Path

import pytest

pytest.importorskip("warcio", reason="pip install 'jiaokan[corpus]'")
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from jiaokan.repair.corpus.formats.warc import Warc
from jiaokan.repair.corpus.records import FormatError, Part
from tests.command import CLEAN, DAMAGED, REPAIRED, jiaokan

TEXTS = [DAMAGED, CLEAN, "", DAMAGED * 2]


def wet(*, is_packed: bool) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=is_packed)
    writer.write_record(writer.create_warcinfo_record("x.wet", {"software": "ours"}))
    for number, text in enumerate(TEXTS):
        data = text.encode()
        record = writer.create_warc_record(
            f"http://example.org/{number}", "conversion",
            payload=io.BytesIO(data), length=len(data), warc_content_type="text/plain",
        )  # fmt: skip
        writer.write_record(record)
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    page = io.BytesIO(f"<p>{DAMAGED}</p>".encode())
    writer.write_record(
        writer.create_warc_record("http://example.org/p", "response", page, http_headers=head)
    )
    return out.getvalue()


@pytest.mark.parametrize("is_packed", [False, True])
def test_wet_there_and_back(tmp_path: Path, is_packed: bool) -> None:
    name = "x.warc.wet" + ".gz" * is_packed
    data = wet(is_packed=is_packed)
    (tmp_path / name).write_bytes(data)
    done = jiaokan("fix", name, "-o", "out", "--id-column", "WARC-Target-URI", cwd=tmp_path)
    assert done.code == 0 and "6 records" in done.out, done.err
    out = (tmp_path / "out" / name).read_bytes()
    found = []
    iterator = ArchiveIterator(io.BytesIO(out), check_digests="raise")
    for record in iterator:
        found.append((record.rec_type, record.content_stream().read().decode()))
        # An index points at each record: it can be read from its own offset.
        at = io.BytesIO(out[iterator.get_record_offset() :])
        assert next(iter(ArchiveIterator(at))).rec_headers.headers == record.rec_headers.headers
    texts = [REPAIRED, CLEAN, "", REPAIRED * 2]
    assert found[1:-1] == [("conversion", text) for text in texts]
    assert found[-1] == ("response", f"<p>{DAMAGED}</p>")
    edits = [
        json.loads(line) for line in (tmp_path / "out/_audit/edits.jsonl").read_bytes().splitlines()
    ]
    assert {(edit["record"], edit["id"]) for edit in edits} == {
        (1, "http://example.org/0"), (4, "http://example.org/3"),
    }  # fmt: skip
    done = jiaokan("undo", "out", "-o", "back", cwd=tmp_path)
    assert done.code == 0 and "not the same bytes" not in done.out, done.err
    assert (tmp_path / "back" / name).read_bytes() == data
    assert jiaokan("check", name, cwd=tmp_path).code == 1


def test_a_wrong_digest_stays_wrong(tmp_path: Path) -> None:
    data = wet(is_packed=False).replace(b"WARC-Block-Digest: sha1:", b"WARC-Block-Digest: sha1:Z")
    (tmp_path / "x.warc").write_bytes(data)
    assert jiaokan("fix", "x.warc", "-o", "out", cwd=tmp_path).code == 0
    assert (tmp_path / "out/x.warc").read_bytes().count(b"Block-Digest: sha1:Z") == 6
    assert jiaokan("undo", "out", cwd=tmp_path).code == 0
    assert (tmp_path / "out/x.warc").read_bytes() == data


def test_long_records_pass_in_parts() -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    for text in ("short", "long " * 900_000, "short again"):
        record = writer.create_warc_record(
            "http://example.org/", "conversion", payload=io.BytesIO(text.encode()),
            length=len(text), warc_content_type="text/plain",
        )  # fmt: skip
        writer.write_record(record)
    form = Warc(most=1 << 21)
    chunks = list(form.read(io.BytesIO(out.getvalue())))
    assert sum(isinstance(chunk.data, Part) for chunk in chunks) >= 4
    assert [chunk.first for chunk in chunks if not isinstance(chunk.data, Part)] == [0, 2]
    changed = [form.change(chunk, lambda cells: [cell.text for cell in cells]) for chunk in chunks]
    assert sum(each.records for each in changed) == 3
    assert [unread.record for each in changed for unread in each.unread] == [1]
    again = io.BytesIO()
    form.write(again, (each.data for each in changed), io.BytesIO())
    assert again.getvalue() == out.getvalue()


@pytest.mark.parametrize("cut", [3, 40, 500, 1200])
def test_cut_off(tmp_path: Path, cut: int) -> None:
    data = wet(is_packed=False)[:-cut]
    with pytest.raises(FormatError, match=r"not whole WARC|not WARC"):
        list(Warc().read(io.BytesIO(data)))
    (tmp_path / "x.wet.gz").write_bytes(gzip.compress(data))
    done = jiaokan("fix", "x.wet.gz", "-o", "out", cwd=tmp_path)
    assert done.code == 2 and "WARC" in done.err and len(done.err.splitlines()) == 1


def test_text_that_is_not_utf_8_is_left_and_named(tmp_path: Path) -> None:
    data = wet(is_packed=False)
    other = data.replace(CLEAN.encode(), CLEAN.encode("gb18030").ljust(len(CLEAN.encode()), b" "))
    (tmp_path / "x.warc").write_bytes(other)
    assert jiaokan("fix", "x.warc", "-o", "out", cwd=tmp_path).code == 0
    (row,) = map(
        json.loads, (tmp_path / "out/_audit/rejected.jsonl").read_bytes().splitlines()
    )  # fmt: skip
    assert row["record"] == 2 and "is not UTF-8; left as it is" in row["reason"]
    assert jiaokan("undo", "out", cwd=tmp_path).code == 0
    assert (tmp_path / "out/x.warc").read_bytes() == other
