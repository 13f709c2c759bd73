"""Glosses: what a reading is, and that documents are judged whole."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jiaokan
from jiaokan.validators import glosses
from jiaokan.validators.glosses.readings import read_gloss, syllables_of
from jiaokan.validators.values import Applicability, Settings
from jiaokan.validators.view import View
from tests.accuracy.sets import SHARED, available

SETTINGS = Settings()
RULE = "glosses/leaked-pinyin"


def leaks(text: str) -> list[Applicability]:
    return [finding.applicability for finding in glosses.find(View(text), SETTINGS)]


@pytest.mark.parametrize(
    ("gloss", "syllables"),
    [
        ("yè", ("ye4",)),
        ("ye\u0300", ("ye4",)),
        ("ye4", ("ye4",)),
        ("YÈ", ("ye4",)),
        ("lǜ", ("lü4",)),
        ("lv4", ("lü4",)),
        ("lu:4", ("lü4",)),
        ("lüè", ("lüe4",)),
        ("ㄧㄝˋ", ("ye4",)),
        ("ㄌㄩˋ", ("lü4",)),
        ("ㄓ", ("zhi1",)),
        ("˙ㄇㄣ", ("men5",)),
        ("ㄨㄥ", ("weng1",)),
        ("lè/yuè", ("le4", "yue4")),
        (" lè、yuè ", ("le4", "yue4")),
        ("men", ("men",)),
        ("qǐyè", ()),
        ("GDP", ()),
        ("ye44", ()),
        ("yé4", ()),
        ("", ()),
    ],
)
def test_syllables(gloss: str, syllables: tuple[str, ...]) -> None:
    assert syllables_of(gloss) == syllables


def test_a_reading_belongs_to_its_character_in_either_script() -> None:
    assert read_gloss("發", "fā").belongs
    assert read_gloss("发", "fā").usual
    assert read_gloss("發", "fà").belongs  # of 髮, through 发
    assert not read_gloss("發", "yè").belongs
    assert not read_gloss("行", "háng").usual
    assert not read_gloss("重", "chóng").single


def test_one_rare_name_among_leaks_stays() -> None:
    text = "企業(yè)家贠(yùn)红卫談產(chǎn)業(yè)發(fā)展，企業(yè)界關(guān)注。"
    assert jiaokan.Repairer(select=("glosses",)).repair(text).text == (
        "企業家贠(yùn)红卫談產業發展，企業界關注。"
    )


def test_a_character_glossed_once_and_then_not_again_is_a_note() -> None:
    page = "產(chǎn)品很多，產品很好，產品便宜，大家都買產品。"
    assert Applicability.SAFE not in leaks(page)


def test_screen_is_necessary_in_a_batch_as_alone() -> None:
    texts = ["企業(yè)家發(fā)展", "没有什么", "(yè)", "業", "企業(yè", "業 (yè) 家", ""]
    flags = glosses.screen(View.of_batch(texts), SETTINGS)
    alone = [bool(glosses.screen(View(text), SETTINGS)[0]) for text in texts]
    assert flags.tolist() == alone
    for text, flag in zip(texts, alone, strict=True):
        assert flag or not leaks(text)


PIECES = st.sampled_from(
    [
        "企業",
        "(yè)",
        "家",
        "發(fā)",
        "展",
        "（chǎn）",
        "產",
        " ",
        "\n",
        "(GDP)",
        "網(wǎng)",
        "ㄧㄝˋ",
        "，",
        "a",
    ]
)


@given(st.lists(PIECES, max_size=24).map("".join))
def test_only_brackets_go(text: str) -> None:
    repairer = jiaokan.Repairer(select=("glosses",))
    out = repairer.repair(text)
    assert repairer.repair(out.text).text == out.text
    assert jiaokan.undo(out) == text
    for edit in out.edits:
        assert edit.after == ""
        assert edit.before.strip()[0] in "(（[" and edit.before.strip()[-1] in ")）]"


@pytest.mark.skipif(not available(), reason="../shared/data is not here")
def test_real_pages_and_real_notes() -> None:
    folder: Path = SHARED / "glosses"
    removed = expected = 0
    for line in (folder / "leaked" / "docs_with_leaks.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        expected += record["glosses"]
        removed += leaks(record["text"]).count(Applicability.SAFE)
    assert removed >= 0.995 * expected
    for path in sorted((folder / "legitimate").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            text = json.loads(line)["text"]
            assert Applicability.SAFE not in leaks(text)
            for paragraph in text.splitlines():
                assert Applicability.SAFE not in leaks(paragraph)
