"""One run at a time in a folder; the workers of a killed one hold it a moment longer."""

import threading
import time
from pathlib import Path

import pytest

from jiaokan.repair.files import holding
from jiaokan.repair.fixing.output import open_output
from tests.command import DAMAGED, jiaokan


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(DAMAGED, "utf-8")
    return folder


def test_two_runs_at_once_are_kept_apart(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "TRIES", 1)
    out = tmp_path / "out"
    about = {"in_place": False}
    with open_output(out, out / "_audit", [corpus], about, in_place=False, force=False):
        done = jiaokan("fix", corpus, "-o", out)
        assert jiaokan("undo", out).code == 2
    assert not out.exists()  # a run that did nothing leaves nothing
    assert done.code == 2 and "another jiaokan is at work" in done.err
    assert jiaokan("fix", corpus, "-o", out).code == 0


def test_a_run_waits_for_what_a_killed_one_still_holds(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert jiaokan("fix", corpus, "-o", out).code == 0
    is_held = threading.Event()

    def hold() -> None:
        with holding.held(out / "_audit"):
            is_held.set()
            time.sleep(3 * holding.BETWEEN_TRIES)

    worker = threading.Thread(target=hold)
    worker.start()
    is_held.wait()
    assert jiaokan("fix", corpus, "-o", out).code == 0
    worker.join()
