"""`validators/tables/languages.tsv`: what each character says about classical and Cantonese text.

A softmax over shares of function characters, fitted on the tuning halves of the clean sets; script
is folded away first. Only characters named here, and such as every kind of modern text has and
classical text has not, are weighed: weights of all frequent ones would learn the sets' subjects.
"""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from recipes._native import sum_of, tuning_documents
from recipes.sources import opencc_rows

HEADER = """\
# What a character says of the language of a text (see jiaokan.validators.languages). Made by
# recipes/languages.py; do not edit. Columns: character, weight for classical Chinese, weight for
# written Cantonese, both against modern written Chinese. First row: the constants.
# Second row: characters that only Japanese text has (OpenCC's JPShinjitaiCharacters, Apache-2.0,
# less what GB 2312, Big5 or OpenCC's other tables know).
# Fitted to counts in ../shared/data/prose: laws, gazette and news of Taiwan's and the PRC's
# governments (not under copyright), classical texts (public domain), HKCanCor (CC BY) and the
# ctcpc sentences (CC0), documentation of Python (PSF), TiDB and OI Wiki (CC BY-SA).
"""

CLASSICAL = (
    "之其矣乎曰焉哉耳乃吾汝尔遂弗毋勿曷奚胡孰而于以为者所则虽岂盖夫惟唯犹恶无未尝已故是此彼斯兹云谓使令"
    "与及亦皆俱咸诸欲莫或某邪欤耶然余予君臣复闻"
)
TALK = "不也有自可得见知又如何因即却请相子命安既且非若公至"
"""Frequent in classical text, but in modern talk and fiction as well, which the sets have none of."""
MODERN = (
    "的了是我们你他她它这那个在和就都很会能要说到着过把被给让但没还从对等什么怎吗吧呢啊样种些将并用来"
    "去做应后里更最只第啦啊呢仔返埋系"
)
CANTONESE = "嘅咗喺唔佢冇嘢啲嗰咁乜嚟俾睇噉攞瞓㗎喇咩嘞噃啱哋嗱咪揾畀谂嗌咯囉啰啩喎叻攰靓冧嬲氹"
SETS = (
    ("tw-laws", "tw-president-news", "tw-tainan-news", "tw-ey-gazette", "prc-laws", "tidb-docs-cn",
     "oi-wiki", "d2l-zh-textbook", "python-docs-zh-cn"),
    ("lzh-classical-hant",),
    ("yue-ctcpc-sentences", "yue-hkcancor"),
)  # fmt: skip
PRIOR = (0.5, 0.25, 0.25)
SENTENCES = 6000
"""From each set."""
STEPS = 400
DECAY = 3e-5

_SENTENCE = re.compile(r"[^。！？!?\n]+")

Floats = NDArray[np.float64]


def build() -> dict[str, str | bytes]:
    features = chosen_characters()
    weights, constants = fit(features)
    rows = [f"\t{constants[1]:.3f}\t{constants[2]:.3f}\n"]
    rows.append(f"{shinjitai()}\t\t\n")
    fold = folding()
    row_of = {point: row for row, point in enumerate(features)}
    for point in np.flatnonzero(np.isin(fold, features)).tolist():
        weight = weights[row_of[int(fold[point])]]
        rows.append(f"{chr(point)}\t{weight[1]:.3f}\t{weight[2]:.3f}\n")
    return {"validators/tables/languages.tsv": HEADER + "".join(rows)}


@cache
def folding() -> NDArray[np.uint32]:
    """Each code point to its Simplified form."""
    fold = np.arange(0x110000, dtype=np.uint32)
    for key, values in opencc_rows("TSCharacters.txt"):
        if len(key) == 1 and len(values[0]) == 1:
            fold[ord(key)] = ord(values[0])
    return fold


