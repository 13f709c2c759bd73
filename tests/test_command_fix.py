"""`jiaokan fix`: what is written, and where."""

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.command import BOM, CLEAN, DAMAGED, REPAIRED, corpus_in, jiaokan, tree


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return corpus_in(tmp_path)


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_repaired_files_stand_under_out_by_the_same_names(corpus: Path, tmp_path: Path) -> None:
    before = tree(corpus)
    out = tmp_path / "out"
    done = jiaokan("fix", corpus, "-o", out)
    assert done.code == 0, done.err
    assert tree(corpus) == before
    after = tree(out)
    assert set(after) == set(before) - {"picture.png"}
    assert after["damaged.txt"] == REPAIRED.encode()
    assert after["clean.txt"] == CLEAN.encode() and after["empty.txt"] == b""
    assert after["crlf.txt"] == REPAIRED.replace("\n", "\r\n").encode()
    assert after["bom.txt"] == BOM + REPAIRED.encode()
    assert after["sub/deeper/gbk.txt"] == (CLEAN * 5).encode()
    assert stat.S_IMODE((out / "damaged.txt").stat().st_mode) == 0o640
    assert "picture.png: skipped: binary" in done.err
    assert "in 3 of them, 2 more written anew (as UTF-8," in done.out
    assert str(out / "_audit") in done.out and f"jiaokan undo {out}" in done.out


def test_the_audit_says_what_was_done(corpus: Path, tmp_path: Path) -> None:
    jiaokan("fix", corpus, "-o", tmp_path / "out")
    audit = tmp_path / "out/_audit"
    names = {path.name for path in audit.iterdir()}
    assert {"edits.jsonl", "findings.jsonl", "files.jsonl", "summary.json"} <= names
    assert not list(audit.rglob("*.tmp")) and not (audit / "run").exists()
    summary = json.loads((audit / "summary.json").read_text("utf-8"))
    files, edits = rows(audit / "files.jsonl"), rows(audit / "edits.jsonl")
    assert summary["files"] == len(files) == 7 and summary["rejected"] == 1
    assert summary["edits"] == len(edits) == sum(summary["edits_by_rule"].values())
    assert summary["edited"] == len({edit["file"] for edit in edits}) < summary["changed"]
    first = next(edit for edit in edits if edit["file"] == "damaged.txt")
    at = DAMAGED.index("(yè)")
    assert (first["start"], first["before"], first["after"]) == (at, "(yè)", "")
    assert first["byte"] == len(DAMAGED[:at].encode()) and first["line"] == 1
    assert first["column"] == at + 1
    in_bom = next(edit for edit in edits if edit["file"] == "bom.txt")
    assert in_bom["byte"] == first["byte"] + 3
    gbk = next(file for file in files if file["file"] == "sub/deeper/gbk.txt")
    assert gbk["encoding"] in ("gbk", "gb18030", "gb2312")
    assert rows(audit / "rejected.jsonl")[0]["file"] == "picture.png"


def test_an_audit_elsewhere(corpus: Path, tmp_path: Path) -> None:
    before = tree(corpus)
    audit = tmp_path / "audits/first"
    done = jiaokan("fix", "--in-place", corpus, "--audit", audit)
    assert done.code == 0 and not (corpus / "_audit").exists()
    assert f"jiaokan undo {audit}" in done.out
    assert jiaokan("undo", audit).code == 0 and tree(corpus) == before


def test_stdin_to_stdout() -> None:
    assert jiaokan("fix", "-", stdin=DAMAGED.encode()).stdout == REPAIRED.encode()
    assert jiaokan("fix", "-", stdin=BOM + DAMAGED.encode()).stdout == BOM + REPAIRED.encode()
    assert jiaokan("fix", "-", stdin=(CLEAN * 5).encode("gb18030")).out == CLEAN * 5
    assert jiaokan("fix", "-", stdin=b"").stdout == b""
    done = jiaokan("fix", "-", "--ignore", "glosses", stdin=DAMAGED.encode())
    assert done.stdout == DAMAGED.encode()
    assert jiaokan("fix", "-", stdin=b"\x89PNG\r\n\x1a\n" + bytes(99)).code == 2
    assert jiaokan("fix", "-", "-o", "x", stdin=b"").code == 2


