"""The Arrow kernel: the same text and edits as the Repairer's own, whatever the container."""

from typing import Any

import pytest

import jiaokan

pa = pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")

TEXTS = [
    "江蘇省召開企業(yè)家座談會，加快發(fā)展新質生產力。",
    None,
    "這一行沒有問題。",
    "",
    "他們在創(chuàng)業(yè)園區(qū)里工作。",
]


def table(kind: object = None) -> Any:
    text = pa.array(TEXTS, kind or pa.string())
    return pa.table({"n": range(len(TEXTS)), "text": text, "other": ["企業(yè)家"] * len(TEXTS)})


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())],
    ids=str,
)
def test_a_table_keeps_its_schema_and_only_its_text_changes(kind: object) -> None:
    before = table(kind)
    after, edits = jiaokan.repair_batch(before, id_column="n")
    assert after.schema == before.schema
    assert after.column("other") == before.column("other")
    alone = [None if text is None else jiaokan.Repairer().repair(text) for text in TEXTS]
    assert after.column("text").to_pylist() == [out and out.text for out in alone]
    expected = [
        (row, str(row), "text", edit.rule, edit.start, edit.end, edit.before, edit.after)
        for row, out in enumerate(alone)
        if out
        for edit in out.edits
    ]
    names = ("row", "id", "column", "rule", "start", "end", "before", "after")
    assert [tuple(edit[name] for name in names) for edit in edits.to_pylist()] == expected
    assert expected


def test_arrays_come_back_as_arrays() -> None:
    array, edits = jiaokan.repair_batch(pa.array(TEXTS))
    chunked, edits_of_chunks = jiaokan.repair_batch(pa.chunked_array([TEXTS[:2], TEXTS[2:]]))
    assert isinstance(array, pa.Array) and isinstance(chunked, pa.ChunkedArray)
    assert array.to_pylist() == chunked.to_pylist()
    assert edits == edits_of_chunks
    batch, _ = jiaokan.repair_batch(table().to_batches()[0])
    assert isinstance(batch, pa.RecordBatch)


def test_a_wrong_column_is_named() -> None:
    with pytest.raises(KeyError, match="'body'; there are n, text, other"):
        jiaokan.repair_batch(table(), columns=["body"])
    with pytest.raises(TypeError, match="'n' is int64, not text"):
        jiaokan.repair_batch(table(), columns=["n"])


def test_nothing_wrong_gives_the_same_table_and_no_edits() -> None:
    clean = pa.table({"text": ["這一行沒有問題。", "也沒有。"]})
    after, edits = jiaokan.repair_batch(clean)
    assert after is clean and len(edits) == 0
