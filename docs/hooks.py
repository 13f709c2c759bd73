"""mkdocs hooks: a page for each rule, made from the rule itself; pages of the measured tables."""

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

import jiaokan
from jiaokan.validators.families import FAMILIES
from jiaokan.validators.harm import harm_of

HERE = Path(__file__).parent


def on_files(files: Files, config: Any) -> Files:
    """Add what is generated."""
    for rule in jiaokan.RULES:
        files.append(File.generated(config, f"rules/{rule.id}.md", content=rule_page(rule)))
    files.append(File.generated(config, "rules.md", content=rule_index()))
    files.append(File.generated(config, "measured.md", content=measured()))
    return files


def rule_page(rule: jiaokan.Rule) -> str:
    """What a rule finds, why that is damage, an example, how sure it is, how to silence it."""
    harm = harm_of(rule.id)
    parts = [f"# {rule.id}", rule.summary, f"**Applied:** {_applied(rule)}", rule.docs]
    if rule.example:
        before, after = rule.example
        parts.append(f"```text\n- {_shown(before)}\n+ {_shown(after)}\n```")
    if harm is not None:
        parts.append(
            f"**Measured harm:** {harm:.2f} changes per million characters of clean text, see"
            " [Measured](../../measured.md)."
        )
    parts.append(
        f'**To silence it:** `--ignore {rule.id}` on the command line, `ignore = ["{rule.id}"]` in'
        f" the configuration, or `jiaokan: disable-next-line {rule.id}` in a comment."
    )
    return "\n\n".join(parts) + "\n"


def rule_index() -> str:
    """All rules, a table a family."""
    parts = ["# Rules"]
    for family in FAMILIES:
        rows = [
            f"| [{rule.id}](rules/{rule.id}.md) | {rule.summary} | {rule.applicability.value} |"
            for rule in jiaokan.RULES
            if rule.family == family
        ]
        head = "| rule | what it finds | applied |\n|---|---|---|"
        parts += [f"## {family}", "\n".join([head, *rows])]
    return "\n\n".join(parts) + "\n"


def measured() -> str:
    """The tables that `make accuracy` and `make bench` wrote."""
    parts = ["# Measured", "Written by `make accuracy` and `make bench`; nothing here is typed in."]
    for folder, title in (("accuracy", "Accuracy"), ("benchmarks", "Speed")):
        parts.append(f"## {title}")
        for path in sorted((HERE / folder).glob("*.md")):
            parts.append(re.sub(r"^#+ ", "### ", path.read_text("utf-8"), flags=re.MULTILINE))
    return "\n\n".join(parts) + "\n"


def _applied(rule: jiaokan.Rule) -> str:
    return {
        "safe": "by default",
        "unsafe": "with `--unsafe`, or when the rule is selected by name",
        "display": "never; reported only",
    }[rule.applicability.value]


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else f"[U+{ord(c):04X}]" for c in text)
