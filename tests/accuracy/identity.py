"""Language, script and norm of sentences and documents, and the class bits they rest on.

Only the reporting half of each set. A sentence has ten ideographs or more; a document is as it is
in its set. The Cantonese sentences are of many hands: some are standard Chinese, some Simplified.
"""

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np
from opencc import OpenCC

import jiaokan
from jiaokan.validators.classes import Class, class_table
from jiaokan.validators.norms import Norm
from jiaokan.validators.profile import Profile
from jiaokan.validators.view import View, code_points
from tests.accuracy.rows import Row, percent
from tests.accuracy.sets import documents, prose_sets, rank_of

SENTENCES = 2000
"""At most so many of each set."""
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_NAMES = {"ja-": "ja", "ko-": "ko", "lzh-classical": "lzh", "yue-": "yue"}
_MIXED = ("moedict", "vernacular")
"""Sets whose sentences are of two languages: a dictionary's examples, the old novels."""


def measure(share: float) -> Iterator[Row]:
    yield from _bits(share)
    samples = {name: _sample(name, share) for name in prose_sets()}
    yield from _languages(samples)
    yield from _scripts(samples)
    yield from _norms(samples)
    yield from _variants(share)


def _sample(name: str, share: float) -> tuple[list[Profile], list[Profile]]:
    """Profiles of sentences and of documents."""
    table = class_table()
    sentences: list[Profile] = []
    whole: list[Profile] = []
    for document in documents(name, "report"):
        if rank_of(document) >= share:
            continue
        if len(whole) < SENTENCES:
            whole.append(View(document).profile)
        for text in _SENTENCE.findall(document)[:20]:
            if len(sentences) < SENTENCES and np.count_nonzero(table[code_points(text)] & 1) >= 10:
                sentences.append(View(text).profile)
    return sentences, whole


def _bits(share: float) -> Iterator[Row]:
    """How often text of one script has characters that only the other is said to have."""
    table = class_table()
    kinds = (
        ("HANS", Class.HANS, "zh-Hant/tw-"),
        ("HANS", Class.HANS, "zh-Hant/wiki"),
        ("HANS", Class.HANS, "other/lzh"),
        ("HANT", Class.HANT, "zh-Hans/prc"),
        ("HANT", Class.HANT, "zh-Hans/"),
    )
    for name, bit, prefix in kinds:
        size = 0
        seen: Counter[str] = Counter()
        for set_name in prose_sets():
            if not set_name.startswith(prefix) or "moedict" in set_name:
                continue
            for document in documents(set_name, "report"):
                if rank_of(document) < share:
                    codes = code_points(document)
                    size += len(codes)
                    hits = codes[(table[codes] & np.uint32(bit)) != 0]
                    seen.update(map(chr, hits.tolist()))
        yield Row(
            f"{name} in {prefix}… ({size / 1e6:.1f} M)",
            "< 1 per million but for slips",
            f"{seen.total() * 1e6 / max(1, size):.2f} per million",
            note=" ".join(f"{c}{n}" for c, n in seen.most_common(12)),
        )


def _language_of_set(name: str) -> str:
    stem = name.partition("/")[2]
    return next((code for prefix, code in _NAMES.items() if stem.startswith(prefix)), "zh")


def _languages(samples: dict[str, tuple[list[Profile], list[Profile]]]) -> Iterator[Row]:
    for what, index in (("sentence", 0), ("document", 1)):
        table: dict[str, Counter[str]] = {}
        for name, pair in samples.items():
            key = _language_of_set(name)
            if any(part in name for part in _MIXED):
                key = name.partition("/")[2]
            table.setdefault(key, Counter()).update(
                p.language for p in pair[index] if p.count(Class.HAN | Class.KANA | Class.HANGUL)
            )
        for language, named in table.items():
            yield Row(
                f"language of a {what}: {language}",
                "told apart" if len(language) < 4 else "",
                percent(named[language], named.total()) if len(language) < 4 else "",
                note=", ".join(f"{k} {v}" for k, v in named.most_common()),
            )


def _scripts(samples: dict[str, tuple[list[Profile], list[Profile]]]) -> Iterator[Row]:
    for index, what in ((0, "sentence"), (1, "document")):
        for script in ("zh-Hans", "zh-Hant"):
            named: Counter[str | None] = Counter()
            for name, pair in samples.items():
                if name.startswith(script):
                    named.update(p.script for p in pair[index] if p.han >= 10)
            yield Row(
                f"script of a {what}: {script}",
                ">= 99%",
                percent(named[script], named.total(), 2),
                note=", ".join(f"{k} {v}" for k, v in named.most_common()),
            )


def _norms(samples: dict[str, tuple[list[Profile], list[Profile]]]) -> Iterator[Row]:
    """Of those whose norm is named at all."""
    sets: dict[Norm, tuple[list[Profile], list[Profile]]] = {}
    for name, pair in samples.items():
        if name.startswith("zh-Hant/tw-") or name == "zh-Hant/wikipedia":
            kept = sets.setdefault("TW", ([], []))
        elif name.startswith("other/yue"):
            kept = sets.setdefault("HK", ([], []))
        else:
            continue
        for profiles, more in zip(kept, pair, strict=True):
            profiles += more
    convert = OpenCC("s2t").convert
    sets["OpenCC"] = ([], [])
    for name in ("zh-Hans/prc-laws", "zh-Hans/wikipedia", "zh-Hans/lctt-tech-news"):
        for profiles, more in zip(sets["OpenCC"], samples[name], strict=True):
            profiles += [View(convert(profile.text[:5000])).profile for profile in more[:400]]
    print_there = jiaokan.Repairer(script="zh-Hant-CN", select=["script"]).repair
    sets["CN"] = ([], [])
    for name in ("zh-Hant/tw-president-news", "zh-Hant/tw-laws", "zh-Hant/wikipedia"):
        for profiles, more in zip(sets["CN"], samples[name], strict=True):
            profiles += [View(print_there(p.text[:5000]).text).profile for p in more[:400]]
    made = {"OpenCC": " (Simplified by OpenCC s2t)", "CN": " (Taiwan's, written in zh-Hant-CN)"}
    for norm, pair in sets.items():
        for what, profiles in zip(("sentence", "document"), pair, strict=True):
            named = Counter(profile.norm for profile in profiles)
            known = named.total() - named[None]
            yield Row(
                f"norm of a {what}: {norm}" + made.get(norm, ""),
                ">= 90% where evidence exists",
                percent(named[norm], known),
                note=f"named {percent(known, named.total())}; "
                + ", ".join(f"{k} {v}" for k, v in named.most_common() if k),
            )


def _variants(share: float) -> Iterator[Row]:
    """What `script/variant` changes in clean text by default."""
    repairer = jiaokan.Repairer(select=["script/variant"])
    for prefix in ("zh-Hant/tw-", "zh-Hans/", "other/lzh", "other/yue", "other/ja"):
        size = 0
        edits: Counter[str] = Counter()
        for name in prose_sets():
            if name.startswith(prefix):
                texts = (d for d in documents(name, "report") if rank_of(d) < share / 4)
                for out in repairer.repair_many(texts):
                    size += len(out.document.text)
                    edits.update(edit.before + edit.after for edit in out.edits)
        yield Row(
            f"script/variant on {prefix}… ({size / 1e6:.1f} M)",
            "<= 2 per million for all of script",
            f"{edits.total() * 1e6 / max(1, size):.2f} per million",
            note=" ".join(f"{c} {n}" for c, n in edits.most_common(8)),
        )
