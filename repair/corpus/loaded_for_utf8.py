"""Importing this loads what repairing texts in UTF-8 takes, and no table of another encoding: the
workers of `check` wait for it, and most files of a repository are in UTF-8."""

import gc

gc.disable()  # while it loads, all that is made stays

import jiaokan.repair.corpus.record_file  # noqa: F401
from jiaokan.repair.repairer import Repairer

for _ in Repairer().repair_many(
    [
        "江蘇省召開企業(yè)家座談會，加快發(fā)展。这里是简体，也有制造。",
        "ä¸­æ–‡å†…å®¹",
        "他說,這樣\n不行.\n",
    ]
):
    pass

gc.freeze()  # tables and modules stay: the collector need not go through them, nor write to their pages
gc.enable()
