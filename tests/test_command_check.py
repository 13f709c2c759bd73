"""`jiaokan check`, `diff`, `explain`, `config`, `baseline`: what they say, and their exit codes."""

import json
import subprocess
from pathlib import Path

import pytest

import jiaokan as library
from jiaokan.repair.formats import NAMES
from tests.command import CLEAN, DAMAGED, REPAIRED, Done, jiaokan, tree


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "damaged.txt").write_text(DAMAGED, "utf-8")
    (tmp_path / "clean.txt").write_text(CLEAN, "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_exit_codes_are_the_same_in_every_format(folder: Path, name: str) -> None:
    before = tree(folder)
    check = ("check", "--format", name)
    assert jiaokan(*check, "clean.txt", cwd=folder).code == 0
    assert jiaokan(*check, "damaged.txt", cwd=folder).code == 1
    assert jiaokan(*check, ".", cwd=folder).code == 1
    assert jiaokan(*check, "damaged.txt", "missing.txt", cwd=folder).code == 2
    assert jiaokan(*check, "damaged.txt", "--fail-on", "never", cwd=folder).code == 0
    assert jiaokan(*check, "missing.txt", "--fail-on", "never", cwd=folder).code == 2
    assert jiaokan(*check, ".", "--ignore", "nonsense", cwd=folder).code == 2
    assert tree(folder) == before


def test_the_place_is_named_and_marked(folder: Path) -> None:
    done = jiaokan("check", "damaged.txt", cwd=folder)
    lines = done.out.splitlines()
    assert lines[0].startswith("damaged.txt:1:8: safe glosses/leaked-pinyin: ")
    assert lines[1] == f"  1 | {DAMAGED.splitlines()[0]}"
    # seven Han characters of two columns each stand before it
    assert lines[2] == "    | " + " " * 14 + "^" * 4
    assert lines[3] == "    = to be removed"
    assert "\n4 findings (4 safe) in 1 of 1 file.\n" in done.out
    done = jiaokan("check", folder / "damaged.txt", cwd=folder.parent)
    assert done.out.startswith(f"{folder.name}/damaged.txt:1:8: ")


def test_a_long_line_is_cut_around_the_place(folder: Path) -> None:
    (folder / "long.txt").write_text("天氣很好。" * 40 + DAMAGED, "utf-8")
    done = jiaokan("check", "long.txt", cwd=folder)
    shown, mark = done.out.splitlines()[1:3]
    assert "…" in shown and len(shown) < 90 and shown.index("(yè)") and "^^^^" in mark
    assert "long.txt:1:208:" in done.out


def test_standard_input(folder: Path) -> None:
    done = jiaokan("check", "-", stdin=DAMAGED.encode())
    assert done.code == 1 and done.out.startswith("<stdin>:1:8:")
    assert jiaokan("check", "-", stdin=CLEAN.encode()).code == 0
    assert jiaokan("check", "-", "x", stdin=b"").code == 2


def test_max_findings_lists_fewer_and_counts_all(folder: Path) -> None:
    done = jiaokan("check", "damaged.txt", "--max-findings", "1", cwd=folder)
    assert done.code == 1 and done.out.count("damaged.txt:") == 1
    assert "4 findings" in done.out and "3 of them are not shown" in done.out
    done = jiaokan("check", "damaged.txt", "--max-findings", "0", "--format", "json", cwd=folder)
    value = json.loads(done.out)
    assert value["findings"] == [] and value["summary"]["findings"] == 4
    assert value["summary"]["not_shown"] == 4 and value["summary"]["exit_code"] == 1


def test_fail_on_looks_at_how_sure_a_finding_is() -> None:
    from jiaokan.repair.command.check import _exit_code
    from jiaokan.repair.formats.problem import Totals

    expected = {
        "safe": {"safe": 1, "unsafe": 1, "display": 1, "never": 0},
        "unsafe": {"safe": 0, "unsafe": 1, "display": 1, "never": 0},
        "display": {"safe": 0, "unsafe": 0, "display": 1, "never": 0},
    }
    for found, codes in expected.items():
        totals = Totals(findings=1)
        totals.by_applicability[found] = 1
        for fail_on, code in codes.items():
            assert _exit_code(totals, fail_on) == code, (found, fail_on)
    assert _exit_code(Totals(failures=1), "never") == 2


def git(folder: Path, *arguments: str) -> None:
    options = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *options, *arguments], cwd=folder, check=True, capture_output=True)


