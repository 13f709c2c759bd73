"""Script: conversion by context, the tables and their recipes, and findings with their evidence."""

import os
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jiaokan
from jiaokan.validators.script import conversions
from jiaokan.validators.script.decisions import (
    SIMPLIFIED,
    TRADITIONAL,
    convert,
    decide,
    may_be_wrong,
    open_positions,
)
from jiaokan.validators.script.features import REACH
from jiaokan.validators.script.forms import forms, read_rows
from jiaokan.validators.script.lattice import likeliest_words, word_odds
from jiaokan.validators.script.model import cells, contexts_of, odds_of, pad
from jiaokan.validators.script.names import in_name, in_quotation
from jiaokan.validators.script.places import without_special
from jiaokan.validators.script.quotations import without_quotations
from jiaokan.validators.script.thresholds import FAMILIAR, in_question, thresholds
from jiaokan.validators.values import Settings
from jiaokan.validators.view import View, code_points

PIECES = (
    "皇后头发干净", "公司的制造業務", "與此沒有關系", "對于這件事", "余先生", "經曆豐富", "系統發展",
    "這個國家", "这个国家", "先后", "後面", "里長", "那里", "面条", "麵包", "「后」", "阅读", "，", "。",
    "\n", "\n\n", " ", "日本の会社", "ABC", "12", "乾隆", "著作", "\ud800",
)  # fmt: skip
texts = st.lists(
    st.sampled_from(PIECES) | st.text("后後发發余餘里裡", max_size=4), max_size=12
).map("".join)
calm = settings(max_examples=60)


def written(text: str, script: int) -> str:
    return convert(code_points(text), script).tobytes().decode("utf-32-le")


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("公司发布了关于干部选拔的规范", "公司發布了關於幹部選拔的規範"),
        ("她的头发很长，皮肤很干燥", "她的頭髮很長，皮膚很乾燥"),
        ("这只猫只吃面条和米饭", "這隻貓只吃麵條和米飯"),
        ("太后与皇后在后花园散步", "太后與皇后在後花園散步"),
        ("余下的里程还有三公里", "餘下的里程還有三公里"),
        ("历史课讲到了农历的由来", "歷史課講到了農曆的由來"),
        ("计算机系统与大学中文系的联系", "計算機系統與大學中文系的聯繫"),
    ],
)
def test_forms_are_chosen_by_their_words(simplified: str, traditional: str) -> None:
    assert written(simplified, TRADITIONAL) == traditional
    assert written(traditional, SIMPLIFIED) == simplified


def test_what_simplified_keeps_stays() -> None:
    assert written("乾隆皇帝看著這部著作，狼藉滿地", SIMPLIFIED) == "乾隆皇帝看着这部著作，狼藉满地"


@calm
@given(texts)
def test_length_never_changes_and_a_second_conversion_changes_nothing(text: str) -> None:
    for script in (SIMPLIFIED, TRADITIONAL):
        once = convert(code_points(text), script)
        assert len(once) == len(text)
        if script == SIMPLIFIED:
            assert (convert(once, script) == once).all()


@calm
@given(st.lists(texts, max_size=5))
def test_screen_is_the_same_in_a_batch_and_necessary(documents: list[str]) -> None:
    for script in ("auto", "zh-Hans", "zh-Hant"):
        chosen = Settings(script=script)
        together = conversions.screen(View.of_batch(documents), chosen)
        for text, flag in zip(documents, together, strict=True):
            assert conversions.screen(View(text), chosen)[0] == flag
            if not flag:
                assert not conversions.find(View(text), chosen)


def test_odds_do_not_depend_on_the_script_or_damage_around() -> None:
    known = forms()
    texts = ("長官的頭發全白了", "长官的头发全白了", "長官的頭髮全白了")
    odds = [odds_of(pad(known.folded[code_points(t)]), np.array([4]), TRADITIONAL) for t in texts]
    assert (odds[0] == odds[1]).all() and (odds[1] == odds[2]).all()


