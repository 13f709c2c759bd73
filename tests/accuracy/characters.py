"""Characters mended, and good ones left alone. NFKC is Python's, over the same text."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from unicodedata import normalize

import jiaokan
from jiaokan.validators.characters.ideographs import private_use, radicals
from tests.accuracy._radical_talk import TALK
from tests.accuracy.rows import Row, percent
from tests.accuracy.sets import SHARED, documents, json_lines, prose_sets, rank_of

RADICAL = re.compile("[\u2e80-\u2fdf]")
CLEAN = ("zh-Hans/prc-laws", "zh-Hans/wikipedia", "zh-Hant/tw-laws", "zh-Hant/wikipedia")
LONGEST = 1000

Damage = Callable[[str, random.Random], str]


def measure(share: float) -> Iterator[Row]:
    others = {rule.family for rule in jiaokan.RULES} - {"characters"}
    repairer = jiaokan.Repairer(ignore=sorted(others))  # to select it would apply unsafe rules
    yield from _pdf(repairer)
    left = sum(repairer.repair(text).text == text for text in TALK)
    flat = sum(normalize("NFKC", text) == text for text in TALK)
    yield Row(
        "texts about radicals left alone",
        "100%",
        percent(left, len(TALK)),
        {"NFKC": percent(flat, len(TALK))},
    )
    yield from _made(repairer, share)
    yield from _harm(repairer, share)


def _pdf(repairer: jiaokan.Repairer) -> Iterator[Row]:
    for folder in sorted((SHARED / "lines" / "pdf_roundtrip").glob("*mutool")):
        text = (folder / "extracted.txt").read_text("utf-8")
        number = len(RADICAL.findall(text))
        if not number:
            continue
        out = repairer.repair(text).text
        stands_for = {**radicals(), "\u2f3e": "户"}  # as the true text has it, which is Simplified
        wanted = "".join(stands_for.get(char, char) for char in text)
        right = sum(a == b for a, b, c in zip(out, wanted, text, strict=True) if RADICAL.match(c))
        flat = len(RADICAL.findall(normalize("NFKC", text)))
        yield Row(
            f"radicals restored in {folder.name}",
            "100%",
            percent(right, number),
            {"NFKC": percent(number - flat, number)},
        )
        lines = [line for line in text.splitlines() if RADICAL.search(line)]
        alone = sum(len(repairer.repair(line).edits) for line in lines)
        yield Row("the same, each line a document of its own", "", percent(alone, number))
        truth = {record["text"] for record in json_lines(*_parts(folder, "truth_paragraphs"))}
        yield Row("radicals in its true text", "", str(sum(map(len, map(RADICAL.findall, truth)))))


def _parts(folder: object, name: str) -> tuple[str, ...]:
    return (*str(folder).removeprefix(str(SHARED)).strip("/").split("/"), f"{name}.jsonl")


def _every(number: int, mark: str) -> Damage:
    """Put something after one character in so many, between characters that are no spaces."""

    def damage(text: str, random_: random.Random) -> str:
        parts = []
        for char, following in zip(text, text[1:] + "\n", strict=True):
            parts.append(char)
            between = "\u4e00" <= char <= "\u9fff" and "\u4e00" <= following <= "\u9fff"
            if between and random_.random() * number < 1:
                parts.append(mark)
        return "".join(parts)

    return damage


def _swap(table: dict[str, str], share: float) -> Damage:
    """Put another code point for this share of the characters of a table."""

    def damage(text: str, random_: random.Random) -> str:
        return "".join(
            table[char] if char in table and random_.random() < share else char for char in text
        )

    return damage


def _damages() -> dict[str, Damage]:
    kangxi = {v: k for k, v in radicals().items() if k >= "\u2f00"}
    compatibility = {
        normalize("NFC", chr(p)): chr(p)
        for p in range(0xF900, 0xFA0C)
        if len(normalize("NFC", chr(p))) == 1
    }
    numbers = {chr(p): f"&#{p};" for p in range(0x4E00, 0xA000)}
    return {
        "zero-width spaces, one in 20": _every(20, "\u200b"),
        "zero-width joiners, one in 20": _every(20, "\u200d"),
        "byte order marks, one in 50": _every(50, "\ufeff"),
        "soft hyphens, one in 50": _every(50, "\u00ad"),
        "direction marks, one in 50": _every(50, "\u200e"),
        "control noise, one in 20": _every(20, "\x07"),
        "Kangxi radicals, all": _swap(kangxi, 1.0),
        "Kangxi radicals, one in 10": _swap(kangxi, 0.1),
        "compatibility ideographs, one in 10": _swap(compatibility, 0.1),
        "numeric references, one in 50": _swap(numbers, 0.02),
    }


def _made(repairer: jiaokan.Repairer, share: float) -> Iterator[Row]:
    """Damage put into clean documents of the reporting half."""
    texts = [
        text[:LONGEST]
        for name in CLEAN
        for text in documents(name, "report")
        if rank_of(text) < share * 0.3
    ]
    texts = [text for text in texts if repairer.repair(text).text == text]
    for name, damage in _damages().items():
        random_ = random.Random(5)
        damaged = [(text, damage(text, random_)) for text in texts]
        damaged = [(text, worse) for text, worse in damaged if text != worse]
        outs = [repairer.repair(worse).text for _, worse in damaged]
        exact = sum(out == text for out, (text, _) in zip(outs, damaged, strict=True))
        flat = sum(normalize("NFKC", worse) == text for text, worse in damaged)
        yield Row(
            f"documents as they were, after {name}",
            "",
            percent(exact, len(damaged)),
            {"NFKC": percent(flat, len(damaged))},
        )
    yield _cantonese(repairer, share)


def _cantonese(repairer: jiaokan.Repairer, share: float) -> Row:
    """Written Cantonese with its own characters where HKSCS fonts had them."""
    table = {v: k for k, v in private_use("hkscs").items() if "\u3400" <= v <= "\u9fff"}
    damage = _swap(table, 1.0)
    total = right = 0
    for text in documents("other/yue-ctcpc-sentences", "report"):
        if rank_of(text) >= share:
            continue
        worse = damage(text, random.Random(5))
        out = repairer.repair(worse).text
        places = [index for index, char in enumerate(worse) if "\ue000" <= char <= "\uf8ff"]
        total += len(places)
        if len(out) == len(text):
            right += sum(out[index] == text[index] for index in places)
    return Row("HKSCS characters brought back from private use", "", percent(right, total))


def _harm(repairer: jiaokan.Repairer, share: float) -> Iterator[Row]:
    size = flat = paragraphs = 0
    rules: Counter[str] = Counter()
    for name in prose_sets():
        texts = [d for d in documents(name) if rank_of(d) < share]
        size += sum(map(len, texts))
        for out in repairer.repair_many(texts):
            rules.update(edit.rule for edit in out.edits)
        paragraphs += len(texts)
        flat += sum(normalize("NFKC", text) != text for text in texts)
    real = rules.pop("characters/compatibility-ideograph", 0)
    real += rules.pop("characters/radical", 0)
    listed = ", ".join(f"{rule} {number}" for rule, number in rules.most_common())
    yield Row(
        "edits in clean prose, without the ideographs of the next row",
        "≤ 1 per million code points",
        f"{sum(rules.values()) * 1e6 / max(size, 1):.2f} in {size / 1e6:.0f} M",
        {"NFKC": f"changes {percent(flat, paragraphs)} documents"},
        listed,
    )
    yield Row(
        "compatibility ideographs and radicals in clean prose",
        "",
        str(real),
        note="a dozen of each set looked at, all damage: 理, 年, 不 … from KS X 1001, ⽤ from PDFs",
    )
