"""The forms of `check`, each read by a program that knows its schema."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from jiaokan.repair.files import Refused
from jiaokan.repair.formats import renderer
from jiaokan.repair.formats.problem import Problem, Totals
from jiaokan.repair.location import Place
from jiaokan.validators.values import Applicability, Finding
from tests.command import DAMAGED, jiaokan

HOSTILE = "<script>|`]]>&amp;\x00\x1b[31m\u202e\ud800\ufffe*_%0A::error::"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    (tmp_path / "子 #%?.txt").write_text(DAMAGED * 2, "utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    return tmp_path


def checked(folder: Path, name: str, *more: str) -> str:
    return jiaokan("check", ".", "missing.txt", "--format", name, *more, cwd=folder).out


def problem(number: int, file: str = "a.txt", text: str = "x") -> Problem:
    finding = Finding(
        "glosses/leaked-pinyin", number, number + 1, f"wrong {text}", 0.9, Applicability.SAFE, text
    )
    place, end = Place(number, number + 1, 1), Place(number + 1, number + 1, 2)
    return Problem(file, finding, place, end, text, text, f"{number:032x}")


def rendered(name: str, items: list[Problem | Refused], **totals: Any) -> str:
    of_files = {item.file for item in items if isinstance(item, Problem)}
    counts = Totals(files=len(of_files) + 1, files_with_findings=len(of_files), **totals)
    return "".join(renderer(name)(iter(items), counts))


def test_json_and_jsonl_say_the_same(folder: Path) -> None:
    value = json.loads(checked(folder, "json"))
    rows = [json.loads(line) for line in checked(folder, "jsonl").splitlines()]
    assert rows[-1]["type"] == "end" and [r["type"] for r in rows].count("end") == 1
    findings = [r for r in rows if r.pop("type") == "finding"]
    assert findings == value["findings"] and rows[-1]["summary"] == value["summary"]
    assert value["summary"]["findings"] == len(findings) == 12
    assert value["summary"]["exit_code"] == 2 and value["summary"]["failures"] == 1
    assert {entry["file"] for entry in value["not_checked"]} == {"picture.png", "missing.txt"}
    first = value["findings"][0]
    assert (first["line"], first["column"], first["end_column"]) == (1, 8, 12)
    assert (first["text"], first["replacement"]) == ("(yè)", "")
    assert DAMAGED.encode()[first["byte"] :].startswith("(yè)".encode())


def test_sarif_is_of_the_official_schema(folder: Path) -> None:
    model = pytest.importorskip(
        "pydantic_sarif.model", reason="pip install pydantic-sarif (made from the OASIS schema)"
    )
    log = json.loads(checked(folder, "sarif"))
    model.StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate(log)
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints" and len(run["results"]) == 12
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["fixes"][0]["artifactChanges"][0]["replacements"]
    uris = {
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]
    }
    assert uris == {"a.txt", "%E5%AD%90%20%23%25%3F.txt"}
    prints = [result["partialFingerprints"]["jiaokan/v1"] for result in run["results"]]
    assert len(set(prints)) == 12
    assert run["invocations"][0]["executionSuccessful"] is False
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region["snippet"]["text"] == "(yè)" and region["startColumn"] == 8


@pytest.mark.parametrize("files", [3, 6000])
def test_large_sarif_is_aggregated(files: int) -> None:
    items: list[Problem | Refused] = [
        problem(number, f"{number % files}.txt") for number in range(2 * 6000)
    ]
    (run,) = json.loads(rendered("sarif", items))["runs"]
    assert len(run["results"]) == min(files, 5000)
    assert run["results"][0]["occurrenceCount"] == 12000 // files
    assert "fixes" not in run["results"][0]
    said = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert said.startswith("12,000 findings") and ("1,000 of those" in said) is (files == 6000)


def test_junit_is_read_by_a_junit_reader(folder: Path) -> None:
    junitparser = pytest.importorskip("junitparser", reason="pip install junitparser")
    suites = junitparser.JUnitXml.fromstring(checked(folder, "junit").encode())
    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == (4, 2, 1, 1)
    cases = {case.name: case for suite in suites for case in suite}
    assert "a.txt:1:8: safe glosses/leaked-pinyin" in cases["a.txt"].result[0].text
    assert "no such file" in cases["missing.txt"].result[0].message
    hostile = rendered("junit", [problem(1, HOSTILE, HOSTILE), Refused(HOSTILE, HOSTILE)])
    (suite,) = junitparser.JUnitXml.fromstring(hostile.encode())
    assert len(list(suite)) == 3


def test_gitlab_has_what_gitlab_asks_for(folder: Path) -> None:
    """https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"""
    issues = json.loads(checked(folder, "gitlab"))
    assert len(issues) == 13 and len({issue["fingerprint"] for issue in issues}) == 13
    for issue in issues:
        assert isinstance(issue["description"], str) and isinstance(issue["check_name"], str)
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not issue["location"]["path"].startswith(("./", "/"))
        assert issue["location"]["lines"]["begin"] >= 1
    assert json.loads(jiaokan("check", "-", "--format", "gitlab", stdin=b"").out) == []


def test_github_annotations_cannot_be_broken_out_of(folder: Path) -> None:
    lines = checked(folder, "github").splitlines()
    assert lines[0].startswith("::error file=a.txt,line=1,col=8,endLine=1,endColumn=12,title=")
    hostile = rendered("github", [problem(1, "a,b:c\n::warning::d", "x%0A\r\n::error::y")])
    rows = hostile.split("\n")
    assert len(rows) == 3
    for line in rows[:1]:
        match = re.fullmatch(r"::(?:error|notice) ([^:]*)::(.*)", line)
        assert match and "file=a%2Cb%3Ac%0A%3A%3Awarning%3A%3Ad," in match[1]
        assert "[U+000D][U+000A]::error::y" in match[2] and "x%250A" in match[2]


def test_github_says_which_mark_belongs_there(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("他走了很远的路,终于到家了.\n", "utf-8")
    done = jiaokan("check", "a.txt", "--format", "github", cwd=tmp_path)
    assert "where Chinese text has 。: should be 。" in done.out


def test_markdown_shows_text_as_text(folder: Path) -> None:
    page = checked(folder, "markdown")
    assert page.startswith("## Jiaokan: 12 findings (12 safe) in 2 of 2 files")
    assert "| `glosses/leaked-pinyin` | 12 |" in page
    hostile = rendered("markdown", [problem(1, HOSTILE, HOSTILE)])
    assert "<script>" not in hostile and "\x1b" not in hostile and "\u202e" not in hostile
    (row,) = [line for line in hostile.splitlines() if "leaked-pinyin" in line]
    assert row.count("|") == 5


def test_a_finding_keeps_its_fingerprint_when_lines_move(tmp_path: Path) -> None:
    def prints(text: str) -> list[str]:
        (tmp_path / "a.txt").write_text(text, "utf-8")
        value = json.loads(jiaokan("check", "a.txt", "--format", "json", cwd=tmp_path).out)
        return [finding["fingerprint"] for finding in value["findings"]]

    assert prints(DAMAGED) == prints("前面多一行。\n" + DAMAGED)
    assert set(prints(DAMAGED)) < set(prints(DAMAGED * 2))
    assert len(set(prints(DAMAGED * 2))) == 8


def test_colours_are_ours_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With FORCE_COLOR escape sequences stand around the text, and none of the text's own."""
    (tmp_path / "a.txt").write_text("\x1b[31m企業(yè)家座談會，加快發(fā)展。\n", "utf-8")
    monkeypatch.setenv("FORCE_COLOR", "1")
    painted = jiaokan("check", "a.txt", cwd=tmp_path).out
    assert "\x1b[1m" in painted and "[U+001B][31m" in painted
    own = re.findall(r"\x1b\[\d+m", painted)
    assert set(own) == {f"\x1b[{n}m" for n in (0, 1, 31, 34)}
    assert len(own) == 2 * own.count("\x1b[0m")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in jiaokan("check", "a.txt", cwd=tmp_path).out


