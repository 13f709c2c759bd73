"""Characters that are not of the text's script (`conversions`), forms and words not of its norm."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.script import conversions, regional, variants
from jiaokan.validators.values import Finding, Rule, Settings
from jiaokan.validators.view import View

RULES: tuple[Rule, ...] = (*conversions.RULES, *variants.RULES, *regional.RULES)


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    flags = conversions.screen(view, settings) | variants.screen(view, settings)
    return flags | regional.screen(view, settings)


def find(view: View, settings: Settings) -> list[Finding]:
    found = variants.without_own_forms(view, settings, conversions.find(view, settings))
    return found + variants.find(view, settings) + regional.find(view, settings)
