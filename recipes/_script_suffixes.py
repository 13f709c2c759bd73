"""Examples of 系 after nouns, and names of places and languages, for recipes.script_model.

Text of government has 係 as a verb in every paragraph, so that a noun it does not know is taken for a
subject: 滇系。 becomes 滇係。. The verb hardly ever ends a clause, or stands before 的 or 與.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from jiaokan.validators.script.forms import TRADITIONAL, forms
from jiaokan.validators.view import code_points
from recipes._script_training import Examples, examples_of
from recipes.sources import SourceMissingError

COMMON = 100
"""How often jieba's counts must have a noun."""
SUFFIX, AFTER = "系", "，。、）」的與和及"
"""What follows the nouns, and what follows it."""
WEIGHT = 0.5
_SYLLABLES = (
    "特里 格里 戈里 列里 雷里 布里 伯里 瓦里 奧里 蒂里 德里 莫里 米里 弗里 科里 "
    "索里 維里 烏里 基里 普里 佩里 菲里 貝里 魯里 克里 阿里 比里 迪里 洛里 納里 "
    "薩里 喀里 爾里 亞里 拉里 馬里 加里 哈里 巴里 瑪里 亨里 利里 里奧 里卡 里斯 "
    "里德 里根 里維 里克 里希 里茲 里約 里亞 里昂 里戈 里姆 里爾 里耳 里歐 里諾 "
    "里索 里米 里尼 里恩 貝托 維托 卡托 博托 安托 奧托 阿托 布托 伊托 斯托 桑托 "
    "普托 拉托 巴托 蘭托 基托 莫托 托尼 托土 托爾 托里 托雷 托馬 托比 托拉 托莫 "
    "托克 托斯 托勒 托普 托萊 托瓦 托姆 托德 托卡 托忒 范克 范德 范布 范霍 范尼 "
    "范倫 范登 范戴 范加 朴次茅斯 朴茨茅斯 朴資茅斯 于貝爾 于爾根 于默奧 于斯曼 "
    "克里斯 阿范 杰里 杰克 杰夫 杰拉 "
)
SYLLABLES = frozenset(_SYLLABLES.split())
"""Syllables of foreign names that are written with a character of several forms."""


def suffixed(listed: dict[str, float]) -> Examples:
    """Nouns with the suffix. `listed` has Traditional words and how common each is."""
    random = np.random.default_rng(4)
    lines: list[str] = []
    weights: list[float] = []
    for noun in _nouns(listed):
        lines.append(noun + SUFFIX + AFTER[random.integers(len(AFTER))])
        weights += [0.0] * len(noun) + [WEIGHT, 0.0, 0.0]
    return examples_of(code_points("\n".join([*lines, ""])), TRADITIONAL, np.array(weights))


def _nouns(listed: dict[str, float]) -> Iterator[str]:
    """jieba's nouns that are no names, in Traditional."""
    try:
        import jieba
    except ImportError:
        raise SourceMissingError("pip install jieba") from None
    folded = forms().folded
    usual: dict[bytes, str] = {}
    for word, count in listed.items():
        key = folded[code_points(word)].tobytes()
        if key not in usual or listed[usual[key]] < count:
            usual[key] = word
    path = Path(str(jieba.__file__)).parent / "dict.txt"
    for line in path.read_text("utf-8").splitlines():
        word, often, kind = line.split(" ")
        meant = usual.get(folded[code_points(word)].tobytes())
        is_noun = kind == "n" and 2 <= len(word) <= 3 and int(often) >= COMMON
        if is_noun and meant and meant[-1] not in "系係":
            yield meant


def names() -> list[str]:
    """Names of countries, cities, languages, scripts and currencies, as CLDR has them for Taiwan."""
    try:
        from babel import Locale
    except ImportError:
        raise SourceMissingError("pip install babel") from None
    locale = Locale("zh", territory="TW", script="Hant")
    tables = (locale.territories, locale.languages, locale.scripts, locale.currencies)
    found = {name for table in tables for name in table.values()}
    found |= {zone["city"] for zone in locale.time_zones.values() if "city" in zone}
    plain = {name for name in found if all("\u4e00" <= c <= "\u9fff" for c in name)}
    return sorted(plain | SYLLABLES)
