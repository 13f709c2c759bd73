"""`jiaokan explain`: what a rule finds, why it is damage, and how to silence it."""

from typing import Annotated

import typer

from jiaokan.repair.command.errors import CLEAN
from jiaokan.repair.files import Trouble


def explain(
    rule: Annotated[
        str | None, typer.Argument(metavar="RULE", help="A rule or family; none: all, in a list.")
    ] = None,
) -> int:
    """Explain a rule, or list them all."""
    from jiaokan.validators.families import FAMILIES, rules

    if rule is None or rule in FAMILIES:
        for each in rules():
            if rule in (None, each.family):
                print(f"{each.id:<36} {each.applicability:<8} {each.summary}")
        return CLEAN
    for each in rules():
        if each.id == rule:
            print(f"{each.id} ({each.applicability})\n\n{each.summary}\n\n{each.docs.strip()}")
            if each.example:
                print(f"\n  - {each.example[0]}\n  + {each.example[1]}")
            return CLEAN
    import difflib

    near = difflib.get_close_matches(rule, [each.id for each in rules()], n=3)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `jiaokan explain` lists them"
    raise Trouble(f"no rule is called {rule!r}{hint}")
