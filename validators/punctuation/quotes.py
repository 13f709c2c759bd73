"""Which quotes a document has, and which of them each straight quote was."""

from jiaokan.validators.punctuation.context import Context

Pairs = list[tuple[int, int]]


def quote_marks(context: Context, outer: Pairs, inner: Pairs) -> list[tuple[int, int, str]]:
    """An edit for each mark of the pairs of double and of single quotes."""
    curly = is_curly(context)
    double, single = ("“”", "‘’") if curly else ("「」", "『』")
    found = []
    for pairs, (opening, closing) in ((outer, tuple(double)), (inner, tuple(single))):
        for start, end in pairs:
            found += [(start, start + 1, opening), (end, end + 1, closing)]
    return found


def is_curly(context: Context) -> bool:
    """“” and not 「」: as the document has it, else what the script's readers use.

    A text that kept its 。 or 、 was flattened by a tool (ftfy) that leaves 「」 alone: its straight
    quotes were “”.
    """
    curly, corner = context.count("“"), context.count("「")
    if not context.lost_stops:
        return True
    if curly or corner:
        return curly >= corner
    return not context.is_traditional