def test_words_settle_what_single_contexts_leave_open() -> None:
    """系数 is 係數, and 星系 a word: the cut into 星系 and 數量 is the likelier one."""
    known = forms()
    for text, place, likelier, other in (
        ("可观测的星系数量", 5, "系", "係"),
        ("这个系数数量很大", 2, "係", "系"),
    ):
        codes = code_points(text)
        candidates = known.candidates[TRADITIONAL, known.choice[known.member[codes[[place]]]]]
        odds = word_odds(pad(known.folded[codes]), np.array([place + REACH]), candidates)[0]
        letters = [chr(code) for code in candidates[0] if code]
        assert odds[letters.index(likelier)] > odds[letters.index(other)]


@given(st.lists(texts, min_size=1, max_size=4))
@calm
def test_what_the_quick_look_rules_out_is_never_called_wrong(documents: list[str]) -> None:
    codes = code_points("\n".join(documents))
    padded = pad(forms().folded[codes])
    positions = open_positions(codes)
    positions = positions[in_question(FAMILIAR)[codes[positions]]]
    found = decide(codes, padded, positions, TRADITIONAL)
    asked = thresholds()[FAMILIAR]
    wrong = found.margin > asked[found.choice, found.own, found.best]
    assert not (wrong & ~may_be_wrong(codes, padded, positions, asked)).any()


@given(st.lists(texts, min_size=2, max_size=4))
@calm
def test_forms_that_are_decided_together_are_decided_alike(documents: list[str]) -> None:
    for options in (Settings(), Settings(script="zh-Hant")):
        together, alone = ([View(text) for text in documents] for _ in range(2))
        conversions.gather(together, options)
        for one, other in zip(together, alone, strict=True):
            found = [conversions.find(view, options) for view in (one, other)]
            assert found[0] == found[1]
            assert [f.evidence for f in found[0]] == [f.evidence for f in found[1]]


def test_words_do_not_cross_a_line_break() -> None:
    known = forms()
    for text, word in (("星系数量", (1, 0)), ("星\n系数\n量", (0, 1))):
        padded = pad(known.folded[code_points(text)])
        place = text.index("系")
        candidates = known.candidates[TRADITIONAL, known.choice[known.member[ord("系")]]]
        form = np.flatnonzero(candidates == ord("系" if word == (1, 0) else "係"))
        assert likeliest_words(padded, np.array([place + REACH]), form) == [word]


@settings(max_examples=40)
@given(st.lists(st.text(alphabet="星系数量后里面发干\n，a", max_size=24), min_size=1, max_size=4))
def test_odds_are_the_same_alone_and_in_a_batch(documents: list[str]) -> None:
    known = forms()
    together = View.of_batch(documents)
    places = np.flatnonzero(known.member[together.codes])
    every = odds_of(pad(known.folded[together.codes]), places, TRADITIONAL)
    for text, start, end in zip(documents, together.starts, together.ends, strict=True):
        codes = code_points(text)
        alone = odds_of(pad(known.folded[codes]), np.flatnonzero(known.member[codes]), TRADITIONAL)
        assert (alone == every[(places >= start) & (places < end)]).all()


def test_contexts_do_not_cross_a_line_break() -> None:
    known = forms()
    padded = pad(known.folded[code_points("頭\n發\n白")])
    (whole,) = contexts_of(padded, np.array([2]), TRADITIONAL)
    assert all((before, after) == (0, 0) for before, after, _ in whole)


def test_a_finding_tells_the_word_and_the_odds() -> None:
    out = jiaokan.Repairer().repair("這家公司的制造業務，對于我們十分重要，關系重大。")
    found = [f for f in out.findings if f.rule == "script/under-converted"]
    assert found
    for finding in found:
        assert str(finding.evidence["odds"][0]).startswith(str(finding.replacement))  # type: ignore[index]
        assert out.document.text[finding.start] in str(finding.evidence["word"])


@pytest.mark.parametrize("rule", [rule for rule in conversions.RULES if rule.example])
def test_the_example_of_a_rule_holds(rule: jiaokan.Rule) -> None:
    assert rule.example
    before, after = rule.example
    out = jiaokan.Repairer().repair(before)
    assert out.text == after
    assert rule.id in {finding.rule for finding in out.findings}


def test_names_are_told_from_words() -> None:
    assert in_name("市政協主席戚壽余、副市長張沖林出席", 7)
    assert in_name("作家余光中、范仲淹", 2) is False  # nothing says that a name begins
    assert in_name("詩人有：余光中、范仲淹", 4)
    assert not in_name("這項工作其余部分", 5)
    assert not in_name("公司的制造業務", 3)