def test_only_lines_changed_since_a_revision(folder: Path) -> None:
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    check = ("check", ".", "--diff-base", "HEAD")
    done = jiaokan(*check, cwd=folder)
    assert done.code == 0 and "4 known" in done.out
    (folder / "damaged.txt").write_text("天氣很好。\n" + DAMAGED + "又一家企業(yè)。\n", "utf-8")
    (folder / "文 件\n.txt").write_text(DAMAGED, "utf-8")
    git(folder, "add", "-A")
    (folder / "untracked.txt").write_text(DAMAGED, "utf-8")
    done = jiaokan(*check, "--format", "json", cwd=folder)
    places = [(f["file"], f["line"]) for f in json.loads(done.out)["findings"]]
    assert [line for file, line in places if file == "damaged.txt"] == [4]
    assert [line for file, line in places if file == "untracked.txt"] == [1, 1, 2, 2]
    assert [line for file, line in places if file.startswith("文")] == [1, 1, 2, 2]
    sub = folder / "sub"
    sub.mkdir()
    assert len(places) == 9 and jiaokan("check", "..", "--diff-base", "HEAD", cwd=sub).code == 1
    for revision in ("no-such-revision", "--output=x"):
        done = jiaokan("check", ".", "--diff-base", revision, cwd=folder)
        assert done.code == 2 and "--diff-base" in done.err and "Traceback" not in done.err


def test_diff_base_outside_of_a_checkout(tmp_path: Path) -> None:
    done = jiaokan("check", ".", "--diff-base", "HEAD", cwd=tmp_path)
    assert done.code == 2 and "git" in done.err


def test_the_command_that_mends_has_the_same_settings(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    settings = ["--script", "zh-Hant", "--no-unsafe", "--ignore", "debris", "--exclude", "b c"]
    said = jiaokan("check", ".", *settings, "--ignore", "lines", cwd=tmp_path).out
    assert (
        "`jiaokan fix --in-place --script zh-Hant --no-unsafe --ignore debris --ignore lines"
        " --exclude 'b c' .` mends 4 of them; "
    ) in said
    jiaokan("baseline", ".", cwd=tmp_path)
    (tmp_path / "a.txt").write_text(f"{DAMAGED}又一家企業(yè)。\n", "utf-8")
    said = jiaokan("check", ".", "--baseline", "jiaokan-baseline.json", cwd=tmp_path).out
    assert "`jiaokan fix --in-place .` mends 1 of them, and what is left out here; " in said


def test_a_script_in_small_letters_is_that_script(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("我們在這裏。\n", "utf-8")
    done = jiaokan("diff", "a.txt", "--script", "zh-hans", cwd=tmp_path)
    assert done.code == 0 and "+我们在这里。" in done.out
    assert "'zh-Hant-TW'" in jiaokan("diff", "a.txt", "--script", "xx", cwd=tmp_path).err


def test_configuration_the_nearest_file_wins(folder: Path) -> None:
    sub = folder / "sub"
    sub.mkdir()
    (sub / "damaged.txt").write_text(DAMAGED, "utf-8")
    (folder / "pyproject.toml").write_text('[tool.jiaokan]\nignore = ["glosses"]\n')
    assert jiaokan("check", ".", cwd=folder).code == 0
    (sub / "jiaokan.toml").write_text('script = "keep"\n')
    done = jiaokan("check", ".", cwd=folder)
    assert done.code == 1 and "sub/damaged.txt" in done.out and "\ndamaged.txt" not in done.out
    assert jiaokan("check", "damaged.txt", "--isolated", cwd=folder).code == 1
    assert jiaokan("check", ".", "--config", "pyproject.toml", cwd=folder).code == 0
    shown = jiaokan("config", "sub/damaged.txt", cwd=folder).out
    assert "sub/jiaokan.toml" in shown and 'script = "keep"\n' in shown
    assert 'format = "auto"  # built in' in shown
    (folder / "pyproject.toml").write_text(
        '[tool.jiaokan.per-path-ignores]\n"*.txt" = ["glosses/leaked-pinyin"]\n'
    )
    assert jiaokan("check", "damaged.txt", cwd=folder).code == 0
    assert "glosses/leaked-pinyin" in jiaokan("config", "damaged.txt", cwd=folder).out
    (folder / "pyproject.toml").write_text('[tool.jiaokan]\nextend-exclude = ["sub/"]\n')
    (sub / "jiaokan.toml").unlink()
    said = "by extend-exclude, it is left out"
    assert said in jiaokan("config", "sub/damaged.txt", cwd=folder).out
    assert said not in jiaokan("config", "damaged.txt", cwd=folder).out
    (folder / "pyproject.toml").write_text('[tool.jiaokan]\nfail-on = "never"\n')
    assert jiaokan("check", "damaged.txt", cwd=folder).code == 0
    assert jiaokan("check", "damaged.txt", "--fail-on", "safe", cwd=folder).code == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('ignroe = ["glosses"]', "did you mean ignore?"),
        ('ignore = ["glosses/nope"]', "glosses/nope"),
        ('ignore = "glosses"', "a list of rules"),
        ('fail-on = "sometimes"', "safe, unsafe, display or never"),
        ('script = "zh-Latn"', "zh-Hant-TW"),
        ("per-path-ignores = 3", "a table"),
        ("ignore = [", "not TOML"),
        ('script = "zh-hans"', "did you mean zh-Hans?"),
        ('script = "zh_TW"', "did you mean zh-Hant-TW?"),
        ('per-path-ignores = {"a/*" = ["glosse"]}', "did you mean glosses?"),
        ("[tool.jiaokan]\nunsafe = true", "without [tool.jiaokan]"),
    ],
)
def test_a_wrong_configuration_is_named(folder: Path, text: str, words: str) -> None:
    (folder / "jiaokan.toml").write_text(text)
    done = jiaokan("check", ".", cwd=folder)
    assert done.code == 2 and words in done.err and "jiaokan.toml" in done.err
    assert done.err.count("\n") == 1


