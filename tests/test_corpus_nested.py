"""Texts deep in a record: named by a path, repaired in their places, nothing beside them touched."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jiaokan
from jiaokan.repair.corpus.formats.jsonl import JsonLines
from jiaokan.repair.corpus.paths import steps_of
from tests.command import DAMAGED, REPAIRED, tree
from tests.command import jiaokan as command
from tests.test_corpus_formats import through, upper

pa = pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")
import pyarrow.parquet as pq

BAD, GOOD = DAMAGED.split("\n")[0], REPAIRED.split("\n")[0]
CHATS: list[Any] = [
    {
        "id": f"c{number}",
        "messages": [
            {"role": "user", "content": "今天天氣很好，我們去公園散步。"},
            {"content": BAD, "role": "assistant", "企業(yè)家": [1.10, BAD]},
            {"role": "tool", "content": None},
        ],
        "meta": {"title": BAD, "企業": BAD},
        "tags": ["a", BAD],
    }
    for number in range(3)
] + [{"id": "none", "messages": [], "meta": None, "tags": None}]
PATHS = ["messages[].content", "meta.title", "tags[]"]


def repaired(chats: list[Any]) -> list[Any]:
    """The same, as it should be after its `PATHS` are repaired."""
    chats = json.loads(json.dumps(chats))
    for chat in chats:
        for message in chat["messages"]:
            if message["content"] == BAD:
                message["content"] = GOOD
        if chat["meta"]:
            chat["meta"]["title"] = GOOD
            chat["tags"][1] = GOOD
    return chats


def options(paths: list[str]) -> list[str]:
    return [word for path in paths for word in ("--column", path)]


@pytest.mark.parametrize(
    ("column", "steps"),
    [
        ("text", ("text",)),
        ("messages[].content", ("messages", None, "content")),
        (".messages[].content", ("messages", None, "content")),
        ("tags[]", ("tags", None)),
        ("a[][].b", ("a", None, None, "b")),
        ('meta."dc.title"', ("meta", "dc.title")),
        ("正文.内容", ("正文", "内容")),
        ("a..b", ("a..b",)),
        ("a[0]", ("a[0]",)),
        ('a"b', ('a"b',)),
        ("", ("",)),
    ],
)
def test_what_a_path_says(column: str, steps: tuple[str | None, ...]) -> None:
    assert steps_of(column) == steps


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f"), max_size=4)
"""Without DEL, which `json.dumps` escapes in ASCII though JSON does not ask for it: what is unchanged keeps its bytes."""
VALUES = st.recursive(
    TEXTS | st.integers() | st.floats() | st.none() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abz"), inner, max_size=3)
    ),
    max_leaves=12,
)


def raised(value: Any, steps: tuple[str | None, ...]) -> Any:
    """A value with the strings that steps lead to in upper case: what a reader of the docs expects."""
    if not steps:
        return value.upper() if isinstance(value, str) else value
    if steps[0] is None and isinstance(value, list):
        return [raised(each, steps[1:]) for each in value]
    if steps[0] is not None and isinstance(value, dict) and steps[0] in value:
        return value | {steps[0]: raised(value[steps[0]], steps[1:])}
    return value


@given(
    st.lists(st.dictionaries(st.sampled_from("abz"), VALUES, max_size=3), max_size=4),
    st.lists(st.sampled_from(["a", "a[]", "a.b", "a[].b", "b.a[]", "b[][].z"]), min_size=1),
    st.booleans(),
    st.sampled_from([None, (" , ", ":  ")]),
)
def test_json_changes_only_what_the_paths_lead_to(
    records: list[dict[str, Any]], columns: list[str], escaped: bool, separators: Any
) -> None:
    lines = [json.dumps(r, ensure_ascii=escaped, separators=separators) for r in records]
    data = "".join(f"{line}\n" for line in lines).encode()
    out, _ = through(JsonLines(tuple(columns)), data, upper)
    expected = records
    for column in columns:
        expected = [raised(record, steps_of(column)) for record in expected]
    again = [
        json.dumps(r, ensure_ascii=line.isascii(), separators=separators)
        for r, line in zip(expected, lines, strict=True)
    ]
    assert out.decode() == "".join(f"{line}\n" for line in again)


def test_a_column_of_that_very_name_is_no_path() -> None:
    line = b'{"a.b": "x", "a": {"b": "y"}}\n{"a": {"b": "y", "b": "z"}}\n'
    out, _ = through(JsonLines(("a.b",)), line, upper)
    assert out == line.replace(b'"x"', b'"X"').replace(b'"z"', b'"Z"')


def test_chats_are_repaired_shown_and_undone(tmp_path: Path) -> None:
    source = tmp_path / "in/chats.jsonl"
    source.parent.mkdir()
    source.write_text("".join(json.dumps(c, ensure_ascii=False) + "\n" for c in CHATS), "utf-8")
    named = (*options(PATHS), "--id-column", "id")

    checked = command("check", source, *named, "--format", "jsonl")
    assert checked.code == 1
    places = {json.loads(line).get("file") for line in checked.out.splitlines()} - {None}
    assert f"{source}#2/messages[1].content" in places and f"{source}#0/tags[1]" in places
    assert "#1/meta.title" in command("diff", source, *named).out

    out = tmp_path / "out"
    assert command("fix", source.parent, "-o", out, *named).code == 0
    lines = (out / "chats.jsonl").read_text("utf-8").splitlines()
    assert lines == [json.dumps(c, ensure_ascii=False) for c in repaired(CHATS)]
    audit = [json.loads(line) for line in (out / "_audit/edits.jsonl").read_text().splitlines()]
    assert {(row["id"], row["field"]) for row in audit} == {
        (f"c{n}", place)
        for n in range(3)
        for place in ("messages[1].content", "meta.title", "tags[1]")
    }

    assert command("undo", out, "-o", tmp_path / "back").code == 0
    assert tree(tmp_path / "back") == tree(source.parent)


def test_a_baseline_knows_a_message_again_where_it_stands_elsewhere(tmp_path: Path) -> None:
    source = tmp_path / "chats.jsonl"
    column = ("--column", "messages[].content")
    lines = [json.dumps({"messages": m}) for m in ([{"content": BAD}], [{"content": GOOD}])]
    source.write_text("\n".join(lines))
    assert command("baseline", source, *column, cwd=tmp_path).code == 0
    lines[0] = json.dumps({"messages": [{"content": GOOD}, {"content": BAD}]})
    source.write_text("\n".join(lines))
    made = next(tmp_path.glob("*baseline*"))
    assert command("check", source, *column, "--baseline", made, cwd=tmp_path).code == 0


def test_a_path_that_leads_nowhere_names_those_that_do(tmp_path: Path) -> None:
    source = tmp_path / "chats.jsonl"
    source.write_text("".join(json.dumps(c) + "\n" for c in CHATS))
    there = "id, messages[].role, messages[].content, messages[].企業(yè)家[], meta.title"
    done = command("fix", source, "-o", tmp_path / "out", "--column", "messages[].contents")
    assert done.code == 2 and f"name the text with --column: {there}" in done.err
    done = command("fix", source, "-o", tmp_path / "out", "--column", "messages")
    assert done.code == 2 and "'messages' holds lists, not text; name" in done.err
    assert there in done.err
    # What is empty in the first records may be filled in those behind them.
    source.write_text(json.dumps({"messages": []}) + "\n" + json.dumps({"messages": []}) + "\n")
    assert command("check", source, "--column", "messages[].content").code == 0


MESSAGE = pa.struct(
    [("role", pa.string()), ("content", pa.large_string()), ("at", "timestamp[ns]")]
)


def table(lists: Any) -> Any:
    """Chats whose messages are lists of this kind, with nulls everywhere."""
    messages = [
        [
            {"role": "u", "content": GOOD, "at": 1_000},
            {"role": "a", "content": BAD, "at": 1_700_000_001_000},
        ],
        None,
        [None, {"role": BAD, "content": BAD, "at": None}],
        [{"role": "x", "content": None, "at": 3_000}, {"role": "y", "content": "", "at": 4_000}],
    ]
    meta = [{"title": BAD, "n": 1}, None, {"title": None, "n": 2}, {"title": GOOD, "n": None}]
    return pa.table(
        {
            "id": pa.array(["a", "b", "c", "d"]),
            "messages": pa.array(messages, lists(MESSAGE)),
            "meta": pa.array(meta, pa.struct([("title", pa.string()), ("n", pa.int8())])),
            "tags": pa.array([["t", BAD], [], None, [None, GOOD]], pa.list_(pa.string())),
        }
    )


def mended(rows: list[Any]) -> list[Any]:
    for row in rows:
        for message in row["messages"] or ():
            if message and message["content"] == BAD:
                message["content"] = GOOD
        if row["meta"] and row["meta"]["title"] == BAD:
            row["meta"]["title"] = GOOD
        row["tags"] = row["tags"] and [GOOD if tag == BAD else tag for tag in row["tags"]]
    return rows


LISTS = [pa.list_, pa.large_list, lambda kind: pa.list_(kind, 2)]


@pytest.mark.parametrize("lists", LISTS, ids=["list", "large_list", "fixed_size_list"])
@pytest.mark.parametrize("cut", [slice(0, 4), slice(1, 4), slice(2, 3)], ids=str)
def test_arrow_structs_and_lists(lists: Any, cut: slice) -> None:
    before = table(lists).slice(cut.start, cut.stop - cut.start)
    after, edits = jiaokan.repair_batch(before, columns=PATHS, id_column="id")
    after.validate(full=True)
    assert after.schema == before.schema
    assert after.to_pylist() == mended(before.to_pylist())
    found = {(edit["id"], edit["column"]) for edit in edits.to_pylist()}
    assert ("c", "messages[1].content") in found
    assert (("a", "meta.title") in found) == (("a", "tags[1]") in found) == (cut.start == 0)
    chunked = pa.concat_tables([before.slice(row, 1) for row in range(before.num_rows)])
    again, edits_of_chunks = jiaokan.repair_batch(chunked, columns=PATHS, id_column="id")
    assert again == after and edits_of_chunks == edits


def test_what_is_below_a_null_is_not_seen() -> None:
    hidden = pa.StructArray.from_arrays(
        [pa.array([BAD, BAD])], names=["t"], mask=pa.array([False, True])
    )
    after, edits = jiaokan.repair_batch(pa.table({"s": hidden}), columns="s.t")
    assert set(edits.column("row").to_pylist()) == {0}
    assert after.column("s").to_pylist() == [{"t": GOOD}, None]


def test_arrow_paths_that_lead_nowhere() -> None:
    with pytest.raises(KeyError, match=r"there are id, messages\[\].role, messages\[\].content"):
        jiaokan.repair_batch(table(pa.list_), columns=["messages[].text"])
    with pytest.raises(TypeError, match="'messages' is list"):
        jiaokan.repair_batch(table(pa.list_), columns=["messages"])
    with pytest.raises(TypeError, match="several values"):
        jiaokan.repair_batch(table(pa.list_), columns=["meta.title"], id_column="tags[]")


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrow-stream"])
def test_nested_columns_of_files_are_repaired_and_undone(tmp_path: Path, kind: str) -> None:
    before = table(pa.list_)
    folder = tmp_path / "in"
    folder.mkdir()
    if kind == "parquet":
        pq.write_table(before, folder / "a.parquet", row_group_size=2)
    else:
        new = pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream
        with new(str(folder / "a.arrow"), before.schema) as writer:
            writer.write_table(before, max_chunksize=3)
    named = (*options(PATHS), "--id-column", "id")
    assert command("fix", folder, "-o", tmp_path / "out", *named).code == 0
    assert command("undo", tmp_path / "out", "-o", tmp_path / "back").code == 0

    def read(path: Path) -> Any:
        data = next(path.glob("a.*")).read_bytes()
        if kind == "parquet":
            return pq.read_table(io.BytesIO(data))
        opened = pa.ipc.open_file if kind == "arrow" else pa.ipc.open_stream
        return opened(data).read_all()

    assert read(tmp_path / "out").schema == before.schema
    assert read(tmp_path / "out").to_pylist() == mended(before.to_pylist())
    assert read(tmp_path / "back") == before
    audit = (tmp_path / "out/_audit/edits.jsonl").read_text().splitlines()
    _, edits = jiaokan.repair_batch(before, columns=PATHS, id_column="id")
    assert [(e["record"], e["id"], e["field"], e["start"]) for e in map(json.loads, audit)] == [
        (e["row"], e["id"], e["column"], e["start"])
        for path in ("messages", "meta", "tags")
        for e in edits.to_pylist()
        if e["column"].startswith(path)
    ]