def test_names_come_from_the_common_folder(corpus: Path, tmp_path: Path) -> None:
    jiaokan("fix", corpus / "damaged.txt", "-o", tmp_path / "one")
    assert set(tree(tmp_path / "one")) == {"damaged.txt"}
    jiaokan("fix", corpus / "damaged.txt", corpus / "sub", "-o", tmp_path / "two")
    assert set(tree(tmp_path / "two")) == {"damaged.txt", "sub/big5.txt", "sub/deeper/gbk.txt"}
    jiaokan("fix", "sub/../damaged.txt", "./sub/deeper/gbk.txt", "-o", tmp_path / "x", cwd=corpus)
    assert set(tree(tmp_path / "x")) == {"damaged.txt", "sub/deeper/gbk.txt"}
    done = jiaokan("fix", ".", "damaged.txt", "sub", "-o", tmp_path / "y", cwd=corpus)
    assert done.out.startswith("7 files")


def test_out_within_the_input_is_not_input(corpus: Path) -> None:
    for _ in range(2):
        done = jiaokan("fix", ".", "-o", "out", cwd=corpus)
        assert done.code == 0 and done.out.startswith("7 files"), done.err
    assert not (corpus / "out/out").exists()


def test_out_that_is_not_ours(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert jiaokan("fix", corpus, "-o", out).code == 0  # empty: nobody minds
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "clean.txt").write_text("mine")
    done = jiaokan("fix", corpus, "-o", theirs)
    assert done.code == 2 and "not made by jiaokan" in done.err and "--force" in done.err
    assert tree(theirs) == {"clean.txt": b"mine"}
    (theirs / "other").write_text("stays")
    assert jiaokan("fix", corpus, "-o", theirs, "--force").code == 0
    assert (theirs / "other").read_text() == "stays"
    assert (theirs / "clean.txt").read_bytes() == CLEAN.encode()
    assert jiaokan("fix", corpus, "-o", corpus).code == 2
    assert jiaokan("fix", corpus, "-o", corpus / "clean.txt").code == 2


