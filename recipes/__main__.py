"""`python -m recipes [NAME …]`: run the recipes, all or those named."""

import sys
from importlib import import_module
from pathlib import Path

from recipes.sources import ROOT, SourceMissingError

_NOT_RECIPES = {"__init__", "__main__", "sources"}


def names() -> list[str]:
    """All recipes, at the end that which reads what the others make. Modules whose name begins with `_`
    are parts of others."""
    here = Path(__file__).parent
    stems = {path.stem for path in here.glob("*.py")} - _NOT_RECIPES
    named = (stem for stem in stems if not stem.startswith("_"))
    return sorted(named, key=lambda name: (name == "arrays", name))


def build(name: str) -> dict[str, str | bytes]:
    """What the recipe makes: paths below the repository's root, to contents."""
    built: dict[str, str | bytes] = import_module(f"recipes.{name}").build()
    return built


def main() -> int:
    failed = 0
    for name in sys.argv[1:] or names():
        try:
            built = build(name)
        except SourceMissingError as missing:
            print(f"{name}: {missing}", file=sys.stderr)
            failed = 2
            continue
        for relative, content in built.items():
            data = content.encode("utf-8") if isinstance(content, str) else content
            target = ROOT / relative
            same = target.exists() and target.read_bytes() == data
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            print(f"{relative}: {len(data):,} bytes{', unchanged' if same else ''}")
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
