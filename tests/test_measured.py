"""What is measured of each rule: how places are judged, and what a reader is told."""

import random

import jiaokan
from jiaokan.repair.measured import measured
from jiaokan.validators.recall import recall_of
from tests.accuracy.damage import Place, Writer
from tests.accuracy.damage.characters import damages
from tests.accuracy.rules import is_mended

NEVER = {"encoding/uncertain", "debris/spam"}
"""Of these no damage can be had that is not taken from the rule's own table; whether the first is
unsure where it should be, docs/accuracy/encoding.md says."""


def test_a_place_is_mended_where_the_original_stands_again() -> None:
    text = "今天,下雨,我們不去."
    out = jiaokan.Repairer().repair(text)
    places = [Place(2, 3, "，"), Place(5, 6, "，"), Place(10, 11, "。")]
    assert all(is_mended(place, places, out.edits, text) for place in places)
    assert not any(is_mended(place, places, (), text) for place in places)
    other = [Place(2, 3, "、"), *places[1:]]
    assert [is_mended(p, other, out.edits, text) for p in other] == [False, True, True]


def test_of_a_long_edit_what_became_of_the_place_counts() -> None:
    text = "开会讨论发展问题"
    out = jiaokan.Repairer(script="zh-Hant").repair(text)
    assert out.text == "開會討論發展問題"
    places = [Place(0, 1, "開"), Place(6, 8, "計畫")]
    assert [is_mended(place, places, out.edits, text) for place in places] == [True, False]


def test_what_was_put_in_is_gone_again() -> None:
    writer = Writer()
    writer.keep("欢迎")
    writer.put("\u200b", "")
    writer.keep("光临")
    made = writer.damaged()
    assert made is not None and made.data == "欢迎\u200b光临" and made.original == "欢迎光临"
    assert isinstance(made.data, str)
    out = jiaokan.Repairer().repair(made.data)
    assert is_mended(made.places[0], made.places, out.edits, made.data)
    assert not is_mended(made.places[0], made.places, (), made.data)


def test_flattening_keeps_the_places_of_the_wanted_marks_only() -> None:
    injure = damages()["punctuation/enumeration-comma"].injure
    made = injure("苹果、香蕉，和梨。", random.Random(0))
    assert made is not None and made.data == "苹果,香蕉,和梨."
    assert [place.original for place in made.places] == ["、"]
    assert [place.original for place in made.also] == ["、", "，", "。"]


def test_every_rule_says_what_was_measured_or_that_nothing_was() -> None:
    for rule in jiaokan.RULES:
        recall = recall_of(rule.id)
        said = " ".join(measured(rule.id))
        if recall is None:
            assert "Recall: not measured" in said
        else:
            assert 0 <= recall.found <= recall.places
            assert recall.mended is None or 0 <= recall.mended <= recall.places
            assert 0 <= recall.right <= recall.findings
            assert f"of {recall.places:,} damaged" in said and "Precision:" in said
    assert {rule.id for rule in jiaokan.RULES if recall_of(rule.id) is None} == NEVER
