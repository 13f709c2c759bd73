"""`jiaokan-silences.toml`: what it names is left alone by check and by fix, in formats without comments."""

import json
from pathlib import Path
from random import Random

import pytest

from jiaokan.repair.silences.sidecar import _Spans
from jiaokan.validators.values import Applicability, Finding
from tests.command import CLEAN, DAMAGED, REPAIRED, jiaokan

FIRST, SECOND = DAMAGED.splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "a.csv").write_text(DAMAGED, "utf-8")
    (tmp_path / "b.txt").write_text(DAMAGED, "utf-8")
    rows = [json.dumps({"text": text}, ensure_ascii=False) for text in (FIRST, SECOND)]
    (tmp_path / "c.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    return tmp_path


def silence(folder: Path, *rows: str) -> None:
    text = "\n".join(f"[[silence]]\n{row}\n" for row in rows)
    (folder / "jiaokan-silences.toml").write_text(text, "utf-8")


def places(folder: Path, *arguments: str) -> list[tuple[str, int]]:
    done = jiaokan("check", *(arguments or (".",)), "--format", "json", cwd=folder)
    assert done.code in (0, 1), done.err
    return [(row["file"], row["line"]) for row in json.loads(done.out)["findings"]]


def test_check_leaves_out_what_is_named(folder: Path) -> None:
    everything = places(folder)
    assert len(everything) == 12
    silence(folder, 'file = "tables/a.csv"\nrule = "glosses"')
    assert places(folder) == [place for place in everything if place[0] != "tables/a.csv"]
    assert places(folder / "tables", "a.csv") == []
    silence(folder, f'file = "b.txt"\nrule = "glosses/leaked-pinyin"\nline = "  {FIRST}"')
    assert places(folder, "b.txt") == [("b.txt", 2), ("b.txt", 2)]
    silence(folder, 'file = "b.txt"\nrule = "all"\ntext = "(yè)"')
    assert len(places(folder, "b.txt")) == 3
    silence(folder, 'file = "b.txt"\nrule = "all"\nleft = "省召開企業"')
    assert len(places(folder, "b.txt")) == 3
    silence(folder, 'file = "b.txt"\nrule = "all"\nleft = "召開企"')
    assert len(places(folder, "b.txt")) == 4
    silence(folder, f'file = "c.jsonl"\nrule = "glosses"\nline = "{SECOND}"')
    assert {name for name, _ in places(folder, "c.jsonl")} == {"c.jsonl#0/text"}
    silence(folder, f'file = "c.jsonl"\nrule = "glosses"\nline = " {SECOND[2:6]}"')
    assert {name for name, _ in places(folder, "c.jsonl")} == {"c.jsonl#0/text"}
    (folder / "tables" / "jiaokan-silences.toml").write_text("")  # the nearest one counts
    silence(folder, 'file = "tables/a.csv"\nrule = "glosses"')
    assert places(folder) == everything


def test_fix_leaves_it_too_also_in_a_second_run(folder: Path) -> None:
    silence(
        folder,
        f'file = "b.txt"\nrule = "glosses"\nline = "{FIRST}"',
        f'file = "c.jsonl"\nrule = "glosses"\nline = "{FIRST}"',
        'file = "tables/a.csv"\nrule = "all"',
    )
    assert jiaokan("fix", ".", "-o", "out", cwd=folder).code == 0
    expected = f"{FIRST}\n{REPAIRED.splitlines()[1]}\n"
    assert (folder / "out" / "b.txt").read_text("utf-8") == expected
    assert (folder / "out" / "tables" / "a.csv").read_text("utf-8") == DAMAGED
    lines = (folder / "out" / "c.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == expected.splitlines()
    assert jiaokan("undo", "out", "-o", "back", cwd=folder).code == 0
    assert (folder / "back" / "b.txt").read_text("utf-8") == DAMAGED
    (folder / "jiaokan-silences.toml").unlink()  # what stands repaired is not kept by mistake
    assert (
        jiaokan("fix", "b.txt", "c.jsonl", "tables", "-o", "out", "--force", cwd=folder).code == 0
    )
    assert (folder / "out" / "b.txt").read_text("utf-8") == REPAIRED


def test_our_own_files_are_no_text_to_mend(folder: Path) -> None:
    silence(folder, f'file = "b.txt"\nrule = "glosses"\nline = "{FIRST}"')
    jiaokan("baseline", ".", cwd=folder)
    before = (folder / "jiaokan-silences.toml").read_bytes()
    assert not any(name.startswith("jiaokan") for name, _ in places(folder))
    assert jiaokan("fix", ".", "--in-place", cwd=folder).code == 0
    assert (folder / "jiaokan-silences.toml").read_bytes() == before
    assert FIRST in (folder / "b.txt").read_text("utf-8")


def test_a_silence_without_use_is_said(folder: Path) -> None:
    silence(folder, 'file = "b.txt"\nrule = "debris"', 'file = "b.txt"\nrule = "glosses"')
    for _ in range(2):  # the second is from the cache
        done = jiaokan("check", "b.txt", cwd=folder)
        assert done.code == 0 and done.err.count("unused silence of debris") == 1
        assert "glosses" not in done.err and "b.txt: unused" in done.err


@pytest.mark.parametrize("name", ["c.jsonl", "long.txt"])
def test_a_silence_without_use_is_said_of_records_and_long_texts(folder: Path, name: str) -> None:
    """Once for the whole file, and not of one that was of use for any text or part in it."""
    (folder / "long.txt").write_text(FIRST + "\n" + CLEAN * (3 << 16) + SECOND, "utf-8")
    wanted = [f"line = '{words}'" for words in (FIRST, SECOND[2:6], "別的話")]
    silence(folder, *(f"file = '{name}'\nrule = 'glosses'\n{line}" for line in wanted))
    for _ in range(2):  # the second is from the cache
        done = jiaokan("check", name, "--select", "glosses", cwd=folder)
        assert done.code == 0, done.out
        (said,) = done.err.splitlines()
        assert f"{name}: unused silence of glosses in jiaokan-silences.toml" in said
        assert "line = '別的話'" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[silence]]\nfile = "b.txt"', "a file and a rule"),
        ('[[silence]]\nfile = "b.txt"\nrule = "nope"', "nope"),
        ('[[silence]]\nfile = "b.txt"\nrule = "all"\nlin = "x"', "unknown key 'lin'"),
        ('[[silence]]\nfil = "b.txt"\nrule = "all"', "did you mean file?"),
        ('[[silence]]\nfile = "b.txt"\nrule = "gloses"', "did you mean glosses?"),
        ('[[silence]]\nfile = "b.txt"\nrule = "all"\nline = 3', "strings"),
        ('ignore = ["all"]', "nothing else"),
        ("[[silence", "not TOML"),
    ],
)
def test_a_wrong_file_is_named(folder: Path, text: str, words: str) -> None:
    (folder / "jiaokan-silences.toml").write_text(text, "utf-8")
    for command in (("check", "."), ("fix", ".", "-o", "out"), ("diff", ".")):
        done = jiaokan(*command, cwd=folder)
        assert done.code == 2 and words in done.err and "jiaokan-silences.toml" in done.err
        assert done.err.count("\n") == 1 and "itself failed" not in done.err


def test_a_silence_of_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CLEAN, "utf-8")
    text = '[[silence]]\nfile = "gone.txt"\nrule = "all"\n'
    (tmp_path / "jiaokan-silences.toml").write_text(text, "utf-8")
    done = jiaokan("check", ".", cwd=tmp_path)
    assert done.code == 0 and "a silence of gone.txt, which is not there" in done.err
    (tmp_path / "gone.txt").write_text(DAMAGED, "utf-8")
    done = jiaokan("check", ".", cwd=tmp_path)
    assert done.code == 0 and "gone.txt" not in done.err


def test_spans_meet_as_each_of_them_does() -> None:
    random = Random(8)
    for _ in range(200):
        spans = [(at, at + random.randrange(9)) for at in random.choices(range(60), k=4)]
        findings = [Finding("a/b", *span, "", 1, Applicability.SAFE, "") for span in spans]
        asked = random.randrange(60)
        end = asked + 1 + random.randrange(5)
        expected = any(a < end and asked < max(b, a + 1) for a, b in spans)
        assert _Spans(findings).meet(asked, end) == expected
