"""Which blanks stand where lines of a wrapped text had ended: they were joined with a blank, and it may go."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.expressions import expression
from jiaokan.validators.lines.blank_evidence import OF_BLANKS, evidence_of_blanks
from jiaokan.validators.lines.blanks import Blanks, blanks_of, suspect_blanks
from jiaokan.validators.lines.forest import Forest
from jiaokan.validators.lines.layout import Flags
from jiaokan.validators.lines.model import read_forest
from jiaokan.validators.lines.verse import CUT_WORD
from jiaokan.validators.lines.weighing import may_be_joined
from jiaokan.validators.protected import is_protected
from jiaokan.validators.tables import lines_of
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import View

TABLE = "blank_model.tsv"
_RULE = "lines/joined-by-blank"
_LIKELY = 1.5
"""Log odds from which a blank is reported."""
_SURE, _SURE_BESIDE, _SURE_OF_WORD = 2.0, 3.0, 3.0
"""The same from which it goes in a document where one that cuts a word does: where many blanks are at the document's
width, and where a few are; and where one that cuts a word is at none."""
_SURE_IF_WORDLESS, _BROAD = 4.0, 36
"""The same in a document where no word is cut, and columns from the blank before."""
_MORE_WORDS = 2
"""So many must be cut where lines are narrower."""
_MORE_OF_CLASSICAL = 2.0
"""How much more is asked in classical and Cantonese text, of which the counts know little."""
_MANY, _FEW = 5, 2
"""Other blanks at the same width."""
_SHOWN = ("reads_on", "pulls", "distance", "at_width", "read_over", "cut_words")
_AT_SHOWN = [OF_BLANKS.index(name) for name in _SHOWN]
_PULLS, _AT = OF_BLANKS.index("pulls"), OF_BLANKS.index("at_width")
_APART, _DISTANCE = OF_BLANKS.index("told_apart"), OF_BLANKS.index("distance")
_ROW = expression(r"[|│┃║┆┊├┤\t]|\S[ \u3000\u00a0]{3,}\S")
_HONOURED = expression(
    "(?:先|故)?(?:[總总][統统]|[國国]父|[總总]理)|[先故]?[蔣蒋](?:公|中正)|"
    "[神主](?![人義义張张要席任題题])|上帝|[陛殿]下|[聖圣][上旨]|[皇天][上帝主父]|[鈞钧鑒]|[貴贵][部院公會会校府處处局]"
)
"""Before whom old and official usage leaves a blank."""
_MESSAGE = "a blank in the middle of a sentence, where a line had ended"
_WEIGHED = "blanks weighed"
_TOGETHER = 256
"""Documents weighed together: enough to be fast, few enough to need little memory."""


@dataclass(frozen=True)
class _Weighed:
    """The blanks of a document, what speaks for and against each, and the log odds that it was a line's end."""

    blanks: Blanks
    evidence: NDArray[np.float64]
    odds: NDArray[np.float64]


def weigh_together(views: Sequence[View]) -> None:
    """Weigh the blanks of many documents at once, for `find_joined` to take up: it is much faster."""
    for view in views:
        view.notes[_WEIGHED] = None
    suspect = [view for view in views if len(suspect_blanks(view))]
    for few in range(0, len(suspect), _TOGETHER):
        together = suspect[few : few + _TOGETHER]
        joined = View.joined(together)
        blanks = blanks_of(joined)
        evidence = evidence_of_blanks(joined, blanks)
        odds = blank_model().log_odds(evidence)
        bounds = blanks.left.searchsorted(np.append(joined.starts, len(joined.text))).tolist()
        for view, first, end in zip(together, bounds, bounds[1:], strict=False):
            if (odds[first:end] >= _LIKELY).any():
                view.notes[_WEIGHED] = _Weighed(
                    blanks_of(view), evidence[first:end], odds[first:end]
                )


def find_joined(view: View, settings: Settings) -> Iterator[Finding]:
    """The blanks that were ends of lines, each with nothing in its place."""
    if _WEIGHED not in view.notes:
        weigh_together([view])
    weighed: _Weighed | None = view.notes[_WEIGHED]
    if weighed is None or not may_be_joined(view, settings) or view.profile.is_verse:
        return
    blanks, odds = weighed.blanks, weighed.odds
    likely = np.flatnonzero(odds >= _LIKELY)
    kept = is_protected(view, blanks.left[likely])
    sure = _are_sure(view, weighed)
    shown = weighed.evidence[:, _AT_SHOWN].round(3)
    for at in likely[~kept].tolist():
        left, right = int(blanks.left[at]), int(blanks.right[at])
        if _ROW.search(_line_around(view.text, left)):
            continue
        is_safe = sure[at] and not _HONOURED.match(view.text, right)
        yield Finding(
            rule=_RULE,
            start=left + 1,
            end=right,
            message=_MESSAGE,
            confidence=round(1 / (1 + math.exp(-odds[at])), 4),
            applicability=Applicability.SAFE if is_safe else Applicability.UNSAFE,
            replacement="",
            evidence=dict(zip(_SHOWN, shown[at].tolist(), strict=True)),
        )


def _are_sure(view: View, weighed: _Weighed) -> Flags:
    bits, blanks, evidence, odds = view.bits, weighed.blanks, weighed.evidence, weighed.odds
    at_width = evidence[:, _AT]
    cuts = (evidence[:, _PULLS] >= CUT_WORD) & (evidence[:, _APART] != 0)
    cuts &= (bits[blanks.left] & bits[blanks.right] & np.uint32(Class.HAN)) != 0
    more = _MORE_OF_CLASSICAL if view.profile.language in ("lzh", "yue") else 0.0
    few, many = at_width >= _FEW, at_width >= _MANY
    # Names of one length stand as regularly, but cut no words; they are short.
    wide: Flags = evidence[:, _DISTANCE] >= _BROAD
    sure: Flags = cuts & (odds >= np.where(many & wide, _SURE, _SURE_OF_WORD) + more)
    number = np.count_nonzero(sure)
    if number:
        beside = odds >= np.where(many, _SURE, np.where(few, _SURE_BESIDE, np.inf)) + more
        return sure | (beside & (wide | (number >= _MORE_WORDS)))
    return few & wide & (odds >= _SURE_IF_WORDLESS + more)


def _line_around(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]


@cache
def blank_model() -> Forest:
    """The table, read once a process."""
    return read_forest([row.split("\t")[1:] for row in lines_of(TABLE)], OF_BLANKS)
