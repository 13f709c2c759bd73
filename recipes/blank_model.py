"""The model that weighs a blank between Han: boosted trees over `validators.lines.blank_evidence`.

Learned from documents that `recipes/_joined_lines.py` makes, and from the blanks that clean text has, out of the
tuning half of `../shared/data/prose`. Needs scikit-learn (BSD) and jieba (MIT).
"""

import random
from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.lines.blank_evidence import OF_BLANKS, evidence_of_blanks
from jiaokan.validators.lines.blanks import are_in_sentences, blanks_of
from jiaokan.validators.lines.network import reads_on
from jiaokan.validators.view import View
from recipes._broken_lines import paragraphs_of
from recipes._joined_lines import Joined, as_is, joined_documents
from recipes.break_model import fit, table
from tests.accuracy.sets import documents, prose_sets

TARGET = "validators/tables/blank_model.tsv"
PER_SET, CLEAN_PER_SET = 1500, 1500
SEEDS = (11, 12, 13)
TREES, LEAVES = 120, 16
_OTHER_LANGUAGES = ("ja-", "ko-")
_MAY_BE_DAMAGE = {"reads_on": 3.0, "pulls": 3.0, "left_chars": 8.0}
"""What cuts a word in clean text may be damage: it is not learned from, unless many of its document are alike."""
_ALIKE = 3
_LEAST_BEFORE = 8
_HEADER = """\
# Boosted trees: log odds that a blank was the end of a line = base + one leaf of each tree.
# Columns: forest, tree, node, evidence (or leaf), threshold (at most: below), below, above, value of the leaf.
# Made by `python -m recipes blank_model` from wrapped text joined with blanks, and from the blanks of clean text, both
# out of the tuning half of shared/data/prose; only weights are kept.
"""


def build() -> dict[str, str | bytes]:
    rows, truth = rows_of(made())
    forest = table("blanks", fit(rows, truth, TREES, LEAVES), OF_BLANKS)
    return {TARGET: _HEADER + forest}


def made() -> Iterator[Joined]:
    for seed in SEEDS:
        rng = random.Random(seed)
        yield from joined_documents(paragraphs_of("tune", rng, PER_SET), rng)
    yield from clean()


def clean() -> Iterator[Joined]:
    """Documents of the tuning half that have blanks, as they are."""
    for name in prose_sets():
        if any(part in name for part in _OTHER_LANGUAGES):
            continue
        found = 0
        for text in documents(name, "tune"):
            if _has_one_read_over(text):
                yield as_is([text], random.Random(0))
                found += 1
                if found >= CLEAN_PER_SET:
                    break


def _has_one_read_over(text: str) -> bool:
    """Whether a text has a blank between Han that the network reads over, as far from the one before as a line
    is long, in a line with marks."""
    view = View(text)
    blanks = blanks_of(view)
    left, right, first, last = vars(blanks).values()
    between = (view.bits[left] & view.bits[right] & np.uint32(Class.HAN)) != 0
    at = np.flatnonzero(between & (left - first + 1 >= _LEAST_BEFORE))
    read = reads_on("read", view, left[at], right[at], first[at], last[at]) >= 0
    return bool(are_in_sentences(view, left[at[read]]).any())


def rows_of(
    made: Iterator[Joined],
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Evidence and truth of the blanks of these documents."""
    rows: list[NDArray[np.float32]] = []
    truth: list[NDArray[np.bool_]] = []
    alike = Counter[str]()
    every = list(made)
    for document in every:
        if not document.ends:
            alike.update(set(_beside(document.text)))
    for document in every:
        evidence, own = labelled(document, alike)
        known = ~np.isnan(own)
        rows.append(evidence[known].astype(np.float32))
        truth.append(own[known] > 0)
    return np.concatenate(rows), np.concatenate(truth)


def labelled(
    document: Joined, alike: Counter[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The evidence of a document's blanks, and whether each was a line's end: not a number where unknown."""
    view = View(document.text)
    blanks = blanks_of(view)
    if not len(blanks):
        return np.zeros((0, len(OF_BLANKS))), np.zeros(0)
    evidence = evidence_of_blanks(view, blanks)
    starts = (blanks.left + 1).tolist()
    own = np.array(
        [np.nan if at in document.unknown else float(at in document.ends) for at in starts]
    )
    column = {name: evidence[:, index] for index, name in enumerate(OF_BLANKS)}
    damage = own == 0
    for name, least in _MAY_BE_DAMAGE.items():
        damage &= column[name] >= least
    damage &= (column["own_ends"] < _ALIKE) & (column["own_begins"] < _ALIKE)
    for at in np.flatnonzero(damage).tolist():
        damage[at] = alike[_around(document.text, blanks.left[at], blanks.right[at])] < _ALIKE
    own[damage] = np.nan
    return evidence, own


def _beside(text: str) -> Iterator[str]:
    blanks = blanks_of(View(text))
    for left, right in zip(blanks.left.tolist(), blanks.right.tolist(), strict=True):
        yield _around(text, left, right)


def _around(text: str, left: int, right: int) -> str:
    return text[max(left - 1, 0) : right + 2]
