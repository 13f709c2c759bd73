"""Importing this loads what repairing takes, so that processes forked after it share the memory."""

import jiaokan.repair.corpus.loaded_for_utf8  # noqa: F401
from jiaokan.repair.repairer import Repairer

Repairer().repair("他說,這樣\n不行.\n".encode("big5"))
