"""`validators/tables/variants.tsv` and `regional-words.tsv`: forms and words of the regional norms."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from jiaokan.validators.script.forms import read_rows
from recipes._mainland_forms import mainland_forms, mainland_words, only_mainland
from recipes._native import SIMPLIFIED, TRADITIONAL, traditional_counts, tuning_documents
from recipes.sources import opencc_rows

HEADER = """\
# Variant forms of the regional norms (see jiaokan.validators.script.variants). Made by
# recipes/variants.py; do not edit. Source: OpenCC's TWVariants, HKVariants and their reverses and
# phrases (Apache-2.0), kept for Taiwan where natively written text bears them out (counts of
# ../shared/data/prose/zh-Hant/tw-*, not under copyright); for the mainland GB/T 12345 and the list of
# 2013, as Unihan (Unicode licence) gives them; shapes that no norm of Traditional has: by hand, from
# Unicode's unification rules.
# Rows: `shape`, form, form of both norms; `TW`, `HK` or `CN`, form, the norm's form; `TW-word`,
# `HK-word` or `CN-word`, a word, how the norm writes it; `odds`, form, per norm (TW, HK, CN, OpenCC, and
# CN as it is printed) the logarithm of how likely it is to be chosen over its variants; `word`, a word,
# who alone uses it.
"""
WORDS_HEADER = """\
# Words of one region and what another says (see jiaokan.validators.script.regional). Made by
# recipes/variants.py; do not edit. Source: OpenCC's TWPhrases, TWPhrasesRev and HKPhrases
# (Apache-2.0). Columns: region, word, what the region says, `sure` where its natively written text
# (laws, gazette and news of Taiwan; laws and documentation of the PRC; counts) has next to none of
# the word in that sense, and the characters that stand before | after the word's characters in
# native text, where they are parts of other words.
"""

SHAPES = {"産": "產", "爲": "為", "衆": "眾", "麽": "麼", "僞": "偽"}
"""What Taiwan and Hong Kong both write otherwise, and converters from Simplified put there."""
ODD_SHAPES = dict(
    zip("録緑値眞敎淸査戱朶奬晩歳歴毎鷄絶敍", "錄綠值真教清查戲朵獎晚歲歷每雞絕敘", strict=True)
)
"""Shapes of the same characters in Japanese or in older type."""
NOT_VARIANTS = set("蔘樑幺麼参叁煙菸核只才")
"""Rows of OpenCC's that are other words as well."""
NAMES = ("喫茶小舖", "純喫茶")
OTHER_SENSES = """
進程 運行 指針 函數 布爾 網卡 實例 腳本 溢出 奔馳 萬象 綁定 串行 局部 打開 圖像 觸摸 低級 交互 死機 涼菜
查看 查找 添加 殺毒 重載 映射 散列 凱奇 拉洛 薩蒂 賴希 歐拉 端口 縮進 創建 加載 在線
的士 多任務 卸載 重裝 導出 默認 拋出 隊列 音頻 存儲 枚舉
资料 装置 搜寻 通讯 使用者 线上 批次 停用 影像 分散式 载入 许可权
专案 互动 传送 元件 例项 冷盘 低阶 冰棒 乳酪 位元 光碟 卷轴 变数 呼叫 回拨 咖哩 堆叠 塑胶 外挂 字型 截图
子音 存取 定址 扩音 拨出 排程 支援 效能 数位 映象 机率 检视 桌布 模组 汇入 汇出 泡面 连线 连结 社群 稽核
联络 烧录 缩图 行程 西元 视窗 视讯 触控 讯号 讯息 设定 贴上 过载 进阶 释出 重灌 除错 音讯 高阶 影印 录影
剪下 点选 登入 登出 破图 尤拉 凯吉 拉罗 萨提 莱许 永珍 对映 母音 叮当 回圈 丢掷 字首 字尾 阵列
"""
"""Words that mean other things too, although counts do not show it."""

ZHU = "專著 原著 編著 論著 遺著 譯著 拙著 卓著 土著 較著 著書 著有 著稱 新著 舊著 顯著 名著"
"""Words in which 著 is not the 着 of Hong Kong; OpenCC's list is short."""
BY_SENSE = "核才"
"""OpenCC writes 覈 for it, or 纔, in some words (審覈) and not in others (核心): no sign of a norm."""

NORM_SHARES = {("臺", "台"): (0.6, 0.2, 0.2, 0.97, 0.8)}
"""Pairs that the counts of Cantonese text would tell wrong: its sentences are of both regions."""

