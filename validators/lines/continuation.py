"""How likely Chinese text runs on from one line to the next, from counted neighbours.

The table `tables/continuation.npz` holds how often characters follow one another, with the line break
as one of them; `recipes/continuation.py` counts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.grids import Grids
from jiaokan.validators.lines.counted_pairs import CountedPairs, counts_of
from jiaokan.validators.tables import FOLDER

BREAK = 1
"""The token of a line break in the table."""
_CLASSES = 4
"""Up to this token stand classes: line breaks, digits, letters, kana, all else."""
_TRUST_TRIPLE = 6.0
_TRUST_FOUR = 4.0
_TRUST_PAIR = 40.0
_BITS = 13
"""Of a token in a key."""

Tokens = NDArray[np.uint64]
Logs = NDArray[np.float64]


@dataclass(frozen=True)
class Continuation:
    """Counts of single tokens, pairs and triples; keys ascend."""

    tokens: NDArray[np.uint16]
    singles: NDArray[np.float64]
    pairs: CountedPairs
    triples: tuple[NDArray[np.uint64], NDArray[np.uint8]]
    """Their keys and counts."""
    end_keys: NDArray[np.uint64]
    end_counts: NDArray[np.uint8]
    """The triples that end with a line break, keyed by the other two."""
    begin_pairs: NDArray[np.float64]
    end_pairs: NDArray[np.float64]
    """How often each token begins and ends a line."""
    total: float

    def tokens_of(self, codes: NDArray[np.uint32]) -> Tokens:
        """The token of each code point; 0 for what the table does not tell apart."""
        low = np.where(codes < 0x10000, codes, 0)
        found: Tokens = self.tokens[low].astype(np.uint64)
        return found

    def met(self, codes: NDArray[np.uint32]) -> Logs:
        """How often each two neighbours of a text were counted; 0 where one of them is no Han
        character or mark that the table tells apart."""
        tokens = self.tokens_of(codes)
        apart = tokens > _CLASSES
        counts = self.pairs.met(_pair(tokens[:-1], tokens[1:]))
        found: Logs = np.where(apart[:-1] & apart[1:], counts, 0.0)
        return found

    def after(self, first: NDArray[np.uint32], second: NDArray[np.uint32]) -> Logs:
        """The probability of each code point of `second` after the one in its place in `first`; 0 for
        those that the table does not tell apart."""
        one, two = self.tokens_of(first.ravel()), self.tokens_of(second.ravel())
        pair = self.pairs.met(_pair(one, two))
        found: Logs = np.where(two > _CLASSES, self.backed_after(one, two, pair), 0.0)
        return found.reshape(second.shape)

    def after_in_grids(self, grids: Grids) -> Logs:
        """As `after`, of each pair of some grids."""
        one, two = self.tokens_of(grids.left), self.tokens_of(grids.right)
        told = two > _CLASSES
        context = self.singles[one.astype(np.intp)]
        trust = context / (context + _TRUST_PAIR)
        alone = np.where(told, self.alone(two), 0.0)
        found: Logs = grids.outer(np.multiply, 1.02 - trust, alone)  # where they never met
        pair = self.pairs.met(grids.outer(np.add, one << np.uint64(_BITS), two))
        met = pair.nonzero()[0]
        left, right = grids.sides(met)
        found[met] = np.where(told[right], self.backed_after(one[left], two[right], pair[met]), 0.0)
        return found

    def after_two(
        self, first: NDArray[np.uint32], second: NDArray[np.uint32], third: NDArray[np.uint32]
    ) -> Logs:
        """The probability of each code point of `third` after the two in its place in the others; 0 for
        those that the table does not tell apart."""
        one, two, three = (self.tokens_of(codes.ravel()) for codes in (first, second, third))
        in_row = _InRow(self)
        in_row.look_up((one, two), (two, three))
        found: Logs = np.where(three > _CLASSES, in_row.probability(one, two, three), 0.0)
        return found.reshape(third.shape)

    def meet(self, a: Tokens, b: Tokens, c: Tokens, d: Tokens) -> "Meeting":
        """What the counts say where `a b` ends a line and `c d` begins the next."""
        in_row = _InRow(self)
        line = in_row.line(b, c)
        in_row.look_up((a, b), (b, c), (c, d))
        in_row.look_up((a, b, c), (b, c, d), (line, c, d), (a, b, line))
        return self._meet(in_row, a, b, c, d)

    def _meet(self, in_row: "_InRow", a: Tokens, b: Tokens, c: Tokens, d: Tokens) -> "Meeting":
        line, on_first, alone = in_row.line(b, c), in_row.log(a, b, c), _log(self.alone(c))
        ends = _backed(
            in_row.met(a, b, line),
            np.where(b == BREAK, 0.0, in_row.met(a, b)),
            in_row.probability(b, line),
        )
        return Meeting(
            on=on_first + in_row.log(b, c, d),
            pull=on_first - alone,
            chance=alone + in_row.log(c, d),
            ends=_log(ends),
            begins=in_row.log(line, c) + in_row.log(line, c, d),
        )

    def weigh(self, z: Tokens, a: Tokens, b: Tokens, c: Tokens, d: Tokens, e: Tokens) -> "Weight":
        """What the counts of up to four in a row say where `z a b` ends a line and `c d e` begins the next."""
        in_row = _InRow(self)
        line = in_row.line(b, c)
        in_row.look_up((a, b), (b, c), (c, d), (d, e))
        in_row.look_up((z, a, b), (a, b, c), (b, c, d), (c, d, e), (line, c, d), (a, b, line))
        in_row.look_up((z, a, b, c), (a, b, c, d), (b, c, d, e), (line, c, d, e), (z, a, b, line))
        third, fourth, fifth = (
            in_row.log(z, a, b, c),
            in_row.log(a, b, c, d),
            in_row.log(b, c, d, e),
        )
        alone = _log(self.alone(c))
        second, second_third = in_row.log(c, d), in_row.log(c, d, e)
        chance = alone + second + second_third
        begins = in_row.log(line, c) + in_row.log(line, c, d) + in_row.log(line, c, d, e)
        ends = in_row.log(z, a, b, line)
        on = third + fourth + fifth
        return Weight(
            meeting=self._meet(in_row, a, b, c, d),
            runs_on=on - begins - ends,
            crosses=on - chance,
            ends=ends,
            begins=begins,
            begins_by_chance=begins - chance,
            pulls=third - alone,
            pulls_second=fourth - second,
            pulls_third=fifth - second_third,
            met=np.log1p(in_row.met(a, b, c, d)),
        )

    def ends(self, a: Tokens, b: Tokens) -> Logs:
        """Log probability of a line ending after `a b`."""
        pair_ab = self.pairs.met(_pair(a, b))
        end_ab = _count(self.end_keys, self.end_counts, _pair(a, b))
        to_end = self.backed_after(b, np.full_like(b, BREAK), self.end_pairs[b.astype(np.intp)])
        return _log(_backed(end_ab, np.where(b == BREAK, 0.0, pair_ab), to_end))

    def backed_after(self, first: Tokens, second: Tokens, pair: Logs) -> Logs:
        """Probability of `second` after `first`, from how often they meet and how common it is."""
        context = np.maximum(self.singles[first.astype(np.intp)], pair)
        trust = context / (context + _TRUST_PAIR)
        alone = self.alone(second)
        after: Logs = trust * pair / np.maximum(context, 1.0) + (1.02 - trust) * alone
        return after

    def alone(self, token: Tokens) -> Logs:
        """Probability of a token anywhere."""
        share: Logs = self.singles[token.astype(np.intp)] / self.total
        return share


class _InRow:
    """Rows of tokens as they were counted; each row is looked up once, and those that are told of in
    advance all at once."""

    def __init__(self, table: Continuation) -> None:
        self._table = table
        self._met: dict[tuple[int, ...], Logs] = {}
        self._probability: dict[tuple[int, ...], Logs] = {}
        self._log: dict[tuple[int, ...], Logs] = {}
        self._line: Tokens | None = None

    def line(self, last: Tokens, first: Tokens) -> Tokens:
        """The line breaks between those that end a line and those that begin the next."""
        if self._line is None:
            line = self._line = np.full_like(first, BREAK)
            self._met[id(line), id(first)] = self._table.begin_pairs[first.astype(np.intp)]
            self._met[id(last), id(line)] = self._table.end_pairs[last.astype(np.intp)]
        return self._line

    def log(self, *row: Tokens) -> Logs:
        """Log probability of the last token after those before it."""
        of = tuple(map(id, row))
        found = self._log.get(of)
        if found is None:
            found = self._log[of] = _log(self.probability(*row))
        return found

    def probability(self, *row: Tokens) -> Logs:
        """Probability of the last token after those before it, backed by that after ever fewer of them."""
        of = tuple(map(id, row))
        found = self._probability.get(of)
        if found is None:
            if len(row) == 2:
                found = self._table.backed_after(*row, self.met(*row))
            else:
                trust = _TRUST_TRIPLE if len(row) == 3 else _TRUST_FOUR
                backed = self.probability(*row[1:])
                found = _backed(self.met(*row), self.met(*row[:-1]), backed, trust)
            self._probability[of] = found
        return found

    def met(self, *row: Tokens) -> Logs:
        """How often the tokens were counted in a row."""
        of = tuple(map(id, row))
        if of not in self._met:
            self.look_up(row)
        return self._met[of]

    def look_up(self, *rows: tuple[Tokens, ...]) -> None:
        """Look up these rows, all of one length, at once."""
        keys = np.concatenate([_key(row) for row in rows])
        if len(rows[0]) == 2:
            counts = self._table.pairs.met(keys)
        else:  # there is none without its first pair
            counts = np.zeros(len(keys), dtype=np.float64)
            at = np.concatenate([self.met(*row[:2]) for row in rows]).nonzero()[0]
            longer = fours() if len(rows[0]) == 4 else self._table.triples
            counts[at] = _count(*longer, keys[at])
        for row, found in zip(rows, counts.reshape(len(rows), -1), strict=True):
            self._met[tuple(map(id, row))] = found


@dataclass(frozen=True)
class Meeting:
    """Log probabilities: `on` of the second line's first two characters after the first line's last two,
    `pull` how much more likely its first one is there than anywhere, `chance` of them anywhere, `ends` of a line ending so, `begins` of a line beginning so."""

    on: Logs
    pull: Logs
    chance: Logs
    ends: Logs
    begins: Logs


@dataclass(frozen=True)
class Weight:
    """Logarithms of probabilities and of how they compare, over three characters on each side:
    `runs_on` weighs going on against an end and a new beginning; `crosses`: going on against chance;
    `ends`, `begins`: of lines; `begins_by_chance`: of lines against anywhere; `pulls`: how much more
    likely each of the next three characters is for what stands before the break; `met`: how often
    the four around the break were counted."""

    runs_on: Logs
    crosses: Logs
    ends: Logs
    begins: Logs
    begins_by_chance: Logs
    pulls: Logs
    pulls_second: Logs
    pulls_third: Logs
    met: Logs
    meeting: Meeting
    """What the two nearest on each side say."""


def _backed(triple: Logs, context: Logs, backed: Logs, faith: float = _TRUST_TRIPLE) -> Logs:
    context = np.maximum(context, triple)
    trust = context / (context + faith)
    found: Logs = trust * triple / np.maximum(context, 1.0) + (1 - trust) * backed
    return found


def _log(probability: Logs) -> Logs:
    logs: Logs = np.log(np.maximum(probability, 1e-9))
    return logs


def _pair(first: Tokens, second: Tokens) -> Tokens:
    return _key((first, second))


def _key(row: Sequence[Tokens]) -> Tokens:
    """Each row of tokens as one number."""
    key = row[0]
    for token in row[1:]:
        key = key << np.uint64(_BITS) | token
    return key


def _count(keys: NDArray[np.uint64], counts: NDArray[np.uint8], wanted: Tokens) -> Logs:
    if len(wanted) < _MANY:
        return counts_of(keys, counts, wanted)
    # In order, the table is gone through once; keys are sorted with their places in the bits that they leave.
    found = np.empty(len(wanted))
    tokens = -(-int(keys[-1]).bit_length() // _BITS)
    room = min(64 - tokens * _BITS, _ROOM)
    for start in range(0, len(wanted), 1 << room):
        part = wanted[start : start + (1 << room)]
        ordered = (part << np.uint64(room)) | np.arange(len(part), dtype=np.uint64)
        ordered.sort()
        places = (ordered & np.uint64((1 << room) - 1)).astype(np.intp)
        found[start + places] = counts_of(keys, counts, ordered >> np.uint64(room))
    return found


_MANY, _ROOM = 64, 20


@cache
def continuation() -> Continuation:
    """The table, loaded once a process."""
    with np.load(_TABLE) as table:
        singles = table["singles"].astype(np.float64)
    pairs, pair_counts = counted_rows("pair")
    triples, triple_counts = counted_rows("triple")
    low, line = np.uint64((1 << 13) - 1), np.uint64(BREAK)
    ends = triples & low == line
    every = np.arange(len(singles), dtype=np.uint64)
    return Continuation(
        tokens=token_table(),
        singles=singles,
        pairs=CountedPairs(pairs, pair_counts),
        triples=(triples, triple_counts),
        end_keys=triples[ends] >> np.uint64(13),
        end_counts=triple_counts[ends],
        begin_pairs=counts_of(pairs, pair_counts, _pair(np.full_like(every, BREAK), every)),
        end_pairs=counts_of(pairs, pair_counts, _pair(every, np.full_like(every, BREAK))),
        total=float(singles.sum()),
    )


@cache
def token_table() -> NDArray[np.uint16]:
    """The token of each code point below U+10000; the last stands for all that are beyond."""
    with np.load(_TABLE) as table:
        tokens: NDArray[np.uint16] = table["tokens"]
    return tokens


@cache
def fours() -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Rows of four, which only breaks that are weighed ask for."""
    return counted_rows("four")


def counted_rows(name: str) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """The keys of the rows of this length (`pair`, `triple`, `four`), ascending, and their counts."""
    with np.load(_TABLE) as table:
        return _keys(table[f"{name}_steps"]), table[f"{name}_counts"]


_TABLE = FOLDER / "continuation.npz"


def _keys(planes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Ascending keys from the byte planes of the steps between them."""
    steps = np.zeros((planes.shape[1], 8), dtype=np.uint8)
    for number, plane in enumerate(planes):
        steps[:, number] = plane
    keys = steps.view("<u8").ravel().astype(np.uint64, copy=False)
    np.cumsum(keys, out=keys)
    return keys
