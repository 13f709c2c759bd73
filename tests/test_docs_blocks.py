"""What README and docs/ show besides consoles: shell, Python, TOML and SQL, run as far as they can be
run here; what needs a cluster or a network is held against the commands' options and the code."""

import ast
import re
import shlex
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import jiaokan as library
from jiaokan.validators.families import FAMILIES, rules_by_id
from tests.command import CLEAN, DAMAGED, jiaokan

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
pytestmark = pytest.mark.skipif(
    not (ROOT / "docs").is_dir(), reason="the docs are not in the sdist"
)


def blocks(language: str) -> list[Any]:
    found = []
    for path in PAGES:
        text = path.read_text("utf-8")
        for number, block in enumerate(
            re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        ):
            found.append(pytest.param(block, id=f"{path.name}-{number}"))
    return found


def commands() -> list[Any]:
    """Every command of `sh` blocks, and of whole commands in the text of the pages."""
    found: dict[str, str] = {}
    for path in PAGES:
        text = path.read_text("utf-8").replace("\\\n", " ")
        lines = [
            line
            for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
            for line in block.splitlines()
        ]
        lines += re.findall(r"`(jiaokan [a-z]+ [^`]*)`", text)
        for line in lines:
            for part in re.split(r"\||&&|;", line.partition(" # ")[0].partition("    ")[0]):
                if part.strip().startswith("jiaokan "):
                    found[part.strip().partition(" > ")[0]] = path.name
    return [pytest.param(command, id=f"{page}-{command}") for command, page in found.items()]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in ("corpus", "raw"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(DAMAGED, "utf-8")
        (tmp_path / name / "b.txt").write_text(CLEAN, "utf-8")
    assert jiaokan("fix", "corpus", "-o", "clean", cwd=tmp_path).code == 0
    return tmp_path


@pytest.mark.parametrize("command", commands())
def test_commands_are_there_and_run_where_they_can(command: str, corpus: Path) -> None:
    words = shlex.split(command)[1:]
    help = jiaokan(words[0], "--help").out
    assert help.startswith(("Usage", "usage")), command
    for word in words[1:]:
        if re.match(r"--?[a-z]", word):
            assert re.search(rf"(?<![\w-]){re.escape(word.partition('=')[0])}\b", help), word
    if re.search(r"://|@|…|\.\.\.|[A-Z]{3}|origin/", command):
        return  # elsewhere, or with a place for what the reader has
    if "-o" in words:
        words[words.index("-o") + 1] = "elsewhere"
    paths = [w for w in words[1:] if w in (".", "-") or (corpus / w).exists()]
    if words[1].startswith("--") and not paths:
        return  # an option that is spoken of
    assert paths or words[0] == "explain", command
    done = jiaokan(*words, stdin=DAMAGED.encode(), cwd=corpus)
    assert done.code in (0, 1), done.err


@pytest.mark.parametrize("block", blocks("python"))
def test_python_names_what_there_is(block: str) -> None:
    tree = ast.parse(block)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("jiaokan"):
            for alias in node.names:
                assert _is_there(str(node.module), alias.name), (node.module, alias.name)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "jiaokan":
            assert hasattr(library, node.attr), node.attr


def _is_there(module: str, name: str) -> bool:
    """Without importing the engine that the module is for."""
    if find_spec(f"{module}.{name}") if _is_package(module) else None:
        return True
    spec = find_spec(module)
    assert spec is not None and spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text("utf-8"))
    defined = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    return name in defined or hasattr(library, name)


def _is_package(module: str) -> bool:
    spec = find_spec(module)
    return spec is not None and spec.submodule_search_locations is not None


def _run(block: str, names: dict[str, Any]) -> None:
    """Runs a block; where a value is shown behind an expression, it must be that."""
    for node, line in ((n, block.splitlines()[n.end_lineno - 1]) for n in ast.parse(block).body
                       if n.end_lineno):  # fmt: skip
        code = ast.unparse(node)
        shown = re.search(r"#\s+('.*')$", line)
        if isinstance(node, ast.Expr) and shown:
            assert eval(code, names) == ast.literal_eval(shown[1])
        else:
            exec(code, names)  # noqa: S102 (the project's own page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_rules_that_a_page_names_are_there(page: Path) -> None:
    families = "|".join(FAMILIES)
    named = set(re.findall(rf"`((?:{families})/[a-z0-9-]+)`", page.read_text("utf-8")))
    assert named <= set(rules_by_id())


def test_python_of_the_readme_and_of_its_page_runs() -> None:
    readme = [b.values[0] for b in blocks("python") if str(b.id).startswith("README")]
    page = [b.values[0] for b in blocks("python") if str(b.id).startswith("python.md")]
    assert readme and len(page) == 4
    _run(readme[0], {"data": DAMAGED, "documents": [DAMAGED, CLEAN]})
    _run(page[0], {})
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table({"id": [1], "title": [CLEAN], "text": [DAMAGED]})
    names: dict[str, Any] = {"jiaokan": library, "table": table}
    _run(page[2], names)
    assert names["table"]["text"][0].as_py() != DAMAGED and names["edits"].num_rows == 4


def test_python_for_those_who_come_from_other_tools_runs() -> None:
    names: dict[str, Any] = {}
    for block in blocks("python"):
        if str(block.id).startswith("from-other-tools"):
            _run(block.values[0], names)
    assert names


@pytest.mark.parametrize("block", blocks("toml"))
def test_configurations_are_valid(block: str, corpus: Path) -> None:
    name = "jiaokan.toml"
    if "[[silence]]" in block:
        name = "jiaokan-silences.toml"
    elif "[tool.jiaokan]" in block:
        name = "pyproject.toml"
    jiaokan("baseline", ".", cwd=corpus)
    (corpus / name).write_text(block, "utf-8")
    done = jiaokan("check", ".", cwd=corpus)
    assert done.code in (0, 1), done.err


def test_queries_over_the_audit_run(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    page = (ROOT / "docs" / "audit.md").read_text("utf-8")
    block = re.findall(r"^```sql\n(.*?)^```", page, re.DOTALL | re.MULTILINE)[0]
    (corpus / "clean").rename(corpus / "plain")
    jiaokan("fix", "corpus", "-o", "clean", "--audit-format", "parquet", cwd=corpus)
    (corpus / "clean" / "_audit" / "edits.jsonl").write_bytes(
        (corpus / "plain" / "_audit" / "edits.jsonl").read_bytes()
    )
    monkeypatch.chdir(corpus)
    queries = [query for query in block.split(";") if query.strip()]
    assert len(queries) == 2
    first, second = (duckdb.sql(query).fetchall() for query in queries)
    assert first == second and first


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "CONTEXT.md"], ids=lambda page: str(page.relative_to(ROOT))
)
def test_links_lead_to_what_is_in_the_repository(page: Path) -> None:
    """Who reads the pages where the code is hosted has no site."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        if "://" in path:
            continue
        target = page.parent / path if path else page
        assert target.exists(), link
        if anchor:
            heads = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
            slugs = [re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads]
            assert anchor in slugs, link
