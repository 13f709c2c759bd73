"""Which quotes a document has."""

import numpy as np

from jiaokan.validators.punctuation.context import Context, Flags


def is_curly(context: Context) -> Flags:
    """“” and not 「」: as each document has it, else what the script's readers use.

    A text that kept its 。 or 、 was flattened by a tool (ftfy) that leaves 「」 alone: its straight
    quotes were “”.
    """
    curly, corner = context.count("“"), context.count("「")
    as_it_has = np.where(curly + corner > 0, curly >= corner, ~context.is_traditional)
    flags: Flags = ~context.lost_stops | as_it_has
    return flags
