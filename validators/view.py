"""A text, or many texts end to end, with the arrays that make scanning it cheap."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class, class_table
from jiaokan.validators.languages import are_in_verses, languages_of
from jiaokan.validators.profile import Profile

SPARSE = 0xFFFFFFFF & ~int(
    Class.HAN | Class.HANS | Class.HANT | Class.AMBIGUOUS | Class.COMMON | Class.CJK_MARK
    | Class.OPEN | Class.CLOSE | Class.TERMINAL
)  # fmt: skip
"""Classes of which ordinary Chinese prose has little."""
MARKS = int(
    Class.CJK_MARK | Class.ASCII_MARK | Class.OPEN | Class.CLOSE | Class.TERMINAL
)  # fmt: skip
"""Classes of marks: a tenth of the text."""

Spans: TypeAlias = list[tuple[int, int, Any]]
_Rows: TypeAlias = tuple[NDArray[np.intp], NDArray[np.float64]]
_Kept = TypeVar("_Kept")
_Each = TypeVar("_Each", np.bool_, np.intp, np.float64)

GAP = "\n\n\n\n"
"""What stands between two documents of a batch, and (in `padded`) around each."""


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text; lone surrogates are kept."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def text_of(codes: NDArray[np.uint32]) -> str:
    """The text of these code points."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def distinct(ascending: NDArray[np.intp]) -> NDArray[np.intp]:
    """Each of some ascending numbers once; `np.unique` takes ten times as long for a few."""
    if len(ascending) < 2:
        return ascending
    is_new = np.append(True, ascending[1:] != ascending[:-1])
    found: NDArray[np.intp] = ascending[is_new]
    return found


