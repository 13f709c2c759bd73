"""Each rule on damage of its own kind, put into clean passages: what is found, what comes back.

Passages are of up to 900 code points from the reporting halves, in both scripts unless the note says
another. *Recall*: of the damaged places, those where a finding of the rule's family lies (of damage
that has no place, the passages where the rule itself finds something). *Mended*: those where the
original stands again, under default settings, or with the rule selected where it is unsafe.
*Precision*: of the rule's findings in the damaged passages and in the same ones undamaged, those that
touch damage. The damage is made here and regular, as real damage is not: other sections measure
damage that tools and writers left. Debris is measured on the pages marked by hand.
"""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import jiaokan
from jiaokan.validators.values import Edit
from tests.accuracy.damage import Damage, Damaged, Place, characters, encodings, lines
from tests.accuracy.rows import Row
from tests.accuracy.sets import documents, rank_of
from tests.marked_pages import lines_found, pages

SETS = {
    "zh-Hans": ("zh-Hans/wikipedia", "zh-Hans/prc-laws", "zh-Hans/lctt-tech-news"),
    "zh-Hant": ("zh-Hant/wikipedia", "zh-Hant/tw-tainan-news", "zh-Hant/tw-president-news"),
}
MOST = 1000
"""Passages of a set."""
PASSAGES = 240
"""Of each rule, over all sets, at a share of 1."""
LONGEST = 900
SHORTEST = 150
TABLE_HEADER = """\
# What each rule finds of damage of its own kind: places, those found, those where the original stands
# again (-1: what stood there cannot be known), the rule's findings, those of them that touch damage,
# and how the damage was made. Written by `python -m tests.accuracy rules --write`.
"""


@dataclass
class Counts:
    """Of one rule. `mended` is -1 where what stood there cannot be known."""

    places: int = 0
    found: int = 0
    mended: int = 0
    findings: int = 0
    right: int = 0
    made: str = ""


def measure(share: float) -> Iterator[Row]:
    counted = counts(share)
    for rule in jiaokan.RULES:
        found = counted.get(rule.id)
        if found is None:
            yield Row(rule.id, "", "not measured", note="")
            continue
        mended = "" if found.mended < 0 else f", mended {_share(found.mended, found.places)}"
        precision = f", precision {_share(found.right, found.findings)}" if found.findings else ""
        yield Row(
            rule.id,
            "",
            f"recall {_share(found.found, found.places)}{mended}{precision}",
            note=f"{found.places:,} places, {found.findings:,} findings; {found.made}",
        )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "of nothing"


def tables(share: float) -> dict[str, str]:
    """The table that the rules' pages and `jiaokan explain` read."""
    rows = (
        f"{rule}\t{c.places}\t{c.found}\t{c.mended}\t{c.findings}\t{c.right}\t{c.made}\n"
        for rule, c in counts(share).items()
    )
    return {"validators/tables/recall.tsv": TABLE_HEADER + "".join(rows)}


@cache
def counts(share: float) -> dict[str, Counts]:
    """By rule, in the rules' order; without rules of which there was no place."""
    damages = encodings.damages() | characters.damages() | lines.damages()
    marked = _of_pages()
    found = {
        rule.id: marked.get(rule.id) or count(rule.id, damages[rule.id], share)
        for rule in jiaokan.RULES
        if rule.id in damages or rule.id in marked
    }
    return {rule: each for rule, each in found.items() if each.places}


def count(rule: str, damage: Damage, share: float) -> Counts:
    """Damages passages and sees what becomes of them."""
    repairer = jiaokan.Repairer(**damage.options)
    clean: list[str] = []
    damaged: list[Damaged] = []
    for text in _passages(damage, share):
        made = damage.injure(text, random.Random(rank_of(text)))
        if made is not None:
            clean.append(text)
            damaged.append(made)
    counts = Counts(mended=0 if damage.is_mendable else -1, made=damage.made)
    for each, out in zip(damaged, repairer.repair_many(d.data for d in damaged), strict=True):
        _add(counts, rule, damage, each, out)
    for findings in repairer.check_many(clean):
        counts.findings += sum(finding.rule == rule for finding in findings)
    return counts


