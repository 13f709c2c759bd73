"""Punctuation: what is told of a whole document, screens, undoing known tools, properties."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import jiaokan
from jiaokan.validators.punctuation import find, gather, screen
from jiaokan.validators.punctuation.context import Context
from jiaokan.validators.punctuation.hashed import delimiters
from jiaokan.validators.punctuation.pieces import LAST, SEEN, piece_network
from jiaokan.validators.punctuation.rules import RULES
from jiaokan.validators.values import Applicability, Finding, Settings, findings_of
from jiaokan.validators.view import View

ONLY = jiaokan.Repairer(select=["punctuation"])
DEFAULT = jiaokan.Repairer()

PROSE = (
    "清明前后，村里的人都上山采茶：老人采得慢，孩子采得快。（茶厂只收嫩芽）你说谁采得好？当然是老人！",
    "一是把路修宽，方便车辆通过；二是在路边种树，夏天也能乘凉。他说：“好，就这么办！”",
    "茶廠（創立於1950年）的老師傅說：今年雨水少，茶葉長得慢，價錢要貴一些；明年呢？誰也說不準！",
)


@pytest.mark.parametrize("text", PROSE)
@pytest.mark.parametrize("form", ["NFKC", "ftfy"])
def test_what_a_tool_flattened_comes_back(text: str, form: str) -> None:
    if form == "NFKC":
        flat = unicodedata.normalize("NFKC", text)
    else:
        flat = pytest.importorskip("ftfy").fix_text(text)
    assert flat != text
    assert DEFAULT.repair(flat).text == text


@pytest.mark.parametrize("text", PROSE)
def test_good_text_is_not_even_looked_at(text: str) -> None:
    assert not screen(View(text), Settings())[0]
    assert DEFAULT.repair(text).edits == ()


def test_one_sentence_tells_of_the_marks_that_prove_nothing_alone() -> None:
    """Brackets and a colon at a line's end come back only beside a comma that was flattened."""
    heading = "办理流程(新):\n"
    assert DEFAULT.repair(heading).text == heading
    both = heading + "先到一楼取号,再到二楼交材料。\n"
    assert DEFAULT.repair(both).text == "办理流程（新）：\n先到一楼取号，再到二楼交材料。\n"


def test_a_document_that_has_both_kinds_is_left_alone() -> None:
    text = (
        "名称(name)填在第一栏，类型(type)填在第二栏，其余不用填。\n说明:不填也行，填了更好。\n" * 5
    )
    assert DEFAULT.repair(text).edits == ()


def test_quotes_follow_the_document() -> None:
    flat = '他說:"我走了."然後就走了,沒有回頭.後來聽說,他在南方開了一家小店,叫做"歸來".'
    assert "「我走了。」" in DEFAULT.repair(flat).text
    assert "“歸來”" in DEFAULT.repair(flat.replace("小店", "“小店”")).text


pieces = st.sampled_from(
    (
        "今天下雨", "我们不去了", "他说", "茶廠", "ab", "12", ",", ".", ":", "(", ")", '"', "'", "，", "。",
        "；", ";", "?", "!", "...", "--", " ", "\n", "、", "「", "」", "、、", " - ", "https://a.b/c,d", "的",
    )
)  # fmt: skip
texts = st.lists(pieces, max_size=14).map("".join)


@given(st.lists(texts, max_size=5), st.booleans())
def test_screen_says_no_only_where_nothing_is_found(items: list[str], unsafe: bool) -> None:
    options = Settings(unsafe=unsafe)
    flags = screen(View.of_batch(items), options)
    for text, flag in zip(items, flags, strict=True):
        assert flag or not find(View(text), options)
        assert bool(flag) == bool(screen(View(text), options)[0])


@given(st.lists(texts, min_size=2, max_size=6))
def test_decided_together_is_decided_as_alone(items: list[str]) -> None:
    views = [View(text) for text in items]
    gather(views, Settings())
    for text, view in zip(items, views, strict=True):
        assert find(view, Settings()) == find(View(text), Settings())


@given(texts)
def test_mending_twice_changes_nothing_more(text: str) -> None:
    out = ONLY.repair(text)
    assert ONLY.repair(out.text).text == out.text
    assert jiaokan.undo(out) == text


@given(texts)
def test_findings_are_no_laxer_than_their_rules(text: str) -> None:
    order = list(Applicability)
    level = {rule.id: order.index(rule.applicability) for rule in RULES}
    for finding in find(View(text), Settings()):
        assert order.index(finding.applicability) >= level[finding.rule]
        assert text[finding.start : finding.end] != finding.replacement


