"""Chinese messages: complete for every rule and sentence, with the same values, and chosen rightly."""

import ast
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import jiaokan as library
from jiaokan import repair
from jiaokan.repair import messages
from tests.command import DAMAGED, Done, jiaokan

CODE = sorted(Path(repair.__file__).parent.rglob("*.py"))
TABLE = messages.chinese()


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    messages.use_language(None)


def han(text: str) -> int:
    return sum("一" <= character <= "鿿" for character in text)


@pytest.mark.parametrize("rule", library.RULES, ids=lambda rule: rule.id)
def test_every_rule_has_its_chinese(rule: library.Rule) -> None:
    text = TABLE["rules"][rule.id]
    assert han(text) >= 5 and text.endswith("。")


def test_no_rule_is_left_over() -> None:
    assert set(TABLE["rules"]) == {rule.id for rule in library.RULES}


def said() -> set[str]:
    """The literal sentences that the code hands to `tr`, or to what hands them on."""
    calls = [
        node
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    found = {
        leaf.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in ("tr", "_counted")
        for part in call.args
        for leaf in ast.walk(part)
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
    }
    return found - {"files", "records", "edits", "findings"}  # keys of the summary


def test_every_sentence_has_its_chinese_and_is_still_said() -> None:
    sentences = TABLE["sentences"]
    assert len(said()) > 20 and said() <= set(sentences)
    constants = {
        node.value
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    report = Path(repair.__file__).parent / "report"
    page = (report / "report.html.j2").read_text("utf-8")
    script = (report / "report.js").read_text("utf-8")
    shown = set(re.findall(r'\btr\("([^"]+)"', page)) | set(re.findall(r'\bt\("([^"]+)"', script))
    assert len(shown) > 50 and shown <= set(sentences)
    assert set(sentences) <= constants | shown


def test_the_report_has_no_english_left() -> None:
    """Every word of the page's frame goes through `tr`: what stands between tags has no letters."""
    page = Path(repair.__file__).parent.joinpath("report", "report.html.j2").read_text("utf-8")
    body = page.partition("<body>")[2]
    for pattern in (r"\{%.*?%\}", r"\{\{.*?\}\}", r"<[^>]*>"):
        body = re.sub(pattern, "", body, flags=re.DOTALL)
    assert re.findall(r"[A-Za-z]+", body) == []


@pytest.mark.parametrize("sentence", TABLE["sentences"])
def test_the_values_are_the_same(sentence: str) -> None:
    def values(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert values(TABLE["sentences"][sentence]) == values(sentence)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.UTF-8", "LC_ALL": ""}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_HK"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "JIAOKAN_LANG": "en"}, "en"),
        ({"LANG": "C", "JIAOKAN_LANG": "zh"}, "zh"),
        ({"LANG": "C", "JIAOKAN_LANG": "tlh"}, "en"),
    ],
)
def test_the_locale(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "JIAOKAN_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert messages.language() == language


def test_the_command_speaks_chinese(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")

    def run(*arguments: str) -> Done:
        return jiaokan(*arguments, "--lang", "zh", cwd=tmp_path)

    done = run("check", "a.txt")
    assert done.code == 1 and "4 处问题（4 处可靠），见于 1 个文件中的 1 个。" in done.out
    assert "可靠 glosses/leaked-pinyin: 无须注音的字后面" in done.out and "应删去" in done.out
    assert "改动，见于其中 1 个" in run("fix", "a.txt", "-o", "out").out
    assert "已恢复原状" in run("undo", "out", "-o", "back").out
    assert "已写入" in run("baseline", "a.txt").out
    assert "若要静默" in run("explain", "glosses/leaked-pinyin").out
    assert run("explain").out.count("\n") == len(library.RULES)
    first = jiaokan("--lang=zh", "check", "a.txt", cwd=tmp_path)
    assert first == done
    assert "4 findings" in jiaokan("check", "a.txt", "--lang", "en", cwd=tmp_path).out
    wrong = jiaokan("check", "a.txt", "--lang", "xx", cwd=tmp_path)
    assert wrong.code == 2 and "en, zh" in wrong.err


@pytest.mark.parametrize("form", ["json", "jsonl", "sarif", "gitlab", "junit"])
def test_what_programs_read_is_the_same_in_both(tmp_path: Path, form: str) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    english = jiaokan("check", "a.txt", "--format", form, cwd=tmp_path)
    assert jiaokan("check", "a.txt", "--format", form, "--lang", "zh", cwd=tmp_path) == english
    if form == "json":
        assert json.loads(english.out)["summary"]["findings"] == 4
