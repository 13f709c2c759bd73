"""What a document's profile says of its language, script and norm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.validators.classes import Class, class_table
from jiaokan.validators.languages import Language
from jiaokan.validators.norms import Norm
from jiaokan.validators.profile import Profile, WrittenIn
from jiaokan.validators.view import View

NATIVE_TAIWANESE = "秘書長在新庄的群峰下晒衣服，恒春的虱目魚發霉了。"


def profile(text: str) -> Profile:
    return View(text).profile


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我們明天要去看電影，你想跟我們一起去嗎？聽說那部片子很好看。", "zh"),
        ("请把这些文件放在桌子上，然后告诉他会议已经取消了。", "zh"),
        ("申請人應於收受通知之次日起三十日內補正，逾期不補正者，駁回其申請。", "zh"),
        ("此案已移送法院审理，其余涉案人员仍在逃。", "zh"),
        ("「不行，」他說，「這事不可能。」她也不說話，自顧自地坐下。", "zh"),
        ("妈妈说：“好啦好啦，都去吃饭，你也去呀。”", "zh"),
        ("出席者有教育局局長、衛生局副局長、各區區長及里長等三十餘人。", "zh"),
        ("曩者吾友嘗謂余曰：「人之所以異於物者，以其有志也。」余深然之，遂不復言。", "lzh"),
        ("王怒曰：「汝何人也，敢與寡人爭乎？」左右皆惶恐，莫敢仰視。", "lzh"),
        ("曩者吾友尝谓余曰：“人之所以异于物者，以其有志也。”余深然之，遂不复言。", "lzh"),
        ("佢琴日喺度等咗成個鐘，你都冇嚟，而家先至話唔知，係咪玩嘢呀？", "yue"),
        ("佢哋话听日唔使返工，咁我哋不如去饮茶啦。", "yue"),
        ("この本はとても面白いので、友達にも読んでもらいたいと思います。", "ja"),
        ("総務省 統計局 図書館 営業時間 検索 発行", "ja"),
        ("한국어 문장에는 漢字가 가끔 섞여 있다.", "ko"),
        ("Nothing but English here, in two short clauses.", "other"),
        ("", "other"),
    ],
)
def test_language(text: str, language: Language) -> None:
    assert profile(text).language == language


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("這是一個很長的句子，裡面有繁體字。", "zh-Hant"),
        ("这是一个很长的句子，里面有简体字。", "zh-Hans"),
        ("他在家。", None),
        ("no ideographs at all", None),
        (NATIVE_TAIWANESE, "zh-Hant"),
        # Two languages of a page, a line each: neither rules.
        ("欢迎光临，请从这边进入展览馆。\n歡迎光臨，請從這邊進入展覽館。", None),
        ("欢迎光临，从这边进。\n歡迎光臨，請從這邊進入展覽館，參觀時謝絕攝影。", None),
        (
            "歡迎光臨，請從這邊進入展覽館，參觀時請勿飲食，謝謝。\n请勿饮食",
            "zh-Hant",
        ),  # a few words
        # Mixed within its lines: the greater part rules.
        ("歡迎光臨，請从這边進入展覽館，參觀时請勿飲食，谢謝。", "zh-Hant"),
        ("欢迎光临，請从这邊进入展览馆，参观時请勿饮食，谢谢。", "zh-Hans"),
        ("欢迎光临，請从這边进入展览馆，參觀時请勿飲食，谢謝。", None),  # 9 and 7
    ],
)
def test_script(text: str, script: WrittenIn | None) -> None:
    assert profile(text).script == script


@pytest.mark.parametrize(
    ("text", "norm"),
    [
        ("「這裡的群眾說，看著新聞，才知道網路又斷了，軟體也壞了。」", "TW"),
        ("衞生署説：「市民在家裏看着電視，留意温度。」", "HK"),
        ("他認爲羣衆在山裏看着晚霞，牀邊放着麪條，啓程在即。", "OpenCC"),
        ("佢喺屋企裏面着住件衫，唔知去邊。", "HK"),
        ("兩個人没有説話，只聽見墻上鐘錶的聲音。", "CN"),
        ("他爲了這件事沒有說話，內心很不安。", "OpenCC"),  # the mainland prints 没 説 内
        ("他爲此寫了一封信。", None),  # either of the two
        ("本市行政區域內建設工程材料的銷售和使用。", None),  # 內建 is no word here
        ("他來了。", None),
        ("他说这里的群众看着新闻。", None),
        (
            "他说这里的群众来过了，房间裡裡外外都找了，看著，想著，网路断了。",
            None,
        ),  # forms of Taiwan's
    ],
)
def test_norm(text: str, norm: Norm | None) -> None:
    assert profile(text).norm == norm


@pytest.mark.parametrize(
    ("text", "is_verse"),
    [
        ("春眠不覺曉，處處聞啼鳥。夜來風雨聲，花落知多少。", True),
        ("我在小城住了，七年零三个月，每天走过桥头，看见他卖报纸。", False),
        ("今天我们去公园散步，天气很好，大家都很开心。回来的时候下起了雨。", False),
    ],
)
def test_verse(text: str, is_verse: bool) -> None:
    assert profile(text).is_verse == is_verse


def test_bits_leave_out_what_native_text_has() -> None:
    table = class_table()
    for character in "秘群峰床庄灶晒霉恒么却台个双無无并吓肴栖弃":
        assert not table[ord(character)] & Class.HANS, character
    for character in "著乾瞭藉徵捱拚":
        assert not table[ord(character)] & Class.HANT, character
    for character in "个并恒晒庄无":
        assert table[ord(character)] & Class.AMBIGUOUS, character


def test_bits_are_exclusive() -> None:
    table = class_table()
    both = (table & Class.HANS != 0) & (table & Class.HANT != 0)
    assert not both.any()
    assert not ((table & Class.AMBIGUOUS != 0) & (table & Class.HANS != 0)).any()


@given(st.text(alphabet=st.sampled_from("的之嘅これ爲為说說里裡 \n，a한"), max_size=60))
def test_any_text_has_a_profile(text: str) -> None:
    seen = profile(text)
    assert seen.language in ("zh", "lzh", "yue", "ja", "ko", "other")
    assert seen.script in ("zh-Hans", "zh-Hant", None)
    assert seen.norm in ("TW", "HK", "CN", "OpenCC", None)
