"""Characters: tables, and what no table of cases can say."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import jiaokan
from jiaokan.validators import characters
from jiaokan.validators.characters.ideographs import private_use, radicals
from jiaokan.validators.classes import Class, classes_of
from jiaokan.validators.values import Settings
from jiaokan.validators.view import View

SETTINGS = Settings()


def test_every_radical_but_those_without_an_ideograph() -> None:
    assigned = {
        chr(point)
        for point in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6))
        if unicodedata.name(chr(point), "")
    }
    assert assigned - set(radicals()) == {"\u2e80"}
    for radical, ideograph in radicals().items():
        assert classes_of(ideograph) & Class.HAN, radical


def test_private_use_tables_hold_characters() -> None:
    for encoding, least in (("gbk", 100), ("hkscs", 4500)):
        table = private_use(encoding)
        assert len(table) >= least
        for point, char in table.items():
            assert unicodedata.category(point) == "Co"
            assert all(unicodedata.category(c) != "Co" for c in char)


def test_hkscs_is_where_windows_had_it() -> None:
    """The ends of Windows' user-defined areas, and characters of daily Cantonese."""
    table = private_use("hkscs")
    assert (table["\uecd8"], table["\uecda"], table["\uecb1"]) == ("喺", "啲", "嘢")
    assert table["\uf6b1"] == "①" and max(table) <= "\uf848"


def test_a_pair_of_surrogates_is_one_character() -> None:
    out = jiaokan.Repairer().repair("笑\ud83d\ude00脸")
    assert out.text == "笑😀脸"
    assert jiaokan.undo(out) == "笑\ud83d\ude00脸"
    lone = jiaokan.Repairer(unsafe=True).repair("坏\ud83d字")
    assert lone.text == "坏\ud83d字"
    assert {f.rule for f in lone.findings} == {"characters/noncharacter"}


def test_damage_in_a_long_text_about_something_else() -> None:
    """Talk of radicals in one paragraph does not keep those of another from being mended."""
    text = "部首⼀和⼁是最简单的。\n" + "今天天气很好，我们去公园。\n" * 3 + "⼈⼯智能和⾦融⾏业"
    out = jiaokan.Repairer(select=("characters",)).repair(text)
    assert out.text.startswith("部首⼀和⼁是")
    assert out.text.endswith("人工智能和金融行业")


@pytest.mark.parametrize(
    "text",
    [
        "👩🏽\u200d🚒 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3",
        "مرحبا \u202bنص\u202c",
        "ক্\u200cষ",
        "ꥠᄀ",
        "x̂ ŷ",
        "/t͡ɕʰi/",
    ],
)
def test_other_scripts_are_left_alone(text: str) -> None:
    out = jiaokan.Repairer(unsafe=True, select=("characters",)).repair(text)
    assert out.text == text


CHARACTERS = st.sampled_from(
    list("人工⼈⼯部首 \n的年\uf98e㈱２2Ａa\u200b\u200d\ufe0f❤\u0301á\x07\x1b[&;#<>b/丶、囗口二oО年\ue825\xad\ufeff\ufffe\ud83d\ude00サ一ﾊ\u202e\u05d0")
)  # fmt: skip


@given(st.lists(st.lists(CHARACTERS, max_size=20).map("".join), min_size=1, max_size=4))
def test_screen_and_find_agree_in_a_batch_as_alone(texts: list[str]) -> None:
    batch = characters.screen(View.of_batch(texts), SETTINGS)
    for text, flag in zip(texts, batch.tolist(), strict=True):
        alone = characters.screen(View(text), SETTINGS)
        assert alone.dtype == np.bool_ and bool(alone[0]) == flag
        assert flag or not characters.find(View(text), SETTINGS)


@given(st.lists(CHARACTERS, max_size=30).map("".join), st.booleans())
def test_mended_once_is_mended(text: str, unsafe: bool) -> None:
    repairer = jiaokan.Repairer(select=("characters",), unsafe=unsafe)
    out = repairer.repair(text)
    assert repairer.repair(out.text).text == out.text
    assert jiaokan.undo(out) == text


def test_invisible_characters_sown_behind_each_one_are_few_findings() -> None:
    text = "今\u200b年\u200b雨\u200b水\u200b少。" + "甲\u200b" * 100 + "。"
    out = jiaokan.Repairer(select=["characters"]).repair(text)
    assert out.text == "今年雨水少。" + "甲" * 100 + "。"
    assert len(out.edits) == 1 + 4
    assert jiaokan.undo(out) == text


@pytest.mark.parametrize(
    "piece", ["<!--", "<pre>", '<span style="display:none">x</span>字', "<b>好,</b>", "&#20013;"]
)
@pytest.mark.parametrize("head", ["好的，我们走吧。", "<p>好的,我们走吧。</p></p>"])
def test_much_markup_comes_back(piece: str, head: str) -> None:
    text = head + piece * 12_000
    assert jiaokan.undo(jiaokan.Repairer().repair(text)) == text


def test_references_side_by_side_are_one_finding() -> None:
    text = "&nbsp;&nbsp;&#20170;&#22825;很&middot;好，" + "&#39118;" * 70 + "。"
    repairer = jiaokan.Repairer(select=["characters"])
    out = repairer.repair(text)
    assert out.text == "  今天很·好，" + "风" * 70 + "。"
    assert [edit.after for edit in out.edits] == ["  今天", "·", "风" * 32, "风" * 32, "风" * 6]
    assert jiaokan.undo(out) == text


def test_controls_in_a_long_string_of_a_program_are_its_own() -> None:
    long = "在设置窗口里可以改动所有的快捷键，" * 30
    text = f'msgid "help"\nmsgstr "{long}按 \x02换页\x02 命令时，{long}窗口会换页。"\n\nmsgid "a"\nmsgstr "退出"\n\nmsgid "b"\nmsgstr "打开"\n'
    found = jiaokan.Repairer().check(text)
    assert [each.applicability for each in found if each.rule == "characters/control"] == [
        "unsafe"
    ] * 2
