"""mkdocs hooks: a page for each rule, made from the rule itself; pages of the measured tables."""

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

import jiaokan
from jiaokan.repair.command.explain import APPLIED
from jiaokan.repair.measured import HOW
from jiaokan.repair.measured import measured as measured_of
from jiaokan.repair.messages import (
    LANGUAGES,
    docs_of,
    kind_of,
    summary_of,
    tr,
    use_language,
)
from jiaokan.validators.families import FAMILIES

HERE = Path(__file__).parent


NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
TITLES = {"en": "Rules", "zh-Hans": "规则", "zh-Hant": "規則"}


def on_files(files: Files, config: Any) -> Files:
    """Add what is generated: a page for each rule in each language, and the tables."""
    try:
        for tag in LANGUAGES:
            use_language(tag)
            for rule in jiaokan.RULES:
                page = f"{_folder(tag)}rules/{rule.id}.md"
                files.append(File.generated(config, page, content=rule_page(rule, tag)))
            page = f"{_folder(tag)}rules.md"
            files.append(File.generated(config, page, content=rule_index(tag)))
    finally:
        use_language(None)
    files.append(File.generated(config, "measured.md", content=measured()))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Links to the measured tables, as they stand in the repository, lead into the page of all."""
    named = re.sub(r"\]\(accuracy/(\w+)\.md\)", r"](measured.md#\1)", markdown)
    named = named.replace("](accuracy)", "](measured.md#accuracy)")
    return named.replace("](benchmarks)", "](measured.md#speed)")


def rule_page(rule: jiaokan.Rule, tag: str) -> str:
    """What a rule finds, why that is damage, an example, how sure it is, how to silence it."""
    others = (
        f"[{NAMES[other]}](../../{'../' * (tag != 'en')}{_folder(other)}rules/{rule.id}.md)"
        for other in LANGUAGES
        if other != tag
    )
    parts = [f"# {rule.id}", " · ".join(others), summary_of(rule), tr(APPLIED[rule.applicability])]
    parts.append(docs_of(rule))
    if rule.example:
        before, after = (
            "\n".join(f"{sign} {line}" for line in _shown(text).split("\n"))
            for sign, text in zip("-+", rule.example, strict=True)
        )
        parts.append(f"{tr('Example:')}\n\n```diff\n{before}\n{after}\n```")
    parts.append("\n".join(f"- {said}" for said in measured_of(rule.id)))
    made = tr(HOW)
    parts.append(f"[{made}](../../{'../' * (tag != 'en')}measured.md#rules)")
    parts.append(
        f"{tr('To silence it:')}\n\n```text\njiaokan check --ignore {rule.id} …\n"
        f'ignore = ["{rule.id}"]  {tr("(in jiaokan.toml, or in [tool.jiaokan] of pyproject.toml)")}\n'
        f"jiaokan: disable-next-line {rule.id}  {tr('(in a comment, on the line before)')}\n```"
    )
    return "\n\n".join(parts) + "\n"


def rule_index(tag: str) -> str:
    """All rules, a table a family."""
    others = (
        f"[{NAMES[other]}]({'../' * (tag != 'en')}{_folder(other)}rules.md)"
        for other in LANGUAGES
        if other != tag
    )
    parts = [f"# {TITLES[tag]}", " · ".join(others)]
    for family in FAMILIES:
        rows = [
            f"| [{rule.id}](rules/{rule.id}.md) | {summary_of(rule)} | {kind_of(rule.applicability)} |"
            for rule in jiaokan.RULES
            if rule.family == family
        ]
        head = f"| {tr('Rule')} | {tr('Found')} | {tr('Applied')} |\n|---|---|---|"
        parts += [f"## {family}", "\n".join([head, *rows])]
    return "\n\n".join(parts) + "\n"


def _folder(tag: str) -> str:
    return "" if tag == "en" else f"{tag}/"


def measured() -> str:
    """The tables that `make accuracy` and `make bench` wrote."""
    parts = ["# Measured", "Written by `make accuracy` and `make bench`; nothing here is typed in."]
    for folder, title in (("accuracy", "Accuracy"), ("benchmarks", "Speed")):
        parts.append(f"## {title}")
        for path in sorted((HERE / folder).glob("*.md")):
            parts.append(re.sub(r"^#+ ", "### ", path.read_text("utf-8"), flags=re.MULTILINE))
    return "\n\n".join(parts) + "\n"


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else f"[U+{ord(c):04X}]" for c in text)
