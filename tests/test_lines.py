"""Lines: what must hold for any text, and what the case table cannot say."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jiaokan
from jiaokan.validators import lines
from jiaokan.validators.format import format_of
from jiaokan.validators.lines.evidence import FEATURES
from jiaokan.validators.lines.intended import is_set_off
from jiaokan.validators.lines.layout import Layout, gaps
from jiaokan.validators.lines.model import break_model
from jiaokan.validators.lines.weighing import decide
from jiaokan.validators.lines.windows import Window, windows_of
from jiaokan.validators.protected import is_protected, protected_spans
from jiaokan.validators.values import Settings
from jiaokan.validators.view import View

PARAGRAPHS = (
    "老镇的东头有一座石桥，桥下的水常年不断，夏天孩子们在那里游泳，冬天大人在那里凿冰取鱼。",
    "桥头的茶馆开了几十年，换过三个老板，招牌却一直没有换，镇上的人都认得那四个大字。",
    "後來修公路，橋要拆，茶館也要搬，老闆把招牌摘下來，用布包好，放在自己床底下。",
    "使用 Debian 系统的用户可以直接安装 2.10 版，其他系统的用户需要自己编译源代码。",
    "会议要求，各部门要在年底以前完成清查，并把结果报送主管部门，逾期的要说明原因。",
)
BREAKS = ("\n", "\n\n", "\r\n", "\r\n\r\n", "\n　　", "\u2028", "\r", "\n\f")
OTHERS = ("encoding", "mojibake", "characters", "glosses", "script", "punctuation", "debris")
REPAIRER = jiaokan.Repairer(ignore=OTHERS)


def broken_text(seed: int) -> str:
    """Paragraphs with breaks between and inside, in one of several conventions."""
    rng = random.Random(seed)
    newline = rng.choice(BREAKS)
    pieces = []
    for paragraph in rng.choices(PARAGRAPHS, k=rng.randint(1, 6)):
        while len(paragraph) > 20 and rng.random() < 0.4:
            at = rng.randrange(5, len(paragraph) - 5)
            pieces.append(paragraph[:at])
            paragraph = paragraph[at:]
        pieces.append(paragraph)
    return newline.join(pieces) + rng.choice(["", newline])


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_joining_only_removes_white_space(seed: int) -> None:
    text = broken_text(seed)
    out = REPAIRER.repair(text)
    assert "".join(out.text.split()) == "".join(text.split())
    assert REPAIRER.repair(out.text).text == out.text
    assert jiaokan.undo(out) == text


@settings(max_examples=25)
@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=6))
def test_a_document_is_judged_alike_alone_and_in_a_batch(seeds: list[int]) -> None:
    texts = [broken_text(seed) for seed in seeds]
    batch = [out.text for out in REPAIRER.repair_many(texts)]
    assert batch == [REPAIRER.repair(text).text for text in texts]
    flags = lines.screen(View.of_batch(texts), Settings())
    assert flags.tolist() == [bool(lines.screen(View(text), Settings())[0]) for text in texts]


@settings(max_examples=25)
@given(st.text(alphabet="天地玄黄，。：a1 -　\n\r\f\u2028\t（”", max_size=60))
def test_any_text_can_be_looked_at(text: str) -> None:
    view = View(text)
    found = lines.find(view, Settings())
    assert all(0 <= f.start <= f.end <= len(text) for f in found)
    if found:
        assert lines.screen(view, Settings())[0]


def test_line_ends_stay_as_they_are() -> None:
    text = (
        PARAGRAPHS[0] + "\r\n\r\n" + PARAGRAPHS[1][:20] + "\r\n\r\n" + PARAGRAPHS[1][20:] + "\r\n"
    )
    out = REPAIRER.repair(text).text
    assert out.count("\n") == out.count("\r\n")
    assert out.endswith("\r\n")


@pytest.mark.parametrize("form", ["code", "csv", "subtitles"])
def test_a_format_given_by_the_user_keeps_lines(form: str) -> None:
    text = "市政府昨日公布了今年的预\n\n算方案，其中三成用于修路。\n\n方案将提交人大审议。"
    assert "预算" in REPAIRER.repair(text).text
    kept = jiaokan.Repairer(ignore=OTHERS, format=form)  # type: ignore[arg-type]
    assert kept.repair(text).text == text


def test_layout_counts_columns_and_lines() -> None:
    layout = Layout(View("  甲乙\r\n\r\nab\tc \n　丙"))
    assert layout.number.tolist() == [0, 2, 3]
    assert layout.indent.tolist() == [2, 0, 2]
    assert layout.width.tolist()[0] == 4
    assert [layout.text(i) for i in range(3)] == ["甲乙", "ab\tc", "丙"]


def test_gaps_step_over_blank_lines_and_not_over_documents() -> None:
    view = View.of_batch(["甲\n\n   乙", "丙\n", "\n丁\n戊"])
    left, right = gaps(view)
    assert [(view.text[a], view.text[b]) for a, b in zip(left, right, strict=True)] == [
        ("甲", "乙"),
        ("丁", "戊"),
    ]


def test_the_model_knows_all_its_evidence() -> None:
    model = break_model()
    evidence = np.zeros((3, len(FEATURES)))
    every = np.arange(3)
    chance = model.probability(evidence, np.array([0, 0, 1]), every, lambda at: np.zeros(len(at)))
    assert chance.shape == (3,)
    assert ((chance > 0) & (chance < 1)).all()


def test_many_rows_have_the_odds_that_each_has_alone() -> None:
    chance = np.random.default_rng(3)
    evidence = np.round(chance.normal(size=(200, len(FEATURES))) * 6)
    odds = break_model().judges[0].first.log_odds(evidence)
    alone = [
        break_model().judges[0].first.log_odds(evidence[row : row + 1])[0] for row in range(200)
    ]
    assert np.array_equal(odds, alone)
    assert len(set(alone)) > 100


def test_breaks_are_weighed_alike_alone_and_with_other_documents() -> None:
    wrapped = "    他推開窗戶，外面的雨已經停了，屋簷下還在\n    滴水，院子裡的石板路被沖洗得乾乾淨淨，幾片\n    葉子貼在上面。\n"
    paged = "".join(
        f"雨停了以后他们沿着河岸往\n\n- {n} -\n\n回走，一路上谁也没有说话。\n" for n in range(1, 9)
    )
    cut = "这件事情我们已经讨论了很\n\n久，今天应该有个结果。\n第二天大家又来了。\n"
    texts = ["", "一行\n", wrapped, "短\n句\n", cut, paged, "\n\n", wrapped * 3 + cut, "末"]
    windows = [Window(view, view) for view in map(View, texts)]
    together = decide(windows)
    assert sum(decided is not None for decided in together) >= 3
    for window, decided in zip(windows, together, strict=True):
        (alone,) = decide([window])
        assert (alone is None) is (decided is None)
        if alone is None or decided is None:
            continue
        assert np.array_equal(alone.evidence, decided.evidence)
        assert np.array_equal(alone.probability, decided.probability)
        assert np.array_equal(alone.pairs.left, decided.pairs.left)
        assert np.array_equal(alone.layout.last, decided.layout.last)


CUT = "\n\n".join(
    [PARAGRAPHS[0].replace("孩子", "孩\n\n子"), PARAGRAPHS[1].replace("招牌", "招\n\n牌"), ""]
)


def long_text(lines: int) -> str:
    return "".join(PARAGRAPHS[number % 5] + "\n\n" for number in range(lines))


def test_of_a_long_document_the_lines_around_suspects_are_weighed() -> None:
    text = long_text(900) + CUT + long_text(900) + CUT + long_text(5) + CUT + long_text(900)
    windows = windows_of(View(text))
    assert len(windows) == 2
    for window in windows:
        assert window.view.text == text[window.start : window.start + len(window.view.text)]
        assert window.view.text.count("\n") < 200
        assert "孩\n\n子" in window.view.text
    out = REPAIRER.repair(text).text
    assert out.replace("招\n\n牌", "招牌") == text.replace("孩\n\n子", "孩子").replace(
        "招\n\n牌", "招牌"
    )
    assert len(windows_of(View(CUT * 300))) == 1


def test_fences_and_page_heads_outside_a_window_count() -> None:
    fenced = "```\n" + long_text(300) + CUT + long_text(300) + "```\n"
    as_text = jiaokan.Repairer(ignore=OTHERS, format="text")
    assert as_text.repair(fenced).text == fenced
    assert as_text.repair(fenced.replace("```", "")).text != fenced.replace("```", "")
    pages = "".join(f"老镇旧事 {number}\n\n" + long_text(60) for number in range(1, 9)) + CUT
    (window,) = windows_of(View(pages))
    assert window.furniture is not None
    assert not window.furniture.any()
    (window,) = windows_of(View(pages + "老镇旧事 9\n\n" + long_text(60)))
    assert window.furniture is not None
    assert np.count_nonzero(window.furniture) == 1


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("# 标题\n\n- 甲\n- 乙\n\n```\ncode\n```\n", "markdown"),
        ("标题\n====\n\n.. note::\n\n   说明\n", "markdown"),
        ("---\ntitle: 甲\n---\n\n正文从这里开始。\n再说一句。\n", "markdown"),
        (
            "1\n00:00:01,000 --> 00:00:02,000\n你好\n\n2\n00:00:03,000 --> 00:00:04,000\n再见\n",
            "subtitles",
        ),
        ("甲,乙,丙\n1,2,3\n4,5,6\n7,8,9\n", "csv"),
        ("def f(x):\n    return x\n\nprint(f(1))\n", "code"),
        ('{\n  "名": "甲",\n  "数": 1\n}\n', "code"),
        ("今天开会,讨论预算.\n明天放假,大家休息.\n后天上班,继续讨论.\n", "text"),
        ("第一段讲春天。\n\n第二段讲夏天。\n\n第三段讲秋天。\n", "text"),
        (
            "数字写作 [Ee]([+-]?[0-9]+) 的样子，\n字母写作 [:alpha:](小写) 的样子，\n`甲'和`乙'是名字，\n__FILE__ 是文件。\n",
            "text",
        ),
    ],
)
def test_formats_are_recognised(text: str, form: str) -> None:
    assert format_of(View(text), Settings()) == form


@pytest.mark.parametrize(
    ("after", "alone"),
    [
        ("[说明](https://example.com/select?tab=api#locale)", True),
        ("[说明](https://example.com/select)里有全部选项。", False),
    ],
)
def test_a_link_that_is_a_line_of_its_own_is_set_off(after: str, alone: bool) -> None:
    assert is_set_off("菜单的文字可以改写，优先级高于全局设置里的语言", after) == alone


def test_what_is_not_prose_is_protected() -> None:
    text = "见 https://a.org/x?y=1，写信给 li@x.com，运行 `ls -l`，路径 /usr/share/doc/甲，或者/以及 1/2。"
    view = View(text)
    assert [text[a:b] for a, b in protected_spans(view)] == [
        "https://a.org/x?y=1", "li@x.com", "`ls -l`", "/usr/share/doc/",
    ]  # fmt: skip
    asked = np.array(
        [text.index(each) for each in ("见", "a.org", "，写", "ls", "`，", "，路", "1/2")]
    )
    assert is_protected(view, asked).tolist() == [False, True, False, True, True, False, False]


def test_lost_mark_at_end_of_line() -> None:
    """What could not be read at the end of a line may have been a full stop: offered, not joined."""
    text = 100 * (
        "江边的苗圃开了种树的座谈会，讨论今年的价格。\n天气很好，大家去看麦田。\n"
        "仓库的新书昨天下午已经全部编号，请大家前来查阅\ufffd\n"
    )
    result = REPAIRER.repair(text)
    assert result.text == text
    assert any(finding.rule == "lines/hard-wrap" for finding in result.findings)
    assert all(finding.applicability != "safe" for finding in result.findings)


_LEFT_COLUMN = (
    "镇上的老车站建于六十多年前，候车室里至今还摆着当年的长木椅，椅背上刻满了旅客的名字。每天清晨第一班车开往县城，"
    "坐车的多半是卖菜的农民和上学的孩子，他们把箩筐和书包堆在车厢后面，一路上说说笑笑。后来公路拓宽，"
    "新车站搬到了镇外，老车站就改成了图书室，管理员是一位退休的售票员，他记得每一趟车的时刻，也记得许多旅客的面孔。"
    "夏天的晚上，孩子们在门前的空地上听他讲从前的故事，讲到大雪封山的那一年，一车人在路上困了两天两夜，"
    "全靠附近村里送来的红薯和热水才熬了过去。去年冬天屋顶漏水，大家凑钱请人修补，又在墙上新刷了一层白灰，"
    "只有那几排长木椅谁也不肯换掉，说是坐在上面读书心里踏实。今年开春又添了两架新书，其中一半讲的是果树嫁接和鱼塘养护，"
    "借书的人排到了门外。管理员怕把书弄混，便用红蓝两色的布条系在书脊上，红的可以带回家，蓝的只能在屋里看，"
    "到了年底清点下来竟然一本也没有丢失，只是封面磨得看不清字了。"
)
_RIGHT_COLUMN = (
    "养蜂人每年三月带着蜂箱从南方出发，沿着花期一路向北，先采油菜，再采槐花，到了八月便在草原上等候荞麦开放。"
    "蜂箱装在一辆旧卡车上，夜里赶路，天亮之前必须停下，否则蜜蜂受热就会闷死在箱子里。他的妻子负责做饭和记账，"
    "两个孩子放了暑假也来帮忙摇蜜，手上脸上常常被蜇得又红又肿，却从来没有哭过。雨水多的年份花里没有蜜，"
    "还要买白糖喂养，一年下来几乎没有收入；风调雨顺的时候，一个月就能装满四十只铁桶。村里人起初嫌蜜蜂吵闹，"
    "后来发现果树结的果子比往年多了三成，便主动把晒谷场让出来给他们搭帐篷，临走的时候还送来鸡蛋和新磨的面粉，"
    "约好明年早些来，最好赶在梨花开放之前。回到南方已是深秋，卖完最后一批蜂蜜，他才有工夫修理破损的木箱，"
    "把裂缝一条一条用麻丝填满，再刷上两遍桐油放在屋檐底下晾干。邻居劝他买几只塑料箱省事，他总是摇头，"
    "说蜜蜂闻不惯那种气味，住进去也要搬家。孩子们开学以后家里安静下来，夫妻俩便坐在灯下计算来年的路程和油钱。"
)


def test_columns_that_were_set_in_turns_are_not_joined() -> None:
    columns = [
        [text[at : at + 10] for at in range(0, len(text), 10)]
        for text in (_LEFT_COLUMN, _RIGHT_COLUMN)
    ]
    in_turns = "\n".join(line for lines in zip(*columns, strict=False) for line in lines)
    assert REPAIRER.repair(in_turns).text == in_turns
    assert {finding.rule for finding in REPAIRER.check(in_turns)} == {"lines/interleaved-columns"}
    in_order = "\n".join(line for lines in columns for line in lines)
    assert REPAIRER.repair(in_order).text == f"{_LEFT_COLUMN}\n{_RIGHT_COLUMN}"


def test_lines_cut_after_so_many_bytes_are_joined_only_when_asked() -> None:
    text = (
        "各位邻居，本周六上午九点半，我们�\n"
        "请自带手套和水杯，垃圾袋由物业提�\n"
        "去年春天，我们一共清理了三百多公�\n"
        "有人问：“小朋友可以参加吗？”当�\n"
        "报名方式：在群里回复姓名、楼号和�\n"
        "感谢大家的支持——让我们的小区更�\n"
    )
    repaired = jiaokan.Repairer().repair(text)
    assert repaired.text == text
    joins = [each for each in repaired.findings if each.rule == "lines/hard-wrap"]
    assert joins
    assert {each.applicability for each in joins} == {"unsafe"}


def test_lines_that_a_tag_ends_are_joined_only_when_asked() -> None:
    text = (
        "各位邻居，周六上午九点半，我们在小区东门集合，一起去河边捡垃圾。<br>\n"
        "请自带手套和水杯，垃圾袋由物业提供，如果下雨，活动改到下周日。<br>\n"
        "去年春天，我们一共清理了三百多公斤垃圾，其中大部分是旧的衣服。<br>\n"
        "有人问：小朋友可以参加吗？当然可以，但必须有家长在一边陪同。<br>\n"
        "报名方式：在群里回复姓名、楼号和人数，或者打电话给家住二楼的<br>\n"
        "王阿姨，她整天在家，什么时候都可以打，最好不要太晚，谢谢大家。<br>\n"
    )
    assert jiaokan.Repairer().repair(text).text == text


def test_two_lines_of_a_program_are_joined_only_when_asked() -> None:
    text = (
        "SELECT * FROM 读者 WHERE 姓名='张三' AND 年龄>18; -- 查询,成年读者\n"
        "UPDATE 读者 SET 状态=1 WHERE id IN (1,2,3); -- 更新;状态\n"
    )
    assert jiaokan.Repairer().repair(text).text == text
