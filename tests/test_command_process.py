"""The command as a process of its own: signals, pipes, locales, start-up, a full disk."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.command import CLEAN, DAMAGED, REPAIRED, jiaokan, tree

COMMAND = [sys.executable, "-m", "jiaokan"]


def run(
    *arguments: str | Path,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    stdin: bytes = b"",
) -> "subprocess.CompletedProcess[bytes]":
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, cwd=cwd, env=env, input=stdin)


def many_files(folder: Path, count: int) -> dict[str, bytes]:
    for number in range(count):
        path = folder / f"{number % 7}/{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((DAMAGED if number % 2 else CLEAN) * (1 + number % 50), "utf-8")
    return tree(folder)


def temporary_files(folder: Path) -> list[Path]:
    return list(folder.rglob(".jiaokan-*.tmp"))


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "zh_CN.GBK", "PYTHONIOENCODING": "gbk:strict", "PYTHONUTF8": "0"},
    ],
)
def test_utf8_whatever_the_locale(tmp_path: Path, environment: dict[str, str]) -> None:
    path = tmp_path / "文件.txt"
    path.write_text(DAMAGED, "utf-8")
    done = run("check", ".", cwd=tmp_path, env={**os.environ, **environment})
    assert done.returncode == 1
    assert done.stdout.decode("utf-8").startswith("文件.txt:1:8: safe glosses/leaked-pinyin")
    done = run("fix", "-", stdin=DAMAGED.encode(), env={**os.environ, **environment})
    assert done.stdout == REPAIRED.encode() and done.stderr == b""


def test_a_terminal_of_another_encoding_is_not_shown_mojibake(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="no terminals here")
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    for encoding in ("gbk", "utf-8", "ascii"):
        mine, theirs = pty.openpty()
        command = [*COMMAND, "check", "a.txt", "--lang", "zh", "--max-findings", "1"]
        environment = {**os.environ, "PYTHONIOENCODING": encoding, "NO_COLOR": "1"}
        with open(theirs, "wb", buffering=0) as terminal:  # noqa: PTH123 (a descriptor)
            process = subprocess.Popen(
                command, stdout=terminal, stderr=terminal, cwd=tmp_path, env=environment
            )
        shown = b""
        with suppress(OSError):  # the end of a terminal
            while piece := os.read(mine, 1 << 16):
                shown += piece
        os.close(mine)
        assert process.wait() == 1
        assert "的读音漏进了正文" in shown.decode("gbk" if encoding == "gbk" else "utf-8")


def test_nothing_is_half_written_when_it_is_killed(tmp_path: Path) -> None:
    """SIGKILL at random moments of an in-place run: each file is one or the other, all come back."""
    folder = tmp_path / "in"
    before = many_files(folder, 200)
    jiaokan("fix", folder, "-o", tmp_path / "whole")
    whole = tree(tmp_path / "whole")
    started = time.monotonic()
    assert run("--help").returncode == 0
    start_up = time.monotonic() - started
    chance = random.Random(20)
    for _ in range(3):
        process = subprocess.Popen(
            [*COMMAND, "fix", "--in-place", str(folder)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(start_up + chance.uniform(0, 0.8))
        process.kill()
        process.wait()
        for name, data in tree(folder).items():
            if not name.rpartition("/")[2].startswith(".jiaokan-"):
                assert data in (before[name], whole[name])
    assert jiaokan("fix", "--in-place", folder).code == 0
    assert tree(folder) == whole and not temporary_files(folder)
    done = jiaokan("undo", folder)
    assert done.code == 0, done.err
    assert tree(folder) == before


def test_a_killed_run_alone_can_be_undone(tmp_path: Path) -> None:
    """As left by a kill between the rows of the audit and the files, and between two files."""
    from jiaokan.repair.files import RunError, walk_inputs
    from jiaokan.repair.fixing.output import Target, open_output
    from jiaokan.repair.repairer import Repairer
    from jiaokan.repair.run import Result, repair_inputs

    before = many_files(tmp_path, 8)
    with (
        pytest.raises(RunError, match="killed"),
        open_output(tmp_path, tmp_path / "_audit", [], {}, in_place=True, force=False) as out,
    ):
        (batch,) = repair_inputs(walk_inputs([tmp_path]), Repairer())
        prepared = [
            Target(tmp_path, True).prepare(item) for item in batch if isinstance(item, Result)
        ]
        changed = [item for item in prepared if item.temporary]  # type: ignore[union-attr]
        lost = Path(changed[0].temporary)  # type: ignore[union-attr, arg-type]
        lost.rename(lost.with_suffix(".x"))
        with pytest.raises(FileNotFoundError):
            out.commit(prepared)
            raise FileNotFoundError(out.failures)
        raise RunError("killed")
    after = tree(tmp_path)
    assert after != before and (tmp_path / "_audit/run/run.json").exists()
    with (tmp_path / "_audit/run/edits.jsonl").open("ab") as file:
        file.write(b'{"file":"half a row')
    for path in tmp_path.rglob(".jiaokan-*.x"):
        path.unlink()
    assert jiaokan("undo", tmp_path).code == 0
    assert tree(tmp_path) == before
    assert jiaokan("fix", "--in-place", tmp_path).code == 0  # and the next run goes on
    assert jiaokan("undo", tmp_path).code == 0 and tree(tmp_path) == before


def test_ctrl_c_is_one_clean_line(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    before = many_files(folder, 600)
    process = subprocess.Popen(
        [*COMMAND, "fix", "--in-place", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not (folder / "_audit/run/files.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    if process.returncode != 0:  # it may have been done already
        assert process.returncode == 130
        assert err.decode().count("\n") == 1 and "stopped" in err.decode()
    assert not temporary_files(folder)
    if (folder / "_audit").exists():  # else it was stopped before it did anything
        assert jiaokan("undo", folder).code == 0
    assert tree(folder) == before


@pytest.mark.parametrize("workers", ["1", "2"])
def test_sigterm_stops_as_ctrl_c_does(tmp_path: Path, workers: str) -> None:
    before = many_files(tmp_path / "in", 3_000)
    process = subprocess.Popen(
        [*COMMAND, "fix", "in", "-o", "out", "--workers", workers], cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    while not (tmp_path / "out/_audit/run/files.jsonl").exists() and process.poll() is None:
        time.sleep(0.005)
    process.terminate()
    _, err = process.communicate(timeout=120)
    assert process.returncode == 143, err.decode()
    assert err.decode().count("\n") == 1 and "stopped" in err.decode()
    if (tmp_path / "out").exists():
        assert not temporary_files(tmp_path / "out")
    assert jiaokan("fix", "in", "-o", "out", "-q", cwd=tmp_path).code == 0
    assert jiaokan("undo", "out", "-o", "back", cwd=tmp_path).code == 0
    assert tree(tmp_path / "back") == before


@pytest.mark.skipif(
    signal.getsignal(signal.SIGINT) == signal.SIG_IGN,
    reason="Ctrl-C is ignored by all processes, as it is in the background of a shell",
)
def test_ctrl_c_while_workers_load_is_one_clean_line(tmp_path: Path) -> None:
    """As a terminal sends it: to all processes, also to the one that loads what workers share."""
    psutil = pytest.importorskip("psutil")
    many_files(tmp_path / "in", 3_000)
    process = subprocess.Popen(
        [*COMMAND, "fix", "in", "-o", "out", "--workers", "2"], cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    parent = psutil.Process(process.pid)
    while process.poll() is None and len(parent.children()) < 2:  # the tracker, and the server
        time.sleep(0.002)
    time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err.decode()
    assert err.decode().count("\n") == 1 and "stopped" in err.decode()


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED * 3000, "utf-8")
    line = f"{' '.join(COMMAND)} check {tmp_path}/a.txt | head -n 1"
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False)
    assert done.stdout.startswith(b"/") and done.stderr == b"" and done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "check", str(tmp_path)], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2 and b"disk is full" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_file_that_cannot_be_written_does_not_stop_the_others(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name, times in (("a", 1), ("large", 4000), ("z", 1)):
        (folder / name).write_text(CLEAN * times, "utf-8")
    # `ulimit -f` has units of 512 or 1024 bytes: 64 or 128 KB, under the 180 KB of `large`
    shell = ["sh", "-c", 'ulimit -f 128; exec "$@"', "sh", *COMMAND]
    done = subprocess.run(
        [*shell, "fix", str(folder), "-o", str(out)], capture_output=True, check=False
    )
    assert done.returncode == 2 and b"large: cannot write" in done.stderr, done.stderr
    assert b"Traceback" not in done.stderr
    assert tree(out) == {"a": CLEAN.encode(), "z": CLEAN.encode()}
    assert not temporary_files(out)


def test_help_loads_nothing_heavy() -> None:
    heavy = (
        "import sys; from jiaokan.repair.command.application import application as a;"
        " a.main(['--help'], standalone_mode=False);"
        " print({'numpy', 'rich', 'jinja2', 'pathspec'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, check=True, text=True)
    assert done.stdout.endswith("\nset()\n")


def test_the_installed_wheel(tmp_path: Path) -> None:
    """The wheel alone, away from the checkout: fix, check, undo, report."""
    root = Path(__file__).parent.parent
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    built = subprocess.run(
        [*build, "--wheel-dir", str(tmp_path), str(root)], capture_output=True, check=False
    )
    if built.returncode and b"hatchling" in built.stderr:
        pytest.skip("hatchling is not installed")
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
         "--target", str(site), str(wheel)], check=True, capture_output=True,
    )  # fmt: skip
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    script = site / "bin/jiaokan"
    environment = {**os.environ, "PYTHONPATH": str(site)}

    def wheel_run(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [sys.executable, str(script), *arguments],
            cwd=tmp_path, env=environment, capture_output=True, check=False,
        )  # fmt: skip

    where = "import jiaokan.repair; print(jiaokan.repair.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where], env=environment, capture_output=True, check=True, text=True
    )
    assert found.stdout.startswith(str(site))
    assert wheel_run("check", "a.txt").returncode == 1
    done = wheel_run("fix", "a.txt", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/a.txt").read_text("utf-8") == REPAIRED
    assert (tmp_path / "out/_audit/report.html").stat().st_size > 10_000
    (tmp_path / "out/_audit/report.html").unlink()
    assert wheel_run("report", "out").returncode == 0
    assert (tmp_path / "out/_audit/report.html").exists()
    assert wheel_run("undo", "out", "-o", "back").returncode == 0
    assert (tmp_path / "back/a.txt").read_text("utf-8") == DAMAGED


def test_what_it_writes_into_the_folder_is_not_checked(tmp_path: Path) -> None:
    (tmp_path / "damaged.txt").write_text(DAMAGED, "utf-8")
    (tmp_path / "earlier.sarif").write_text(DAMAGED, "utf-8")
    for form in ("json", "sarif", "text"):
        with (tmp_path / "found").open("wb") as out:
            out.write(DAMAGED.encode())  # as after an earlier part of the output
            out.flush()
            done = subprocess.run(
                [*COMMAND, "check", ".", "--format", form, "--no-cache"],
                cwd=tmp_path, stdout=out, stderr=subprocess.PIPE, check=False,
            )  # fmt: skip
        assert done.returncode == 1, done.stderr
        said = (tmp_path / "found").read_text("utf-8")
        assert "damaged.txt" in said and "earlier" not in said and 'found"' not in said, form
