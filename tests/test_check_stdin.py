"""`check`, `diff` and `baseline` of standard input: texts and records, as those of files."""

import gzip
import json
from pathlib import Path

import pytest

from tests.command import jiaokan

BAD = "江蘇省企業(yè)家座談會，加快發(fā)展。"
GOOD = "今天天氣很好。"


def records(*texts: str) -> bytes:
    """At least two, by which JSON Lines are told without a name."""
    rows = ({"id": n, "text": text} for n, text in enumerate((*texts, GOOD)))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def findings(*arguments: str, stdin: bytes, cwd: Path) -> list[dict[str, object]]:
    done = jiaokan("check", *arguments, "--format", "json", stdin=stdin, cwd=cwd)
    found: list[dict[str, object]] = json.loads(done.out)["findings"]
    assert done.code == bool(found), done.err
    return found


def test_records_are_found_as_in_a_file(tmp_path: Path) -> None:
    data = records(GOOD, BAD)
    (tmp_path / "a.jsonl").write_bytes(data)
    in_file = findings("a.jsonl", stdin=b"", cwd=tmp_path)
    piped = findings("-", "--stdin-filename", "a.jsonl", stdin=data, cwd=tmp_path)
    assert piped == in_file and {each["file"] for each in piped} == {"a.jsonl#1/text"}
    unnamed = findings("-", stdin=data, cwd=tmp_path)
    assert {each["file"] for each in unnamed} == {"<stdin>#1/text"}
    assert [each["column"] for each in unnamed] == [each["column"] for each in in_file]


def test_packed_records_and_texts_are_unpacked(tmp_path: Path) -> None:
    assert findings("-", stdin=gzip.compress(records(GOOD, BAD)), cwd=tmp_path)
    assert not findings("-", stdin=gzip.compress(records(GOOD)), cwd=tmp_path)
    assert findings("-", stdin=gzip.compress(BAD.encode()), cwd=tmp_path)


def test_columns_are_those_that_are_named(tmp_path: Path) -> None:
    table = f"id,body\n1,{GOOD}\n2,{BAD}\n".encode()
    named = ("-", "--stdin-filename", "a.csv", "--column", "body")
    assert {each["file"] for each in findings(*named, stdin=table, cwd=tmp_path)} == {
        "a.csv#1/body"
    }


def test_records_of_a_silenced_file_are_silent(tmp_path: Path) -> None:
    (tmp_path / "jiaokan-silences.toml").write_text(
        '[[silence]]\nfile = "a.jsonl"\nrule = "glosses/leaked-pinyin"\n', "utf-8"
    )
    (tmp_path / "a.jsonl").write_bytes(records(BAD))
    named = ("-", "--stdin-filename", "a.jsonl")
    assert not findings(*named, stdin=records(BAD), cwd=tmp_path)
    assert findings("-", stdin=records(BAD), cwd=tmp_path)


def test_a_baseline_of_piped_records_holds(tmp_path: Path) -> None:
    assert jiaokan("baseline", "-", stdin=records(BAD), cwd=tmp_path).code == 0
    known = ("-", "--baseline", "jiaokan-baseline.json")
    assert not findings(*known, stdin=records(GOOD, BAD), cwd=tmp_path)
    assert findings(*known, stdin=records(BAD, BAD), cwd=tmp_path)


def test_diff_shows_what_would_change_in_records(tmp_path: Path) -> None:
    done = jiaokan("diff", "-", "--exit-code", stdin=records(BAD), cwd=tmp_path)
    assert done.code == 1 and "+++ b/<stdin>#0/text" in done.out


@pytest.mark.parametrize(
    ("stdin", "arguments"),
    [
        (b'{"body": "a"}\n', ("--column", "text")),
        (gzip.compress(records(BAD) * 99)[:-30], ()),
        (b"\x7fELF" + bytes(4096), ()),
    ],
)
def test_what_cannot_be_read_is_a_failure(
    tmp_path: Path, stdin: bytes, arguments: tuple[str, ...]
) -> None:
    done = jiaokan("check", "-", *arguments, stdin=stdin, cwd=tmp_path)
    assert done.code == 2 and done.err and "Traceback" not in done.err


@pytest.mark.parametrize("form", ["github", "gitlab", "junit", "sarif", "markdown", "jsonl"])
def test_every_form_takes_records_of_standard_input(tmp_path: Path, form: str) -> None:
    done = jiaokan("check", "-", "--format", form, stdin=records(BAD), cwd=tmp_path)
    assert done.code == 1 and not done.err and "stdin" in done.out


def test_records_that_cannot_be_read_are_named_and_the_others_checked(tmp_path: Path) -> None:
    data = records(BAD) + b'{"text": \n' * 30 + records(BAD)
    (tmp_path / "a.jsonl").write_bytes(data)
    for arguments in (["a.jsonl"], ["a.jsonl"], ["-", "--stdin-filename", "a.jsonl"]):
        done = jiaokan("check", *arguments, stdin=data, cwd=tmp_path)  # the second: from the cache
        assert done.code == 1 and done.out.count("a.jsonl#") == 4, done.err
        assert done.err.count("was not read") == 3 and "20 more records" in done.err
        assert "7 more, for the same reason as a.jsonl" in done.err
        assert "record #2 was not read" in done.err
