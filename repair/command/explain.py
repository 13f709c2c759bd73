"""`jiaokan explain`: what a rule finds, why it is damage, and how to silence it."""

import re
from typing import TYPE_CHECKING

from jiaokan.repair.command.errors import CLEAN, subcommand
from jiaokan.repair.command.help import argument, columns, wrapped
from jiaokan.repair.files import RunError
from jiaokan.repair.messages import docs_of, later, summary_of, tr
from jiaokan.repair.visible import visible

if TYPE_CHECKING:
    from jiaokan.validators.values import Rule

APPLIED = {
    "safe": later("safe: changed by default"),
    "unsafe": later("unsafe: changed with --unsafe, or when the rule is selected by name"),
    "display": later("display: reported, never changed"),
}


@subcommand
@argument("rule", metavar="RULE", required=False, help="A rule or family; none: a list of all.")
def explain(rule: str | None) -> int:
    """Explain a rule, or list them all."""
    from jiaokan.validators.families import FAMILIES, rules, unknown_name

    if rule is None or rule in FAMILIES:
        listed = [each for each in rules() if rule in (None, each.family)]
        width = max((len(each.id) for each in listed), default=0)
        for each in listed:
            print(f"{each.id:<{width}}  {each.applicability:<7}  {summary_of(each)}")
        return CLEAN
    for each in rules():
        if each.id == rule:
            print(_explained(each))
            return CLEAN
    raise RunError(unknown_name(rule))


def _folded(paragraph: str) -> str:
    """A paragraph, or a list, of Markdown in lines that fit the terminal."""
    lines = []
    for item in re.split(r"\n(?=- )", paragraph):
        indent = "  " if item.startswith("- ") else ""
        lines.append(f"\n{indent}".join(wrapped(item, columns() - len(indent))))
    return "\n".join(lines)


def _explained(rule: "Rule") -> str:
    from jiaokan.repair.measured import measured

    parts = [
        f"{rule.id}\n{tr(APPLIED[rule.applicability])}",
        summary_of(rule),
        *map(_folded, docs_of(rule).split("\n\n")),
    ]
    if rule.example:
        before, after = (text.split("\n") for text in (rule.example[0], rule.example[1]))
        lines = [f"  - {visible(line)}" for line in before]
        lines += [f"  + {visible(line)}" for line in after]
        parts.append("\n".join([tr("Example:"), *lines]))
    parts.append("\n".join(map(_folded, measured(rule.id))))
    parts.append(
        f"{tr('To silence it:')}\n"
        f"  jiaokan check --ignore {rule.id} ...\n"
        f'  ignore = ["{rule.id}"]  '
        f"{tr('(in jiaokan.toml, or in [tool.jiaokan] of pyproject.toml)')}\n"
        f"  jiaokan: disable-next-line {rule.id}  {tr('(in a comment, on the line before)')}"
    )
    return "\n\n".join(parts)
