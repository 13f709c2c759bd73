"""Jiaokan (校勘) finds and repairs damage in Chinese text, and records every change.

>>> import jiaokan
>>> out = jiaokan.Repairer().repair("江蘇省召開企業(yè)家座談會")
>>> out.text
'江蘇省召開企業家座談會'
>>> jiaokan.undo(out)
'江蘇省召開企業(yè)家座談會'

`Repairer` has the options; its `repair` and `check` take one text (str, or bytes in any encoding),
`repair_many` and `check_many` many, much faster. They give `Repaired` (`text`, `edits`, `findings`,
`encoding`) and `Finding`s. `undo` gives the original back, `repair_batch` repairs tables (with the
extra `corpus`), `RULES` are all rules. `Script` and `Format` are the types of those options.
The command `jiaokan` does the same with files.

Names are loaded when first used, so that `import jiaokan` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiaokan.repair.corpus.arrow import repair_batch as repair_batch
    from jiaokan.repair.repairer import Repairer, undo
    from jiaokan.validators.values import (
        Applicability,
        Decoding,
        Document,
        Edit,
        Finding,
        Format,
        Repaired,
        Rule,
        Run,
        Script,
    )

    RULES: tuple[Rule, ...]

__version__ = "0.1.0"

__all__ = [
    "RULES",
    "Applicability",
    "Decoding",
    "Document",
    "Edit",
    "Finding",
    "Format",
    "Repaired",
    "Repairer",
    "Rule",
    "Run",
    "Script",
    "undo",
]

_HOMES = {
    "Repairer": "jiaokan.repair.repairer",
    "undo": "jiaokan.repair.repairer",
    "repair_batch": "jiaokan.repair.corpus.arrow",  # not in __all__: it needs the extra `corpus`
}


def __getattr__(name: str) -> object:
    if name == "RULES":
        from jiaokan.validators.families import rules

        return rules()
    if name not in __all__ and name not in _HOMES:
        hint = (
            ""
            if name.startswith("_")
            else "; a text is repaired by jiaokan.Repairer().repair(text)"
        )
        raise AttributeError(f"module 'jiaokan' has no attribute {name!r}{hint}")
    return getattr(import_module(_HOMES.get(name, "jiaokan.validators.values")), name)


def __dir__() -> list[str]:
    return sorted({*__all__, *_HOMES, "__version__", "__doc__"})
