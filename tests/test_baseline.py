"""`jiaokan baseline`, and what `check` leaves out by it: never a finding that is new."""

import errno
import json
from hashlib import sha256
from pathlib import Path

import pytest

from jiaokan.repair.files.temporary import write_atomically
from jiaokan.repair.formats.problem import Fingerprints
from tests.command import jiaokan

DAMAGED = "江蘇省企業(yè)家座談會，加快發(fā)展。\n這是ä¸\xadæ–‡。\n"
KNOWN = ("--baseline", "jiaokan-baseline.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "damaged.txt").write_text(DAMAGED, "utf-8")
    (tmp_path / "good.txt").write_text("今天天氣很好。\n", "utf-8")
    done = jiaokan("baseline", ".", cwd=tmp_path)
    assert done.code == 0 and "written" in done.out
    return tmp_path


def new(folder: Path, *paths: str, cwd: Path | None = None) -> list[str]:
    """The files with findings that are new, a name for each finding."""
    done = jiaokan("check", *(paths or (".",)), *KNOWN, "--format", "json", cwd=cwd or folder)
    return [finding["file"] for finding in json.loads(done.out)["findings"]]


def test_what_was_there_is_left_out(folder: Path) -> None:
    done = jiaokan("check", "damaged.txt", *KNOWN, cwd=folder)
    assert done.code == 0 and "known" in done.out
    path = folder / "damaged.txt"
    path.write_text("新的一行。\n\n" + DAMAGED, "utf-8")  # lines moved
    assert new(folder) == []
    path.write_text(DAMAGED + DAMAGED, "utf-8")  # the same damage once more is new
    assert set(new(folder)) == {"damaged.txt"}
    (folder / "jiaokan.toml").write_text('baseline = "jiaokan-baseline.json"\n')
    assert "known" in jiaokan("check", "damaged.txt", cwd=folder).out


def test_a_file_that_was_renamed_keeps_what_is_known_of_it(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "damaged.txt").rename(folder / "deep" / "other.txt")
    assert new(folder) == [] and new(folder, "deep") == []


def test_files_that_were_put_together_keep_what_is_known_of_both(folder: Path) -> None:
    second = "他們在線(xiàn)咨詢(xún)。\n"
    (folder / "good.txt").write_text(second, "utf-8")
    jiaokan("baseline", ".", cwd=folder)
    (folder / "damaged.txt").unlink()
    (folder / "good.txt").write_text(DAMAGED + second, "utf-8")
    assert new(folder) == []


def test_a_copy_is_new(folder: Path) -> None:
    (folder / "copy.txt").write_text(DAMAGED, "utf-8")
    assert set(new(folder)) == {"copy.txt"}
    assert set(new(folder, "copy.txt")) == {"copy.txt"}  # though its own file is not looked at
    (folder / "damaged.txt").rename(folder / "moved.txt")
    left = new(folder)  # one of the two is the file that was known
    assert left and set(left) in ({"copy.txt"}, {"moved.txt"})


def test_what_is_new_in_a_file_that_was_renamed_is_new(folder: Path) -> None:
    (folder / "damaged.txt").unlink()
    (folder / "moved.txt").write_text(DAMAGED + "線(xiàn)上諮詢(xún)，專業(yè)。\n", "utf-8")
    found = new(folder)
    assert found and set(found) == {"moved.txt"}
    done = jiaokan("check", "moved.txt", *KNOWN, cwd=folder)
    assert "moved.txt:3:" in done.out and "moved.txt:1:" not in done.out


def test_a_baseline_holds_from_whichever_folder_the_check_runs_in(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "more.txt").write_text("他們在線(xiàn)咨詢(xún)。\n", "utf-8")
    jiaokan("baseline", ".", cwd=folder)
    deep = folder / "deep"
    done = jiaokan("check", ".", "--baseline", "../jiaokan-baseline.json", cwd=deep)
    assert done.code == 0 and "known" in done.out
    done = jiaokan("check", "../damaged.txt", "--baseline", "../jiaokan-baseline.json", cwd=deep)
    assert done.code == 0 and "known" in done.out


def test_the_baseline_of_the_command_line_goes_before_that_of_the_configuration(
    folder: Path,
) -> None:
    (folder / "jiaokan.toml").write_text('baseline = "jiaokan-baseline.json"\n')
    (folder / "none.json").write_text('{"jiaokan_baseline": 2, "findings": {}}\n')
    assert jiaokan("check", "damaged.txt", cwd=folder).code == 0
    assert jiaokan("check", "damaged.txt", "--baseline", "none.json", cwd=folder).code == 1


def test_a_baseline_may_stand_elsewhere(folder: Path) -> None:
    (folder / "ci").mkdir()
    jiaokan("baseline", ".", "-o", "ci/known.json", cwd=folder)
    assert jiaokan("check", ".", "--baseline", "ci/known.json", cwd=folder).code == 0
    names = json.loads((folder / "ci" / "known.json").read_text("utf-8"))["findings"]
    assert set(names) == {"../damaged.txt"}


def test_standard_input_has_a_baseline_by_its_name(folder: Path) -> None:
    named = ("check", "-", "--stdin-filename", "damaged.txt", *KNOWN)
    assert jiaokan(*named, stdin=DAMAGED.encode(), cwd=folder).code == 0
    assert jiaokan("check", "-", *KNOWN, stdin=DAMAGED.encode(), cwd=folder).code == 1


@pytest.mark.parametrize("text", ["[]", "{", '{"jiaokan_baseline": 1, "findings": {}}',
                                  '{"jiaokan_baseline": 2, "findings": []}', "\x00\xff"])  # fmt: skip
def test_what_is_no_baseline_is_an_error_that_says_so(folder: Path, text: str) -> None:
    (folder / "jiaokan-baseline.json").write_bytes(text.encode("latin-1"))
    done = jiaokan("check", "damaged.txt", *KNOWN, cwd=folder)
    assert done.code == 2 and "not a baseline" in done.err
    done = jiaokan("check", "damaged.txt", "--baseline", "none.json", cwd=folder)
    assert done.code == 2 and "none.json" in done.err and "jiaokan baseline" in done.err


def test_two_baselines_of_the_same_files_are_the_same(folder: Path) -> None:
    first = (folder / "jiaokan-baseline.json").read_bytes()
    jiaokan("baseline", ".", "--no-cache", "--workers", "2", cwd=folder)
    assert (folder / "jiaokan-baseline.json").read_bytes() == first


def test_a_finding_keeps_its_fingerprint() -> None:
    """Baselines are kept for years: by rule, file, line and text, and which of those it is."""
    fingerprints = Fingerprints("a.txt")
    line, other = "  今天,昨天,前天。", "今天,昨天,前天。"
    for at, asked, mark in ((1, line, ","), (1, line, "。"), (2, other, ","), (3, line, ",")):
        same = f"a-rule\0a.txt\0{other}\0{mark}\0{at}"
        expected = sha256(same.encode()).hexdigest()[:32]
        assert fingerprints.of("a-rule", asked, mark) == expected


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    done = jiaokan("baseline", ".", "-o", "no/b.json", cwd=tmp_path)
    assert (done.code, done.err) == (2, "jiaokan: error: no: there is no such folder\n")


def test_where_nothing_was_checked_the_baseline_stays(folder: Path) -> None:
    before = (folder / "jiaokan-baseline.json").read_bytes()
    done = jiaokan("baseline", "nothere", cwd=folder)
    assert done.code == 2 and "nothere: there is no such file" in done.err
    assert (folder / "jiaokan-baseline.json").read_bytes() == before


def test_a_baseline_that_cannot_be_written_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: object, *_: object) -> int:
        raise PermissionError(errno.EACCES, "no", str(path))

    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(PermissionError) as caught:
        write_atomically(folder / "known.json", b"{}")
    assert caught.value.filename == str(folder / "known.json")