def test_out_of_another_run(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    jiaokan("fix", corpus, "-o", out)
    assert jiaokan("fix", corpus, "-o", out).code == 0
    done = jiaokan("fix", corpus / "sub", "-o", out)
    assert done.code == 2 and "earlier run" in done.err and "--force" in done.err
    assert not (out / "_audit/run").exists()
    (out / "crlf.txt").write_text("edited by hand")
    done = jiaokan("fix", corpus / "sub", "-o", out, "--force")
    assert done.code == 0 and "crlf.txt" in done.err
    assert set(tree(out)) == {"big5.txt", "deeper/gbk.txt", "crlf.txt"}
    jiaokan("fix", "--in-place", corpus)
    done = jiaokan("fix", corpus / "sub", "-o", corpus, "--force")
    assert done.code == 2 and "in place" in done.err


def test_rules_and_scripts_are_chosen(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(DAMAGED, "utf-8")
    done = jiaokan("fix", "-", "--select", "lines,punctuation", stdin=DAMAGED.encode())
    assert done.stdout == DAMAGED.encode()
    done = jiaokan("fix", "-", "--select", "glosses/leaked-pinyin", stdin=DAMAGED.encode())
    assert done.stdout == REPAIRED.encode()
    done = jiaokan("fix", path, "-o", tmp_path / "o", "--ignore", "glosses/leaked")
    assert done.code == 2 and "did you mean glosses/leaked-pinyin?" in done.err
    assert not (tmp_path / "o").exists()
    assert jiaokan("fix", path, "-o", tmp_path / "o", "--script", "zh").code == 2


def test_wrong_use_is_exit_2() -> None:
    assert jiaokan("fix").code == 2
    assert jiaokan("fix", ".").code == 2
    assert jiaokan("fix", ".", "-o", "x", "--in-place").code == 2
    assert jiaokan("fix", ".", "--no-such-option").code == 2
    assert jiaokan("no-such-command").code == 2
    assert jiaokan("fix", "/no/such/file", "-o", "x").code == 2


def test_odd_names(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    names = [b"new\nline.txt", b"\xff\xfe.txt", "漢字 名.txt".encode(), b"-o", b"a\\b", b"%s'\"$x"]
    names.append(b"n" * 255)
    for name in names:
        (folder / os.fsdecode(name)).write_text(DAMAGED, "utf-8")
    before = tree(folder)
    done = jiaokan("fix", folder, "-o", tmp_path / "out")
    assert done.code == 0, done.err
    assert set(tree(tmp_path / "out")) == set(before)
    assert jiaokan("undo", tmp_path / "out").code == 0
    assert tree(tmp_path / "out") == before
    checked = jiaokan("check", folder, cwd=folder)
    assert "new[U+000A]line.txt:1:8" in checked.out and "[U+DCFF][U+DCFE].txt" in checked.out
    assert checked.code == 1


def test_links_devices_and_the_unreadable(tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text(DAMAGED, "utf-8")
    (folder / "good.txt").write_text(DAMAGED, "utf-8")
    (folder / "broken").symlink_to("nowhere")
    (folder / "loop").symlink_to("loop")
    (folder / "link-out").symlink_to(outside / "secret.txt")
    (folder / "folder-out").symlink_to(outside)
    (folder / "link-in").symlink_to("good.txt")
    os.mkfifo(folder / "pipe")
    done = jiaokan("fix", folder, "-o", tmp_path / "out")
    assert done.code == 2
    assert set(tree(tmp_path / "out")) == {"good.txt", "link-in"}
    for words in (
        "broken: skipped: a broken link: its target 'nowhere' is not there",
        "loop: a link that leads back to itself",
        "link-out: skipped: a link to a file outside",
        "folder-out: skipped: a link to a folder",
        "pipe: skipped: not a file",
    ):
        assert words in done.err
    assert "Traceback" not in done.err
    done = jiaokan("check", "/dev/null")
    assert done.code == 2 and "device" in done.err


def test_very_deep_folders(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    try:
        for _ in range(1500):  # deeper than Python recurses, and than a path may be long
            os.mkdir("d", dir_fd=here)
            below = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        (tmp_path / "a.txt").write_text(CLEAN, "utf-8")
        done = jiaokan("check", ".", cwd=tmp_path)
        assert "Nothing wrong in 1 file" in done.out and "itself failed" not in done.err
    finally:  # pytest itself cannot clear it away
        os.close(here)
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


def test_in_place_keeps_a_link_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text(DAMAGED, "utf-8")
    (tmp_path / "link.txt").symlink_to("real.txt")
    assert jiaokan("fix", "--in-place", tmp_path / "link.txt").code == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text("utf-8") == REPAIRED
    assert jiaokan("undo", tmp_path).code == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text("utf-8") == DAMAGED


def test_in_place_a_file_of_several_names_is_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a-link.txt").symlink_to("sub/real.txt")
    (folder / "b-link.txt").symlink_to("sub/real.txt")
    (folder / "sub/real.txt").write_text(DAMAGED, "utf-8")
    (tmp_path / "other").symlink_to("in/sub")
    done = jiaokan("fix", "--in-place", folder, tmp_path / "other")
    assert done.code == 0 and done.out.startswith("1 file,"), done.err
    assert (folder / "sub/real.txt").read_text("utf-8") == REPAIRED
    assert (folder / "a-link.txt").is_symlink()
    assert jiaokan("undo", tmp_path).code == 0
    assert (folder / "sub/real.txt").read_text("utf-8") == DAMAGED


def test_a_link_in_out_leads_nowhere(corpus: Path, tmp_path: Path) -> None:
    out, victim = tmp_path / "out", tmp_path / "victim"
    out.mkdir()
    victim.mkdir()
    (out / "sub").symlink_to(victim)
    done = jiaokan("fix", corpus, "-o", out, "--force")
    assert done.code == 2 and "sub/big5.txt" in done.err and not tree(victim)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/_audit").symlink_to(victim)
    done = jiaokan("fix", corpus, "-o", tmp_path / "linked", "--force")
    assert jiaokan("fix", corpus, "-o", tmp_path / "good").code == 0
    (tmp_path / "back").mkdir()
    (tmp_path / "back/sub").symlink_to(victim)
    undone = jiaokan("undo", tmp_path / "good", "-o", tmp_path / "back")
    assert undone.code == 2 and "leads out of it" in undone.err
    assert done.code == 2 and "is a link" in done.err and not list(victim.iterdir())
    assert (out / "damaged.txt").read_bytes() == REPAIRED.encode()


def test_an_unreadable_file_does_not_stop_the_others(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "clean.txt").chmod(0)
    if os.geteuid() == 0:  # root may read everything, so the system's answer is put in
        whole = Path.open

        def refusing(self, *rest, **options):  # type: ignore[no-untyped-def]
            if self.name == "clean.txt":
                raise PermissionError(13, "Permission denied", str(self))
            return whole(self, *rest, **options)

        monkeypatch.setattr(Path, "open", refusing)
    done = jiaokan("fix", corpus, "-o", tmp_path / "out")
    assert done.code == 2 and "clean.txt: no permission" in done.err
    assert "damaged.txt" in tree(tmp_path / "out")


def test_a_stage_that_fails_costs_one_file(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jiaokan.repair import pipeline

    whole = pipeline.Stage.look_at

    def brittle(stage, views, settings):  # type: ignore[no-untyped-def]
        if any(view.text.startswith("江") and "\r" in view.text for view in views):
            raise RuntimeError("poison")
        return whole(stage, views, settings)

    monkeypatch.setattr(pipeline.Stage, "look_at", brittle)
    done = jiaokan("fix", corpus, "-o", tmp_path / "out")
    assert done.code == 2 and "crlf.txt: jiaokan itself failed" in done.err
    assert len(tree(tmp_path / "out")) == 6


def test_a_silenced_line_is_left_alone() -> None:
    first, second = DAMAGED.splitlines(keepends=True)
    text = f"# jiaokan: disable-next-line glosses/leaked-pinyin\n{first}{second}"
    done = jiaokan("fix", "-", stdin=text.encode())
    assert done.out == text.replace("(tǒng)", "").replace("(zhàn)", "")


def test_the_name_of_a_file_is_no_folder_for_the_output(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    done = jiaokan("fix", "a.txt", "-o", "b.txt", cwd=tmp_path)
    assert done.code == 2 and "jiaokan fix - < a.txt > b.txt" in done.err
    assert not (tmp_path / "b.txt").exists()
    assert jiaokan("fix", "a.txt", "-o", "b", cwd=tmp_path).code == 0
    (tmp_path / "c.txt").mkdir()
    assert jiaokan("fix", "a.txt", "-o", "c.txt", cwd=tmp_path).code == 0


def test_an_output_over_its_own_inputs_is_refused_even_by_force(tmp_path: Path) -> None:
    """A second such run would take what the first wrote for the original."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(DAMAGED, "utf-8")
    (tmp_path / "link").symlink_to("in")
    for paths in (("in",), ("in/a.txt",), ("in/a.txt", "in")):
        for out in ("in", "link", "in/../in"):
            done = jiaokan("fix", *paths, "-o", out, "--force", cwd=tmp_path)
            assert done.code == 2 and "is the input itself" in done.err
    assert tree(tmp_path / "in") == {"a.txt": DAMAGED.encode()}
    assert jiaokan("fix", "in/a.txt", "-o", ".", "--force", cwd=tmp_path).code == 0
