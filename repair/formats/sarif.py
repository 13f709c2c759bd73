"""SARIF 2.1.0 (OASIS), for code hosts. Columns are Unicode code points."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import jiaokan
from jiaokan.repair.files import Refused
from jiaokan.repair.formats.problem import (
    LEVELS,
    HostPlace,
    Problem,
    Totals,
    json_text,
    name_in_repository,
    on_host,
)
from jiaokan.repair.messages import docs_of, language, summary_of, tr, translated
from jiaokan.repair.visible import visible

MOST = 5_000
"""Results of a run: code hosts show no more, and reject a run of more than 25,000."""
_LANGUAGES = {"en": "en", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}
"""The schema takes a country, and no script."""
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(items: Iterator[Problem | Refused], totals: Totals) -> Iterator[str]:
    rules = {rule.id: index for index, rule in enumerate(jiaokan.RULES)}
    results: list[dict[str, Any]] = []
    first: dict[tuple[str, str], Problem] = {}
    counts: Counter[tuple[str, str]] = Counter()
    refused: list[Refused] = []
    for item in items:
        if isinstance(item, Refused):
            refused.append(item)
            continue
        key = (item.whole_file, item.rule)
        first.setdefault(key, item)
        counts[key] += 1
        if len(results) <= MOST:
            results.append(_result(item, rules))
    notes = [_notification(item) for item in refused]
    if len(results) > MOST:
        # One result a file and rule; of those, the ones that stand for most.
        shown = counts.most_common(MOST)
        results = [_aggregate(first[key], count, rules) for key, count in shown]
        text = tr(
            "{count:,} findings are shown as one result a file and rule.",
            count=sum(counts.values()),
        )
        if len(counts) > MOST:
            text += tr(" {count:,} of those results are left out.", count=len(counts) - MOST)
        notes.append({"level": "note", "message": {"text": text}})
    run = {
        "tool": {"driver": _driver()},
        "language": _LANGUAGES[language()],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            "SRCROOT": {
                "description": {"text": "The checkout, or else the folder that was checked."}
            }
        },
        "invocations": [
            {
                "executionSuccessful": totals.failures == 0,
                "exitCode": totals.exit_code,
                "toolExecutionNotifications": notes,
            }
        ],
        "results": results,
        "properties": {"summary": totals.as_json()},
    }
    yield json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _driver() -> dict[str, Any]:
    return {
        "name": "jiaokan",
        "semanticVersion": jiaokan.__version__,
        "rules": [
            {
                "id": rule.id,
                "name": "".join(p.capitalize() for p in rule.id.replace("/", "-").split("-")),
                "shortDescription": {"text": summary_of(rule)},
                "fullDescription": {"text": docs_of(rule) or summary_of(rule)},
                "help": _help(rule),
                "defaultConfiguration": {"level": LEVELS[rule.applicability]},
                "properties": {"family": rule.family, "applicability": rule.applicability.value},
            }
            for rule in jiaokan.RULES
        ],
    }


def _help(rule: jiaokan.Rule) -> dict[str, str]:
    """Plain, and as the code host renders it: the documentation is Markdown."""
    text = docs_of(rule)
    silence = tr("To silence it:")
    example = ""
    if rule.example:
        before, after = (visible(part.replace("\n", "⏎")) for part in rule.example)
        example = f"\n\n```diff\n- {before}\n+ {after}\n```"
    return {
        "text": f"{text}\n\n{silence} --ignore {rule.id}",
        "markdown": f"{text}{example}\n\n{silence} `--ignore {rule.id}`",
    }


def _location(file: str) -> dict[str, Any]:
    return _location_of(name_in_repository(file))


def _location_of(name: str) -> dict[str, Any]:
    uri = quote(name.encode("utf-8", "surrogateescape"))
    if uri.startswith("/"):
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": "SRCROOT"}


def _region(where: HostPlace) -> dict[str, Any]:
    region = {"startLine": where.line, "endLine": where.end_line}
    if where.column:
        region |= {"startColumn": where.column, "endColumn": where.end_column}
    return region


def _result(problem: Problem, rules: dict[str, int]) -> dict[str, Any]:
    finding = problem.finding
    where = on_host(problem)
    region = _region(where)
    at = _location_of(where.file)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules[finding.rule],
        "level": problem.level,
        "message": {"text": visible(where.message)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": at,
                    "region": {**region, "snippet": {"text": problem.before}},
                }
            }
        ],
        "partialFingerprints": {"jiaokan/v1": problem.fingerprint},
        "rank": round(100 * finding.confidence, 2),
        "properties": {
            "applicability": finding.applicability.value,
            "confidence": round(finding.confidence, 6),
            "byteOffset": problem.place.byte,
        },
    }
    if problem.inner:
        result["locations"][0]["logicalLocations"] = [
            {"fullyQualifiedName": visible(problem.file), "kind": "element"}
        ]
    elif finding.replacement is not None:
        replacement = {
            "deletedRegion": region,
            "insertedContent": {"text": finding.replacement},
        }
        result["fixes"] = [
            {
                "description": {"text": f"{tr('Repair')}: {finding.rule}"},
                "artifactChanges": [
                    {
                        "artifactLocation": at,
                        "replacements": [replacement],
                    }
                ],
            }
        ]
    return result


def _aggregate(problem: Problem, count: int, rules: dict[str, int]) -> dict[str, Any]:
    result = _result(problem, rules)
    result.pop("fixes", None)
    if count > 1:
        text = tr(
            "{count:,} places in this file, the first here: {message}",
            count=count,
            message=result["message"]["text"],
        )
        result["message"] = {"text": text}
    result["occurrenceCount"] = count
    return result


def _notification(refused: Refused) -> dict[str, Any]:
    return {
        "level": "error" if refused.is_failure else "note",
        "message": {"text": f"{visible(refused.name)}: {visible(translated(refused.reason))}"},
        "locations": [{"physicalLocation": {"artifactLocation": _location(refused.name)}}],
    }
