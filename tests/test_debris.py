"""Debris: pages marked by hand, screens, and what removal leaves."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jiaokan
from jiaokan.validators.debris import find, screen
from jiaokan.validators.debris.folding import fold
from jiaokan.validators.debris.patterns import digest, patterns
from jiaokan.validators.debris.rules import RULES
from jiaokan.validators.tables import rows_of
from jiaokan.validators.values import Settings
from jiaokan.validators.view import View
from tests.marked_pages import Page, lines_found, pages

ALL = tuple(pages())
REPAIRER = jiaokan.Repairer(script="keep")


def furniture(page: Page) -> set[int]:
    """The lines of a page that are reported."""
    findings = REPAIRER.check(page.text)
    spans = ((f.start, f.end) for f in findings if f.rule.startswith("debris/"))
    return lines_found(page.text, spans)


def test_there_are_pages_enough_and_each_kind_is_marked() -> None:
    assert len(ALL) >= 30
    marked = {kind for page in ALL for kind in page.kinds if kind}
    rules = {rule.id.partition("/")[2] for rule in RULES} - {"empty-brackets"}
    assert marked == rules


@pytest.mark.parametrize(("half", "recall"), [("report", 0.85), ("tune", 0.95)])
def test_precision_and_recall_on_pages_marked_by_hand(half: str, recall: float) -> None:
    right = wrong = missed = 0
    for page in ALL:
        if page.half != half:
            continue
        found = furniture(page)
        wanted = {number for number, kind in enumerate(page.kinds) if kind}
        right, wrong = right + len(found & wanted), wrong + len(found - wanted - hollow(page))
        missed += len(wanted - found)
    assert right / (right + wrong) >= 0.97
    assert right / (right + missed) >= recall


def hollow(page: Page) -> set[int]:
    """Lines of text with empty brackets: reported rightly, and not furniture."""
    return {n for n, line in enumerate(page.text.split("\n")) if "（）" in line}


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.name)
def test_bylines_and_datelines_stay(page: Page) -> None:
    lines = page.text.split("\n")
    for number in furniture(page):
        assert not any(word in lines[number] for word in ("记者", "記者", "作者：", "通讯员"))


def test_nothing_is_removed_unless_asked() -> None:
    text = "桥在下午通车。\n责任编辑：王小明\n版权所有 临江日报\n"
    assert REPAIRER.repair(text).text == text
    asked = jiaokan.Repairer(extend_select=["debris/editor-line"]).repair(text)
    assert asked.text == "桥在下午通车。\n版权所有 临江日报\n"
    assert jiaokan.Repairer(unsafe=True).repair(text).text == "桥在下午通车。\n"


def test_folding_keeps_positions() -> None:
    text = "相關新聞：版權所有（轉載）　閱讀｜點擊"
    assert len(fold(text)) == len(text)
    assert fold(text) == "相关新闻:版权所有(转载) 阅读|点击"


def test_lines_that_a_pattern_matches_begin_as_is_listed() -> None:
    """A line that begins otherwise is never tried."""
    built = pytest.importorskip("recipes.debris_begins").build()
    for name, content in built.items():
        assert Path(__file__).parents[1].joinpath(name).read_text("utf-8") == content
    begins = dict(rows_of("debris-begins.tsv"))
    found = 0
    for page in ALL:
        for line in filter(None, (fold(line).strip() for line in page.text.split("\n"))):
            for pattern in patterns():
                listed = begins.get(digest(pattern.source))
                if listed is not None and pattern.match(line):
                    assert line[0] in listed, (line, pattern.source)
                    found += 1
    assert found > 100


def test_other_digits_are_where_they_are_expected() -> None:
    outside = [*range(0x80, 0x2000), *range(0xA000, 0x10000)]
    assert all(chr(c).isdecimal() is False for c in range(0x2000, 0xA000))
    assert any(chr(c).isdecimal() for c in outside)


def test_every_trigger_is_a_pair_of_folded_characters() -> None:
    for pattern in patterns():
        for trigger in pattern.triggers:
            assert len(trigger) == 2 and fold(trigger) == trigger, pattern.source


lines = st.sampled_from([line for page in ALL for line in page.text.split("\n")])


@given(st.lists(st.lists(lines, max_size=8).map("\n".join), max_size=4))
def test_screen_says_no_only_where_nothing_is_found(items: list[str]) -> None:
    flags = screen(View.of_batch(items), Settings())
    for text, flag in zip(items, flags, strict=True):
        assert flag or not find(View(text), Settings())


@settings(max_examples=40)
@given(st.lists(lines, max_size=10).map("\n".join))
def test_removing_twice_changes_nothing_more(text: str) -> None:
    repairer = jiaokan.Repairer(select=["debris"], unsafe=True)
    out = repairer.repair(text)
    assert repairer.repair(out.text).text == out.text
    assert jiaokan.undo(out) == text


@pytest.mark.parametrize("filler", [" ", "1", "|", ">", "中", ":", "1 ", "> ", "| "])
def test_no_line_takes_for_ever(filler: str) -> None:
    """No pattern backtracks without bound: the longest lines made of its own words come to an end."""
    for pattern in patterns():
        words = re.findall("[㐀-鿿]{2,}", pattern.source)[:12]
        length = min(pattern.longest, 160)
        for end in ("", "。", "!x"):
            line = filler.join([*words, *words[::-1]] * 4)[: length - len(end)] + end
            padded = (words[0] + filler * length)[: length - len(end)] + end if words else end
            for each in (line, padded):
                found = pattern.match(each)
                assert found is None or 0 <= found.start < found.end <= len(each)


def test_the_name_of_a_family_makes_unsafe_changes_only_where_none_is_safe() -> None:
    text = "桥在下午通车，，市民都来了。\n责任编辑：王小明\n"
    assert jiaokan.Repairer(select=["debris"]).repair(text).text == text.split("\n")[0] + "\n"
    family = jiaokan.Repairer(select=["punctuation"]).repair(text)
    assert family.text == text and [f.rule for f in family.findings] == ["punctuation/doubled"]
    rule = jiaokan.Repairer(extend_select=["punctuation/doubled"]).repair(text)
    assert rule.text == text.replace("，，", "，")


def test_words_of_a_list_and_the_fields_of_a_head_are_no_furniture() -> None:
    words = "天地日月山川草木风云雨雪春夏秋冬"
    listed = [f"{a}{b} {len(a + b)} n" for a in words for b in words]
    listed[40:40] = ["广告 20 n", "评论 31 v", "下一页 3 l", "产销量 20 n"]
    assert REPAIRER.check("\n".join(listed)) == ()
    head = "Metadata-Version: 2.1\nName: water\nHome-page: https://example.org/water\nAuthor: Li\n"
    assert REPAIRER.check(f"{head}\n量水的小程序，写给乡下的水站用。\n") == ()
