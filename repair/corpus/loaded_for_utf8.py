"""Importing this loads what repairing texts in UTF-8 takes, and no table of another encoding: the
workers of `check` wait for it, and most files of a repository are in UTF-8."""

import gc

gc.disable()  # while it loads, all that is made stays

from threading import Thread

import jiaokan.repair.corpus.record_file  # noqa: F401
from jiaokan.repair.repairer import Repairer
from jiaokan.validators.lines.continuation import continuation, fours
from jiaokan.validators.lines.model import break_model


def _load_for_breaks() -> None:
    """What only breaks that are weighed ask for, as half of all files have: 35 MB that each worker would
    have for itself."""
    continuation()
    fours()
    _ = break_model().judges


_for_breaks = Thread(target=_load_for_breaks)  # most of it is decompressed, beside the rest
_for_breaks.start()
for _ in Repairer().repair_many(
    [
        "江蘇省召開企業(yè)家座談會，加快發(fā)展。这里是简体，也有制造。",
        "ä¸­æ–‡å†…å®¹",
        "他說,這樣\n不行.\n",
    ]
):
    pass
_for_breaks.join()

gc.freeze()  # tables and modules stay: the collector need not go through them, nor write to their pages
gc.enable()
