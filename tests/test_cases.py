"""The case tables: what each rule changes, what it leaves alone, and what is known to fail.

`tests/cases/<family>.toml` holds `[[case]]` rows:

kind      `wild` (seen in real text), `synthetic`, `negative` (must come out unchanged), or
          `known-failure` (a wild or synthetic row that fails today: strict, so a fix is noticed)
rule      the rule that the row is about
before    the text
encode    optional: an encoding; the input is `before` in its bytes
bytes     optional: the input itself, in hexadecimal, with spaces; `before` is then not needed
after     what it must become under all rules; for `negative` it is `before`
finds     optional: rules that must be among the findings; a negative row never finds its own rule
options   optional: options of the Repairer
why       one sentence
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

import jiaokan
from jiaokan.repair.decode.codecs import encode_text

CASES = Path(__file__).parent / "cases"
KINDS = {"wild", "synthetic", "negative", "known-failure"}


def rows() -> list[dict[str, Any]]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        for number, row in enumerate(tomllib.loads(path.read_text("utf-8"))["case"]):
            found.append({"name": f"{path.stem}-{number}", **row})
    return found


def parameters() -> list[Any]:
    return [
        pytest.param(
            row,
            id=f"{row['name']}-{row['rule']}",
            marks=[pytest.mark.xfail(strict=True)] if row["kind"] == "known-failure" else [],
        )
        for row in rows()
    ]


def given(row: dict[str, Any]) -> str | bytes:
    """What is repaired: the text of a row, or its bytes."""
    if "bytes" in row:
        return bytes.fromhex(row["bytes"])
    text: str = row["before"]
    return encode_text(text, row["encode"]) if "encode" in row else text


@pytest.mark.parametrize("row", parameters())
def test_case(row: dict[str, Any]) -> None:
    assert row["kind"] in KINDS and row["why"]
    repairer = jiaokan.Repairer(**row.get("options", {}))
    before = given(row)
    out = repairer.repair(before)
    assert out.text == (row["after"] if "after" in row else row["before"])
    found = {finding.rule for finding in out.findings}
    if row["kind"] == "negative":
        assert row["rule"] not in found
    else:
        assert set(row.get("finds", [row["rule"]])) <= found
    again = repairer.repair(out.text)
    assert again.text == out.text
    assert jiaokan.undo(out) == before


@pytest.mark.parametrize("rule", [rule.id for rule in jiaokan.RULES])
def test_every_rule_has_rows_of_both_kinds(rule: str) -> None:
    kinds = {row["kind"] for row in rows() if row["rule"] == rule}
    assert "negative" in kinds
    assert kinds & {"wild", "synthetic"}
