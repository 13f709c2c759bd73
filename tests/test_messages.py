"""Chinese messages: complete in both scripts for all that a person reads, and chosen rightly."""

import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import jiaokan as library
from jiaokan import repair
from jiaokan.repair import messages
from jiaokan.repair.messages.catalogue import read_catalogue
from tests.command import DAMAGED, Done, jiaokan
from tests.test_cases import given, rows

pytest.importorskip("babel", reason="the recipe of the catalogues reads and writes them with Babel")
from recipes import messages as recipe

LOCALES = ("zh_Hans", "zh_Hant")
TAGS = ("zh-Hans", "zh-Hant")
BOTH = [(locale, domain) for locale in LOCALES for domain in recipe.DOMAINS]


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    messages.use_language(None)
    yield
    messages.use_language(None)


def strings(locale: str, domain: str) -> dict[recipe.Key, tuple[str, ...]]:
    """What is translated, and read by a person, in a catalogue."""
    found = {}
    for message in recipe.read(locale, domain):
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and all(said) and not message.fuzzy:
            found[recipe.key_of(message)] = tuple(str(each) for each in said)
    return found


@pytest.mark.parametrize(("locale", "domain"), BOTH)
def test_all_that_the_code_says_is_in_the_catalogue(locale: str, domain: str) -> None:
    known = strings(locale, domain)
    wanted = {
        (context, id if isinstance(id, str) else id[0]) for context, id in recipe.sentences(domain)
    }
    assert len(wanted) > 150
    missing = sorted(str(key[1]) for key in wanted - set(known))
    assert not missing, f"translate {len(missing)} in {domain}.po of {locale}: {missing[:3]}"


@pytest.mark.parametrize(("locale", "domain"), BOTH)
def test_the_catalogue_is_read_as_babel_reads_it(locale: str, domain: str) -> None:
    path = messages.FOLDER / locale / "LC_MESSAGES" / f"{domain}.po"
    assert read_catalogue(path) == {key: said for key, (said,) in strings(locale, domain).items()}


def test_a_catalogue_as_editors_leave_it(tmp_path: Path) -> None:
    """Broken lines, escapes, comments, drafts, what is obsolete, and the ends of lines of Windows."""
    path = tmp_path / "a.po"
    path.write_bytes(
        """\
# A comment with a msgid "no"
msgid ""
msgstr "Language: zh_Hans\\n"

#: somewhere.py:3
msgctxt "said"
msgid ""
"a \\"quoted\\" word\\n"
"and a \\\\ and a\\ttab"
msgstr "带“引号”的\\n"
"词"

#, fuzzy, python-brace-format
msgid "a draft"
msgstr "草稿"

msgid "not translated"
msgstr ""

msgid "1 file"
msgid_plural "{count} files"
msgstr[0] "{count} 个文件"

#~ msgid "gone"
#~ msgstr "没了"
""".replace("\n", "\r\n").encode()
    )
    assert read_catalogue(path) == {
        ("said", 'a "quoted" word\nand a \\ and a\ttab'): "带“引号”的\n词",
        (None, "1 file"): "{count} 个文件",
    }


