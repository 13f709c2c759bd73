"""What a newcomer types, and what he is told."""

from pathlib import Path

import pytest

import jiaokan as package
from jiaokan.repair.command.help import _EXAMPLES, _EXAMPLES_OF, wrapped
from tests.command import BOM, DAMAGED, jiaokan


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.txt",), "no such command 'a.txt'; to look at it: `jiaokan check a.txt`"),
        (("fix", "a.txt", "out"), "--in-place; into out: `jiaokan fix a.txt -o out`"),
        (("fix", "a.txt", "--dry-run"), "'--dry-run'; `jiaokan diff` shows what fix would change"),
        (("explain", "pinyin"), "did you mean glosses/leaked-pinyin?"),
        (("check", "a.txt", "--script", "tw"), "did you mean zh-Hant-TW?"),
        (("check", "a.txt", "--script", "s2twp"), "did you mean zh-Hant-TW?"),
        (("check", "a.txt", "--script", "Simplified"), "did you mean zh-Hans?"),
        (("check", "raw/*.txt"), "raw/*.txt: nothing matches the pattern"),
        (("check", "@list"), "@list: there is no such file or folder; @ begins a list"),
    ],
)
def test_a_slip_is_told_what_is_meant(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    done = jiaokan(*arguments, cwd=tmp_path)
    assert done.code == 2 and said in done.err, done.err


def test_help_is_a_command_too() -> None:
    assert jiaokan("help").out == jiaokan("--help").out
    assert jiaokan("help", "fix").out == jiaokan("fix", "--help").out
    assert jiaokan("-V").out == jiaokan("--version").out


def test_outside_of_git_chinese_says_so_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    done = jiaokan("check", "a.txt", "--diff-base", "HEAD", "--lang", "zh", cwd=tmp_path)
    assert done.code == 2 and "不在任何仓库中" in done.err and " a " not in done.err


def test_the_undo_that_is_named_can_be_pasted(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b/a.txt").write_text(DAMAGED, "utf-8")
    done = jiaokan("fix", "a b", "-o", "out put", cwd=tmp_path)
    assert done.out.endswith("To undo:       jiaokan undo 'out put'\n")


def test_no_line_of_help_ends_with_an_opening_mark() -> None:
    for most in range(20, 60):
        for line in wrapped(
            "文件、通配（'raw/**/*.txt'）、网址（s3://…），或「清单」（见下）", most
        ):
            assert line[-1] not in "（「"


def test_a_diff_on_a_terminal_marks_what_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    text = "企業(yè)家\r\n我們已經收到您的來信，會在三個工作\r\n天內處理，謝謝您的耐心等候。\r\n"
    (tmp_path / "a.txt").write_bytes(BOM + (DAMAGED.replace("\n", "\r\n") + text).encode())
    done = jiaokan("diff", "a.txt", cwd=tmp_path)
    assert "企業\x1b[7m(yè)\x1b[27m家座談會" in done.out
    assert "U+000D" not in done.out and "U+0002" not in done.out
    plain = done.out
    for code in ("0", "1", "7", "27", "31", "32", "36"):
        plain = plain.replace(f"\x1b[{code}m", "")
    monkeypatch.delenv("FORCE_COLOR")
    assert plain == jiaokan("diff", "a.txt", cwd=tmp_path).out.replace("\r\n", "\n")


def test_a_diff_of_text_with_the_marks_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    (tmp_path / "a.txt").write_text(f"\x02{DAMAGED}\x03\n", "utf-8")
    assert "\x1b[7m" not in jiaokan("diff", "a.txt", "--ignore", "characters", cwd=tmp_path).out


def test_python_says_what_is_wrong() -> None:
    repairer = package.Repairer()
    with pytest.raises(TypeError, match="unsafe is True or False, not 'no'"):
        package.Repairer(unsafe="no")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a Repaired, not str"):
        package.undo("text")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"path\.read_bytes\(\)"):
        repairer.repair(Path("a.txt"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"item 1 \(from 0\).*float; a missing value"):
        list(repairer.repair_many(["a", float("nan")]))  # type: ignore[list-item]
    with pytest.raises(AttributeError, match=r"'fix_text'; a text is repaired by jiaokan.Repairer"):
        _ = package.fix_text
    with pytest.raises(ValueError, match="did you mean zh-Hant-TW"):
        package.Repairer(script="s2twp")  # type: ignore[arg-type]


def test_what_a_notebook_shows_is_short() -> None:
    document = package.Document("a.txt", "好" * 1000)
    assert len(repr(document)) < 100 and "'a.txt'" in repr(document)
    assert all(len(repr(rule)) < 200 and rule.id in repr(rule) for rule in package.RULES)
    assert "TYPE_CHECKING" not in dir(package) and "Repairer" in dir(package)


def test_what_is_no_text_is_told_how_to_become_one(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\n")
    (tmp_path / "b.docx").write_bytes(b"PK\x03\x04" + bytes(99))
    (tmp_path / "c.doc").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(99))
    done = jiaokan("fix", ".", "-o", "out", cwd=tmp_path)
    assert done.code == 0 and done.out == "No file was repaired.\n"
    said = done.err.splitlines()
    assert "a.pdf: skipped: a PDF; extract its text first" in said[0]
    assert "b.docx: skipped: an archive or an Office file" in said[1]
    assert "c.doc: skipped: an Office file; save it as plain text" in said[2]


def test_examples_name_options_that_there_are() -> None:
    for example, _ in (*_EXAMPLES, *(each for of in _EXAMPLES_OF.values() for each in of)):
        words = example.split()
        help = jiaokan(words[1], "--help").out
        options = [word for word in words if word.startswith("-") and word != "-"]
        assert all(f"{option} " in help or f"{option}," in help for option in options), example
        assert example in help or words[1] not in _EXAMPLES_OF or example in jiaokan("--help").out
