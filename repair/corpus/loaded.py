"""Importing this loads what repairing takes, so that processes forked after it share the memory."""

from jiaokan.repair.repairer import Repairer

for _ in Repairer().repair_many(
    [
        "江蘇省召開企業(yè)家座談會，加快發(fā)展。这里是简体，也有制造。",
        "ä¸­æ–‡å†…å®¹",
        "他說,這樣\n不行.\n".encode("big5"),
    ]
):
    pass
