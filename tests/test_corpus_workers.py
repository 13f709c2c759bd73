"""Work over processes: the same answers in the same order, whatever crashes on the way."""

import gzip
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")

import jiaokan
from jiaokan.repair.corpus.formats.jsonl import JsonLines
from jiaokan.repair.corpus.recognise import Columns
from jiaokan.repair.corpus.record_file import RecogniseRecords
from jiaokan.repair.corpus.records import Chunk
from jiaokan.repair.corpus.repairing import RepairedChunk, repair_chunks
from jiaokan.repair.corpus.workers import Workers
from jiaokan.repair.files import Input, walk_inputs
from jiaokan.repair.fixing import preparing
from jiaokan.repair.fixing.output import Target
from jiaokan.repair.repairer import Repairer
from tests.command import CLEAN


def lines(count: int) -> bytes:
    texts = ["江蘇省召開企業(yè)家座談會，加快發(fā)展。", "沒有問題的一行。", "ä¸\xadæ–‡"]
    rows = [{"n": n, "text": texts[n % 3] * 20} for n in range(count)]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def chunks_of(form: JsonLines, data: bytes, workers: int) -> Iterator[RepairedChunk]:
    with Workers(workers) as pool:
        yield from repair_chunks(form, form.read(io.BytesIO(data)), jiaokan.Repairer(), pool)


def test_two_workers_give_what_one_gives() -> None:
    form = JsonLines(id_column="n")
    data = lines(9_000)
    assert len(list(form.read(io.BytesIO(data)))) > 3
    one, two = (list(chunks_of(form, data, workers)) for workers in (1, 2))
    assert one == two
    assert b"".join(chunk.changed.data for chunk in one) != data
    assert sum(chunk.changed.records for chunk in one) == 9_000


def crash_on_seven(numbers: list[int]) -> list[int]:
    if 7 in numbers:
        os._exit(1)
    return [number * 2 for number in numbers]


def cut(numbers: list[int]) -> list[list[int]]:
    middle = len(numbers) // 2
    return [numbers[:middle], numbers[middle:]] if middle else []


def lost(numbers: list[int]) -> list[int]:
    return [-number for number in numbers]


def test_what_crashes_a_worker_is_found_by_cutting_and_left_out_alone() -> None:
    items = [[1, 2, 3], [4, 5, 6, 7, 8], [9], [10, 11]]
    with Workers(2) as pool:
        done = pool.map(crash_on_seven, items, cut, lost)
        answers = [number for answer in done for number in answer]
    assert answers == [2, 4, 6, 8, 10, 12, -7, 16, 18, 20, 22]


def test_chunks_are_cut_between_records() -> None:
    from jiaokan.repair.corpus.records import halves

    todo, found = [Chunk(5, b"a\nbb\nccc\nd")], []
    while todo:
        chunk = todo.pop()
        parts = halves(chunk)
        todo += reversed(parts)
        if not parts:
            found.append((chunk.first, chunk.data))
    assert found == [(5, b"a\n"), (6, b"bb\n"), (7, b"ccc\n"), (8, b"d")]


def test_a_file_of_records_is_for_all_where_there_is_little_else(tmp_path: Path) -> None:
    line = b'{"text": "' + CLEAN.strip().encode() + b'"}\n'
    (tmp_path / "a.jsonl").write_bytes(line * 9)
    (tmp_path / "b.jsonl").write_bytes(line * 900)
    (tmp_path / "c.txt").write_bytes(CLEAN.encode() * 900)
    (tmp_path / "d.txt.gz").write_bytes(gzip.compress(os.urandom(30_000).hex().encode()))
    found = [item for item in walk_inputs([tmp_path]) if isinstance(item, Input)]
    group = preparing._Group(tuple(found), Target(tmp_path / "out", False), Repairer())
    recognise = RecogniseRecords(Columns())
    done = preparing._prepare_group(group, recognise=recognise, most=1 << 20, most_records=9_000)
    kinds = [type(outcome).__name__ for outcome in done]
    assert kinds == ["Prepared", "_Group", "Prepared", "_Group"]
    assert done[1] == preparing._Group((found[1],), group.target, group.repairer)
