"""The defect families, in the order in which their stages run (each needs the ones before it)."""

from functools import cache
from importlib import import_module
from types import MappingProxyType, ModuleType

from jiaokan.validators.values import Rule

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
