"""Tables of characters are no text: nothing in them is called damaged; text beside them is."""

import numpy as np

import jiaokan
from jiaokan.validators.charts import in_charts
from jiaokan.validators.view import View

PROSE = (
    "会议讨论了今年的工作，代表们提出了许多意见。秘书把这些意见记下来，会后分送各处室研究。\n"
    "市里的公园开放以后，居民早上都来散步。\n学校的图书馆搬到了新楼，晚上十点才关门。\n"
)


def rows(first: int, last: int, step: int = 1) -> str:
    points = [chr(point) for point in range(first, last, step)]
    return "".join("".join(points[at : at + 30]) + "\n" for at in range(0, len(points), 30))


CHART = rows(0x4E00, 0x51FC)


def charted(text: str) -> list[bool]:
    """Whether each place of a text is in a table of characters."""
    at = np.arange(len(text))
    found: list[bool] = in_charts(View(text), np.zeros_like(at), at).tolist()
    return found


def test_nothing_in_a_code_chart_is_damage() -> None:
    chart = (
        rows(0x4E00, 0x5200) + rows(0xF900, 0xFA00) + rows(0x2F00, 0x2F60) + rows(0x5200, 0x5400)
    )
    assert jiaokan.Repairer(unsafe=True).repair(chart).text == chart


def test_hangul_in_the_order_of_its_codes_is_a_chart() -> None:
    chart = rows(0xC000, 0xD000, 3)
    assert not jiaokan.Repairer().repair(chart).edits


def test_rows_that_have_some_characters_twice_are_a_chart_too() -> None:
    heads = [chr(0x5E00 + 7 * row) for row in range(40)]
    lines = [
        f"{head} {row}\n{head}{rows(0x9600 + 9 * row, 0x9609 + 9 * row)}"
        for row, head in enumerate(heads)
    ]
    table = "".join(lines) + "国际历史丑恶里面\n"
    at = np.arange(len(table))
    assert in_charts(View(table), np.zeros_like(at), at, may_repeat=True).all()
    assert not all(charted(table))
    assert jiaokan.Repairer(script="auto").repair(table).text == table


def test_misread_text_is_no_table_with_some_characters_twice() -> None:
    shown = (PROSE * 3).encode().decode("gbk", "replace")
    assert "居民早上都来散步。" in jiaokan.Repairer().repair(shown).text


def test_text_beside_a_chart_is_mended() -> None:
    damaged = PROSE.replace("，", ",").replace("。", ".")
    out = jiaokan.Repairer().repair(CHART + "\n" + damaged)
    assert out.text.startswith(CHART)
    assert out.text[len(CHART) :].replace("\n", "") == PROSE.replace("\n", "")


def test_prose_is_no_chart_and_few_characters_are_none() -> None:
    assert not any(charted(PROSE))
    few = rows(0x4E00, 0x4E40)
    assert not any(charted(few))
    many = rows(0x4E00, 0x4F00)
    assert all(charted(many))


def test_each_of_many_documents_is_looked_at_as_if_alone() -> None:
    texts = [PROSE, CHART, rows(0x4E00, 0x4E5F), PROSE + CHART + PROSE, rows(0x4E00, 0x4E40), CHART]
    batch = View.of_batch(texts)
    everywhere = [np.arange(*bounds) for bounds in zip(batch.starts, batch.ends, strict=True)]
    document = np.arange(len(texts)).repeat(list(map(len, texts)))
    found = in_charts(batch, document, np.concatenate(everywhere))
    assert found.tolist() == [is_in for text in texts for is_in in charted(text)]
