"""The five real documents come out as a person who read them wrote down that they should.

`seeds/zh-Hans` and `seeds/zh-Hant` hold the expected texts. With `script="auto"` a document comes
out in its own script.
"""

from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Literal

import pytest

import jiaokan

SEEDS = Path(__file__).parent.parent / "seeds"

Target = Literal["auto", "zh-Hans", "zh-Hant"]
TARGETS: tuple[Target, ...] = ("auto", "zh-Hans", "zh-Hant")
OWN_SCRIPT = {
    "000": "zh-Hant",
    "001": "zh-Hans",
    "002": "zh-Hant",
    "003": "zh-Hant",
    "004": "zh-Hant",
}
GLOSSES = {"000": 110, "001": 0, "002": 0, "003": 165, "004": 157}
JOINS = {"000": 0, "001": 5, "002": 0, "003": 0, "004": 0}
NAMES = {
    "002": (("許建", "许建"), ("許健", "许健")),
    "003": (("張沖林", "张冲林"), ("戚壽余", "戚寿余")),
    "004": (("贠紅衛", "贠红卫"),),
}
FREE = (("瞭解", "了解"), ("彙報", "匯報"), ("紮實", "扎實"))
"""Words that Taiwan's own text writes both ways: either is right where the source does not tell."""


def seeds() -> list[Path]:
    return sorted(SEEDS.glob("*.txt"))


def number(seed: Path) -> str:
    return seed.name[:3]


def expected(seed: Path, target: Target) -> str:
    script = OWN_SCRIPT[number(seed)] if target == "auto" else target
    return (SEEDS / script / seed.name).read_bytes().decode("utf-8")


@cache
def repaired(seed: Path, target: Target) -> jiaokan.Repaired:
    return jiaokan.Repairer(script=target).repair(seed.read_bytes(), id=seed.name)


def differences(text: str, wanted: str, converted: bool = False) -> list[str]:
    """Each place where two texts differ, with a little of what stands before it.

    In text converted from Simplified, words that may be written two ways are alike.
    """
    for one, other in FREE if converted else ():
        text, wanted = text.replace(one, other), wanted.replace(one, other)
    blocks = SequenceMatcher(None, text, wanted, autojunk=False).get_opcodes()
    return [
        f"…{text[max(0, a - 6) : a]}[{text[a:b]} should be {wanted[c:d]}]{text[b : b + 4]}…"
        for kind, a, b, c, d in blocks
        if kind != "equal"
    ]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("seed", seeds(), ids=number)
class TestSeed:
    def test_comes_out_as_read(self, seed: Path, target: Target) -> None:
        converted = target == "zh-Hant" and OWN_SCRIPT[number(seed)] == "zh-Hans"
        text = repaired(seed, target).text
        assert differences(text, expected(seed, target), converted) == []

    def test_expected_text_stays(self, seed: Path, target: Target) -> None:
        wanted = expected(seed, target)
        out = jiaokan.Repairer(script=target).repair(wanted)
        assert differences(out.text, wanted) == []

    def test_twice_is_once(self, seed: Path, target: Target) -> None:
        text = repaired(seed, target).text
        again = jiaokan.Repairer(script=target).repair(text)
        assert differences(again.text, text) == []

    def test_undo_gives_the_bytes_back(self, seed: Path, target: Target) -> None:
        assert jiaokan.undo(repaired(seed, target)) == seed.read_bytes()

    def test_counts_of_glosses_and_joins(self, seed: Path, target: Target) -> None:
        # Findings, since edits that touch are one edit.
        rules = Counter(finding.rule for finding in repaired(seed, target).findings)
        assert rules["glosses/leaked-pinyin"] == GLOSSES[number(seed)]
        assert rules["lines/broken-paragraph"] == JOINS[number(seed)]

    def test_names_stay(self, seed: Path, target: Target) -> None:
        script = OWN_SCRIPT[number(seed)] if target == "auto" else target
        for traditional, simplified in NAMES.get(number(seed), ()):
            name = simplified if script == "zh-Hans" else traditional
            assert name in repaired(seed, target).text


@pytest.mark.parametrize("seed", seeds(), ids=number)
def test_expected_texts_say_the_same(seed: Path) -> None:
    simplified = expected(seed, "zh-Hans")
    traditional = expected(seed, "zh-Hant")
    assert len(simplified) == len(traditional)
    assert simplified.count("\n") == traditional.count("\n")
    broken = seed.read_bytes().decode("utf-8").count("\n") - traditional.count("\n")
    assert broken == 2 * JOINS[number(seed)]