PRINTED = 0.95
"""How likely the mainland's print is to write the form of its norm: text that was converted there, or
is typed, often does not."""
OF_MAINLAND = np.array([0.1, 0.1, 0.9, 0.1, PRINTED])
"""How likely each norm is to write a form that is Simplified and the mainland's Traditional (决 内):
others have it where something went wrong."""
OF_MAINLAND_OR_SLIP = np.array([0.2, 0.2, 0.6, 0.1, PRINTED])
"""The same of those that people elsewhere type for the other, though seldom (没)."""
NOT_PRINTED = np.array([0.9, 0.9, 0.9, 0.9, 1 - PRINTED])
"""The same of what others write for all these (決 內 沒), converted text of the mainland too."""

SLIPS, SELDOM = 2, 20
"""So often must a form be in today's text to be a slip, and so many times as often the other."""

STRANGE, TELLING = 3, 1.5
"""A word that is in the other region's text so often tells only where it is so many times as common in
its own."""

_LOG_FLOOR = 0.01


def build() -> dict[str, str | bytes]:
    lines = [f"shape\t{form}\t{usual}\n" for form, usual in SHAPES.items()]
    hong_kong, norms = hong_kong_forms(), forms_by_norm()
    for norm, forms in norms.items():
        lines += [f"{norm}\t{form}\t{usual}\n" for form, usual in sorted(forms.items())]
    lines += [f"TW-word\t{word}\t{kept}\n" for word, kept in sorted(taiwan_words().items())]
    lines += [f"HK-word\t{word}\t{kept}\n" for word, kept in sorted(hong_kong_words(hong_kong))]
    words_of_zhu = [word for word, _ in hong_kong_words(hong_kong) if "著" in word]
    written = mainland_words(norms["CN"], words_of_zhu)
    lines += [f"CN-word\t{word}\t{kept}\n" for word, kept in sorted(written.items())]
    lines += [f"odds\t{form}\t" + "\t".join(f"{v:.2f}" for v in row) + "\n" for form, row in odds()]
    texts = native_texts()
    words = list(regional_words(texts))
    lines += [f"word\t{word}\t{region}\n" for word, region in sorted(telling_words(words, texts))]
    return {
        "validators/tables/variants.tsv": HEADER + "".join(lines),
        "validators/tables/regional-words.tsv": WORDS_HEADER + "".join(words),
    }


def _characters(name: str) -> dict[str, str]:
    """The first form of each character of a dictionary, where it is another one."""
    rows = ((key, values[0]) for key, values in opencc_rows(name) if len(key) == 1)
    return {key: value for key, value in rows if key != value and key not in NOT_VARIANTS}


def taiwan_forms() -> dict[str, str]:
    """Variants to Taiwan's forms: OpenCC's, Hong Kong's shapes undone, odd shapes put right."""
    standard = _characters("HKVariantsRev.txt")
    local = _characters("TWVariants.txt")
    found = {form: local.get(usual, usual) for form, usual in standard.items()}
    found |= local | SHAPES | ODD_SHAPES
    counts = traditional_counts()
    modern, dictionary = counts["modern"], counts["dictionary"]

    def is_borne_out(form: str, usual: str) -> bool:
        a, b = int(modern[ord(form)]), int(modern[ord(usual)])
        c, d = int(dictionary[ord(form)]), int(dictionary[ord(usual)])
        return b >= 4 * a and (d >= 2 * c or c + d < 5 or (b >= 100 * a and 2 * d > c))

    return {a: b for a, b in found.items() if a != b and is_borne_out(a, b)}


def forms_by_norm() -> dict[str, dict[str, str]]:
    """What each norm that can be asked for does not write, and what instead."""
    mainland = mainland_forms(SHAPES | ODD_SHAPES)
    others = only_mainland(mainland, traditional_counts()["modern"]) | slips()
    hong_kong = hong_kong_forms()
    others_there = {a: b for a, b in others.items() if a not in hong_kong.values()}
    return {"TW": others | taiwan_forms(), "HK": others_there | hong_kong, "CN": mainland}


def slips() -> dict[str, str]:
    """Simplified forms that are no signs of Simplified, because native text has them (没 for 沒), but
    so seldom that they are none of its norm either."""
    counts = traditional_counts()
    modern, dictionary = counts["modern"], counts["dictionary"]
    return {
        form: usual
        for form, usual in read_rows()["K"].items()
        if len(usual) == 1
        and SLIPS <= modern[ord(form)] <= modern[ord(usual)] / SELDOM
        and SELDOM * dictionary[ord(form)] <= dictionary[ord(usual)] + SELDOM
    }


def taiwan_words() -> dict[str, str]:
    """Words that keep a form that would be changed."""
    kept = {key: values[0] for key, values in opencc_rows("TWVariantsPhrases.txt")}
    kept |= {word: word for word in NAMES}
    return {word: value for word, value in kept.items() if not NOT_VARIANTS & set(word)}


