"""Whether the glosses of a document leaked into it: what each shows, and what they show together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from jiaokan.validators.classes import Class, class_table
from jiaokan.validators.expressions import expression
from jiaokan.validators.glosses.readings import (
    NOT_A_READING,
    Reading,
    everyday_characters,
    read_gloss,
)
from jiaokan.validators.plausibility import alone, make_words
from jiaokan.validators.tables import words_of
from jiaokan.validators.values import Applicability, Evidence
from jiaokan.validators.view import View, code_points

ENOUGH = 2.8
"""Weight of the evidence that makes the glosses of a document leaked ones."""
PLENTY = 10.0
"""Weight with which a document also speaks for its rarer characters."""
_WORTH_SAYING = 1.5
"""Weight below which the glosses pass for a writer's."""
_COMMON_BITS, _KNOWN_BITS = 12.7, 14.0
"""The commonest 900 and the commonest 1,600 characters of both scripts, by their probability."""
_AROUND = 200
_ENOUGH_AROUND, _SPARSE = 16, 0.1
"""Characters of the script around the glosses that say something; the share of them that too few have."""
_PENALTY_OF_LESSON = 4.0
_LESSON = words_of("of lessons")
_HAN_SPACE_HAN = expression(r"[\u3400-\u9fff] (?=[\u3400-\u9fff])")
_SURNAMES = frozenset(words_of("surnames that may be glossed"))
"""A name's first character may be told to the reader, however well known."""
_HEADWORD = expression(r"[\u3400-\u9fff]{0,4}[：:]")
_HALF = frozenset("([")
_HANT = int(Class.HANT)
_HANS = int(Class.HANS)


class Leak(NamedTuple):
    """A gloss to be taken out, with the spaces that came with it."""

    start: int
    end: int
    message: str
    confidence: float
    applicability: Applicability
    evidence: Evidence


@dataclass(slots=True)
class _Gloss:
    start: int
    end: int
    character: str
    reading: Reading
    half_width: bool
    before: str
    """The character before the glossed one, glosses between the two passed over."""
    after: str
    spaced: bool
    """A space stands between the gloss and `after`."""
    in_ruby: bool = False
    joins_before: bool = False
    """The glossed character and the one before it are part of a word."""
    joins_after: bool = False


@dataclass(slots=True)
class _Kind:
    """One glossed character, with all its glosses."""

    character: str
    glosses: list[_Gloss] = field(default_factory=list)
    standing: int = 0
    """How often the character stands where there are glosses."""
    weight: float = 0.0
    splits_word: bool = False

    @property
    def is_everywhere(self) -> bool:
        """The character is glossed (nearly) wherever it stands."""
        return len(self.glosses) * 10 >= self.standing * 9


