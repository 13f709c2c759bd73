"""The defect families, in the order in which their stages run (each needs the ones before it)."""

import difflib
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from types import MappingProxyType, ModuleType

from jiaokan.validators.values import Applicability, Rule, Settings

FAMILIES = (
    "encoding",
    "mojibake",
    "characters",
    "glosses",
    "lines",
    "script",
    "punctuation",
    "debris",
)


def validator(family: str) -> ModuleType:
    """The module that notices this family's defects."""
    return import_module(f"jiaokan.validators.{family}")


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the stages."""
    return tuple(rule for family in FAMILIES for rule in validator(family).RULES)


@cache
def rules_by_id() -> MappingProxyType[str, Rule]:
    return MappingProxyType({rule.id: rule for rule in rules()})


_NEAR = 0.6
"""How alike names are of which one is taken for the other, as `difflib` has it."""


def _like(name: str, names: Sequence[str]) -> list[str]:
    """The name most like another one, which may stop short (lines/brokn)."""

    def likeness(each: str) -> float:
        cut = each[: len(name)]
        return max(difflib.SequenceMatcher(None, name, part).ratio() for part in (each, cut))

    near = max(names, key=likeness)
    return [near] if likeness(near) >= _NEAR else []


MOST_HINTS = 5
"""Names that are told to somebody who gave a part of them."""


def unknown_name(name: str) -> str:
    """What to say of a name that no rule or family has."""
    near = (
        _like(name, (*FAMILIES, *rules_by_id()))
        or [id for id in rules_by_id() if id.partition("/")[2] == name.rpartition("/")[2]]
        or [id for id in rules_by_id() if len(name) > 2 and name.lower() in id][:MOST_HINTS]
    )
    names = " / ".join(near)
    hint = f"did you mean {names}?" if near else "`jiaokan explain` lists them all"
    return f"no rule or family is called {name!r}; {hint}"


@cache
def _never_safe() -> frozenset[str]:
    """Families with no rule that is applied by default: debris."""
    safe = {rule.family for rule in rules() if rule.applicability is Applicability.SAFE}
    return frozenset(FAMILIES) - safe


def is_asked_for(rule: str, settings: Settings) -> bool:
    """Whether the user asked for the changes of this unsafe rule: by its id, or by its family.

    Only a family with no safe rule is asked for as a whole; of any other, the name chooses what is
    looked for, and its unsafe rules are reported as they are without it.
    """
    asked = settings.extend_select | (settings.select or frozenset())
    family = rule.partition("/")[0]
    return rule in asked or (family in asked and family in _never_safe())