def ranges(begins: NDArray[np.intp], lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    """The numbers from each beginning on, so many of each."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    found: NDArray[np.intp] = np.arange(total) + np.repeat(begins - ends + lengths, lengths)
    return found


class View:
    """One or many documents as arrays. Arrays are made when first asked for, and never written to.

    `starts[i]:ends[i]` is document i in `text`; a plain `View(text)` is one document.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: NDArray[np.intp] = np.zeros(1, dtype=np.intp)
        self.ends: NDArray[np.intp] = np.array([len(text)], dtype=np.intp)
        self._batch: tuple[View, int] | None = None
        self.restored: Sequence[tuple[int, int]] = ()
        """Where an earlier look restored text as far as it could; what is lost there is known."""
        self._found: dict[int, NDArray[np.intp]] = {}
        self.notes: dict[str, Any] = {}
        """What a family found out of this view in advance (see `gather`), by a name of its own."""

    @classmethod
    def of_batch(cls, texts: Sequence[str]) -> "View":
        """Many documents, each followed by `GAP`, so that no look at neighbours crosses over."""
        view = cls(GAP.join([*texts, ""]))
        lengths = np.fromiter(map(len, texts), dtype=np.intp, count=len(texts))
        view.ends = np.cumsum(lengths + len(GAP)) - len(GAP)
        view.starts = view.ends - lengths
        return view

    @classmethod
    def joined(cls, views: Sequence["View"]) -> "View":
        """Documents as a batch; their arrays are joined, which is faster than to make them anew."""
        if len(views) == 1:
            return views[0]
        joined, gap = cls.of_batch([view.text for view in views]), cls(GAP)
        for name in ("codes", "bits"):
            between = getattr(gap, name)
            parts = [part for view in views for part in (getattr(view, name), between)]
            joined.__dict__[name] = np.concatenate(parts)
        return joined

    @classmethod
    def together(cls, views: Sequence["View"]) -> tuple["View", NDArray[np.intp]]:
        """A batch that has these documents, and the number of each in it: where they are most of the
        batch that they come of, that one, which knows much already."""
        batch = views[0]._batch and views[0]._batch[0]
        if batch is not None and 2 * len(views) > len(batch.starts):
            numbers = [view._batch[1] for view in views if view._batch and view._batch[0] is batch]
            if len(numbers) == len(views):
                return batch, np.array(numbers, dtype=np.intp)
        return cls.joined(views), np.arange(len(views))

    def forget(self) -> None:
        """Let go of everything: of this view no more is asked. What was found in it refers back to
        it, and would else be held until the garbage collector comes, which is megabytes later."""
        self.__dict__.clear()

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        """The code point at each position."""
        return code_points(self.text)

    @cached_property
    def bits(self) -> NDArray[np.uint32]:
        """The `Class` set of each position."""
        bits: NDArray[np.uint32] = class_table().take(self.codes, mode="clip")  # unchecked bounds
        return bits

    @cached_property
    def present(self) -> int:
        """The union of the classes of all characters."""
        return int(np.bitwise_or.reduce(self.bits)) if len(self.text) else 0

    @cached_property
    def profile(self) -> Profile:
        """Document-level evidence; only for a view of one document."""
        return Profile(self.text, self.codes, self.bits)

    @staticmethod
    def know_languages(views: Sequence["View"]) -> None:
        """Find out the language of many documents at once, which is much faster than one by one."""
        views = [view for view in views if "language" not in view.profile.__dict__]
        if len(views) > 1:
            joined = View.joined(views)
            found = languages_of(joined.codes, joined.bits, joined.starts, joined.ends)
            for view, language in zip(views, found, strict=True):
                view.profile.__dict__["language"] = language

    @staticmethod
    def know_verses(views: Sequence["View"]) -> None:
        """Find out which of many documents are verse at once."""
        views = [view for view in views if "is_verse" not in view.profile.__dict__]
        if len(views) > 1:
            joined = View.joined(views)
            found = are_in_verses(joined.codes, joined.bits, joined.starts)
            for view, is_verse in zip(views, found.tolist(), strict=True):
                view.profile.__dict__["is_verse"] = is_verse

    @cached_property
    def breaks(self) -> NDArray[np.intp]:
        """Positions of the characters that break lines (both of CR LF)."""
        return self.positions("of breaks", lambda view: view.where(Class.BREAK))

    def where(self, classes: int) -> NDArray[np.intp]:
        """Positions whose character is in any of these classes, ascending."""
        key = int(classes)  # an IntEnum's own hash is slow
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._where(key)
        return found

    def _where(self, classes: int) -> NDArray[np.intp]:
        if not self.present & classes:
            return np.empty(0, dtype=np.intp)
        if not classes & ~SPARSE:
            few, bits = self._sparse
        elif not classes & ~MARKS:
            few, bits = self._marks
        else:
            return self._positions(classes)
        positions: NDArray[np.intp] = few[(bits & np.uint32(classes)) != 0]
        return positions

    def _positions(self, classes: int) -> NDArray[np.intp]:
        # Of bool: five times faster. And of a short text np.flatnonzero takes six times as long as
        # the method that it calls; the like holds for np.searchsorted, np.diff and np.clip.
        positions: NDArray[np.intp] = ((self.bits & np.uint32(classes)) != 0).nonzero()[0]
        return positions

    @cached_property
    def _sparse(self) -> tuple[NDArray[np.intp], NDArray[np.uint32]]:
        """The few positions that are neither plain Han nor Chinese marks, and their classes."""
        return self._some("_sparse", SPARSE)

    @cached_property
    def _marks(self) -> tuple[NDArray[np.intp], NDArray[np.uint32]]:
        """The positions of all marks, and their classes."""
        return self._some("_marks", MARKS)

    def _some(self, name: str, classes: int) -> tuple[NDArray[np.intp], NDArray[np.uint32]]:
        batch, index = self._batch or (self, 0)
        whole: tuple[NDArray[np.intp], NDArray[np.uint32]] | None = batch.__dict__.get(name)
        if whole is None:
            positions = self._positions(classes)
            return positions, self.bits[positions]
        positions, bits = whole
        bounds = (batch.starts[index], batch.ends[index])
        first, last = positions.searchsorted(bounds).tolist()
        return positions[first:last] - bounds[0], bits[first:last]

    def documents_with(self, positions: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which documents hold any of these positions: shape (documents,)."""
        flags = np.zeros(len(self.starts), dtype=np.bool_)
        if len(positions):
            flags[self.starts.searchsorted(positions, side="right") - 1] = True
        return flags

    def numbers_of(self, positions: NDArray[np.intp]) -> NDArray[np.intp]:
        """How many of these positions, ascending, each document holds: shape (documents,)."""
        numbers: NDArray[np.intp] = positions.searchsorted(self.ends)
        numbers -= positions.searchsorted(self.starts)
        return numbers

    def documents_with_class(self, classes: int) -> NDArray[np.bool_]:
        """Which documents hold a character of any of these classes: shape (documents,)."""
        return self.documents_with(self.where(classes))

    def part(self, index: int) -> "View":
        """One document of a batch, sharing its arrays."""
        start, end = int(self.starts[index]), int(self.ends[index])
        if end - start == len(self.text):
            return self
        part = self.stretch(start, end)
        part._batch = self, index
        return part

    def stretch(self, start: int, end: int) -> "View":
        """Some of the text as a view of its own, sharing the arrays."""
        stretch = View(self.text[start:end])
        stretch.__dict__["codes"] = self.codes[start:end]
        stretch.__dict__["bits"] = self.bits[start:end]
        return stretch

    def once(self, name: str, find: Callable[["View"], _Kept]) -> _Kept:
        """What `find` finds, kept under a name; a document of a batch looks for itself."""
        kept: _Kept | None = self.__dict__.get(name)
        if kept is None:
            kept = self.__dict__[name] = find(self)
        return kept

    def positions(self, name: str, find: Callable[["View"], NDArray[np.intp]]) -> NDArray[np.intp]:
        """What `find` finds, ascending, kept under a name; a document of a batch has its share.

        Only for what is found in a document of a batch exactly as in the document alone.
        """
        kept: NDArray[np.intp] | None = self.__dict__.get(name)
        if kept is None:
            batch, index = self._batch or (self, 0)
            whole: NDArray[np.intp] | None = batch.__dict__.get(name)
            if whole is None:
                kept = find(self)
            else:
                bounds = (batch.starts[index], batch.ends[index])
                first, last = whole.searchsorted(bounds).tolist()
                kept = whole[first:last] - bounds[0]
            self.__dict__[name] = kept
        return kept

    def flags(self, name: str, find: Callable[["View"], NDArray[np.bool_]]) -> NDArray[np.bool_]:
        """What `find` says of each document, kept as `positions` are: shape (documents,)."""
        return self._of_each(name, find)

    def counts(self, name: str, find: Callable[["View"], NDArray[np.intp]]) -> NDArray[np.intp]:
        """What `find` counts in each document, kept as `positions` are: shape (documents,)."""
        return self._of_each(name, find)

    def measures(
        self, name: str, find: Callable[["View"], NDArray[np.float64]]
    ) -> NDArray[np.float64]:
        """What `find` measures of each document, kept as `positions` are: shape (documents,)."""
        return self._of_each(name, find)

    def _of_each(self, name: str, find: Callable[["View"], NDArray[_Each]]) -> NDArray[_Each]:
        kept: NDArray[_Each] | None = self.__dict__.get(name)
        if kept is None:
            batch, index = self._batch or (self, 0)
            whole: NDArray[_Each] | None = batch.__dict__.get(name)
            kept = find(self) if whole is None else whole[index : index + 1]
            self.__dict__[name] = kept
        return kept

    def rows(self, name: str, find: Callable[["View"], _Rows]) -> _Rows:
        """What `find` measures at some places, ascending: a row for each, kept as `positions` are."""
        kept: _Rows | None = self.__dict__.get(name)
        if kept is None:
            batch, index = self._batch or (self, 0)
            whole: _Rows | None = batch.__dict__.get(name)
            if whole is None:
                kept = find(self)
            else:
                places, rows = whole
                bounds = (batch.starts[index], batch.ends[index])
                first, last = places.searchsorted(bounds).tolist()
                kept = places[first:last] - bounds[0], rows[first:last]
            self.__dict__[name] = kept
        return kept

    def spans(self, name: str, find: Callable[["View"], Spans]) -> Spans:
        """What `find` finds, as `positions` are kept: tuples of start, end and whatever belongs to it."""
        kept: Spans | None = self.__dict__.get(name)
        if kept is None:
            batch, index = self._batch or (self, 0)
            whole: Spans | None = batch.__dict__.get(name)
            if whole is None:
                kept = find(self)
            else:
                start, end = int(batch.starts[index]), int(batch.ends[index])
                first, last = bisect_left(whole, (start,)), bisect_left(whole, (end,))
                kept = [(a - start, b - start, what) for a, b, what in whole[first:last]]
            self.__dict__[name] = kept
        return kept