PAGE = """<!DOCTYPE html>
<html lang="zh"><head><title>村里的茶,今年采得早</title>
<style>p{color:red;margin:0 1px}</style>
<script>var a="你好,世界"; f(a,b);</script></head>
<body class="a,b"><h1>清明采茶</h1>
<p title="老人,孩子">清明前后,村里的人都上山<b>采茶</b>,老人采得慢,孩子采得快。</p>
<p>茶厂(新盖的)只收<a href="x.html?a=1,b=2">嫩芽</a>:"叶子大了,就不值钱了。"</p>
<!-- 一,二 --><pre>一,二,三</pre>
<p>输入 <code>tea,day</code>,就能看到价钱。你说谁采得好?</p></body></html>
"""


def test_the_prose_of_a_page_comes_back_and_nothing_else_of_it() -> None:
    changed = (
        ("茶,今年采", "茶，今年采"),
        (
            "前后,村里的人都上山<b>采茶</b>,老人采得慢,孩",
            "前后，村里的人都上山<b>采茶</b>，老人采得慢，孩",
        ),
        ("(新盖的)", "（新盖的）"),
        ('</a>:"叶子大了,就不值钱了。"', "</a>：“叶子大了，就不值钱了。”"),
        ("</code>,就", "</code>，就"),
        ("好?</p>", "好？</p>"),
    )
    expected = PAGE
    for before, after in changed:
        assert before in expected
        expected = expected.replace(before, after)
    out = DEFAULT.repair(PAGE)
    assert out.text == expected
    assert jiaokan.undo(out) == PAGE
    assert jiaokan.Repairer(format="code").repair(PAGE).edits == ()


@pytest.mark.parametrize("sign", ["<?php echo 1; ?>", "{{ name }}", "<% a %>"])
def test_templates_are_no_pages(sign: str) -> None:
    text = PAGE.replace("<body", sign + "<body")
    assert DEFAULT.repair(text).edits == ()


tags = st.sampled_from(
    ("<p>", "</p>", "<b>", "</b>", "<br>", "<code>", "</code>", "<a href='a,b'>", "</a>")
)
pages = st.lists(st.one_of(pieces, tags), max_size=20).map(
    lambda parts: "<div>" + "".join(parts) + "</div></p>"
)


@given(st.lists(pages, min_size=1, max_size=3))
def test_pages_are_mended_once_and_together_as_alone(items: list[str]) -> None:
    for text, out in zip(items, ONLY.repair_many(items), strict=True):
        assert out == ONLY.repair(text)
        assert ONLY.repair(out.text).text == out.text
        assert jiaokan.undo(out) == text


def test_examples_of_the_rules_are_true() -> None:
    for rule in RULES:
        assert rule.example is not None
        before, after = rule.example
        out = jiaokan.Repairer(unsafe=True).repair(before)
        assert out.text == after, rule.id
        assert rule.id in {finding.rule for finding in out.findings}


def test_a_full_stop_is_looked_at_for_the_han_of_its_own_document() -> None:
    batch = View.of_batch(["她养的橘猫", "Ginger.", "她养的橘猫叫做Ginger."])
    assert screen(batch, Settings()).tolist() == [False, False, True]


def test_findings_made_together_are_as_those_made_alone() -> None:
    evidence = {"weight": 1.0}
    made = findings_of(
        ["a/b", "c/d"], [1, 5], [2, 7], ["One.", "Two."], 0.9, Applicability.SAFE, ["，", None], evidence
    )  # fmt: skip
    alone = [
        Finding("a/b", 1, 2, "One.", 0.9, Applicability.SAFE, "，", evidence),
        Finding("c/d", 5, 7, "Two.", 0.9, Applicability.SAFE, None, evidence),
    ]
    assert made == alone
    assert [finding.evidence for finding in made] == [evidence, evidence]


def test_commas_are_judged_alone_as_among_others() -> None:
    """The networks add whole numbers, so that it is all the same what else is judged with a comma."""
    items = [
        '超市里有苹果,香蕉,葡萄和西瓜.我们买了一些,"水果周刊"说都很甜,明天再来.',
        "本縣轄東區,西區,南區及北區.各區都有圖書館,每天九點開門,過年休息,平日不休.",
        '他读了"山里的月亮",又读了"海边",说:"都好看".',
    ]
    context = Context([View(text) for text in items * 40])
    marks = delimiters(context)
    asked = np.flatnonzero(context.codes[marks] == ord(","))
    network = piece_network()
    together = network.log_odds(context.codes, marks, asked)
    alone = [network.log_odds(context.codes, marks, asked[at : at + 1]) for at in range(60)]
    assert (np.concatenate(alone) == together[:60]).all()
    assert (together.reshape(40, -1) == together[: len(asked) // 40]).all()


def test_sums_of_the_pieces_are_exact() -> None:
    """No sum can come to more than what 32-bit floats hold of whole numbers."""
    network, most = piece_network(), 1 << 24
    rows = np.abs(network.first).sum(axis=0).max() * SEEN
    layers = np.abs(network.layers).sum(axis=1).max() * SEEN
    joined = np.abs(network.joined).sum(axis=0).max() * LAST
    assert max(rows, layers, joined, np.abs(network.last).sum() * LAST) < most
