"""Tables and dictionaries have words in both scripts, or of another Chinese, on purpose."""

import pytest

import jiaokan
from jiaokan.validators.script.on_purpose import are_in_names
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import View

PROSE = (
    "圖書館的讀者說，這裡的書籍種類很多，開放時間也長，學生們寫完作業後還會留下來聽講座。\n" * 12
)
TRANSLATED = (
    "打开电脑设置 打開電腦設定,网络连接断开了 網路連線斷開了,软件质量报告 軟體品質報告,检查发现问题 檢查發現問題,"
    "选择资料库 選擇資料庫,储存图像 儲存影像"
)
WORDS = "國家 國旗 萬年 禮物 書訓 東風 樂器 學問 馬車 魚類 鳥獸 龍門 車輛 長城 門戶 風俗 飛機 點心 讀書 說明 講義 論語"
FORMS = "国家 国旗 万年 礼物 书训 东风 乐器 学问 马车 鱼类 鸟兽 龙门 车辆 长城 门户 风俗 飞机 点心 读书 说明 讲义 论语"
HOKKIEN = (
    "一半个仔 个 儿 風颱 風颱尾 大麵 幼麵 歹睏 一睏 枴仔 芡滷 捲螺仔 老板 庄跤 庄頭 挂紙 水里 怨慼 色緻 年頭 頭家 鬧熱 話頭 罔飼 貴參參 "
    "好話 門風 開錢 買票 讀冊 寫字 講話 聽話 行路 煮飯 過年 歡喜 烏雲 紅龜 龍眼 雞卵 魚丸 鳥鼠 馬路 樹仔 錢銀"
)
TABLES = {
    "a translation in Markdown": PROSE
    + "\n| 原文 | 譯文 |\n|---|---|\n"
    + "".join(f"| {a} | {b} |\n" for a, b in map(str.split, TRANSLATED.split(","))),
    "a translation between tabs": PROSE + TRANSLATED.replace(" ", "\t").replace(",", "\n"),
    "a dictionary": PROSE
    + "".join(
        f"{simplified} {word} {simplified} n,名詞,不可譲,抽象 an-english-word-{len(word)}\n{word} {word} {simplified} n,名詞,主体,儀礼 another\n"
        for word, simplified in zip(WORDS.split(), FORMS.split(), strict=True)
    ),
    "phrases for conversion": PROSE
    + "".join(
        f"{simplified}\t{word}\n"
        for word, simplified in zip(
            f"爲何 萬衆 {WORDS}".split(), f"为何 万众 {FORMS}".split(), strict=True
        )
    ),
    "Hokkien": "號,詞,音讀\n"
    + "".join(f"{row},{word},x-x\n" for row, word in enumerate(HOKKIEN.split())),
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_what_is_set_side_by_side_stays(text: str) -> None:
    out = jiaokan.Repairer().repair(text)
    assert out.text == text
    assert [finding for finding in out.findings if finding.rule.startswith("script/")]


def test_a_column_is_converted_when_asked() -> None:
    out = jiaokan.Repairer(script="zh-Hant").repair(TABLES["a translation in Markdown"])
    assert "| 打開電腦設置 | 打開電腦設定 |" in out.text


def test_slips_in_a_column_of_the_texts_own_script_are_mended() -> None:
    rows = "| 一 | 打開电腦設定 |\n| 二 | 網路连線斷開了 |\n| 三 | 檢查發現問題 |\n"
    out = jiaokan.Repairer().repair(PROSE + "\n| 號 | 文 |\n|---|---|\n" + rows)
    assert "打開電腦設定" in out.text


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ("采瑞實業股份有限公司,采瑞,a\n永豐紙品股份有限公司,永豐,a\n", True),
        ("采瑞實業股份有限公司,采瑞,a\n採瑞實業股份有限公司,採瑞,b\n", False),
        ("他在山上采茶的時候,采茶,a\n永豐紙品股份有限公司,永豐,a\n", False),
    ],
)
def test_names_in_a_table_stay_unless_another_cell_has_them_otherwise(
    rows: str, kept: bool
) -> None:
    view = View(f"name,short,source\n{rows}")
    at = view.text.index("采")
    finding = Finding(
        "script/under-converted", at, at + 1, "", 0.9, Applicability.SAFE, replacement="採"
    )
    assert are_in_names(view, Settings(), [finding]).tolist() == [kept]
