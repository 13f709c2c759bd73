"""A rule's measured false-edit rate, precision and recall, in sentences for the reader."""

from jiaokan.repair.messages import later, tr
from jiaokan.validators.harm import harm_of
from jiaokan.validators.recall import recall_of

HOW = later("How this was measured")
"""What a link to the tables is called."""
FEW = 30
"""Of fewer a percentage says little."""


def measured(rule: str) -> list[str]:
    """Sentences. A rule whose recall was not measured says so."""
    said = []
    harm = harm_of(rule)
    if harm is not None:
        said.append(
            tr("Measured: {harm:.2f} changes per million characters of clean text.", harm=harm)
        )
    recall = recall_of(rule)
    if recall is None:
        said.append(
            tr(
                "Recall: not measured. No damage of this kind could be had, or made, that would not"
                " have been taken from the rule itself."
            )
        )
        return said
    values = {"places": recall.places, "found": _share(recall.found, recall.places)}
    if recall.mended is None:
        said.append(tr("Recall: of {places:,} damaged places {found} are found.", **values))
    else:
        values["mended"] = _share(recall.mended, recall.places)
        said.append(
            tr(
                "Recall: of {places:,} damaged places {found} are found; in {mended} the original"
                " stands again.",
                **values,
            )
        )
    if recall.findings:
        said.append(
            tr(
                "Precision: of {findings:,} findings, in these texts and in the same ones"
                " undamaged, {right} are at damage.",
                findings=recall.findings,
                right=_share(recall.right, recall.findings),
            )
        )
    else:
        said.append(tr("Precision: not measured; other rules of the family find this damage."))
    return said


def _share(part: int, whole: int) -> str:
    """As a percentage; of few, the number."""
    return f"{part:,}" if whole < FEW else f"{100 * part / whole:.1f}%"
