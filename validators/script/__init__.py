"""Characters that are not of the text's script (`conversions`) or not of its norm (`variants`)."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.script import conversions, variants
from jiaokan.validators.values import Finding, Rule, Settings
from jiaokan.validators.view import View

RULES: tuple[Rule, ...] = (*conversions.RULES, *variants.RULES)


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    return conversions.screen(view, settings) | variants.screen(view, settings)


def find(view: View, settings: Settings) -> list[Finding]:
    return conversions.find(view, settings) + variants.find(view, settings)
