"""Inputs and outputs at addresses: a real S3 server, a plain HTTP server, and lists of inputs."""

import functools
import gzip
import http.server
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")
import pyarrow.parquet as pq

from tests.command import CLEAN, DAMAGED, REPAIRED, jiaokan, tree
from tests.kills import COMMAND

ROWS = [{"id": n, "text": DAMAGED if n % 3 else CLEAN} for n in range(50)]
LINES = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()


def make_inputs(folder: Path) -> None:
    (folder / "deep/er").mkdir(parents=True)
    (folder / "a.txt").write_text(DAMAGED, "utf-8")
    (folder / "deep/gbk.txt").write_bytes((CLEAN * 9).encode("gb18030"))
    (folder / "deep/er/b.jsonl.gz").write_bytes(gzip.compress(LINES))
    (folder / "deep/er/picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "c.parquet", row_group_size=9)


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    server = pytest.importorskip("moto.server", reason="pip install 'moto[server]'")
    pytest.importorskip("s3fs", reason="pip install s3fs")
    running = server.ThreadedMotoServer(port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(s3_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket, as `s3://jiaokan`; what the command needs to know is in the environment."""
    import fsspec
    import s3fs
    from fsspec.config import conf, set_conf_env

    from jiaokan.repair.files import addresses

    options = {"endpoint_url": s3_server, "key": "k", "secret": "s"}
    for name, value in options.items():
        monkeypatch.setenv(f"FSSPEC_S3_{name.upper()}", value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setitem(conf, "s3", {})
    set_conf_env(conf)
    addresses._files.cache_clear()
    s3fs.S3FileSystem.clear_instance_cache()
    files = fsspec.filesystem("s3", **options)
    files.mkdir("jiaokan")
    yield files
    files.rm("jiaokan", recursive=True)
    addresses._files.cache_clear()


def contents(files: Any, prefix: str) -> dict[str, bytes]:
    files.invalidate_cache()
    found = files.find(prefix)
    return {name.removeprefix(prefix + "/"): files.cat_file(name) for name in found}


def test_an_address_that_does_not_answer_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from jiaokan.repair.files import addresses

    class Slow:
        def find(self, name: str, *, detail: bool) -> dict[str, Any]:
            told.wait(30)
            raise OSError("nobody there")

    def tell(url: str) -> None:
        heard.append(url)
        told.set()

    told, heard = threading.Event(), list[str]()
    monkeypatch.setattr(addresses, "PATIENCE", 0.01)
    monkeypatch.setattr(addresses, "_files", lambda url: (Slow(), url))
    addresses.tell_of_waiting(tell)
    for _ in range(2):
        with pytest.raises(OSError, match="nobody there"):
            list(addresses.Address.of("s3://a/b").below())
    assert heard == ["s3://a/b"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_from_bucket_to_bucket_and_back(bucket: Any, tmp_path: Path, workers: str) -> None:
    make_inputs(tmp_path / "in")
    bucket.put(str(tmp_path / "in"), "jiaokan/raw", recursive=True)
    arguments = ["fix", "s3://jiaokan/raw/", "-o", "s3://jiaokan/clean", "--workers", workers]
    # A process of its own: workers have the environment in which their first one started.
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "s3://jiaokan/clean/_audit/report.html" in done.stdout
    assert jiaokan("fix", "in", "-o", "local", cwd=tmp_path).code == 0
    there = contents(bucket, "jiaokan/clean")
    expected = tree(tmp_path / "local")
    assert {n: d for n, d in there.items() if not n.startswith("_audit/")} == expected
    for table in ("files.jsonl", "edits.jsonl", "findings.jsonl", "rejected.jsonl"):
        ours, theirs = (tmp_path / "local/_audit" / table).read_bytes(), there[f"_audit/{table}"]
        assert without_modes(theirs) == without_modes(ours)
    assert "_audit/run.json" not in there and "企業" in there["_audit/report.html"].decode()
    assert not list((tmp_path / "cache").rglob("*.jsonl"))

    # A second run does nothing again; a third only what is new.
    before = bucket.info("jiaokan/clean/c.parquet", refresh=True)["LastModified"]
    time.sleep(1.1)
    bucket.pipe_file("jiaokan/raw/new.txt", DAMAGED.encode())
    again = jiaokan(*arguments[:-2], cwd=tmp_path)
    assert again.code == 0 and "5 files" in again.out, again.err
    assert contents(bucket, "jiaokan/clean")["new.txt"].decode() == REPAIRED
    assert bucket.info("jiaokan/clean/c.parquet", refresh=True)["LastModified"] == before

    undone = jiaokan("undo", "s3://jiaokan/clean", "-o", "back", cwd=tmp_path)
    assert undone.code == 0, undone.err
    back = tree(tmp_path / "back")
    assert back.pop("new.txt").decode() == DAMAGED
    source = {n: d for n, d in tree(tmp_path / "in").items() if not n.endswith(".png")}
    assert pq.read_table(tmp_path / "back/c.parquet").to_pylist() == ROWS
    del back["c.parquet"], source["c.parquet"]
    assert back == source
    undone = jiaokan("undo", "s3://jiaokan/clean", cwd=tmp_path)
    assert undone.code == 0, undone.err
    assert contents(bucket, "jiaokan/clean")["a.txt"].decode() == DAMAGED


def without_modes(table: bytes) -> list[Any]:
    rows = [json.loads(line) for line in table.splitlines()]
    for row in rows:
        row.pop("mode", None)
        (row.get("records") or {}).get("text", {}).pop("mode", None)
    return sorted(rows, key=json.dumps)


def test_a_bucket_with_other_things_is_not_written_into(bucket: Any, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    bucket.pipe_file("jiaokan/mine/x.bin", b"precious")
    done = jiaokan("fix", "a.txt", "-o", "s3://jiaokan/mine", cwd=tmp_path)
    assert done.code == 2 and "is not empty and was not made by jiaokan" in done.err
    assert contents(bucket, "jiaokan/mine") == {"x.bin": b"precious"}


def test_what_is_not_there(bucket: Any, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    for arguments, said in (
        (("fix", "s3://jiaokan/none.txt", "-o", "out"), "there is no such file or folder"),
        (("fix", "s3://nobucket/x/", "-o", "out"), "no file to repair in s3://nobucket/x/"),
        (("fix", "nope://x/y.txt", "-o", "out"), "Protocol not known: nope"),
        (("fix", "a.txt", "-o", "s3://nobucket/x"), "nobucket"),
        (("fix", "--in-place", "s3://jiaokan/a.txt"), "cannot be repaired in place; use -o"),
        (("undo", "s3://jiaokan/nothing"), "no audit here"),
    ):
        done = jiaokan(*arguments, cwd=tmp_path)
        assert done.code == 2 and said in done.err, (arguments, done.err)
        assert "Traceback" not in done.err and "jiaokan itself" not in done.err


class _Plain(http.server.SimpleHTTPRequestHandler):
    """Sends files only from their start, as simple servers do."""

    def log_message(self, *_: Any) -> None:
        pass


def test_http_without_ranges_and_check(tmp_path: Path) -> None:
    pytest.importorskip("aiohttp", reason="pip install aiohttp")
    make_inputs(tmp_path / "in")
    handler = functools.partial(_Plain, directory=str(tmp_path / "in"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        base = f"http://127.0.0.1:{server.server_port}"
        names = ["a.txt", "deep/er/b.jsonl.gz", "c.parquet"]
        (tmp_path / "list").write_text("".join(f"{base}/{name}\n" for name in names))
        done = jiaokan("fix", "@list", "-o", "out", cwd=tmp_path)
        assert done.code == 0, done.err
        assert jiaokan("fix", "in", "-o", "local", cwd=tmp_path).code == 0
        expected = {n: d for n, d in tree(tmp_path / "local").items() if n in names}
        assert tree(tmp_path / "out") == expected
        found = jiaokan("check", f"{base}/a.txt", "--no-cache", cwd=tmp_path)
        assert found.code == 1 and "a.txt:1:8: safe glosses/leaked-pinyin" in found.out, found.err
    finally:
        server.shutdown()


def test_lists(tmp_path: Path) -> None:
    make_inputs(tmp_path / "in")
    (tmp_path / "list").write_text("in/a.txt\r\nin/deep\n\nin/none.txt\n", "utf-8")
    done = jiaokan("fix", "@list", "-o", "out", cwd=tmp_path)
    assert done.code == 2 and "none.txt: there is no such file or folder" in done.err
    assert set(tree(tmp_path / "out")) == {"a.txt", "deep/gbk.txt", "deep/er/b.jsonl.gz"}
    done = jiaokan("check", "@-", cwd=tmp_path, stdin=b"in/a.txt\0in/deep/gbk.txt\0")
    assert done.code == 1 and "in 2 of 2 files" in done.out, done.err
    (tmp_path / "empty").write_bytes(b"\n")
    for name, said in (("@empty", "an empty list"), ("@no", "a file of that name is ./@no")):
        done = jiaokan("diff", name, cwd=tmp_path)
        assert done.code == 2 and said in done.err


def test_patterns(tmp_path: Path) -> None:
    make_inputs(tmp_path / "in")
    (tmp_path / "in/[1]*.txt").write_text(DAMAGED, "utf-8")
    (tmp_path / "list").write_text("in/**/*.gz\nin/[c].parquet\n", "utf-8")
    for given, names in (
        ("in/**/*.txt", {"[1]*.txt", "a.txt", "deep/gbk.txt"}),
        ("in/d?ep", {"gbk.txt", "er/b.jsonl.gz"}),
        ("in/[1]*.txt", {"[1]*.txt"}),  # a name that is there is no pattern
        ("@list", {"c.parquet", "deep/er/b.jsonl.gz"}),
    ):
        done = jiaokan("fix", given, "-o", "out", "--force", cwd=tmp_path)
        assert done.code == 0 and set(tree(tmp_path / "out")) == names, (given, done.err)
    done = jiaokan("check", "in/*.none", cwd=tmp_path)
    assert done.code == 2 and "in/*.none: nothing matches the pattern" in done.err


def test_patterns_in_addresses(tmp_path: Path) -> None:
    import fsspec

    files = fsspec.filesystem("memory")
    for name in ("a.txt", "b/c.txt", "b/d.md"):
        files.pipe_file(f"/patterns/{name}", DAMAGED.encode())
    for given, count in (("**/*.txt", 2), ("*", 3), ("b/*.md", 1)):
        done = jiaokan("check", f"memory://patterns/{given}", cwd=tmp_path)
        assert done.code == 1 and f"of {count} file" in done.out, (given, done.out, done.err)
    done = jiaokan("check", "memory://patterns/*.no", cwd=tmp_path)
    assert done.code == 2 and "there is no such file or folder" in done.err


def test_memory_addresses(tmp_path: Path) -> None:
    import fsspec

    fsspec.filesystem("memory").pipe_file("/m/a.txt", DAMAGED.encode())
    done = jiaokan("diff", "memory://m/", cwd=tmp_path)
    assert done.code == 0 and "+江蘇省召開企業家" in done.out, done.err