def test_a_configuration_of_another_folder_has_no_patterns_for_these_files(folder: Path) -> None:
    (folder / "settings").mkdir()
    given = folder / "settings" / "jiaokan.toml"
    given.write_text(
        'fail-on = "never"\nextend-exclude = ["*.txt"]\n[per-path-ignores]\n"*.txt" = ["glosses"]\n'
    )
    done = jiaokan("check", "damaged.txt", "--config", given, cwd=folder)
    assert done.code == 0 and "4 findings" in done.out
    assert jiaokan("check", ".", "--config", given, "--fail-on", "safe", cwd=folder).code == 1


def test_what_is_excluded_by_force(folder: Path) -> None:
    (folder / "old").mkdir()
    (folder / "old/deep.txt").write_text(DAMAGED, "utf-8")
    (folder / "jiaokan.toml").write_text('extend-exclude = ["old/"]\n')
    given = ("old/deep.txt", "damaged.txt")
    assert "8 findings" in jiaokan("check", *given, cwd=folder).out
    assert "4 findings" in jiaokan("check", *given, "--force-exclude", cwd=folder).out
    done = jiaokan("check", "old/deep.txt", "--force-exclude", cwd=folder)
    assert done.code == 0 and done.out == "No file was checked.\n"
    assert jiaokan("diff", "old", "--force-exclude", cwd=folder).stdout == b""
    done = jiaokan("fix", "--in-place", "old/deep.txt", "--force-exclude", cwd=folder)
    assert done.code == 0 and (folder / "old/deep.txt").read_text("utf-8") == DAMAGED


def test_standard_input_under_the_settings_of_a_file(folder: Path) -> None:
    (folder / "jiaokan.toml").write_text('per-path-ignores = {"quoted/*" = ["glosses"]}\n')

    def checked(*arguments: str) -> Done:
        return jiaokan("check", "-", *arguments, stdin=DAMAGED.encode(), cwd=folder)

    assert "<stdin>:1:8" in checked().out
    assert "other/a.txt:1:8" in checked("--stdin-filename", "other/a.txt").out
    assert checked("--stdin-filename", "quoted/a.txt").code == 0
    done = jiaokan(
        "fix", "-", "--stdin-filename", "quoted/a.txt", stdin=DAMAGED.encode(), cwd=folder
    )
    assert done.stdout == DAMAGED.encode()