@pytest.mark.parametrize(("locale", "domain"), BOTH)
def test_the_values_are_the_same(locale: str, domain: str) -> None:
    if domain == "rules":
        pytest.skip("the rules have no values in their sentences")

    def values(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    for (_, english), said in strings(locale, domain).items():
        english = english.replace("{else}", "")  # the ending of an English plural
        counted = {"count"} if re.search(r"\b1 ", english) else set()
        for each in said:
            assert values(each) - counted == values(english) - counted, english


SIMPLIFIED = set(
    "这个们来时对说问题处编码该为号检记录规则损坏读写间开关应转换样组单双两断长门车见让认设语请输选项错误"
)
"""Common characters that no Traditional text has."""


@pytest.mark.parametrize("domain", recipe.DOMAINS)
def test_the_traditional_catalogue_has_no_simplified_characters(domain: str) -> None:
    """Outside of what it quotes: code, and examples of damage."""
    for said in strings("zh_Hant", domain).values():
        text = re.sub(r"`[^`]*`|「[^」]*」|『[^』]*』", "", "".join(said))
        assert not SIMPLIFIED & set(text), text


def test_the_report_has_no_english_left() -> None:
    """Every word of the page's frame goes through `tr`: what stands between tags has no letters."""
    page = Path(repair.__file__).parent.joinpath("report", "report.html.j2").read_text("utf-8")
    body = page.partition("<body>")[2]
    for pattern in (r"\{%.*?%\}", r"\{\{.*?\}\}", r"<[^>]*>"):
        body = re.sub(pattern, "", body, flags=re.DOTALL)
    assert re.findall(r"[A-Za-z]+", body) == []


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LANG": "zh_SG"}, "zh-Hans"),
        ({"LANG": "zh_TW.UTF-8", "LC_ALL": ""}, "zh-Hant"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_HK"}, "zh-Hant"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "fr:zh_TW:en"}, "zh-Hant"),
        ({"LANG": "C", "LANGUAGE": "zh_CN"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "JIAOKAN_LANG": "en"}, "en"),
        ({"LANG": "C", "JIAOKAN_LANG": "zh"}, "zh-Hans"),
        ({"LANG": "C", "JIAOKAN_LANG": "zh-Hant-HK"}, "zh-Hant"),
        ({"LANG": "C", "JIAOKAN_LANG": "tlh"}, "en"),
    ],
)
def test_the_locale(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE", "JIAOKAN_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert messages.language() == language


def english_left(text: str) -> list[str]:
    """Words that only an English sentence has."""
    return re.findall(r"\b(?:the|is|are|of|in|was|where|which|that|with|and|not|no|a)\b", text)


@pytest.mark.parametrize("tag", TAGS)
def test_what_is_found_is_said_in_chinese(tag: str) -> None:
    """A message of each rule over all cases, and all kinds of messages of the seeds."""
    repairer = library.Repairer(unsafe=True, regional_words=True)
    texts = [given(row) for row in rows()]
    found = {
        (finding.rule, re.sub(r"\W|\d|[^\x00-\x7f]", "", finding.message)): finding
        for repaired in repairer.repair_many(texts)
        for finding in repaired.findings
    }
    assert len({rule for rule, _ in found}) > 75
    messages.use_language(tag)
    for finding in found.values():
        said = messages.translated(finding.message)
        quoted = re.sub(r"['“「].*?['”」]", "", said, flags=re.DOTALL)
        assert said != finding.message and not english_left(quoted), (finding.rule, said)
        for name in finding.evidence:
            assert not messages.name_of_evidence(name).isascii(), (finding.rule, name)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        *([name, "--help"] for name in ("fix", "check", "diff", "undo", "explain", "config")),
        ["config", "--keys"],
        ["explain"],
        ["explain", "mojibake"],
        *(["explain", rule] for rule in ("mojibake/gap", "lines/hard-wrap", "script/mixed")),
    ],
    ids=" ".join,
)
def test_help_and_documentation_are_in_chinese(tag: str, arguments: list[str]) -> None:
    done = jiaokan(*arguments, "--lang", tag)
    assert done.code == 0
    text = re.sub(
        r"`[^`]*`|--[-\w]+|jiaokan: disable-next-line|unified diff|\[in\]|[-\w/.]+\.toml",
        "",
        done.out,
    )
    assert not english_left(re.sub(r"(?m)^  [-+] .*", "", text)), text


