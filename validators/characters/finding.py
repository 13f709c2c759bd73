"""How the modules of the family word their findings."""

from jiaokan.validators.characters.rules import RULES
from jiaokan.validators.values import Applicability, Evidence, Finding

_APPLICABILITY = {rule.id: rule.applicability for rule in RULES}


def finding(
    defect: str,
    start: int,
    end: int,
    message: str,
    replacement: str | None = None,
    confidence: float = 0.99,
    applicability: Applicability | None = None,
    evidence: Evidence | None = None,
) -> Finding:
    """A finding of `characters/<defect>`, as applicable as its rule unless said otherwise.

    Without a replacement it is only shown.
    """
    rule = f"characters/{defect}"
    if replacement is None:
        applicability = Applicability.DISPLAY
    elif applicability is None:
        applicability = _APPLICABILITY[rule]
    return Finding(
        rule, start, end, message, confidence, applicability, replacement, evidence or {}
    )
