"""Where exactly a misread passage begins and ends, which its own gain tells only roughly.

The character beside it looks worse than it is, since its neighbour is misread; and a common
character of the wrong reading looks good within the passage. Both are looked at again, each
between the neighbours that it has as it stands, and as it would have if it were read like the rest.
"""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.readings import Reading
from jiaokan.validators.neighbours import bits_in_rows

BREAK = ord("\n")
Climb = tuple[int, int, float]
"""Cells `[first, last)` of a text laid beside its other reading, and what they gain."""
_EDGE = 3.0
"""Bits by which a character beside a passage must be better to be of it."""
_HOLE = 2
_BRIDGE = 30.0


def bridged(climbs: list[Climb], gains: NDArray[np.float64]) -> list[Climb]:
    """Climbs with one or two characters between them, which happen to be a good word, as one: two
    ends within a word are less likely than such a chance."""
    found: list[Climb] = []
    for first, last, gain in climbs:
        if found and 0 <= first - found[-1][1] <= _HOLE and min(gain, found[-1][2]) > _BRIDGE:
            lost = float(gains[found[-1][1] : first].sum())
            if lost > -_BRIDGE:
                found[-1] = (found[-1][0], last, found[-1][2] + lost + gain)
                continue
        found.append((first, last, gain))
    return found


_GOOD = 28.0


def without_spoilt(
    climb: Climb,
    wrong: NDArray[np.uint32],
    right: Reading,
    joints: tuple[NDArray[np.intp], NDArray[np.intp]],
) -> Climb:
    """A climb without the character at either end that is good as it stands: its bytes only seem
    to begin or end one."""
    first, last, gain = climb
    old, new = joints
    for step in (-1, 1):
        at = first if step < 0 else last - 1
        if last - first < 3 or not right.gaps[new[at] : new[at + 1]].all():
            continue
        seen = wrong[old[at] : old[at + 1]]
        if len(seen) > 1 or seen[0] < 0x80:
            continue
        if step > 0:
            before = right.codes[new[at] - 1]
            after = wrong[old[at + 1]] if old[at + 1] < len(wrong) else BREAK
        else:
            before = wrong[old[at] - 1] if old[at] else BREAK
            after = right.codes[new[at + 1]]
        row = np.array([[before, seen[0], after]], dtype=np.uint32)
        if float(bits_in_rows(row).sum()) < _GOOD:
            first, last = (first + 1, last) if step < 0 else (first, last - 1)
    return first, last, gain


def widened(
    climbs: list[Climb],
    texts: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    joints: tuple[NDArray[np.intp], NDArray[np.intp]],
    barrier: NDArray[np.bool_],
) -> list[Climb]:
    """Each climb without the one or two characters at its ends that fit the text around better as
    they stand, and with those beside it that fit better when they are read as it is: common
    characters of the wrong reading hide there."""
    if not climbs:
        return []
    wrong, right, old, new, closed = (each.tolist() for each in (*texts, *joints, barrier))
    wide = [[first, last] for first, last, _ in climbs]
    gains = [gain for _, _, gain in climbs]
    turns = ((-1, True), (1, True), (-1, False), (1, False))
    for step, inside in (*turns[:2], *turns, *turns[2:]):
        asked: list[tuple[int, int]] = []
        rows: list[list[int]] = []
        for row, (first, last) in enumerate(wide):
            at = (first - 1 if step < 0 else last) + (-step if inside else 0)
            if last - first < 2 + inside or not 0 <= at < len(closed) or closed[at]:
                continue
            seen = wrong[old[at] : old[at + 1]]
            meant = right[new[at] : new[at + 1]]
            if len(seen) > 2 or len(meant) > 1:
                continue
            before = right[new[at] - 1] if step > 0 else wrong[old[at] - 1] if at else BREAK
            behind, next_ = (right, new[at + 1]) if step < 0 else (wrong, old[at + 1])
            after = behind[next_] if next_ < len(behind) else BREAK
            asked.append((row, at))
            rows.append([before, *meant, after, after])
            rows.append([before, *seen, after, after][:4])
        if not rows:
            continue
        bits = -bits_in_rows(np.array(rows, dtype=np.uint32)).reshape(-1, 2, 3)
        meant_bits = bits[:, 0, :2].sum(axis=1)
        seen_bits = bits[:, 1, :2].sum(axis=1)
        for place, (row, at) in enumerate(asked):
            better = float(meant_bits[place] - seen_bits[place])
            if old[at + 1] - old[at] == 2:
                better -= float(bits[place, 1, 2])
            elif _is_foreign(right[new[at]]) and not _is_foreign(wrong[old[at]]):
                better -= _FOREIGN
            first, last = wide[row]
            if inside and better < 0:
                wide[row] = [first + 1, last] if step < 0 else [first, last - 1]
                gains[row] -= better
            elif not inside and better > _EDGE:
                wide[row] = [min(first, at), max(last, at + 1)]
                gains[row] += better
    climbs = [(first, last, gain) for (first, last), gain in zip(wide, gains, strict=True)]
    climbs = [_to_the_end(climb, texts, joints, barrier) for climb in climbs]
    return [_with_lone(climb, texts, joints, barrier) for climb in climbs]