class Weighing:
    """The glosses of one document, weighed together."""

    def __init__(self, view: View, matches: Sequence[re.Match[str]]) -> None:
        self.view = view
        self.text = view.text
        self.others = 0
        """Readings of whole words, which only a writer adds."""
        self.glosses = self._read(matches)

    def leaks(self) -> Iterator[Leak]:
        """The glosses that leaked, and those that may have, in order."""
        weight = self.weight
        if weight < _WORTH_SAYING:
            return
        sure = weight >= ENOUGH
        half = sum(gloss.half_width for gloss in self.glosses) * 2 >= len(self.glosses)
        drop_spaces = self._spaces_came_with_them
        evidence = {
            "weight": round(weight, 1),
            "glosses": len(self.glosses),
            "characters": len(self.kinds),
        }
        likely = min(0.999, 0.5 + 0.05 * weight)
        plenty = weight >= PLENTY
        going = {character for character, kind in self.kinds.items() if self._may_go(kind)}
        surely = {
            character
            for character, kind in self.kinds.items()
            if kind.weight > 0 or (plenty and kind.is_everywhere)
        }
        for gloss in self.glosses:
            character = gloss.character
            if gloss.in_ruby or character not in going:
                continue
            end = gloss.end
            if gloss.spaced and (drop_spaces or (drop_spaces is None and self._joins(gloss))):
                end += 1
            level, confidence = Applicability.UNSAFE, 0.5
            goes = character in surely or (plenty and gloss.reading.usual)
            if sure and goes and gloss.half_width == half:
                level, confidence = Applicability.SAFE, likely
            yield Leak(gloss.start, end, _message(character), confidence, level, evidence)

    @cached_property
    def weight(self) -> float:
        """How much the document speaks for a leak; at or below 0 it speaks against it."""
        total = sum(kind.weight for kind in self.kinds.values())
        total -= min(self.others, 10) * 1.0
        decided = total <= 0 or total >= PLENTY + _PENALTY_OF_LESSON
        if not decided:  # a silence of this rule is no talk of pinyin
            text = self.text.replace("leaked-pinyin", "")
            total -= _PENALTY_OF_LESSON * any(word in text for word in _LESSON)
        return min(total, ENOUGH - 0.1) if self._could_be_lesson else total

    @cached_property
    def _could_be_lesson(self) -> bool:
        """Whether characters were chosen for being new, as in a school reader, and not by script.

        Pages gloss common characters that one script has and the other has not; a reader's new
        characters are of both and seldom common. What a page glosses it glosses again; a reader does it once,
        also where the character stands again.
        """
        kinds = [kind for kind in self.kinds.values() if kind.weight > 0]
        classes = [_classes(kind.character) for kind in kinds]
        traditional = sum(bool(c & _HANT) for c in classes)
        simplified = sum(bool(c & _HANS) for c in classes)
        again = sum(kind.is_everywhere and len(kind.glosses) > 1 for kind in kinds)
        seldom_again = again < 4 and again * 3 < len(kinds)
        if seldom_again and any(not kind.is_everywhere for kind in self.kinds.values()):
            return True
        hard = sum(_commonness(c) < 0.5 for c in self.kinds)
        if hard > 1 and hard * 4 > len(self.kinds) and seldom_again:
            return True
        if traditional:
            of_both = any(not _classes(character) & _HANT for character in self.kinds)
            return seldom_again and (of_both or self._is_sparse(_HANT))
        return again < 2 and (not (simplified == len(kinds) >= 3) or self._is_sparse(_HANS))

    def _is_sparse(self, script: int) -> bool:
        """Whether next to none of the characters around that only this script has have a gloss.

        Of those in pages whose glosses leaked, a ninth to a half have one (crawled pages and seeds).
        """
        first = max(0, self.glosses[0].start - _AROUND)
        bits = self.view.bits[first : self.glosses[-1].end + _AROUND]
        around = int(np.count_nonzero(bits & np.uint32(script)))
        return around >= _ENOUGH_AROUND and len(self.glosses) < _SPARSE * around

    @cached_property
    def kinds(self) -> dict[str, _Kind]:
        """The glossed characters, weighed."""
        self._mark_ruby()
        kinds: dict[str, _Kind] = {}
        for gloss in self.glosses:
            kind = kinds.setdefault(gloss.character, _Kind(gloss.character))
            kind.glosses.append(gloss)
        standing = self._standing(list(kinds))
        for character, kind in kinds.items():
            kind.standing = standing[character]
            kind.weight = self._weigh(kind)
        return kinds

    def _read(self, matches: Sequence[re.Match[str]]) -> list[_Gloss]:
        found: list[_Gloss] = []
        text = self.text
        for match in matches:
            start, end = match.span()
            reading = read_gloss(text[start - 1], match[2])
            if reading is NOT_A_READING:
                self.others += _is_word_reading(match[2])
                continue
            if found and start - 1 == found[-1].end:
                before = found[-1].character
            else:
                before = text[start - 2] if start > 1 else "\n"
            after = text[end : end + 2]
            spaced = after[:1] == " "
            found.append(
                _Gloss(
                    start,
                    end,
                    text[start - 1],
                    reading,
                    match[1] in _HALF and match[3] in ")]",
                    before,
                    (after[1:] if spaced else after[:1]) or "\n",
                    spaced,
                )
            )
        toned = [gloss for gloss in found if not gloss.reading.weak]
        if len(toned) * 2 <= len(found):
            found = toned
        _mark_words(found)
        return found

    def _mark_ruby(self) -> None:
        """Runs in which every character has its reading, whatever script it is of."""
        run: list[_Gloss] = []
        for gloss in [*self.glosses, None]:
            if gloss is not None and run and run[-1].end == gloss.start - 1:
                run.append(gloss)
                continue
            if len(run) >= 3 and _of_both_scripts(run) * 3 >= len(run):
                for member in run:
                    member.in_ruby = True
            run = [] if gloss is None else [gloss]

    def _standing(self, characters: list[str]) -> dict[str, int]:
        if not characters:
            return {}
        # In a file of many pages a character is glossed in some of them only.
        first = max(0, self.glosses[0].start - _AROUND)
        last = self.glosses[-1].end + _AROUND
        if len(characters) < 12:
            return {character: self.text.count(character, first, last) for character in characters}
        codes = self.view.codes[first:last]
        points = np.array([ord(c) for c in characters], dtype=np.uint32)
        counts = np.bincount(codes[codes <= points.max()], minlength=int(points.max()) + 1)
        return {c: int(counts[ord(c)]) for c in characters}

    def _weigh(self, kind: _Kind) -> float:
        glosses = kind.glosses
        number = len(glosses)
        if any(gloss.in_ruby for gloss in glosses):
            return -3.0
        classes = _classes(kind.character)
        reading = glosses[0].reading
        everyday = kind.character in everyday_characters()
        everywhere = kind.is_everywhere
        if number <= 2 and kind.standing > number:
            return -4.0 if kind.standing > 2 * number else -2.0  # a reader is told once
        if not everyday:
            rare = not classes & _HANT
            return -3.0 if rare or number == 1 else 0.0
        if not reading.usual:
            return 0.0 if classes & _HANT and everywhere and number > 1 else -3.0
        inside = [g for g in glosses if _is_han(g.after)]
        if not any(_is_han(g.after) or _is_han(g.before) for g in glosses):
            return -1.0 if number == 1 else 0.0  # an entry, or a word of one character
        weight = 2.0 if classes & _HANT else 1.0 if classes & _HANS else 0.5
        if not reading.single:
            weight *= 0.75 if classes & _HANT else 0.5
        surname = number == 1 and kind.character in _SURNAMES
        kind.splits_word = not surname and any(_in_word(g) for g in inside)
        if kind.splits_word:
            weight += 1.5 if classes & _HANT else 0.5
        elif not inside:
            weight *= 0.5
        half_width = all(g.half_width for g in glosses)
        if all(_HEADWORD.match(self.text, g.end) for g in glosses):
            weight *= 0.7 if half_width else 0.4  # `閨（guī）門：`, an entry of a list of notes
        weight *= _commonness(kind.character)
        if everywhere and number > 1:
            weight += min(number - 1, 4) * 0.5
        return weight if half_width else weight * 0.6

    def _may_go(self, kind: _Kind) -> bool:
        if kind.weight > 0:
            return True
        traditional = bool(_classes(kind.character) & _HANT)
        return self.weight >= PLENTY and traditional

    @cached_property
    def _spaces_came_with_them(self) -> bool | None:
        """Whether the tool that put the glosses there put a space after each; None: cannot say."""
        spaced = sum(gloss.spaced for gloss in self.glosses)
        if spaced > 1 and spaced * 10 >= len(self.glosses) * 9:
            return True
        after_glosses = {gloss.end for gloss in self.glosses}
        plain = sum(m.start() + 1 not in after_glosses for m in _HAN_SPACE_HAN.finditer(self.text))
        return False if plain else None

    def _joins(self, gloss: _Gloss) -> bool:
        return gloss.joins_after and _is_han(gloss.after)


