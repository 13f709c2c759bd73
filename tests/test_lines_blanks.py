"""Blanks where lines were joined with one: they go at any width, others beside them stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jiaokan
from jiaokan.validators.lines import find, screen
from jiaokan.validators.values import Applicability, Settings
from jiaokan.validators.view import View

RULE = "lines/joined-by-blank"
ONLY = jiaokan.Repairer(select=["lines"])

PROSE = (
    (
        "老人每天清晨都到河边散步，他说这条河从前很宽，夏天常有孩子下水游泳。后来上游修了水库，水就少了，河滩上长满了芦苇和野草。"
        "去年冬天，镇里请人清理河道，又在两岸种了柳树，现在春天一到，散步的人比从前还要多。河边还摆了几张长椅，走累了可以坐下来"
        "歇一歇，看看对岸的房子和远处的山。"
        "村里的小学也常把孩子们带到这里上自然课，让他们认一认岸边的植物，量一量水的深浅，回去以后再写一篇观察日记。"
    ),
    (
        "圖書館為了讓民眾更方便借書，從下個月起在車站設置自助借書機，讀者只要帶著借書證，就能在通勤途中借閱或歸還圖書，不必再專程跑"
        "一趟。館方說，這項服務試辦半年，如果使用的人多，明年將在市場和公園旁邊再增設三處。機器每天晚上由專人整理，歸還的圖書隔天"
        "就會送回原來的分館上架。志工們說，最受歡迎的是旅遊指南和兒童繪本，常常才放上去就被借走；也有讀者建議增加雜誌和有聲書，"
        "館方答應列入下一年度的採購計畫。"
    ),
)
MEANT = (
    "作者：王 明　编辑：李 华",
    "第一章 總則",
    "目 录",
    "市長視察堤防工程 要求汛期前完工",
    "典禮開始，全體肅立，向國旗暨 國父遺像行三鞠躬禮，隨後由主席致詞。",
    "地址：臺南市新營區 民治路三十六號二樓，電話請洽總機。",
    "床前明月光 疑是地上霜",
    "中華民國一百年 三月 十二日 星期六，在本校大禮堂舉行。",
)
MANY_MEANT = (
    "主 任 陈国栋 副主任 李秀英 干 事 王小波",
    "请在 设置 中打开 通知 选项，然后点击 保存 按钮。",
)
"""Beside so many, one that cuts a word may stay."""
CUT = (
    "会议要求各乡镇在汛期到来之前完成堤防检 查，并把检查结果报送县里的管理部门。",
    "申請人應檢附身分證明文件影本，向本府提出申 請；資料不齊者，應於七日內補正。",
)


def _joined(text: str, width: int) -> str:
    return " ".join(text[at : at + width] for at in range(0, len(text), width))


@pytest.mark.parametrize("text", PROSE)
@pytest.mark.parametrize("width", range(21, 45, 3))
def test_lines_joined_with_blanks_come_back(text: str, width: int) -> None:
    damaged = _joined(text, width)
    out = ONLY.repair(damaged)
    blanks = damaged.count(" ")
    assert out.text.replace(" ", "") == text
    assert out.text.count(" ") <= blanks // 4
    assert jiaokan.undo(out) == damaged


@pytest.mark.parametrize("cut", CUT)
@pytest.mark.parametrize("meant", MEANT)
@pytest.mark.parametrize("first", [True, False])
def test_a_cut_word_comes_back_beside_blanks_that_are_meant(
    meant: str, cut: str, first: bool
) -> None:
    text = f"{meant}\n{cut}" if first else f"{cut}\n{meant}"
    assert ONLY.repair(text).text == text.replace(cut, cut.replace(" ", ""))


@pytest.mark.parametrize("cut", CUT)
@pytest.mark.parametrize("meant", MANY_MEANT)
def test_blanks_that_are_meant_stay_beside_one_that_is_not(meant: str, cut: str) -> None:
    assert meant in ONLY.repair(f"{meant}\n{cut}").text


def test_what_is_not_sure_is_offered() -> None:
    text = "典禮開始，全體肅立，向國旗暨 國父遺像行三鞠躬禮，隨後由主席致詞，說明今年的工作計畫。"
    found = [finding for finding in ONLY.check(text) if finding.rule == RULE]
    assert all(finding.applicability is Applicability.UNSAFE for finding in found)


pieces = st.sampled_from(
    (*PROSE, *MEANT, *CUT, *(_joined(text, 26) for text in PROSE), " ", "\u3000", "  ", "\n", "，", "。", "的", "ab", "12")
)  # fmt: skip
texts = st.lists(pieces, max_size=6).map("".join)


@given(st.lists(texts, max_size=4))
def test_screen_says_no_only_where_nothing_is_found(items: list[str]) -> None:
    options = Settings(select=frozenset({RULE}))
    flags = screen(View.of_batch(items), options)
    for text, flag in zip(items, flags, strict=True):
        assert flag or not find(View(text), options)
        assert bool(flag) == bool(screen(View(text), options)[0])


@given(st.lists(texts, max_size=4))
def test_in_a_batch_as_alone_and_undone(items: list[str]) -> None:
    for text, out in zip(items, ONLY.repair_many(items), strict=True):
        assert out.text == ONLY.repair(text).text
        assert jiaokan.undo(out) == text
        assert ONLY.repair(out.text).text == out.text
