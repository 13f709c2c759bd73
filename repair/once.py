"""Reports a loss at one place only once, by the rule that knows most about it."""

from collections.abc import Sequence

from jiaokan.validators.values import Finding

REPLACEMENT = "\ufffd"
_RANKS = {
    "encoding/undecodable": 0,  # names the bytes
    "encoding/truncated": 0,
    "lines/truncated": 1,  # knows that the text ends there
    "mojibake/lost": 2,
}


def once_each(findings: Sequence[Finding], text: str) -> list[Finding]:
    """The findings without those of a replacement character that another one speaks of.

    `text` is the original that they are positions of. Several rules see U+FFFD: the decoder that set
    it, the family that looks for lost content, and the one that looks at how a text ends.
    """
    said: set[int] = set()
    reached = -1
    gaps = [finding for finding in findings if finding.rule in _RANKS and _is_gap(finding, text)]
    if len(gaps) < 2:
        return list(findings)
    for gap in sorted(gaps, key=lambda f: (f.start, -f.end, _RANKS[f.rule])):
        if gap.end <= reached:
            said.add(id(gap))
        reached = max(reached, gap.end)
    return [finding for finding in findings if id(finding) not in said]


def _is_gap(finding: Finding, text: str) -> bool:
    if finding.replacement is not None:
        return False
    held = text[finding.start : finding.end]
    return bool(held) and not held.strip(REPLACEMENT)