def _add(counts: Counts, rule: str, damage: Damage, made: Damaged, out: jiaokan.Repaired) -> None:
    own = [finding for finding in out.findings if finding.rule == rule]
    counts.findings += len(own)
    if made.is_whole:
        counts.places += 1
        counts.found += bool(own)
        counts.right += len(own)
        if damage.is_mendable:
            counts.mended += out.text == made.original
        return
    places = made.also or made.places
    counts.right += sum(_touches(places, f.start, f.end) for f in own)
    family = rule.partition("/")[0] + "/"
    spans = sorted((f.start, f.end) for f in out.findings if f.rule.startswith(family))
    for place in made.places:
        counts.places += 1
        counts.found += any(
            start <= place.end and place.start <= end
            for start, end in spans[: bisect_right(spans, (place.end, 1 << 40))]
        )
        if damage.is_mendable:
            counts.mended += is_mended(place, places, out.edits, out.document.text)


def _touches(places: Sequence[Place], start: int, end: int) -> bool:
    at = bisect_left(places, start, key=lambda place: place.end)
    return at < len(places) and places[at].start <= end


def is_mended(place: Place, places: Sequence[Place], edits: Sequence[Edit], text: str) -> bool:
    """Whether the original stands again in a place, and in all that edits of it reach."""
    start, end = place.start, place.end
    while True:
        spans = [
            (a, b)
            for a, b in (*((p.start, p.end) for p in places), *((e.start, e.end) for e in edits))
            if (a < end and start < b) or (a <= end and start <= b and (start == end or a == b))
        ]
        low = min((a for a, _ in spans), default=start)
        high = max((b for _, b in spans), default=end)
        if (low, high) == (start, end):
            break
        start, end = low, high
    originals = [(p.start, p.end, p.original) for p in places]
    wanted = _applied(text, start, end, originals)
    got = _applied(text, start, end, [(e.start, e.end, e.after) for e in edits])
    if len(wanted) == len(got):  # of a long edit, what became of this place
        at = len(_applied(text, start, place.start, originals))
        span = slice(at, at + len(place.original))
        return wanted[span] == got[span] and (wanted == got or bool(place.original))
    return wanted == got


def _applied(text: str, start: int, end: int, changes: list[tuple[int, int, str]]) -> str:
    parts = []
    at = start
    for first, last, after in changes:
        if start <= first and last <= end:
            parts += [text[at:first], after]
            at = last
    return "".join([*parts, text[at:end]])


def _passages(damage: Damage, share: float) -> Iterator[str]:
    script = damage.script
    names = SETS.get(script) or tuple(script.split()) or (*SETS["zh-Hans"], *SETS["zh-Hant"])
    for name in names:
        wanted = max(4, int(PASSAGES * share / len(names))) * damage.tries
        found = _all_of_set(name)
        for at in range(0, len(found), damage.together):
            if at // damage.together >= wanted:
                break
            yield "\n".join(found[at : at + damage.together])


@cache
def _all_of_set(name: str) -> tuple[str, ...]:
    """Passages of the reporting half, those of lowest rank first: whole lines from the beginning."""
    found = []
    if name.endswith("-sentences"):  # single sentences, some of them together
        sentences = sorted(documents(name, "report"), key=rank_of)[: MOST * 8]
        found = ["\n".join(sentences[at : at + 8]) for at in range(0, len(sentences), 8)]
    else:
        for text in sorted(documents(name, "report"), key=rank_of):
            if len(found) == MOST:
                break
            passage = text[:LONGEST]
            passage = passage if len(passage) == len(text) else passage.rpartition("\n")[0]
            if len(passage) >= SHORTEST:
                found.append(passage)
    return tuple(found)


def _of_pages() -> dict[str, Counts]:
    """Furniture: lines of the pages for reporting that were marked by hand."""
    repairer = jiaokan.Repairer(select=["debris"], ignore=["debris/empty-brackets"])
    found: dict[str, Counts] = {}
    for page in (page for page in pages() if page.half == "report"):
        findings = repairer.check(page.text)
        reported = lines_found(page.text, ((f.start, f.end) for f in findings))
        for number, kind in enumerate(page.kinds):
            if kind:
                counts = found.setdefault(f"debris/{kind}", _marked())
                counts.places += 1
                counts.found += number in reported
        wanted = {number for number, kind in enumerate(page.kinds) if kind}
        for finding in findings:
            counts = found.setdefault(finding.rule, _marked())
            counts.findings += 1
            counts.right += bool(
                lines_found(page.text, iter([(finding.start, finding.end)])) & wanted
            )
    return found


def _marked() -> Counts:
    return Counts(mended=-1, made="pages marked by hand")
