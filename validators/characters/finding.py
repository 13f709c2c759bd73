"""How the modules of the family word their findings."""

from jiaokan.validators.characters.rules import RULES
from jiaokan.validators.values import Applicability, Evidence, Finding

_RULES = {rule.id.partition("/")[2]: (rule.id, rule.applicability) for rule in RULES}
_NOTHING: Evidence = {}


def finding(
    defect: str,
    start: int,
    end: int,
    message: str,
    replacement: str | None = None,
    confidence: float = 0.99,
    applicability: Applicability | None = None,
    evidence: Evidence = _NOTHING,
) -> Finding:
    """A finding of `characters/<defect>`, as applicable as its rule unless said otherwise.

    Without a replacement it is only shown.
    """
    rule, usual = _RULES[defect]
    if replacement is None:
        applicability = Applicability.DISPLAY
    elif applicability is None:
        applicability = usual
    return Finding(rule, start, end, message, confidence, applicability, replacement, evidence)