def test_quotations_are_told_by_their_line() -> None:
    text = "他說：「皇后」。\n皇后"
    places = np.array([text.index("皇"), text.rindex("皇")])
    assert in_quotation(code_points(text), places).tolist() == [True, False]


def test_a_document_with_neither_script_ruling_is_only_reported() -> None:
    text = "這個問題很難說，国家发展规划经济发展，這裡還沒有人來過，这个问题还没有解决。"
    out = jiaokan.Repairer().repair(text)
    assert out.text == text
    assert [f.rule for f in out.findings if f.rule.startswith("script/")] == ["script/mixed"]


def test_keep_reports_and_changes_nothing() -> None:
    text = "這家公司的制造業務，對于我們十分重要，關系重大。"
    out = jiaokan.Repairer(script="keep").repair(text)
    assert out.text == text
    assert any(f.rule == "script/under-converted" for f in out.findings)


def test_tables_are_consistent() -> None:
    known = forms()
    assert known.candidates.shape[1] == thresholds().shape[1]
    assert cells().dtype == np.uint16
    for character, values in read_rows()["S"].items():
        member = known.member[ord(character)]
        if len(values) > 1 and member:
            allowed = known.candidates[TRADITIONAL, known.choice[member]]
            allowed = allowed[known.allowed[TRADITIONAL, member]]
            assert character in values or set(map(chr, allowed)) & set(values), character


@pytest.mark.parametrize("recipe", ["script_forms", "simplified_words"])
def test_tables_are_what_their_recipes_make(recipe: str) -> None:
    sources = pytest.importorskip("recipes.sources")
    try:
        built = import_module(f"recipes.{recipe}").build()
    except sources.SourceMissingError as missing:
        pytest.skip(str(missing))
    for relative, content in built.items():
        assert (sources.ROOT / relative).read_text("utf-8") == content


@pytest.mark.skipif(
    "JIAOKAN_REBUILD" not in os.environ,
    reason="training takes minutes, and numba: set JIAOKAN_REBUILD=1",
)
def test_model_and_thresholds_are_what_their_recipes_make() -> None:
    from recipes import script_model, script_thresholds
    from recipes.sources import ROOT

    for relative, content in (*script_model.build().items(), *script_thresholds.build().items()):
        kept = (ROOT / relative).read_bytes()
        if isinstance(content, str):
            assert kept.decode() == content
        else:
            made = np.frombuffer(content, dtype=np.uint8)
            same = made == np.frombuffer(kept, dtype=np.uint8)
            assert same.mean() > 0.999  # processors differ in the last bit of a float


def test_a_surname_is_chosen_where_a_name_begins() -> None:
    assert (
        written("出席者有钟秀明、余家明、范成栋", TRADITIONAL) == "出席者有鍾秀明、余家明、范成棟"
    )
    assert (
        written("教堂的钟声，余下的人，模范的榜样", TRADITIONAL)
        == "教堂的鐘聲，餘下的人，模範的榜樣"
    )


def test_surnames_come_back_in_a_badly_converted_text() -> None:
    text = "校長餘子安、主任鐘秀明說明，公司的制造業務與此沒有關系，對于標准也沒有意見。"
    out = jiaokan.Repairer(script="zh-Hant").repair(text)
    assert (
        out.text == "校長余子安、主任鍾秀明說明，公司的製造業務與此沒有關係，對於標準也沒有意見。"
    )


def test_places_of_other_languages_and_quotations_are_told() -> None:
    text = "他說「資訊」，本站：資訊安全研究會，壹貳參肆伍，靜岡鉄道株式会社，這是瞓覺的說法。"
    view = View(text)
    none = np.array([], dtype=np.intp)
    quoted = np.array([text.index("資"), text.index("訊")])
    assert not len(without_quotations(view, quoted, none, none, Settings())[0])
    numerals = np.array([text.index("貳"), text.index("參")])
    own = np.array([text.index("這")])
    assert not len(without_quotations(view, numerals, own, none, Settings())[0])
    within = np.array([text.index("說")])
    assert list(without_quotations(view, within, own, none, Settings())[0]) == list(within)
    assert not len(without_special(view, within, asked=False))  # 鉄 is in the line
    assert len(without_special(view, within, asked=True))
