"""The public face: options, results, order, undo; and the promises, on text made at random."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jiaokan
from jiaokan.repair.edits import apply_edits
from jiaokan.validators.values import SCRIPTS

FRAGMENTS = (
    "江蘇省召開企業(yè)家座談會",
    "加快發(fā)展新質生產力",
    "今年的計劃,還沒有定下來",
    "推動無\n\n錫新能源產業",
    "他说：“我们明天去”。",
    "中國经济",
    "鏂囦欢涓嶅瓨鍦",
    "ä¸\xadæ–‡",
    "后来皇后回宫",
    "標准制造經曆",
    "，", ",", "。", ".", "(", ")", "（", "）", "\n", "\r\n", "\n\n", " ", "　",
    "⼀", "豈", "\u200b", "\ufeff", "\ufffd", "\x00", "\ue000", "&amp;", "&#20013;",
    "ひらがな", "한국어", "English text, here.", "12.8%", "http://example.com/a?b=c",
    "- 列表", "| 表 | 格 |", "```", "阅读:690", "a\u030c", "\ud800",
)  # fmt: skip
"""Pieces of damage and of good text, to be thrown together."""

texts = st.lists(
    st.sampled_from(FRAGMENTS)
    | st.text(max_size=4)
    | st.text("中国國发發后後的了，。", max_size=6),
    max_size=10,
).map("".join)
any_bytes = (
    st.binary(max_size=60)
    | texts.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.tuples(texts, st.sampled_from(["gb18030", "big5", "utf-16", "shift_jis"])).map(
        lambda pair: pair[0].encode(pair[1], "ignore")
    )
)
every_script = st.sampled_from(SCRIPTS)


@given(texts, every_script, st.booleans())
def test_edits_replay_and_undo_and_nothing_more_to_do(text: str, script: Any, unsafe: bool) -> None:
    repairer = jiaokan.Repairer(script=script, unsafe=unsafe)
    out = repairer.repair(text)
    assert apply_edits(text, out.edits) == out.text
    assert jiaokan.undo(out) == text
    assert repairer.repair(out.text).text == out.text
    for edit in out.edits:
        assert text[edit.start : edit.end] == edit.before != edit.after
        assert 0 <= edit.confidence <= 1
    for finding in out.findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert 0 <= finding.confidence <= 1


def test_what_each_round_shows_anew_is_mended_to_the_end() -> None:
    out = jiaokan.Repairer().repair("他说：&" + "#38;" * 16 + "#20013;国人都来了。")
    assert out.text == "他说：中国人都来了。"
    assert jiaokan.undo(out) == out.document.text


@given(any_bytes)
def test_any_bytes_come_back(data: bytes) -> None:
    out = jiaokan.Repairer().repair(data)
    assert jiaokan.undo(out) == data
    assert out.encoding


@given(st.lists(texts | any_bytes, max_size=6))
def test_a_batch_gives_what_each_alone_gives(items: list[str | bytes]) -> None:
    repairer = jiaokan.Repairer()
    assert list(repairer.repair_many(items)) == [repairer.repair(item) for item in items]


@given(texts)
def test_check_finds_what_repair_finds(text: str) -> None:
    repairer = jiaokan.Repairer()
    assert repairer.check(text) == repairer.repair(text).findings
    assert list(repairer.check_many([text, text])) == [repairer.check(text)] * 2


def test_the_ways_to_hand_over_a_document() -> None:
    repairer = jiaokan.Repairer()
    given_as: list[str | bytes | jiaokan.Document] = [
        jiaokan.Document("d", "江蘇"),
        "江蘇",
        "江蘇".encode(),
    ]
    assert [out.document.id for out in repairer.repair_many(given_as)] == ["d", "", ""]
    assert repairer.repair("江蘇", id="x").document.id == "x"
    assert repairer.repair("江蘇").encoding is None
    assert repairer.repair("江蘇".encode()).encoding == "utf-8"
    with pytest.raises(TypeError, match="str or bytes"):
        repairer.repair(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"script": "classical"}, "zh-Hant-TW"),
        ({"format": "docx"}, "markdown"),
        ({"select": ["glosses/no-such-rule"]}, "glosses"),
        ({"ignore": "punctation"}, "punctuation"),
    ],
)
def test_an_unknown_option_value_names_the_valid_ones(options: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        jiaokan.Repairer(**options)


def test_a_repairer_is_frozen_picklable_and_comparable() -> None:
    repairer = jiaokan.Repairer(script="zh-Hant", select=["glosses"])
    assert pickle.loads(pickle.dumps(repairer)) == repairer
    assert hash(repairer) == hash(jiaokan.Repairer(script="zh-Hant", select=("glosses",)))
    with pytest.raises(FrozenInstanceError):
        repairer.script = "keep"  # type: ignore[misc]
    out = repairer.repair("江蘇省召開企業(yè)家座談會")
    assert pickle.loads(pickle.dumps(out)) == out


def test_threads_share_a_repairer() -> None:
    repairer = jiaokan.Repairer()
    items = list(FRAGMENTS) * 5
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(repairer.repair, items)) == [repairer.repair(item) for item in items]


def test_rules_are_well_formed() -> None:
    ids = [rule.id for rule in jiaokan.RULES]
    assert len(set(ids)) == len(ids) > 0
    for rule in jiaokan.RULES:
        family, _, defect = rule.id.partition("/")
        assert rule.family == family and defect.replace("-", "").isalnum() and defect.islower()
        assert rule.summary and rule.docs


def test_an_ignored_rule_neither_finds_nor_changes() -> None:
    text = "江蘇省召開企業(yè)家座談會"
    assert jiaokan.Repairer().repair(text).edits
    out = jiaokan.Repairer(ignore=["glosses"]).repair(text)
    assert out.text == text and not any(f.rule.startswith("glosses/") for f in out.findings)
    only = jiaokan.Repairer(select=["lines"]).repair(text)
    assert only.text == text and not only.findings


def test_what_the_module_offers() -> None:
    assert set(jiaokan.__all__) <= set(dir(jiaokan))
    with pytest.raises(AttributeError, match="no_such"):
        jiaokan.no_such  # noqa: B018


def test_what_was_found_in_reading_is_told_of_text_without_other_damage() -> None:
    data = "今天天气很好，我们去公园散步，回来的时候下起了雨。\n".encode("gbk")
    found = jiaokan.Repairer().repair(data).findings
    assert found and {finding.rule.partition("/")[0] for finding in found} == {"encoding"}
    assert jiaokan.Repairer(ignore=["encoding"]).repair(data).findings == ()