def hong_kong_forms() -> dict[str, str]:
    """Variants to Hong Kong's forms: OpenCC's, and Taiwan's forms where the two differ."""
    return _characters("HKVariants.txt") | SHAPES | ODD_SHAPES | {"裡": "裏", "著": "着"}


def hong_kong_words(forms: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Words that keep a form, 著 above all: 著作 and 顯著, but 看着."""
    for key, values in opencc_rows("HKVariantsPhrases.txt"):
        if len(key) > 1 and any(character in forms for character in key):
            yield key, values[0]
    words = {key for key, _ in opencc_rows("TWVariantsRevPhrases.txt") if "著" in key}
    for word in words - {"待著", "著於", "著志", "著式", "著白"} | set(ZHU.split()):
        yield word, "".join(forms.get(c, c) if c != "著" else c for c in word)


def odds() -> Iterator[tuple[str, tuple[float, ...]]]:
    """How likely each norm is to choose a form over its variants."""
    counts = traditional_counts()
    modern, cantonese = counts["modern"], counts["cantonese"]
    from opencc import OpenCC  # only here: the tests of the tables do without

    text = "\n".join(d for name in ("prc-laws", "oi-wiki") for d in tuning_documents(name))
    points = np.frombuffer(OpenCC("s2t").convert(text).encode("utf-32-le"), dtype=np.uint32)
    converted = np.bincount(points, minlength=0x110000)
    official = set(_characters("HKVariants.txt").values()) | {"裏", "着"}
    standard = _characters("TWVariants.txt")
    mainland = set("爲産衆裏着麽僞喫牀") | set(ODD_SHAPES)
    pairs = {
        **_characters("HKVariants.txt"),
        **standard,
        **SHAPES,
        **ODD_SHAPES,
        "綫": "線",
        "裏": "裡",
    }
    pairs |= {"羣": "群", "峯": "峰", "着": "著", "啓": "啟"}
    for (form, usual), given in NORM_SHARES.items():
        values = np.array(given)
        for name, shares in ((form, values), (usual, 1 - values)):
            yield name, tuple(np.log(shares).tolist())
    norms = forms_by_norm()
    written = read_rows()
    simplified = {a for a, b in written["S"].items() if a not in b} - {*written["K"], *written["O"]}
    told = {*hong_kong_forms().values(), *pairs, *SHAPES}
    alone = only_mainland(norms["CN"], modern)
    often = slips()
    for usual, form in sorted(norms["CN"].items()):
        if (form in simplified or form in alone or form in often) and not {form, usual} & told:
            shares = OF_MAINLAND_OR_SLIP if form in often else OF_MAINLAND
            yield form, tuple(np.log(shares).tolist())
            yield usual, tuple(np.log(NOT_PRINTED).tolist())
    for form, usual in sorted(pairs.items()):
        if (form, usual) in NORM_SHARES or (usual, form) in NORM_SHARES:
            continue
        if usual in BY_SENSE:
            continue
        seen = [int(c[ord(x)]) for c in (modern, cantonese) for x in (form, usual)]
        if min(sum(seen[:2]), sum(seen[2:])) < 5:
            continue
        in_taiwan, in_hong_kong = _share(*seen[:2]), _share(*seen[2:])
        if form in official or usual in official:  # the Cantonese sentences are of many hands
            in_hong_kong = (in_hong_kong + (0.9 if form in official else 0.1)) / 2
        in_opencc = _share(*(int(converted[ord(x)]) for x in (form, usual)))
        in_mainland = 0.4 if form in mainland else 0.05
        ours = norms["CN"]
        printed = PRINTED if ours.get(usual) == form else 1 - PRINTED if form in ours else 0.5
        shares = np.array([in_taiwan, in_hong_kong, in_mainland, in_opencc, printed])
        for name, values in ((form, shares), (usual, 1 - shares)):
            yield name, tuple(np.log(np.clip(values, _LOG_FLOOR, 1)).tolist())


def _share(form: int, usual: int) -> float:
    return (form + 0.5) / (form + usual + 1)


def native_texts() -> dict[str, str]:
    """What each region's writers wrote."""
    of = {"TW": TRADITIONAL["modern"], "HK": TRADITIONAL["cantonese"], "CN": SIMPLIFIED}
    return {
        region: "\n".join(d for name in names for d in tuning_documents(name))
        for region, names in of.items()
    }


def regional_words(texts: dict[str, str]) -> Iterator[str]:
    """Rows of words and what each region says."""
    to_taiwan, to_hong_kong = taiwan_forms(), hong_kong_forms()
    simplified = {k: v[0] for k, v in opencc_rows("TSCharacters.txt") if len(k) == 1}
    sources = (
        ("TW", "TWPhrases.txt", to_taiwan),
        ("HK", "HKPhrases.txt", to_hong_kong),
        ("CN", "TWPhrasesRev.txt", simplified),
    )
    for region, name, forms in sources:
        text = texts[region]
        pairs = _Pairs(text)
        rows = {}
        for key, values in opencc_rows(name):
            word, other = ("".join(forms.get(c, c) for c in w) for w in (key, values[0]))
            if word != other and len(word) > 1:
                rows[word] = other
        # 文檔 becomes 文件, so 文件 must stay; 以太网路由器 is what some word becomes, so it stays whole.
        rows = {word: other for word, other in rows.items() if word not in rows.values()}
        whole = {other for other in rows.values() for word in rows if word in other}
        rows |= {word: word for word in whole}
        for word, other in sorted(rows.items()):
            before, after, wrong = _around(text, pairs, word)
            right = text.count(other) if pairs.may_have(other) else 0
            is_rare = wrong <= 2 or (right >= 5 and wrong <= 0.2 * right)
            sure = "sure" if is_rare and word not in OTHER_SENSES.split() else "unsure"
            yield f"{region}\t{word}\t{other}\t{sure}\t{before}|{after}\n"


def telling_words(rows: list[str], texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Words, in Traditional, that Taiwan or the mainland alone uses, and whose characters the other's
    text does not have side by side (区域内建设 has 內建, 数字元素 字元)."""
    simplified = {k: v[0] for k, v in opencc_rows("TSCharacters.txt") if len(k) == 1}
    columns = [row.split("\t") for row in rows]
    sure = {
        (region, word) for region, word, other, how, _ in columns if how == "sure" and word != other
    }

    def is_telling(one: str, here: str, other: str, there: str) -> bool:
        strange = texts[there].count(other)
        often = texts[here].count(one) / len(texts[here])
        return strange < STRANGE or often >= TELLING * strange / len(texts[there])

    for key, _ in opencc_rows("TWPhrasesRev.txt"):
        there = "".join(simplified.get(c, c) for c in key)
        if ("CN", there) in sure and len(key) > 1 and is_telling(key, "TW", there, "CN"):
            yield key, "TW"
    for region, word in sure:
        if region == "TW":
            here = "".join(simplified.get(c, c) for c in word)
            if is_telling(here, "CN", word, "TW"):
                yield word, "CN"


class _Pairs:
    """How often characters, and pairs of them, stand in a text."""

    def __init__(self, text: str) -> None:
        points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        self.size = len(points)
        self._single = np.bincount(points.astype(np.int64), minlength=0x110000)
        self._keys, self._times = np.unique((points[:-1] << 21) | points[1:], return_counts=True)

    def times(self, left: str, right: str) -> int:
        key = (ord(left) << 21) | ord(right)
        at = int(np.searchsorted(self._keys, key))
        return int(self._times[at]) if at < len(self._keys) and self._keys[at] == key else 0

    def may_have(self, word: str) -> bool:
        """Whether each pair of a word is there: most words are not, and need not be searched for."""
        return all(self.times(left, right) for left, right in pairwise(word))

    def belong(self, left: str, right: str, times: int) -> bool:
        """Whether two ideographs are a pair, oftener than by chance and than `times`."""
        if not all("\u3400" <= character < "\ua000" for character in left + right):
            return False
        together = self.times(left, right)
        by_chance = int(self._single[ord(left)]) * int(self._single[ord(right)]) / self.size
        return together > 50 * times and together > 4 * by_chance


def _around(text: str, pairs: _Pairs, word: str) -> tuple[str, str, int]:
    """What stands before and after a word's characters where they are parts of other words.

    Those are neighbours that belong with the character beside them, and are far more often with it
    alone: 日 before 內存, as in 工作日內存入. The last is how often the word stands without such.
    """
    if not pairs.may_have(word):
        return "", "", 0
    places: list[tuple[str, str]] = []
    at = text.find(word)
    while at >= 0:
        places.append((text[max(0, at - 1) : at], text[at + len(word) : at + len(word) + 1]))
        at = text.find(word, at + 1)
    lefts, rights = Counter(left for left, _ in places), Counter(right for _, right in places)
    before = {c for c, n in lefts.items() if c and pairs.belong(c, word[0], n)}
    after = {c for c, n in rights.items() if c and pairs.belong(word[-1], c, n)}
    alone = sum(left not in before and right not in after for left, right in places)
    return "".join(sorted(before)), "".join(sorted(after)), alone
