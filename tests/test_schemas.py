"""Our own outputs against the schemas that docs/schemas/ publishes: valid, and every key described."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jiaokan.repair import audit
from jiaokan.repair.checking import known
from jiaokan.repair.formats import json as json_format
from tests.command import CLEAN, DAMAGED, jiaokan

jsonschema = pytest.importorskip("jsonschema", reason="pip install jsonschema")
SCHEMAS = Path(__file__).parent.parent / "docs" / "schemas"
pytestmark = pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the docs are not in the sdist")


def strict(schema: Any) -> Any:
    """The schema without room for a key that it does not describe."""
    schema = copy.deepcopy(schema)

    def close(part: Any) -> None:
        if isinstance(part, dict):
            if "properties" in part:
                part.setdefault("additionalProperties", False)
            for inner in part.values():
                close(inner)
        elif isinstance(part, list):
            for inner in part:
                close(inner)

    close(schema)
    return schema


def validator(name: str) -> Any:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(f"/{name}.json")
    return jsonschema.Draft202012Validator(strict(schema))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "damaged.txt").write_text(f"{DAMAGED}這裏，有，,一個。\n", "utf-8")
    (tmp_path / "clean.txt").write_text(CLEAN, "utf-8")
    (tmp_path / "legacy.txt").write_bytes("我們在臺灣。\n".encode("big5") * 9 + b"\xff\xfe\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    rows = [{"id": "一", "text": DAMAGED}, {"id": 2, "text": CLEAN}, {"id": None, "text": DAMAGED}]
    lines = [json.dumps(row) for row in rows]
    (tmp_path / "records.jsonl").write_text("\n".join([*lines, "{broken", ""]), "utf-8")
    return tmp_path


def test_check_json(folder: Path) -> None:
    done = jiaokan("check", ".", "missing.txt", "--format", "json", cwd=folder)
    value = json.loads(done.out)
    assert len(value["findings"]) > 8 and len(value["not_checked"]) == 3  # a record, too
    validator(f"check-{json_format.VERSION}").validate(value)
    empty = json.loads(jiaokan("check", "clean.txt", "--format", "json", cwd=folder).out)
    validator(f"check-{json_format.VERSION}").validate(empty)


def test_check_jsonl(folder: Path) -> None:
    done = jiaokan("check", ".", "--format", "jsonl", cwd=folder)
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert {row["type"] for row in rows} == {"finding", "not_checked", "end"}
    for row in rows:
        validator(f"check-line-{json_format.VERSION}").validate(row)


def test_baseline(folder: Path) -> None:
    jiaokan("baseline", ".", cwd=folder)
    value = json.loads((folder / "jiaokan-baseline.json").read_text("utf-8"))
    assert value["findings"]
    validator(f"baseline-{known.VERSION}").validate(value)


TABLES = {"file": "files", "edit": "edits", "finding": "findings", "rejected": "rejected"}


def tables(folder: Path) -> Iterator[tuple[str, Any]]:
    for name, table in TABLES.items():
        for line in (folder / f"{table}.jsonl").read_text("utf-8").splitlines():
            yield name, json.loads(line)


@pytest.mark.parametrize("where", [("-o", "out"), ("--in-place", "--audit", "out/_audit")])
def test_the_audit(folder: Path, where: tuple[str, ...]) -> None:
    done = jiaokan("fix", "--unsafe", *where, ".", "--id-column", "id", cwd=folder)
    made = folder / "out" / "_audit"
    assert (made / "summary.json").exists(), done.err
    seen = set()
    for name, row in tables(made):
        validator(f"audit-{name}-{audit.VERSION}").validate(row)
        seen.add(f"{name} of records" if "record" in row else name)
    assert seen >= {"edit", "finding", "rejected", "file", "edit of records", "rejected of records"}
    summary = json.loads((made / "summary.json").read_text("utf-8"))
    validator(f"audit-summary-{audit.VERSION}").validate(summary)


def test_a_wrong_value_is_refused() -> None:
    wrong = {"file": "a", "reason": "b", "failure": "no"}
    with pytest.raises(jsonschema.ValidationError):
        validator("audit-rejected-1").validate(wrong)
    with pytest.raises(jsonschema.ValidationError):
        validator("audit-rejected-1").validate({**wrong, "failure": False, "more": 1})


def test_every_schema_is_named_in_the_docs() -> None:
    pages = "".join(path.read_text("utf-8") for path in SCHEMAS.parent.glob("*.md"))
    for path in SCHEMAS.glob("*.json"):
        assert f"schemas/{path.name}" in pages, path.name