def _is_foreign(code: int | np.uint32) -> bool:
    """Whether it is a letter of another script than Chinese has."""
    return bool(0x80 <= code < 0x530 or 0x3040 <= code < 0x3130)


_FOREIGN = 8.0
_SHORT = 3
_FORGIVEN = 10.0
"""Bits that characters may be worse by where all of a run is misread with them."""
_FORGIVEN_IN_PART = 4.0


def _to_the_end(
    climb: Climb,
    texts: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    joints: tuple[NDArray[np.intp], NDArray[np.intp]],
    barrier: NDArray[np.bool_],
) -> Climb:
    """A climb with the few characters that are left to the end of the line, or to ASCII, if
    they read nearly as well that way: more is misread whole than in part."""
    wrong, right = texts
    old, new = joints
    first, last, gain = climb
    if gain < 12:
        return climb
    for step in (-1, 1):
        at = first if step < 0 else last
        inner = at
        while abs(at - inner) <= _SHORT:
            beside = at - 1 if step < 0 else at
            if not 0 <= beside < len(barrier) or wrong[old[beside]] < 0x80:
                break
            if barrier[beside]:
                at = inner
                break
            at += step
        if at == inner or abs(at - inner) > _SHORT:
            continue
        low, high = min(at, inner), max(at, inner)
        before = wrong[old[low] - 1] if old[low] else BREAK
        after = (
            right[new[high]] if step < 0 else (wrong[old[high]] if high < len(barrier) else BREAK)
        )
        if step > 0:
            before = right[new[low] - 1]
        ends = np.array([after], dtype=np.uint32)
        start = np.array([before], dtype=np.uint32)
        meant = np.concatenate((start, right[new[low] : new[high]], ends))
        seen = np.concatenate((start, wrong[old[low] : old[high]], ends))
        better = float(bits_in_rows(seen[None]).sum() - bits_in_rows(meant[None]).sum())
        far = last if step < 0 else first - 1
        whole = not 0 <= far < len(barrier) or wrong[old[far]] < 0x80
        if better > (-_FORGIVEN if whole else -_FORGIVEN_IN_PART):
            first, last, gain = min(first, low), max(last, high), gain + better
    return first, last, gain


_LONE = 2
_WHOLE = 60.0


def _with_lone(
    climb: Climb,
    texts: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    joints: tuple[NDArray[np.intp], NDArray[np.intp]],
    barrier: NDArray[np.bool_],
) -> Climb:
    """A climb that is most of its line with the one or two other characters of the line, if they
    read about as well that way: marks and numbers that stand by themselves."""
    wrong, right = texts
    old, new = joints
    first, last, gain = climb
    if gain < _WHOLE:
        return climb
    for step in (-1, 1):
        at = first - 1 if step < 0 else last
        lone: list[int] = []
        while 0 <= at < len(barrier) and wrong[old[at]] != BREAK and len(lone) <= _LONE:
            if wrong[old[at]] >= 0x80 or old[at + 1] - old[at] > 1:
                lone.append(at)
            at += step
        if not lone or len(lone) > _LONE or barrier[lone].any():
            continue
        better = 0.0
        for cell in lone:
            seen, meant = wrong[old[cell] : old[cell + 1]], right[new[cell] : new[cell + 1]]
            if len(seen) > 1 or len(meant) > 1:
                break
            before = wrong[old[cell] - 1] if old[cell] else BREAK
            after = wrong[old[cell + 1]] if old[cell + 1] < len(wrong) else BREAK
            rows = [[before, seen[0], after], [before, meant[0], after]]
            bits = bits_in_rows(np.array(rows, dtype=np.uint32)).sum(axis=1)
            better += float(bits[0] - bits[1])
        else:
            if better > -_FORGIVEN:
                first, last = min(first, lone[-1]), max(last, lone[-1] + 1)
                gain += better
    return first, last, gain
