"""The screened road of a batch gives what each document gives alone, on text of every kind there is."""

import gc
import random
from collections.abc import Iterator
from itertools import islice

import pytest

import jiaokan
from tests.accuracy.sets import SHARED, available, documents, prose_sets, rank_of

pytestmark = pytest.mark.skipif(not available(), reason="needs ../shared/data")

PER_SET = 3
LONGEST = 1_200
SHARE = 0.02
_TEXT_FILES = (".txt", ".srt", ".md", ".po", ".csv", ".tsv", ".json", ".jsonl", ".html", ".xml")
_MISREADINGS = (("utf-8", "gbk"), ("utf-8", "latin-1"), ("gbk", "latin-1"), ("utf-8", "big5"))
_DAMAGE = (
    "企業(yè)家",
    "發(fā)展",
    ",",
    "(",
    "\u200b",
    "\ufffd",
    "&#20013;",
    "\n\n",
    " ",
    "⼀",
    "后",
)


def sample() -> Iterator[str | bytes]:
    """A few documents of every set of prose, whole and damaged; every other file as it is."""
    chance = random.Random(9)
    for name in prose_sets():
        chosen = (text for text in documents(name) if rank_of(text) < SHARE)
        for number, document in enumerate(islice(chosen, PER_SET)):
            text = document[:LONGEST]
            yield text
            true, wrong = _MISREADINGS[number % len(_MISREADINGS)]
            yield text[:300].encode(true, "replace").decode(wrong, "replace")
            pieces = list(text)
            for damage in chance.sample(_DAMAGE, 4):
                pieces.insert(chance.randrange(len(pieces) + 1), damage)
            yield "".join(pieces)
            yield text.translate(str.maketrans("，。：；（）！？", ",.:;()!?"))
            plain = text.replace("\n", "")
            yield "\n".join(plain[at : at + 38] for at in range(0, len(plain), 38))
    others = (path for path in sorted(SHARED.rglob("*")) if path.suffix in _TEXT_FILES)
    for path in others:
        if path.is_file() and "prose" not in path.parts:
            with path.open("rb") as file:
                yield file.read(3 * LONGEST)


def test_the_batch_gives_what_each_document_gives_alone() -> None:
    items = list(sample())
    repairer = jiaokan.Repairer()
    results = list(repairer.repair_many(items))
    assert len(results) == len(items) > 200
    assert any(out.edits for out in results)
    for item, out in zip(items, results, strict=True):
        assert out == repairer.repair(item)


def test_a_document_gives_the_same_whatever_stands_beside_it() -> None:
    items = [item for item in sample() if isinstance(item, str)][::3]
    repairer = jiaokan.Repairer(unsafe=True)
    forwards = list(repairer.repair_many(items))
    backwards = list(repairer.repair_many(reversed(items)))
    assert forwards == backwards[::-1]


def test_a_batch_in_many_arrays_gives_what_it_gives_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    items = list(sample())[::4]
    expected = list(jiaokan.Repairer().repair_many(items))
    monkeypatch.setattr("jiaokan.repair.pipeline.TOGETHER", 2_000)
    assert list(jiaokan.Repairer().repair_many(items)) == expected


def test_the_garbage_collector_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in jiaokan.Repairer().repair_many(["一", "二"]):
        assert gc.isenabled()
    gc.disable()
    try:
        jiaokan.Repairer().repair("一")
        assert not gc.isenabled()
    finally:
        gc.enable()
    monkeypatch.setattr("jiaokan.repair.pipeline.wanted_stages", lambda settings: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        jiaokan.Repairer().repair("一")
    assert gc.isenabled()
