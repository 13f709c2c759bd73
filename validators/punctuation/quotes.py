"""Which quotes a document has, and which of them each straight quote was."""

from jiaokan.validators.punctuation.context import Context

Pairs = list[tuple[int, int]]


def quote_marks(context: Context, pairs: Pairs) -> list[tuple[int, int, str]]:
    """An edit for each mark of the pairs."""
    opening, closing = quote_norm(context)
    found = []
    for start, end in pairs:
        found += [(start, start + 1, opening), (end, end + 1, closing)]
    return found


def quote_norm(context: Context) -> str:
    """“” or 「」: as the document has it, else what the script's readers use.

    A text that kept its 。 or 、 was flattened by a tool (ftfy) that leaves 「」 alone: its straight
    quotes were “”.
    """
    curly, corner = context.count("“"), context.count("「")
    if curly or corner:
        return "“”" if curly >= corner or not context.lost_stops else "「」"
    if context.lost_stops and context.view.profile.script == "zh-Hant":
        return "「」"
    return "“”"