def shinjitai() -> str:
    """Characters that Japan simplified in its own way."""
    forms = {form for form, _ in opencc_rows("JPShinjitaiCharacters.txt")}
    known = {
        key for name in ("STCharacters.txt", "TSCharacters.txt") for key, _ in opencc_rows(name)
    }

    def is_encoded(form: str, encoding: str) -> bool:
        try:
            return bool(form.encode(encoding))
        except UnicodeEncodeError:
            return False

    foreign = (
        f for f in forms - known if not is_encoded(f, "gb2312") and not is_encoded(f, "cp950")
    )
    return "".join(sorted(foreign))


def chosen_characters() -> list[int]:
    """The function characters, and the frequent ones that old text has next to none of."""
    fold = folding()

    def shares(name: str) -> Floats:
        counts = sum_of([name]).astype(np.float64)
        counts[:0x3400] = 0
        counts[0xA000:] = 0
        folded = np.bincount(fold, weights=counts, minlength=len(fold))
        total: Floats = folded / folded.sum()
        return total

    modern = np.stack([shares(name) for name in SETS[0]])
    old = np.maximum(shares("lzh-classical-hant"), shares("lzh-vernacular-novels-hant"))
    mean = modern.mean(axis=0)
    frequent = np.argsort(-mean)[:700]
    is_modern = (mean > 8 * (old + 2e-6)) & (modern.min(axis=0) > 5e-5)
    named = {int(fold[ord(c)]) for c in CLASSICAL + TALK + MODERN + CANTONESE}
    return sorted(named | {int(point) for point in frequent if is_modern[point]})


def fit(features: list[int]) -> tuple[Floats, Floats]:
    """Weights (features, languages) and constants, relative to modern Chinese."""
    row_of = np.full(0x110000, len(features))
    row_of[features] = np.arange(len(features))
    row_of = row_of[folding()]
    xs, ys, weights = [], [], []
    for language, names in enumerate(SETS):
        samples = [sentences(name) for name in names]
        total = sum(map(len, samples))
        for sample in samples:
            xs.append(np.stack([shares_of(text, row_of, len(features)) for text in sample]))
            ys.append(np.full(len(sample), language))
            weights.append(np.full(len(sample), PRIOR[language] / total))
    # 你 and 去 are frequent in talk, not in Cantonese alone; the sets of modern text have no talk. So
    # only a language's own characters may speak for it.
    fold = folding()
    is_own = np.ones((len(features) + 1, len(SETS)), dtype=np.bool_)
    for column, own in ((1, CLASSICAL), (2, CANTONESE)):
        is_own[:-1, column] = np.isin(features, [fold[ord(character)] for character in own])
    x, y, weight = np.concatenate(xs), np.eye(3)[np.concatenate(ys)], np.concatenate(weights)
    x = np.hstack([x, np.ones((len(x), 1))])
    shape = (x.shape[1], len(SETS))
    w, mean, square = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for step in range(1, STEPS + 1):  # Adam
        odds = x @ w
        odds = np.exp(odds - odds.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        slope = x.T @ ((odds - y) * weight[:, None])
        slope[:-1] += DECAY * w[:-1]
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        w -= 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        w = np.where(is_own, w, np.minimum(w, w[:, :1]))
    w -= w[:, :1].copy()
    return w[:-1], w[-1]


def shares_of(text: str, row_of: NDArray[np.int64], size: int) -> Floats:
    """How often each feature stands in a text, over the root of its number of ideographs."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    han = np.count_nonzero((points >= 0x3400) & (points < 0xA000))
    counts: Floats = np.bincount(row_of[points], minlength=size + 1)[:size] / np.sqrt(
        max(int(han), 1)
    )
    return counts


def sentences(name: str) -> list[str]:
    """An even sample of a set's sentences of ten ideographs or more."""
    found = [
        text
        for document in tuning_documents(name)
        for text in _SENTENCE.findall(document)
        if sum("\u3400" <= c < "\ua000" for c in text) >= 10
    ]
    step = max(1, len(found) // SENTENCES)
    return found[::step][:SENTENCES]
