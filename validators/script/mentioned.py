"""Bad conversion that a text speaks of: what a guide to it lists, quotes or contrasts must stay."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression
from jiaokan.validators.values import Finding

_TALK = expression(
    "[誤误錯错][寫写轉转作植用認认]|[寫写][錯错]|[錯错][別别]?字|[別别]字|[異异][體体]字?|"
    "(?:[殘残]留|[轉转][為为成]?|[漏混夾夹][入雜杂]?|[為为是])?[簡简繁][體体化]?字|"
    "[簡简繁][體体]?[轉转到對对][繁簡简]|[簡简]繁|繁[簡简]|一[簡简對对][對对多][多繁]|"
    "[轉转][換换][錯错]|[過过]度[轉转][換换]|[轉转][壞坏]|用字|[禁避][止免](?:出現|出现|使用)|不[要得可][寫写出]|[應应][為为作]|"
    "[Oo]pen[Cc][Cc]|zhconv"
)
"""What a line says that speaks of forms, of slips, or of what converts them."""
_CONTRAST = expression(
    "[誤误錯错][寫写轉转作植]|[寫写][成作]|[應应][為为作該该]|[轉转變变改][成為为]"
)
"""What stands between a form and the other."""
_LISTED = frozenset("、/／|｜·「」『』“”‘’\"'`（）()[]【】《》〈〉<>→⇒~～*")
"""What parts words that are listed, quoted or set beside others."""
_OPENS, _ENDS = frozenset(":：\n -，,"), frozenset("\n。；;，,.")
"""What may stand before the first of a list, and after its last."""
_ARROW = expression("[-=]>|[→⇒⟶➜➔⇨]")
_NO_HAN = expression("[^\u3400-\u9fff]")
_SHORT = 6
"""Ideographs of a word or phrase that is listed."""
_NEAR = 24
"""So far from a form the sentence around it is looked at."""


def are_mentioned(text: str, found: Sequence[Finding]) -> NDArray[np.bool_]:
    """Whether each finding is of a short phrase beside an arrow, or of what its line, which speaks of
    conversion, gives as an example: one in a list, in marks, or contrasted (乾燥誤寫成幹燥)."""
    mentioned = np.zeros(len(found), dtype=np.bool_)
    talks: dict[int, bool] = {}
    for row, finding in enumerate(found):
        start, end = _run_around(text, finding)
        if _is_at_arrow(text, start, end):
            mentioned[row] = True
        elif _is_example(text, start, end):
            line = text.rfind("\n", 0, finding.start) + 1
            if line not in talks:
                close = text.find("\n", line)
                talks[line] = bool(_TALK.search(text, line, len(text) if close < 0 else close))
            mentioned[row] = talks[line]
    return mentioned


def _run_around(text: str, finding: Finding) -> tuple[int, int]:
    """Where the run of ideographs around a finding, or what is near of it, starts and ends."""
    before = text[max(0, finding.start - _NEAR) : finding.start][::-1]
    after = text[finding.end : finding.end + _NEAR]
    parted, parts = _NO_HAN.search(before), _NO_HAN.search(after)
    return (
        finding.start - (parted.start() if parted else len(before)),
        finding.end + (parts.start() if parts else len(after)),
    )


def _is_at_arrow(text: str, start: int, end: int) -> bool:
    """Whether a short phrase stands between an arrow and what it becomes, or comes of (皇后→皇後)."""
    if end - start > _SHORT:
        return False
    before, after = text[max(0, start - 3) : start], text[end : end + 3]
    return _ARROW.search(before) is not None or _ARROW.search(after) is not None


def _is_example(text: str, start: int, end: int) -> bool:
    if _CONTRAST.search(text, start, end):
        return True
    before, after = text[start - 1 : start] or "\n", text[end : end + 1] or "\n"
    if end - start > _SHORT:
        return False
    listed = (before in _LISTED) + (after in _LISTED)
    return listed == 2 or (listed == 1 and (before in _OPENS or after in _ENDS))