def test_gitignore_and_excludes(folder: Path) -> None:
    for name in ("build/a.txt", "build/keep.txt", "sub/b.log", "sub/c.txt", "d.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(DAMAGED, "utf-8")
    (folder / ".gitignore").write_text("*.log\n/build/*\n!/build/keep.txt\n")

    def checked(*arguments: str) -> set[str]:
        done = jiaokan("check", "--format", "json", *arguments, cwd=folder)
        return {finding["file"] for finding in json.loads(done.out)["findings"]}

    everything = {
        "build/a.txt", "build/keep.txt", "sub/b.log", "sub/c.txt", "d.txt", "damaged.txt",
    }  # fmt: skip
    assert checked(".") == everything  # no checkout: .gitignore is a file as any
    git(folder, "init", "-q")
    assert checked(".") == everything - {"build/a.txt", "sub/b.log"}
    assert checked(".", "--no-gitignore") == everything
    assert checked("sub/b.log") == {"sub/b.log"}  # given by name
    assert checked(".", "--exclude", "sub/", "--exclude", "d*.txt") == {"build/keep.txt"}
    (folder / "jiaokan.toml").write_text('extend-exclude = ["/d.txt"]\n')
    assert checked(".") == {"build/keep.txt", "sub/c.txt", "damaged.txt"}
    (folder / ".gitignore").write_text("/sub/\n")
    assert checked("sub") == {"sub/b.log", "sub/c.txt"}  # the folder was asked for
    done = jiaokan("fix", ".", "-o", "out", cwd=folder)
    assert "left out by .gitignore or exclude" in done.out


def test_diff_is_what_fix_does(folder: Path) -> None:
    (folder / "crlf.txt").write_bytes(DAMAGED.replace("\n", "\r\n").encode())
    (folder / "no end.txt").write_bytes(f"{CLEAN * 9}{DAMAGED.rstrip()}".encode())
    (folder / "one line").write_bytes(DAMAGED.splitlines()[0].encode())
    (folder / "a\tb.txt").write_bytes(f"{DAMAGED}{CLEAN * 20}{DAMAGED}".encode())
    out = folder.parent / f"{folder.name}-out"
    jiaokan("fix", folder, "-o", out)
    before = tree(folder)
    done = jiaokan("diff", ".", cwd=folder)
    assert done.code == 0 and tree(folder) == before
    assert jiaokan("diff", ".", "--exit-code", cwd=folder).code == 1
    assert jiaokan("diff", "clean.txt", "--exit-code", cwd=folder).stdout == b""
    subprocess.run(
        ["git", "apply", "-"], cwd=folder, check=True, input=done.stdout, capture_output=True
    )
    assert tree(folder) == tree(out)
    assert tree(folder)["damaged.txt"] == REPAIRED.encode()


def test_explain_knows_every_rule() -> None:
    listed = jiaokan("explain").out
    for rule in library.RULES:
        assert rule.id in listed
        done = jiaokan("explain", rule.id)
        assert done.code == 0 and rule.summary in done.out and f"--ignore {rule.id}" in done.out
    assert "glosses/" in jiaokan("explain", "glosses").out
    assert "lines/" not in jiaokan("explain", "glosses").out
    done = jiaokan("explain", "glosses/leaked-piny")
    assert done.code == 2 and "did you mean glosses/leaked-pinyin" in done.err
    assert "did you mean lines/broken-paragraph" in jiaokan("explain", "lines/brokn").err


def test_a_region_s_name_for_a_script_is_understood(folder: Path) -> None:
    done = jiaokan("check", folder, "--script", "zh-TW")
    assert done.code == 2 and "did you mean zh-Hant-TW?" in done.err


def test_hostile_text_is_made_visible(folder: Path) -> None:
    hostile = f"\x1b[2J\x1b]0;title\x07\u202e\u200b{DAMAGED}"
    (folder / "hostile.txt").write_text(hostile, "utf-8")
    (folder / "\x1b[31mred\u202e.txt").write_text(DAMAGED, "utf-8")
    for name in NAMES:
        done = jiaokan("check", ".", "--format", name, cwd=folder)
        for sign in ("\x1b", "\x07", "\u202e", "\u200b", "\x9b"):
            assert sign not in done.out + done.err, (name, sign)
    done = jiaokan("fix", ".", "-o", "out", cwd=folder)
    assert "\x1b" not in done.out + done.err and "\u202e" not in done.out + done.err


def test_a_check_that_checks_nothing_fails_unless_files_were_given_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"body": "x"}\n' * 2)
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    (tmp_path / "empty").mkdir()
    for arguments in (["."], ["empty"], [".", "--exclude", "*"], ["*.png"]):
        for form in ("text", "json", "junit"):
            done = jiaokan("check", *arguments, "--format", form, cwd=tmp_path)
            assert (done.code, "error: no file was checked" in done.err) == (2, True), arguments
    for name in ("a.jsonl", "b.png"):  # as hooks do, which cannot know better
        done = jiaokan("check", name, cwd=tmp_path)
        assert (done.code, done.out) == (0, "No file was checked.\n") and "skipped" in done.err
    assert jiaokan("check", ".", "--column", "body", cwd=tmp_path).code == 0
    (tmp_path / "c.txt").write_text(CLEAN, "utf-8")
    assert jiaokan("check", ".", cwd=tmp_path).code == 0
