"""What people hand to the functions by mistake, or from other libraries."""

from typing import Any

import pytest

import jiaokan

TEXT, GOOD = "江蘇省召開企業(yè)家座談會", "江蘇省召開企業家座談會"
REPAIRER = jiaokan.Repairer()


@pytest.mark.parametrize("text", [TEXT, TEXT.encode(), bytearray(TEXT.encode())])
def test_one_text_is_not_taken_for_many(text: Any) -> None:
    for many in (REPAIRER.repair_many, REPAIRER.check_many):
        with pytest.raises(TypeError, match="texts are asked for"):
            many(text)


@pytest.mark.parametrize("script", [None, 3, "zh", "zh_hant"])
def test_a_wrong_script_lists_the_right_ones(script: Any) -> None:
    with pytest.raises(ValueError, match="zh-Hant"):
        jiaokan.Repairer(script=script)


def test_no_rules_at_all_may_be_said_as_none() -> None:
    nothing: Any = None
    assert jiaokan.Repairer(ignore=nothing, extend_select=nothing) == REPAIRER


def test_a_result_is_shown_in_short() -> None:
    assert repr(REPAIRER.repair(TEXT)) == f"<Repaired {GOOD!r}: 1 edits, 1 findings>"
    assert len(repr(REPAIRER.repair(TEXT * 1_000))) < 120
    assert "encoding='gbk'" in repr(REPAIRER.repair("今天天气很好，我们去公园。".encode("gbk")))


def test_arrow_data_of_other_libraries() -> None:
    pa = pytest.importorskip("pyarrow")

    class Frame:
        """As frames of pandas and Polars are."""

        columns = ("text", "n")

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return table.__arrow_c_stream__(requested_schema)

    class Series:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return pa.chunked_array([[TEXT, None]]).__arrow_c_stream__(requested_schema)

    table = pa.table({"text": [TEXT, None], "n": [1, 2]})
    for data in (table, Frame()):
        repaired, edits = jiaokan.repair_batch(data, columns="text")
        assert repaired.to_pydict() == {"text": [GOOD, None], "n": [1, 2]}
        assert edits.num_rows == 1
    assert jiaokan.repair_batch(Series())[0].to_pylist() == [GOOD, None]


@pytest.mark.parametrize("data", [[TEXT], TEXT, {"text": [TEXT]}, None])
def test_what_is_no_arrow_data_is_said(data: Any) -> None:
    pytest.importorskip("pyarrow")
    with pytest.raises(TypeError, match=r"pyarrow\.table"):
        jiaokan.repair_batch(data)
