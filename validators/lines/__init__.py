"""Line breaks: text cut in mid-sentence, text that was lost, lines that were glued together.

`screening` looks at whole batches, `windows` takes the lines around what is suspect, `layout` has them as arrays,
`continuation` how Chinese runs on, `evidence`, `widths`, `words` and `model` (of forests, see `forest`) weigh a break,
`weighing` all breaks of many documents, `quotes` what mails quote, `blanks`, `blank_evidence` and `joined` the blanks
that are left where lines were joined,
`furniture` knows page heads and numbers, `joins` tells which joins are sure, `endings` where a text stops short,
`shape` lines that are repeated, glued or read across.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.format import format_of
from jiaokan.validators.lines.blanks import suspect_blanks
from jiaokan.validators.lines.endings import find_truncated, may_be_truncated
from jiaokan.validators.lines.joined import find_joined, weigh_together
from jiaokan.validators.lines.joins import find_joins
from jiaokan.validators.lines.quotes import find_quoted, may_quote
from jiaokan.validators.lines.rules import RULES
from jiaokan.validators.lines.screening import suspects
from jiaokan.validators.lines.shape import (
    find_columns,
    find_glued,
    find_mixed,
    find_repeated,
    may_be_misshapen,
)
from jiaokan.validators.lines.weighing import decide_together
from jiaokan.validators.values import Finding, Settings
from jiaokan.validators.view import View

__all__ = ["RULES", "find", "gather", "screen"]


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    flags = may_be_truncated(view) | may_be_misshapen(view)
    if view.present & Class.BREAK:
        flags |= view.documents_with(suspects(view)) | may_quote(view)
    if view.present & Class.SPACE:
        flags |= view.documents_with(suspect_blanks(view))
    return flags


def gather(views: Sequence[View], settings: Settings) -> None:
    """Do for many documents at once what `find` needs of each."""
    decide_together(views, settings)
    weigh_together(views)


def find(view: View, settings: Settings) -> list[Finding]:
    quoted = list(find_quoted(view, settings))
    of_quotes = {finding.start for finding in quoted}
    joins = [finding for finding in find_joins(view, settings) if finding.start not in of_quotes]
    found = [*find_mixed(view), *joins, *quoted, *find_joined(view, settings)]
    shaped = [*find_truncated(view), *find_glued(view), *find_columns(view), *find_repeated(view)]
    if shaped and format_of(view, settings) in ("text", "markdown"):
        found += shaped
    return [finding for finding in found if settings.runs(finding.rule)]