@cache
def _classes(character: str) -> int:
    return int(class_table()[ord(character)])


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or character in "〇" or character >= "\U00020000"


def _in_word(gloss: _Gloss) -> bool:
    return not gloss.spaced and (gloss.joins_before or gloss.joins_after)


def _mark_words(glosses: list[_Gloss]) -> None:
    """Say of each gloss which side of its character is likelier than chance by a word's gain."""
    if not glosses:
        return
    rows = code_points("".join(g.before + g.character + g.after for g in glosses)).reshape(-1, 3)
    joined = make_words(rows) & (rows[:, 1:] <= 0xFFFF)
    for gloss, (before, after) in zip(glosses, joined.tolist(), strict=True):
        gloss.joins_before = before
        gloss.joins_after = after


@cache
def _commonness(character: str) -> float:
    """What a gloss of the character weighs: the commoner it is, the less any reader needs one."""
    bits = -float(alone()[min(ord(character), 0xFFFF)])
    return 1.0 if bits <= _COMMON_BITS else 0.6 if bits <= _KNOWN_BITS else 0.25


@cache
def _message(character: str) -> str:
    return f"The reading of {character} leaked into the text after it."


def _of_both_scripts(glosses: list[_Gloss]) -> int:
    """How many of the glossed characters are not of Traditional script only."""
    return sum(not _classes(gloss.character) & _HANT for gloss in glosses)


def _is_word_reading(gloss: str) -> bool:
    """Two syllables or more, or one that is not the character's: a note by a writer."""
    return bool(re.search(r"[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]", gloss))