WRONG = [
    ["chek"],
    ["check"],
    ["check", "--formt", "json", "a.txt"],
    ["check", "--format", "jso", "a.txt"],
    ["check", "--max-findings", "many", "a.txt"],
    ["check", "--max-findings", "-1", "a.txt"],
    ["check", "missing.txt"],
    ["check", "--select", "glosse", "a.txt"],
    ["check", "--baseline", "missing.json", "a.txt"],
    ["check", "--diff-base=-x", "a.txt"],
    ["check", "--config", "wrong.toml", "a.txt"],
    ["check", "-", "a.txt"],
    ["fix", "a.txt"],
    ["fix", "-", "-o", "out"],
    ["fix", "missing.txt", "-o", "out"],
    ["fix", "a.txt", "-o", "a.txt"],
    ["fix", "a.txt", "-o", "full"],
    ["undo", "."],
    ["undo", "nowhere"],
    ["explain", "gap"],
    ["report", "."],
]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_errors_are_said_in_chinese(tmp_path: Path, tag: str, arguments: list[str]) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    (tmp_path / "wrong.toml").write_text("sript = 'auto'\n", "utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/other.txt").write_text("", "utf-8")
    done = jiaokan(*arguments, "--lang", tag, cwd=tmp_path)
    assert done.code == 2 and done.err
    for name in {"missing.txt", "missing.json", "wrong.toml"} & set(arguments):
        assert name in done.err  # whole, whatever the sentence around it
    for line in done.err.splitlines():
        assert not english_left(re.sub(r"--[-\w]+|a\.txt", "", line)) or "git" in line, line


def test_the_command_speaks_chinese(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")

    def run(*arguments: str) -> Done:
        return jiaokan(*arguments, "--lang", "zh", cwd=tmp_path)

    done = run("check", "a.txt")
    assert done.code == 1 and "4 处问题（4 处可靠），见于 1 个文件中的 1 个。" in done.out
    assert "可靠 glosses/leaked-pinyin: “業”的读音漏进了正文" in done.out and "应删去" in done.out
    assert "改动，见于其中 1 个" in run("fix", "a.txt", "-o", "out").out
    assert "已恢复原状" in run("undo", "out", "-o", "back").out
    assert "已写入" in run("baseline", "a.txt").out
    assert "若要屏蔽" in run("explain", "glosses/leaked-pinyin").out
    assert run("explain").out.count("\n") == len(library.RULES)
    first = jiaokan("--lang=zh-CN", "check", "a.txt", cwd=tmp_path)
    assert first == done
    traditional = jiaokan("check", "a.txt", "--lang", "zh-TW", cwd=tmp_path).out
    assert "「業」的讀音漏進了正文" in traditional and "4 處問題（4 處可靠）" in traditional
    assert "4 findings" in jiaokan("check", "a.txt", "--lang", "en", cwd=tmp_path).out
    wrong = jiaokan("check", "a.txt", "--lang", "xx", cwd=tmp_path)
    assert wrong.code == 2 and "en, zh-Hans, zh-Hant" in wrong.err


@pytest.mark.parametrize("form", ["text", "github", "gitlab", "junit", "markdown", "sarif"])
def test_forms_that_a_person_reads_are_in_chinese(tmp_path: Path, form: str) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    done = jiaokan("check", "a.txt", "--format", form, "--lang", "zh-Hant", cwd=tmp_path)
    assert done.code == 1
    assert ("讀音漏進了正文" if form != "markdown" else "處問題") in done.out


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_what_programs_read_is_the_same_in_all(tmp_path: Path, form: str) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    english = jiaokan("check", "a.txt", "--format", form, cwd=tmp_path)
    for tag in TAGS:
        assert jiaokan("check", "a.txt", "--format", form, "--lang", tag, cwd=tmp_path) == english
    if form == "json":
        assert json.loads(english.out)["summary"]["findings"] == 4


def test_fingerprints_and_ids_are_the_same_in_all(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")

    def issues(tag: str) -> list[tuple[str, str, str]]:
        done = jiaokan("check", "a.txt", "--format", "gitlab", "--lang", tag, cwd=tmp_path)
        return [(i["check_name"], i["fingerprint"], i["severity"]) for i in json.loads(done.out)]

    assert issues("en") == issues("zh-Hans") == issues("zh-Hant")


def test_help_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chinese takes two columns a character, and no line begins with a comma."""
    from jiaokan.repair.visible import width

    for columns in (60, 80, 200):
        monkeypatch.setenv("COLUMNS", str(columns))
        for tag in ("en", *TAGS):
            out = jiaokan("check", "--help", "--lang", tag).out
            lines = out.splitlines()
            assert max(map(width, lines)) <= min(columns, 100)
            assert not any(line.lstrip()[:1] in set("，。；：）") for line in lines)
