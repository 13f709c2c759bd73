"""Placeholder until the family is written."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.values import Finding, Rule, Settings
from jiaokan.validators.view import View

RULES: tuple[Rule, ...] = ()


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    return np.zeros(len(view.starts), dtype=np.bool_)


def find(view: View, settings: Settings) -> list[Finding]:
    return []
