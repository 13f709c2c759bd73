"""Leaked glosses removed, real ones kept; no other tool knows the defect."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from unicodedata import normalize

import jiaokan
from jiaokan.validators.classes import Class, classes_of
from jiaokan.validators.glosses.readings import usual_readings
from jiaokan.validators.plausibility import alone
from tests.accuracy.rows import Row, percent
from tests.accuracy.sets import documents, json_lines, prose_sets, rank_of

SEEDS = Path(__file__).parents[2] / "seeds"
SEED_GLOSSES = (110, 0, 0, 165, 157)
TRADITIONAL = ("zh-Hant/tw-president-news", "zh-Hant/tw-tainan-news", "zh-Hant/wikipedia")
DOCUMENTS = 1500
LONGEST = 2000
_MARKS = {"1": "\u0304", "2": "\u0301", "3": "\u030c", "4": "\u0300"}

SHAPES: dict[str, Callable[[str], str]] = {
    "(yè)": lambda s: f"({marked(s)})",
    "（yè）": lambda s: f"（{marked(s)}）",
    "(ye4)": lambda s: f"({s.replace('ü', 'v')})",
    "(yè), mark apart": lambda s: f"({normalize('NFD', marked(s))})",
    " (yè) ": lambda s: f" ({marked(s)}) ",
}


def marked(syllable: str) -> str:
    """A numbered syllable with its tone mark: `ye4` is `yè`."""
    letters, tone = syllable[:-1], syllable[-1]
    if tone == "5":
        return letters
    place = next((letters.index(v) for v in "aeo" if v in letters), None)
    if place is None:
        place = max(i for i, letter in enumerate(letters) if letter in "iuü")
    return normalize("NFC", letters[: place + 1] + _MARKS[tone] + letters[place + 1 :])


def leak(text: str, shape: Callable[[str], str], random_: random.Random) -> tuple[str, int]:
    """Gloss a third of the Traditional characters of a text, each wherever it stands."""
    kinds = sorted({c for c in text if classes_of(c) & Class.HANT and usual_readings(c)})
    chosen = {c for c in kinds if random_.random() < 0.33}
    chosen = {c for c in chosen if all(r[:-1].isalpha() for r in usual_readings(c))}
    readings = {c: shape(min(usual_readings(c))) for c in chosen}
    return "".join(c + readings.get(c, "") for c in text), sum(map(text.count, chosen))


def measure(share: float) -> Iterator[Row]:
    repairer = jiaokan.Repairer(select=("glosses",))
    yield _pages(repairer)
    found = tuple(
        len(repairer.repair(path.read_text("utf-8")).edits) for path in sorted(SEEDS.glob("*.txt"))
    )
    yield Row("glosses removed in the five seeds", str(SEED_GLOSSES), str(found))
    yield from _notes(repairer)
    yield from _readers(repairer, share)
    yield from _made(repairer, share)
    size = edits = 0
    for name in prose_sets():
        texts = [d for d in documents(name) if rank_of(d) < share]
        size += sum(map(len, texts))
        edits += sum(len(out.edits) for out in repairer.repair_many(texts))
    yield Row(
        "edits in clean prose",
        "0 per million code points",
        f"{edits * 1e6 / max(size, 1):.2f} ({edits} in {size / 1e6:.0f} M)",
    )


def read_aloud(text: str, number: int, random_: random.Random) -> str:
    """Gloss some less common characters where they stand first, as a school reader does."""
    bits = -alone()
    kinds = [c for c in dict.fromkeys(text) if "\u4e00" <= c <= "\u9fff" and bits[ord(c)] > 12.5]
    kinds = [c for c in kinds if usual_readings(c)]
    for char in random_.sample(kinds, min(number, len(kinds))):
        reading = min(usual_readings(char))
        if reading[:-1].isalpha():
            text = text.replace(char, f"{char}({marked(reading)})", 1)
    return text


def _readers(repairer: jiaokan.Repairer, share: float) -> Iterator[Row]:
    """The hardest case: half-width brackets, chance's choice of characters, few sentences."""
    for name in ("zh-Hans/wikipedia", "zh-Hant/wikipedia", "zh-Hant/tw-president-news"):
        random_ = random.Random(3)
        texts = [d[:200] for d in documents(name, "report") if rank_of(d) < share * 0.5]
        texts = [read_aloud(text, random_.choice((1, 2, 3, 4, 6)), random_) for text in texts]
        touched = sum(bool(repairer.repair(text).edits) for text in texts)
        yield Row(
            f"school readers imitated in {name}: documents that lost a gloss",
            "0%",
            percent(touched, len(texts)),
        )


def _pages(repairer: jiaokan.Repairer) -> Row:
    expected = removed = 0
    for record in json_lines("glosses", "leaked", "docs_with_leaks.jsonl"):
        expected += record["glosses"]
        removed += len(repairer.repair(record["text"]).edits)
    return Row("leaked glosses removed, crawled pages", "≥ 99.5%", percent(removed, expected))


def _notes(repairer: jiaokan.Repairer) -> Iterator[Row]:
    for name in ("fields", "fields_hant_by_opencc"):
        records = list(json_lines("glosses", "legitimate", f"{name}.jsonl"))
        whole = sum(len(repairer.repair(record["text"]).edits) for record in records)
        lines = [line for record in records for line in record["text"].splitlines()]
        alone = sum(len(repairer.repair(line).edits) for line in lines)
        yield Row(
            f"real glosses removed, annotated classics ({name})",
            "0",
            f"{whole} of 568; {alone} line by line",
        )


def _made(repairer: jiaokan.Repairer, share: float) -> Iterator[Row]:
    """Glosses put into native text of the reporting half, by the recipe that pages show."""
    texts = [
        text[:LONGEST]
        for name in TRADITIONAL
        for text in documents(name, "report")
        if rank_of(text) < share
    ][: int(DOCUMENTS * share) + 20]
    for shape, write in SHAPES.items():
        random_ = random.Random(7)
        total = removed = exact = 0
        for text in texts:
            damaged, number = leak(text, write, random_)
            out = repairer.repair(damaged)
            total += number
            removed += len(out.edits)
            exact += out.text == text
        yield Row(
            f"glosses put into native text as {shape}, removed",
            "≥ 99.5%",
            percent(removed, total),
            note=f"documents as they were: {percent(exact, len(texts))}",
        )
    texts = [line for text in texts for line in text.splitlines() if 12 <= len(line) <= 60]
    random_ = random.Random(7)
    total = removed = 0
    for line in texts[:4000]:
        damaged, number = leak(line, SHAPES["(yè)"], random_)
        if number in (1, 2, 3):
            total += number
            removed += len(repairer.repair(damaged).edits)
    yield Row(
        "the same in single lines of 12 to 60 characters with one to three glosses",
        "",
        percent(removed, total),
        note="the others are reported as unsafe or pass for notes",
    )
