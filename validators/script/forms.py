"""Which characters are forms of one another, and what each script writes: `tables/script-forms.tsv`.

A *class* is a set of characters that conversion turns into one another: {发 發 髮}, {里 裏 裡 哩}.
Contexts see a class through its representative, so that 发展, 發展 and 髮展 look alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import CODE_POINTS, Class, class_table
from jiaokan.validators.tables import rows_of
from jiaokan.validators.view import code_points

_LAST_OF_BMP: Final = 0x10000
CANDIDATES: Final = 8
"""The most forms of one script that a class has."""
TRADITIONAL: Final = 0
SIMPLIFIED: Final = 1

_MIDDLE_DOTS: Final = "·‧・･•"
"""What parts foreign names: no mark that ends a clause."""

HANS_ONLY: Final = 1
"""Stands in Simplified text, and in no Traditional text of Taiwan."""
HANT_ONLY: Final = 2
"""Stands in Traditional text, and in no Simplified text."""
OPEN_HANT: Final = 4
"""Stands in Traditional text, as do other forms that its Simplified form stands for."""
OPEN_HANS: Final = 8
"""Traditional, and stands in Simplified text too, in some words only (乾 in 乾坤)."""


@dataclass(frozen=True, slots=True)
class Forms:
    """Arrays over code points, and over the classes that leave a choice.

    Index 0 of the first axis of `candidates` and `allowed` is `TRADITIONAL`, 1 `SIMPLIFIED`.
    """

    folded: NDArray[np.uint32]
    """Code point to what a context sees: the representative, or 0 for a line break."""
    direct: NDArray[np.uint32]
    """Code point to the likeliest form of each script: shape (2, CODE_POINTS)."""
    member: NDArray[np.int16]
    """Code point to the row of `allowed` and `choice`; 0 where no choice is left."""
    choice: NDArray[np.int16]
    """Member to the row of `candidates`."""
    allowed: NDArray[np.bool_]
    """Which candidates a member may become: shape (2, members, CANDIDATES). A Simplified one may
    become the Traditional ones that it stands for, a Traditional one those that share a Simplified
    form with it."""
    own: NDArray[np.int8]
    """Which candidate a member is itself, glyph variants aside; -1 if none: (2, members)."""
    kind: NDArray[np.uint8]
    """Code point to the sum of `HANS_ONLY`, `HANT_ONLY`, `OPEN_HANT`, `OPEN_HANS`."""
    simplified: NDArray[np.bool_]
    """Whether a code point is one that conversion to Traditional reads as Simplified (后, 发)."""
    old: NDArray[np.bool_]
    """Whether a code point is a Simplified form that old Traditional text writes too (并, 弃, 叱咤)."""
    usual: NDArray[np.int8]
    """The Traditional candidate that a Simplified member becomes where others are as good: itself,
    or the one that it stands for first; -1 for members that are not Simplified."""
    free: NDArray[np.bool_]
    """Whether two Traditional candidates are used for the same words: (classes, C, C)."""
    candidates: NDArray[np.uint32]
    """The forms of each class in each script, 0 where there are fewer: (2, classes, CANDIDATES)."""


def read_rows() -> dict[str, dict[str, str]]:
    """The rows of the table, by kind (C, F, K, O, S, T, V)."""
    rows: dict[str, dict[str, str]] = {kind: {} for kind in "CFKOSTV"}
    for kind, key, value in rows_of("script-forms.tsv"):
        rows[kind][key] = value
    return rows


@cache
def forms() -> Forms:
    """The table as arrays, made once per process."""
    rows = read_rows()
    classes, to_hant, to_hans, variants = rows["C"], rows["S"], rows["T"], rows["V"]
    folded = _folded(classes)
    direct = np.empty((2, CODE_POINTS), dtype=np.uint32)
    direct[:] = np.arange(CODE_POINTS, dtype=np.uint32)
    for key, value in variants.items():
        direct[SIMPLIFIED, ord(key)] = ord(to_hans.get(value, key)[0])
    for script, likeliest in ((SIMPLIFIED, to_hans), (TRADITIONAL, to_hant)):
        firsts = "".join(values[0] for values in likeliest.values())
        direct[script, code_points("".join(likeliest))] = code_points(firsts)
    open_classes: list[tuple[list[str], list[str]]] = [([], [])]
    member = np.zeros(CODE_POINTS, dtype=np.int16)
    choice: list[int] = [0]
    allowed: list[tuple[list[bool], list[bool]]] = [([False] * CANDIDATES, [False] * CANDIDATES)]
    own: list[tuple[int, int]] = [(-1, -1)]
    for characters in classes.values():
        hant = [c for c in characters if c not in variants and c in to_hant.get(c, c)]
        hans = [c for c in characters if c in to_hant or c in to_hans.get(c, c)]
        hans = [c for c in hans if c not in variants or c in to_hant]
        if len(hant) < 2 and len(hans) < 2:
            continue
        for character in characters:
            member[ord(character)] = len(choice)
            choice.append(len(open_classes))
            usual = variants.get(character, character)
            own.append((_index(hant, usual), _index(hans, character)))
            allowed.append(
                (
                    _mask(hant, _hant_of(character, to_hant, to_hans, variants)),
                    _mask(hans, _hans_of(character, to_hant, to_hans, variants)),
                )
            )
        open_classes.append((hant, hans))
    candidates = np.zeros((2, len(open_classes), CANDIDATES), dtype=np.uint32)
    for row, pair in enumerate(open_classes):
        for script, found in enumerate(pair):
            candidates[script, row, : len(found)] = list(map(ord, found))
    mine = np.array(own, dtype=np.int8).T.copy()
    masks = np.array(allowed).transpose(1, 0, 2).copy()
    # Only what the table names has a kind: the rest of Unicode need not be looked at.
    every = "".join([*to_hant, *to_hans, *variants, *classes, *classes.values()])
    is_named = np.zeros(CODE_POINTS, dtype=np.bool_)
    is_named[code_points(every)] = True
    named = is_named.nonzero()[0]
    own_hant, own_hans = mine[:, member[named]]
    kinds = np.zeros(len(named), dtype=np.uint8)
    hans_only = (direct[TRADITIONAL, named] != named) & (own_hant < 0)
    hans_only[named.searchsorted(code_points("".join(rows["K"])))] = False
    other_hans = direct[SIMPLIFIED, named] != named
    several = masks[TRADITIONAL].sum(axis=1)[member[named]] > 1
    for kind_, where in (
        (HANS_ONLY, hans_only),
        (HANT_ONLY, other_hans & (own_hans < 0)),
        (OPEN_HANS, other_hans & (own_hans >= 0)),
        (OPEN_HANT, (own_hant >= 0) & several),
    ):
        kinds[where] |= kind_
    kind = np.zeros(CODE_POINTS, dtype=np.uint8)
    kind[named] = kinds
    simplified = np.zeros(CODE_POINTS, dtype=np.bool_)
    simplified[code_points("".join(to_hant))] = True
    old = np.zeros(CODE_POINTS, dtype=np.bool_)
    old[code_points("".join(rows["O"]))] = True
    hant_of = [pair[0] for pair in open_classes]
    return Forms(
        folded,
        direct,
        member,
        np.array(choice, dtype=np.int16),
        masks,
        mine,
        kind,
        simplified,
        old,
        _usual(to_hant, member, choice, hant_of),
        _free(rows["F"], member, choice, hant_of),
        candidates,
    )


@cache
def have_choice(script: int) -> NDArray[np.bool_]:
    """Of each member, whether it may become one of several candidates of a script."""
    several: NDArray[np.bool_] = forms().allowed[script].sum(axis=1) > 1
    return several


def _usual(
    to_hant: dict[str, str], member: NDArray[np.int16], choice: list[int], hant_of: list[list[str]]
) -> NDArray[np.int8]:
    usual = np.full(len(choice), -1, dtype=np.int8)
    for key, values in to_hant.items():
        if at := int(member[ord(key)]):
            usual[at] = _index(hant_of[choice[at]], key if key in values else values[0])
    return usual


def _free(
    pairs: Iterable[str], member: NDArray[np.int16], choice: list[int], hant_of: list[list[str]]
) -> NDArray[np.bool_]:
    free = np.zeros((len(hant_of), CANDIDATES, CANDIDATES), dtype=np.bool_)
    for pair in pairs:
        row = choice[int(member[ord(pair[0])])]
        one, other = (_index(hant_of[row], character) for character in pair)
        if one >= 0 and other >= 0:
            free[row, one, other] = free[row, other, one] = True
    return free


def _hant_of(
    character: str, to_hant: dict[str, str], to_hans: dict[str, str], variants: dict[str, str]
) -> str:
    """What may stand in Traditional text where this character does."""
    own = variants.get(character, character)
    if character in to_hant:
        return to_hant[character]
    sources = to_hans.get(character, "") + to_hans.get(own, "")
    return own + "".join(to_hant.get(source, "") for source in sources)


def _hans_of(
    character: str, to_hant: dict[str, str], to_hans: dict[str, str], variants: dict[str, str]
) -> str:
    """What may stand in Simplified text where this character does."""
    if character in to_hant:
        return character
    own = variants.get(character, character)
    return to_hans.get(character, "") or to_hans.get(own, own)


def _mask(candidates: list[str], wanted: str) -> list[bool]:
    return [c in wanted for c in candidates] + [False] * (CANDIDATES - len(candidates))


def _index(candidates: list[str], character: str) -> int:
    return candidates.index(character) if character in candidates else -1


def _folded(classes: dict[str, str]) -> NDArray[np.uint32]:
    folded = np.arange(CODE_POINTS, dtype=np.uint32)
    bits = class_table()[:_LAST_OF_BMP]
    for class_, sign in (
        (Class.DIGIT, ord("0")),
        (Class.LATIN, ord("a")),
        (Class.CJK_MARK | Class.ASCII_MARK, ord("，")),
        (Class.SPACE, ord(" ")),
        (Class.BREAK, 0),
    ):
        folded[:_LAST_OF_BMP][(bits & np.uint32(class_)) != 0] = sign
    folded[ord("０") : ord("９") + 1] = ord("0")
    folded[list(map(ord, _MIDDLE_DOTS))] = ord("·")
    folded[ord("壹")] = ord("一")  # what stands for it in badly converted text
    sizes = list(map(len, classes.values()))
    folded[code_points("".join(classes.values()))] = np.repeat(code_points("".join(classes)), sizes)
    return folded
