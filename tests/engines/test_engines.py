"""Each engine for real: the same text and the same edits as the kernel. `make test-engines`."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")

import pyarrow.parquet as pq

import jiaokan
from jiaokan.repair.corpus.arrow import annotate_batch
from tests.command import jiaokan as jiaokan_command

TEXTS = [
    "江蘇省召開企業(yè)家座談會，加快發(fā)展新質生產力。",
    "這一行沒有問題。",
    "他們在創(chuàng)業(yè)園區(qū)里工作。",
    "",
    "ä¸­æ–‡å†…å®¹å·²ç»�",
] * 40
DATA = pa.table({"n": range(len(TEXTS)), "text": TEXTS})
EXPECTED = annotate_batch(DATA).to_pylist()


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "data.parquet"
    pq.write_table(DATA, path, row_group_size=37)
    return path


def test_something_is_wrong_with_the_sample() -> None:
    assert sum(len(row["jiaokan_edits"]) for row in EXPECTED) > 100


def test_ray(parquet: Path) -> None:
    ray = pytest.importorskip("ray", reason="pip install 'jiaokan[ray]'")
    from jiaokan.repair.corpus.engines.ray import repair_dataset

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    try:
        rows = repair_dataset(ray.data.read_parquet(str(parquet)), batch_size=16).take_all()
    finally:
        ray.shutdown()
    assert sorted(rows, key=lambda row: row["n"]) == EXPECTED


def test_spark(parquet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark", reason="pip install 'jiaokan[spark]'")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    from jiaokan.repair.corpus.engines.spark import repair_frame

    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("jiaokan")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "16",
    }.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    try:
        frame = repair_frame(spark.read.parquet(str(parquet)).repartition(4))
        rows = [row.asDict(recursive=True) for row in frame.orderBy("n").collect()]
    finally:
        spark.stop()
    assert rows == EXPECTED


def test_datatrove(tmp_path: Path) -> None:
    pytest.importorskip("datatrove", reason="pip install 'jiaokan[datatrove]'")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from jiaokan.repair.corpus.engines.datatrove import JiaokanRepair

    source = tmp_path / "in"
    source.mkdir()
    for part in range(4):
        lines = [
            json.dumps({"id": str(n), "text": text}, ensure_ascii=False)
            for n, text in enumerate(TEXTS)
            if n % 4 == part
        ]
        (source / f"{part}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    LocalPipelineExecutor(
        [
            JsonlReader(str(source), compression=None),
            JiaokanRepair(batch_size=7),
            JsonlWriter(str(tmp_path / "out"), compression=None),
        ],
        tasks=2,
        workers=2,
        logging_dir=str(tmp_path / "logs"),
    ).run()
    found: dict[int, Any] = {}
    for path in (tmp_path / "out").rglob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            record = json.loads(line)
            edits = record["metadata"].get("jiaokan_edits", [])
            found[int(record["id"])] = {
                "n": int(record["id"]), "text": record["text"], "jiaokan_edits": edits,
            }  # fmt: skip
    # datatrove's reader drops documents without text.
    assert [found[n] for n in sorted(found)] == [row for row in EXPECTED if row["text"]]


def test_datasets(parquet: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="pip install 'jiaokan[datasets]'")
    from jiaokan.repair.corpus.engines.datasets import repair_dataset

    dataset = datasets.Dataset.from_parquet(str(parquet), cache_dir=str(tmp_path / "cache"))
    assert list(repair_dataset(dataset, batch_size=16)) == EXPECTED
    assert list(repair_dataset(dataset.to_iterable_dataset(), batch_size=16)) == EXPECTED


def test_chats_in_datasets(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="pip install 'jiaokan[datasets]'")
    from jiaokan.repair.corpus.engines.datasets import repair_dataset

    chats = [{"messages": [{"role": "user", "content": text}]} for text in TEXTS]
    dataset = datasets.Dataset.from_list(chats)
    found = list(repair_dataset(dataset, columns=["messages[].content"], batch_size=16))
    assert [row["messages"][0]["content"] for row in found] == [row["text"] for row in EXPECTED]
    edits = [[{**edit, "column": "text"} for edit in row["jiaokan_edits"]] for row in found]
    assert edits == [row["jiaokan_edits"] for row in EXPECTED]
    assert found[0]["jiaokan_edits"][0]["column"] == "messages[0].content"


def test_duckdb(parquet: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="pip install duckdb")
    from jiaokan.repair.corpus.engines.duckdb import register

    connection = duckdb.connect()
    register(connection)
    query = f"select n, jiaokan_repair(text) from read_parquet('{parquet}') order by n"
    rows = connection.sql(query).fetchall()
    assert rows == [(row["n"], row["text"]) for row in EXPECTED]
    assert connection.sql("select jiaokan_repair(null)").fetchall() == [(None,)]


def test_polars() -> None:
    pl = pytest.importorskip("polars", reason="pip install polars")
    from jiaokan.repair.corpus.engines.polars import repaired

    frame = pl.DataFrame({"text": [*TEXTS, None]})
    out = frame.with_columns(repaired(pl.col("text")))
    assert out["text"].to_list() == [*(row["text"] for row in EXPECTED), None]


def test_the_command_line_of_the_kernel_agrees() -> None:
    alone = [jiaokan.Repairer().repair(text) for text in TEXTS]
    assert [out.text for out in alone] == [row["text"] for row in EXPECTED]


def test_the_command_gives_the_same_texts_and_edits(parquet: Path, tmp_path: Path) -> None:
    done = jiaokan_command("fix", parquet, "-o", tmp_path / "out", "--id-column", "n")
    assert done.code == 0, done.err
    rows = pq.read_table(tmp_path / "out" / parquet.name).to_pylist()
    assert rows == [{"n": row["n"], "text": row["text"]} for row in EXPECTED]
    lines = (tmp_path / "out/_audit/edits.jsonl").read_text("utf-8").splitlines()
    edits = [json.loads(line) for line in lines]
    expected = [{"record": row["n"], **edit} for row in EXPECTED for edit in row["jiaokan_edits"]]
    assert len(edits) == len(expected)
    for edit, wanted in zip(edits, expected, strict=True):
        assert edit["record"] == wanted["record"] and edit["id"] == str(wanted["record"])
        assert edit["field"] == wanted["column"]
        assert edit["confidence"] == round(wanted["confidence"], 6)
        for key in ("rule", "start", "end", "before", "after", "applicability", "also"):
            assert edit[key] == wanted[key]
