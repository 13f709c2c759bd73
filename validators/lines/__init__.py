"""Line breaks: text cut in mid-sentence, text that was lost, lines that were glued together.

`layout` has a document's lines as arrays, `continuation` how Chinese runs on, `evidence` and `model` weigh
a break, `furniture` knows page heads and numbers, `joins` finds the false breaks, `losses` the rest.
"""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.joins import find_joins, suspicious
from jiaokan.validators.lines.rules import RULES
from jiaokan.validators.values import Finding, Settings
from jiaokan.validators.view import View

__all__ = ["RULES", "find", "screen"]


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    return view.documents_with(suspicious(view))


def find(view: View, settings: Settings) -> list[Finding]:
    return find_joins(view, settings)
