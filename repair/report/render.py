"""A `Report` as one HTML page that needs nothing else."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from jiaokan.repair.formats.problem import sentence
from jiaokan.repair.messages import language, later, summary_of, tr, translated
from jiaokan.repair.report.model import CONFIDENCE_STEPS, WORST_FILES, Change, Report, ReportedFile
from jiaokan.validators.families import FAMILIES, rules_by_id
from jiaokan.validators.harm import harm_of
from jiaokan.validators.values import Applicability

_FAMILIES = {
    "encoding": later("bytes that are not UTF-8"),
    "mojibake": later("text decoded by the wrong encoding"),
    "characters": later("stray and wrong code points"),
    "glosses": later("readings that leaked into the text"),
    "lines": later("broken, glued and repeated lines"),
    "script": later("Simplified and Traditional mixed or badly converted"),
    "punctuation": later("flattened marks, and spaces"),
    "debris": later("what a page has around its text"),
}


def render_report(report: Report) -> str:
    """The page as text. Nothing in it is loaded from a network or run from a document."""
    here = files("jiaokan.repair.report")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["thousands"] = "{:,}".format
    environment.globals["tr"] = tr
    environment.globals["translated"] = translated
    environment.globals["about_family"] = lambda name: tr(_FAMILIES[name])
    js = here.joinpath("report.js").read_text("utf-8")
    template = environment.from_string(here.joinpath("report.html.j2").read_text("utf-8"))
    listed = [
        {"index": index, "shown_name": visible(file.name)}
        for index, file in enumerate(report.files)
        if file.changes
    ]
    return template.render(
        report=report,
        css=Markup(here.joinpath("report.css").read_text("utf-8")),
        language=language(),
        js=Markup(js),
        data=Markup(_script_json({**_columns(report), "words": _words(js)})),
        lead=_lead(report),
        families=_bars(
            _by_family(report.edits_by_rule), _by_family(report.reported_by_rule), FAMILIES
        ),
        confidence=_bars(
            report.confidence.edits,
            report.confidence.reported,
            [name for _, name in CONFIDENCE_STEPS],
        ),
        rules=_rules(report),
        worst=_worst(report.files),
        listed=listed,
    )


def visible(text: str) -> str:
    """A name with its control, bidi and lone surrogate characters shown by their code points."""
    return "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in text)


def _lead(report: Report) -> str:
    if not report.edits and not report.reported:
        return tr("Nothing was wrong.")
    lead = tr(
        "{changed:,} of {files:,} files were changed, in {edits:,} places; each change below can be"
        " undone.",
        changed=report.changed,
        files=report.file_count,
        edits=report.edits,
    )
    if report.reported:
        lead += tr(
            " {count:,} more places were noticed and left as they are: those are for you to decide.",
            count=report.reported,
        )
    return lead


def _words(js: str) -> dict[str, str]:
    """What the script says, in the language of the page."""
    if language() == "en":
        return {}
    words = (*re.findall(r'\bt\("([^"]+)"', js), *Applicability)
    return {word: tr(word) for word in words}


def _by_family(by_rule: Counter[str]) -> Counter[str]:
    families: Counter[str] = Counter()
    for rule, count in by_rule.items():
        families[rule.partition("/")[0]] += count
    return families


def _bars(
    edits: Counter[str], reported: Counter[str], order: Iterable[str]
) -> list[dict[str, Any]]:
    most = max((edits + reported).values(), default=1)
    return [
        {
            "name": name,
            "edits": edits[name],
            "reported": reported[name],
            "edits_width": round(100 * edits[name] / most, 2),
            "reported_width": round(100 * reported[name] / most, 2),
        }
        for name in order
        if edits[name] or reported[name]
    ]


def _rules(report: Report) -> list[dict[str, Any]]:
    rows = []
    for rule in rules_by_id().values():
        edits, reported = report.edits_by_rule[rule.id], report.reported_by_rule[rule.id]
        if not edits and not reported:
            continue
        harm = harm_of(rule.id)
        rows.append(
            {
                "id": rule.id,
                "family": rule.family,
                "summary": summary_of(rule),
                "applicability": rule.applicability.value,
                "edits": edits,
                "reported": reported,
                "least_sure": report.confidence.least.get(rule.id, 1.0),
                "harm": tr("not measured") if harm is None else f"{harm:.2f}",
            }
        )
    return rows


def _worst(reported_files: Sequence[ReportedFile]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "index": index,
            "shown_name": visible(file.name),
            "encoding": file.encoding,
            "edits": file.edits,
            "reported": file.reported,
            "per_thousand": 1000 * file.edits / max(1, file.characters),
            "page": file.text is not None,
        }
        for index, file in enumerate(reported_files)
        if file.edits or file.reported
    ]
    rows.sort(key=lambda row: (-row["edits"], -row["reported"], row["shown_name"]))
    return rows[:WORST_FILES]


def _columns(report: Report) -> dict[str, Any]:
    """The changes as columns (small, and quick to filter), in the order of the files."""
    ids = list(rules_by_id())
    index_of = {id: index for index, id in enumerate(ids)}
    rules = [
        {"id": rule.id, "family": rule.family, "summary": summary_of(rule)}
        for rule in rules_by_id().values()
    ]
    pages: list[dict[str, Any]] = []
    rows: list[tuple[int, Change]] = []
    for number, file in enumerate(report.files):
        first = len(rows)
        rows += ((number, change) for change in file.changes)
        page = {"text": file.text, "first": first, "last": len(rows)} if file.text else None
        pages.append({"name": file.name, "page": page})
    columns = {
        "message": [sentence(change.message) for _, change in rows],
        "rule": [index_of[change.rule] for _, change in rows],
        "file": [number for number, _ in rows],
        "from": [change.start for _, change in rows],
        "to": [change.end for _, change in rows],
        **{
            name: [getattr(change, name) for _, change in rows]
            for name in (
                "line", "column", "left", "before", "after", "right", "evidence", "confidence",
                "applicability", "applied",
            )
        },
    }  # fmt: skip
    return {"rules": rules, "files": pages, "changes": columns}


def _script_json(value: object) -> str:
    """JSON that may stand inside a script element, whatever it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    escaped = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return escaped.encode("utf-8", "backslashreplace").decode("utf-8")