def test_names_are_from_the_root_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.txt").write_text(DAMAGED, "utf-8")

    def checked_in(name: str) -> str:
        return jiaokan("check", "a.txt", "--format", name, cwd=folder).out

    prints = [issue["fingerprint"] for issue in json.loads(checked_in("gitlab"))]
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert "file=data/a.txt," in checked_in("github")
    assert '"uri": "data/a.txt"' in checked_in("sarif")
    monkeypatch.delenv("GITHUB_WORKSPACE")
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path))
    issues = json.loads(checked_in("gitlab"))
    assert {issue["location"]["path"] for issue in issues} == {"data/a.txt"}
    assert [issue["fingerprint"] for issue in issues] == prints
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path / "elsewhere"))
    assert '"path":"a.txt"' in checked_in("gitlab")


def test_the_end_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a b.txt").write_text(DAMAGED, "utf-8")
    out = jiaokan("check", "a b.txt", cwd=tmp_path).out
    assert "`jiaokan fix --in-place 'a b.txt'` mends 4 of them" in out
    assert "`jiaokan explain glosses/leaked-pinyin` says why" in out
    out = jiaokan("check", "-", cwd=tmp_path, stdin=DAMAGED.encode()).out
    assert "fix --in-place" not in out and "explain" in out
    counted = jiaokan("check", ".", "--format", "statistics", cwd=tmp_path).out
    assert counted.startswith("4  glosses/leaked-pinyin  safe  ") and "mends 4 of them" in counted


def test_junit_lists_the_first_of_very_many() -> None:
    page = rendered("junit", [problem(n, "x", "y") for n in range(1, 251)])
    assert "and 150 more" in page and "250 findings" in page and len(page) < 30_000
