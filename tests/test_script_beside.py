"""A badly converted word between good ones: it is mended, and its neighbours stay."""

import random

import pytest

import jiaokan

_WRONG = {
    "對于": "對於",
    "幹淨": "乾淨",
    "曆史": "歷史",
    "心髒": "心臟",
    "聯系": "聯繫",
    "干部": "幹部",
    "經曆": "經歷",
    "準許": "准許",
    "髮展": "發展",
    "標准": "標準",
    "必鬚": "必須",
    "傢庭": "家庭",
    "關系": "關係",
    "代錶": "代表",
    "制造業": "製造業",
    "北鬥星": "北斗星",
    "象征": "象徵",
    "鬧鍾": "鬧鐘",
}
_NAMES = (
    "余光中 范仲淹 岳飛 于右任 游錫堃 鍾理和 后羿 沈葆楨 郁達夫 朴正熙 姜子牙 林沖 谷正綱 尼采 咸豐 乾隆 咸陽 后里區 "
    "北斗鎮 三台 臺北"
)
_WORDS = (
    "里長 鄉里 公里 鄰里 哩程 一丈青 表率 准許 准將 只要 隻身 一隻貓 隻字片語 丑時 小丑 茶几 幾何 人云亦云 面紙 "
    "麵包 松樹 輕鬆 憂鬱 濃郁 干戈 干涉 若干 乾坤 乾淨 幹部 樹幹 樸素 遠征 徵兵 谷底 稻穀 穀雨 嚮往 方向 回覆 回復 "
    "複印 往復 彩虹 鹹水 沖泡 要衝 歷代 曆書 農曆 週刊 製冰 法制 系譜 關係 維繫 直系 借書 憑藉 雜誌 志氣 豐富 丰采 "
    "采邑 採礦 精采 於是 淤泥 颱風 手錶 表面 鐘聲 鍾情 老師傅 發生 白髮 捨己 宿舍 舍利 吊橋 胡琴 鬍子 須知 髒亂 臟器 "
    "樓臺 巨著 看著 著火 業餘 夥伴 伙食 先後 御史 防禦 占卜 蘿蔔 千秋 鞦韆 尸位素餐 屍體 凶年 兇手 佣金 僱傭 弦樂 "
    "合併 並肩 准考證 瞭望 克服 剋星 裡面 這裡 叶韻 樹葉 游標"
)
_SIGNS = (
    "1,234 3.5% 2024年 第3條 GDP iPhone https://example.org/a 「皇后」 『后』 《后妃傳》 〈余懷〉 （后） ， 。 ； ： —— "
    "…… ・ ～ ％ ● ① 一、 ℃ 🙂"
)
_FRAMES = (
    "{}",
    "會議紀錄：{}。",
    "他說，這件事與我們的生活無關，{}，大家應該記得。",
    "這篇報導說明{}的問題，讀者認為應該討論。",
)
_MENDED = 0.7
"""Of a word's places at least: in a text of a few characters of both scripts nothing may be told."""


@pytest.mark.parametrize("wrong", _WRONG)
def test_what_stands_beside_a_badly_converted_word_stays(wrong: str) -> None:
    good = f"{_NAMES} {_WORDS} {_SIGNS}".split()
    chance = random.Random(wrong)
    places = [(word, chance.choice(good), chance.choice(_FRAMES)) for word in good]
    places += [(after, before, frame) for before, after, frame in places]
    texts = [frame.format(before + wrong + after) for before, after, frame in places]
    right = [frame.format(before + _WRONG[wrong] + after) for before, after, frame in places]
    outs = [out.text for out in jiaokan.Repairer(select=["script"]).repair_many(texts)]
    strange = [out for out, *known in zip(outs, texts, right, strict=True) if out not in known]
    assert not strange
    mended = sum(out == meant for out, meant in zip(outs, right, strict=True))
    assert mended >= _MENDED * len(places)


def test_good_words_alone_stay() -> None:
    texts = [f"這篇報導說明{word}的問題。" for word in f"{_NAMES} {_WORDS} {_SIGNS}".split()]
    outs = list(jiaokan.Repairer(select=["script"]).repair_many(texts))
    assert [out.text for out in outs] == texts
