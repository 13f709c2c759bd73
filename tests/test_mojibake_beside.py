"""Good characters beside a misread sign or word: whatever becomes of that, they stay."""

import random
from collections.abc import Callable

import pytest

import jiaokan

_WORDS = [
    "注意",
    "一般",
    "医院",
    "应该",
    "英语",
    "用户",
    "有人",
    "原来",
    "匈奴",
    "休息",
    "需要",
    "训练",
    "演出",
    "业务",
    "住宅",
    "著作",
    "专家",
    "转移",
    "准备",
    "卓越",
    "开始",
    "安装",
    "始终",
    "完成",
    "错误",
    "参数",
    "数据",
    "电话",
    "價格",
    "學校",
    "測試",
    "電話",
    "醫院",
    "應該",
    "顏色",
    "影響",
    "刪除",
    "組織",
    "願意",
    "先生",
]
_SIGNS = [
    "✅",
    "⚠️",
    "🔥",
    "→",
    "“",
    "”",
    "——",
    "……",
    "℃",
    "：",
    "】",
    "（一）",
    "“是”",
    "【注】",
    "以上",
    "第一",
    "。”",
    "≥",
    "°",
]


def _as_1252(data: bytes) -> str:
    holes = b"\x81\x8d\x8f\x90\x9d"
    return "".join(chr(b) if b in holes else bytes((b,)).decode("cp1252") for b in data)


_PATHS: dict[str, Callable[[bytes], str]] = {
    "gbk": lambda data: data.decode("gbk", "replace"),
    "gbk, question marks": lambda data: data.decode("gbk", "replace").replace("\ufffd", "?"),
    "cp1252": _as_1252,
    "latin1": lambda data: data.decode("latin-1"),
    "cp949": lambda data: data.decode("cp949", "replace"),
    "cp437": lambda data: data.decode("cp437"),
}


@pytest.mark.parametrize("path", _PATHS)
def test_good_characters_beside_a_misread_sign_stay(path: str) -> None:
    chance = random.Random(7)
    asked: list[tuple[str, str]] = []
    texts: list[str] = []
    for sign in _SIGNS:
        seen = _PATHS[path](sign.encode())
        for word, other in (chance.sample(_WORDS, 2) for _ in range(8)):
            for before, after in (
                ("", word + other),
                (word, other),
                (word + other, ""),
                ("", f" {word}"),
            ):
                asked.append((before, after))
                texts.append(before + seen + after)
    repairer = jiaokan.Repairer(select=["mojibake"])
    outs = list(repairer.repair_many(texts))
    assert any(out.edits for out in outs)
    for (before, after), out in zip(asked, outs, strict=True):
        assert out.text.startswith(before) and out.text.endswith(after), out.document.text
