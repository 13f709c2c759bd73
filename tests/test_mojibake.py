"""Mojibake: what was misread comes back, alone or inside good text, and good text stays."""

import codecs
import re
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jiaokan
from jiaokan.validators.mojibake import suspicion
from jiaokan.validators.mojibake.codepages import PAGES, page, pair_codecs_of, unread
from jiaokan.validators.mojibake.explanation import CHUNK, explained_by_each
from jiaokan.validators.mojibake.half_mended import unread_half_mended
from jiaokan.validators.mojibake.holes import lost_before
from jiaokan.validators.mojibake.rare import rare_positions
from jiaokan.validators.mojibake.readings import read_utf8
from jiaokan.validators.plausibility import log_likelihood, mean_bits
from jiaokan.validators.view import View, code_points

OTHER_FAMILIES = (
    "encoding", "characters", "glosses", "lines", "script", "punctuation", "debris",
)  # fmt: skip
REPAIRER = jiaokan.Repairer(ignore=OTHER_FAMILIES)
SENTENCES = (
    "管理员昨天更新了服务器的配置，重启以后一切正常。",
    "老张说今年的苹果收成不错，就是价钱上不去。",
    "這家店的牛肉麵湯頭很濃，麵條也有嚼勁。",
    "夫天地者，萬物之逆旅也；光陰者，百代之過客也。",
    "你哋聽日得唔得閒出嚟飲茶呀？",
    "来週の会議は三時から始まります。",
    "내일 오후에 회의가 있습니다.",
)
CODECS = {
    **{name: name for name in PAGES}, "gbk": "gbk", "latin1": "latin-1", "big5": "cp950",
    "shift-jis": "cp932", "euc-kr": "cp949", "koi8r": "koi8-r",
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_gives_back_what_its_codec_reads(name: str) -> None:
    for sentence in SENTENCES:
        shown = sentence.encode(CODECS[name], "ignore").decode(CODECS[name])
        back = unread(code_points(shown), page(name))
        assert not back.foreign.any()
        assert back.data.tobytes().decode(CODECS[name]) == shown


@given(st.binary(max_size=40))
def test_utf8_is_read_as_python_reads_it(data: bytes) -> None:
    reading = read_utf8(np.frombuffer(data, dtype=np.uint8))
    try:
        expected = data.decode("utf-8")
    except UnicodeDecodeError:
        assert (reading.wrong | reading.gaps).any()
        return
    assert not reading.wrong.any() and not reading.gaps.any()
    assert reading.codes.tolist() == list(map(ord, expected))


@settings(max_examples=60)
@given(
    st.sampled_from(SENTENCES[:5]),
    st.sampled_from(("latin1", "cp437", "koi8r")),
    st.integers(0, 4),
)
def test_a_misread_sentence_among_good_ones_comes_back(good: str, wrong: str, at: int) -> None:
    other = SENTENCES[at]
    text = f"{good}{other.encode().decode(CODECS[wrong])}{good}"
    out = REPAIRER.repair(text)
    assert out.text == good + other + good
    assert jiaokan.undo(out) == text


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_text_survives_with_its_original(text: str) -> None:
    out = REPAIRER.repair(text)
    assert jiaokan.undo(out) == text
    assert REPAIRER.repair(out.text).text == out.text


def test_good_text_is_plausible_and_misread_text_is_not() -> None:
    for sentence in SENTENCES:
        assert mean_bits(sentence) < 13
        assert mean_bits(sentence.encode().decode("latin-1")) > 18
    assert mean_bits("") == 0 and log_likelihood(code_points("")).shape == (0,)
    together = log_likelihood(code_points("甲乙"))
    assert together[1] == log_likelihood(code_points("乙"), before=ord("甲"))[0]


def test_a_long_misread_document_is_mended_whole() -> None:
    line = "".join(SENTENCES[:3])
    good = "\n".join(f"{number}. {line}" for number in range(400))
    shown = good.encode().decode("latin-1")
    assert REPAIRER.repair(shown).text == good


def test_a_document_of_two_misreadings_is_mended_by_both() -> None:
    first, second = SENTENCES[0], SENTENCES[1]
    shown = f"{first.encode('gbk').decode('latin-1')}\n{second.encode().decode('cp437')}\n{first}"
    assert REPAIRER.repair(shown).text == f"{first}\n{second}\n{first}"


def test_gaps_are_seen_by_default_and_filled_only_when_asked() -> None:
    good = "请大家在星期五以前把报表交给财务部门，谢谢。"
    shown = good.encode().decode("gbk", "replace")
    assert "\ufffd" in shown
    careful = REPAIRER.repair(shown)
    bold = jiaokan.Repairer(ignore=OTHER_FAMILIES, unsafe=True).repair(shown)
    assert all(a == b or a == "\ufffd" for a, b in zip(careful.text, good, strict=True))
    assert sum(a != b for a, b in zip(bold.text, good, strict=True)) <= 1
    counted = [f.evidence for f in careful.findings if f.rule == "mojibake/utf8-as-gbk"]
    assert sum(int(str(e["lost"])) for e in counted) == careful.text.count("\ufffd")


def test_suspects_proved_path_by_path_are_those_proved_at_once() -> None:
    shown = [
        sentence.encode(true, "ignore").decode(wrong, "replace")
        for sentence in SENTENCES
        for true in ("utf-8", "gbk", "big5")
        for wrong in CODECS.values()
    ]
    codes = code_points("".join([*shown, *SENTENCES]))
    window = np.minimum(np.lib.stride_tricks.sliding_window_view(codes, 5), np.uint32(0xFFFF))
    at_once = explained_by_each(window).any(axis=0)
    assert len(window) > 2 * CHUNK // 16
    assert 0 < at_once.sum() < len(window)
    paths = suspicion._MostProbable()
    for _ in range(2):  # in the order in which the first few suggest, and in that of what was found
        assert (paths.explain(window) == at_once).all()


@pytest.mark.parametrize("wrong", ["gbk", "cp1252", "big5"])
def test_suspects_of_a_whole_text_are_those_told_one_by_one(wrong: str) -> None:
    shown = "don't — " + "\n".join(SENTENCES * 2).encode().decode(wrong, "replace") + "é"
    codes = code_points(shown)
    rare = rare_positions(View(shown))
    paths = suspicion._MostProbable()
    suspects = set(suspicion.positions(View(shown)).tolist())
    assert 2 * len(rare) > len(codes) and len(suspects) > CHUNK // 64
    for _ in range(2):  # before and after it is known which path explains most
        assert set(suspicion._suspects_among(codes, rare, paths).tolist()) == suspects
    alone = [suspicion._suspects_among(codes, rare[at : at + 1], paths) for at in range(len(rare))]
    assert set(np.concatenate(alone).tolist()) == suspects


def test_what_was_repaired_with_gaps_is_not_read_a_second_time() -> None:
    text = "\n".join(SENTENCES[:3] * 4)
    out = REPAIRER.repair(text.encode().decode("gbk", "replace"))
    assert "\ufffd" in out.text
    rules = {finding.rule for finding in out.findings}
    assert rules <= {"mojibake/utf8-as-gbk", "mojibake/gap", "mojibake/lost"}
    assert all(a == b for a, b in zip(out.text, text, strict=True) if a != "\ufffd")


def characters_of(encoding: str, first: int, last: int) -> list[str]:
    """The ideographs whose first byte is one of these, in the order of the code."""
    pairs = (bytes((a, b)) for a in range(first, last + 1) for b in range(0x40, 0xFF))
    found = (pair.decode(encoding, "ignore") for pair in pairs)
    return [char for char in found if len(char) == 1 and "\u4e00" <= char <= "\u9fff"]


@pytest.mark.parametrize(
    ("encoding", "first", "last"),
    [("gb2312", 0xB0, 0xD7), ("gb2312", 0xD8, 0xF7), ("big5", 0xA4, 0xC6), ("big5", 0xC9, 0xF9)],
)
@pytest.mark.parametrize(
    "separator", ["", "\t", "\n", '": "'], ids=["run", "tabs", "lines", "quoted"]
)
def test_lists_of_characters_are_not_misread(
    encoding: str, first: int, last: int, separator: str
) -> None:
    """Dictionaries hold every character, and pairs that no text has: some read well by any path."""
    characters = characters_of(encoding, first, last)
    Random(7).shuffle(characters)
    text = separator.join(characters)
    assert jiaokan.Repairer(select=["mojibake"]).repair(text).edits == ()


def test_a_chain_ends_with_the_last_byte_of_its_last_character() -> None:
    good = "本次采購的依據是辦法第九條"
    assert good.encode("gbk").endswith(b"l")
    once = good.encode("gbk").decode("latin-1")
    for wrong in ("latin-1", "gb18030"):
        assert REPAIRER.repair(once.encode().decode(wrong)).text == good


def test_many_texts_together_are_mended_as_each_alone() -> None:
    shown = [
        f"{before}{sentence.encode(true, 'ignore').decode(wrong, 'replace')}"
        for before in ("", "今天收到的文件里写着：")
        for sentence in SENTENCES
        for true in ("utf-8", "gbk", "big5")
        for wrong in CODECS.values()
    ]
    shown += ["\n".join(shown[at : at + 6]) for at in range(0, len(shown), 6)]
    together = list(REPAIRER.repair_many(shown))
    for text, out in zip(shown, together, strict=True):
        alone = REPAIRER.repair(text)
        assert (out.text, out.edits, out.findings) == (alone.text, alone.edits, alone.findings)
        assert jiaokan.undo(out) == text
    assert sum(out.text != text for text, out in zip(shown, together, strict=True)) > 100


@pytest.mark.parametrize(
    ("page", "phrase"), [("latin1", "配置"), ("gb18030", "服务"), ("cp1252", "更新")]
)
def test_a_short_phrase_in_a_long_clean_document_comes_back(page: str, phrase: str) -> None:
    """How large a document is does not count, but how much in it could be a misreading."""
    good = "".join(SENTENCES[:2]) * 1200
    at = good.index(phrase, 6000)
    misread = phrase.encode().decode(page)
    text = good[:at] + misread + good[at + len(phrase) :]
    assert REPAIRER.repair(text).text == good


def test_what_is_lost_in_restored_text_is_said_once() -> None:
    shown = "本次会议讨论了预算草案。\n".encode().decode("gbk", "replace")
    repaired = jiaokan.Repairer().repair(shown * 3)
    rules = [finding.rule for finding in repaired.findings]
    assert "mojibake/utf8-as-gbk" in rules and "mojibake/gap" in rules
    assert "mojibake/lost" not in rules


@given(st.text(alphabet="北京大学的新建文件夹中国路用户落实马上就更", min_size=1, max_size=12))
def test_pairs_that_became_letters_are_bytes_again(text: str) -> None:
    data = text.encode("gbk")
    shown = data.decode("latin-1")
    for pair in set(re.findall("[\xc4-\xdf][\x80-\xbf]", shown)):
        shown = shown.replace(pair, pair.encode("latin-1").decode("utf-8"))
    back = unread_half_mended(code_points(shown), "gbk")
    if len(shown) < len(data):
        assert len(back.data) >= len(data)
        assert len(back.starts) == len(shown) + 1
    if len(set(text)) > 2 and not re.search("[\xc2\xc3][\x80-\xbf]", data.decode("latin-1")):
        assert back.data.tobytes() == data


@pytest.mark.parametrize("kept", [10, 30, 34, 44])
def test_half_a_character_that_ends_a_text_does_not_reach_the_next(kept: int) -> None:
    """In a batch; read as ISO 8859-15, half a character of Big5 may take the line's break along."""
    misread = "昨天下午，市政府召開會議，討論明年的預算與學校的午餐。".encode("big5")
    cut = misread[:kept].decode("iso8859-15")
    repairer = jiaokan.Repairer(select=["mojibake"])
    other = "相關主題".encode("big5").decode("latin-1") + "\b"
    assert list(repairer.repair_many([cut, other]))[1] == repairer.repair(other)


def test_characters_of_two_pairs_are_read_alike_alone_and_in_a_batch() -> None:
    """Which pair of bytes one of cp932's doubled characters was is tried for every other one of a
    line: those of the texts before it, and what they read, do not count."""
    words = (
        "生产",
        "厂房",
        "晚上",
        "交点",
        "时身",
        "产量",
        "提醒",
        "九点",
        "会议",
        "书馆",
        "了错",
        "不错",
    )
    chance = Random(3)
    texts = ["".join(chance.choices(words, k=12)) for _ in range(200)]
    misread = [text.encode("gbk").decode("cp932", "replace") for text in texts]
    alone = [REPAIRER.repair(text) for text in misread]
    assert list(REPAIRER.repair_many(misread)) == alone


_CODECS_OF_PAIRS = [
    codec for name in ("gbk", "big5", "shift-jis", "euc-kr") for codec in pair_codecs_of(name)
]


@pytest.mark.parametrize("codec", _CODECS_OF_PAIRS)
@given(text=st.text(st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF), min_size=1))
def test_a_decoder_puts_a_sign_for_a_byte_only_where_it_can_lose_it(codec: str, text: str) -> None:
    lost = lost_before((codec,))

    def check(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        if error.end == error.start + 1 < len(error.object):
            assert lost[error.object[error.start], error.object[error.end]]
        return "\ufffd", error.end

    codecs.register_error("check", check)
    text.encode().decode(codec, "check")


@pytest.mark.parametrize("codec", _CODECS_OF_PAIRS)
def test_a_byte_is_not_lost_before_another_that_it_makes_a_character_with(codec: str) -> None:
    lost = lost_before((codec,))
    pairs = [bytes((one, two)) for one in range(0x81, 0xFF) for two in range(0x40, 0xFF)]
    read = [pair for pair in pairs if _is_one(pair, codec)]
    assert len(read) > 6_000
    assert not any(lost[pair[0], pair[1]] for pair in read)


def _is_one(pair: bytes, codec: str) -> bool:
    return len(pair.decode(codec, "ignore")) == 1 and len(pair.decode(codec, "replace")) == 1


def test_a_full_stop_is_put_only_where_a_paragraph_ends() -> None:
    shown, meant = "鎴戜滑鐨勭洰鏍囨槸璁╂瘡涓€涓汉閮借兘浣跨敤銆?", "我们的目标是让每一个人都能使用"
    for behind, stop in {"": "。", "\n": "。", "\r\n\r\n好\n": "。", "好": "\ufffd"}.items():
        assert REPAIRER.repair(shown + behind).text == meant + stop + behind


def of_pairs_twice(text: str) -> str:
    """Misread as GBK twice; GBK's private use is gone afterwards."""
    for _ in range(2):
        text = text.encode().decode("gb18030", "replace").replace("\ufffd", "?")
    return re.sub("[\ue000-\uf8ff]", "", text)


@pytest.mark.parametrize("sentence", SENTENCES[:5])
def test_a_line_of_which_too_much_is_lost_stays_and_is_pointed_out(sentence: str) -> None:
    for shown in (sentence.encode().decode("cp950", "replace"), of_pairs_twice(sentence)):
        out = REPAIRER.repair(f"{sentence}\n{shown}\n{sentence}")
        meant = out.text.split("\n")[1]
        if meant == shown:
            rules = {finding.rule for finding in out.findings}
            assert rules & {"mojibake/unexplained", "mojibake/lost"}
        assert meant == shown or not set(meant) - set(sentence) - {"\ufffd", "?"}


def test_a_line_stays_alone_however_the_others_are() -> None:
    shown = SENTENCES[0].encode().decode("cp950", "replace")
    other = SENTENCES[1].encode().decode("gbk", "replace")
    alone = [REPAIRER.repair(line).text for line in (shown, other)]
    assert alone[0] == shown != other != alone[1]
    assert REPAIRER.repair(f"{shown}\n{other}").text.split("\n") == alone


def test_a_vocabulary_of_bytes_shown_as_letters_stays() -> None:
    words = [
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "that",
        "it",
        "for",
        "on",
        "with",
        "as",
        "was",
        "at",
        "by",
        "this",
        "are",
        "from",
        "be",
        "or",
    ]
    text = (
        "".join(f"Ġ{word}\n" for word in words)
        + "Â¯Â¯ Â¯Â¯\nâĢĻ s\nÂ£\nĠrot ate\nÂłÂłÂłÂł ÂłÂłÂłÂł\n" * 3
    )
    assert jiaokan.Repairer().repair(text).text == text


def test_what_is_misread_and_only_offered_is_left_by_other_families() -> None:
    """Its characters are no text: converted, they could not be paired again."""
    shown = "他们说?禾斓牟藞@鎮在東邊，后来就不见了。"
    out = jiaokan.Repairer(script="zh-Hant").repair(shown)
    assert out.text == "他們說?禾斓牟藞@鎮在東邊，後來就不見了。"
    assert "mojibake/gbk-shifted" in {finding.rule for finding in out.findings}
    assert jiaokan.Repairer(script="zh-Hant").repair(out.text).text == out.text
    assert jiaokan.undo(out) == shown
