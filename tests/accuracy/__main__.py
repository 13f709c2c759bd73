"""`python -m tests.accuracy [SECTION …] [--share S] [--write]`: print the tables, keep them in docs/."""

import argparse
import sys
import time
from importlib import import_module
from pathlib import Path

from tests.accuracy.rows import render
from tests.accuracy.sets import available

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
DOCS = ROOT / "docs" / "accuracy"
_PARTS = {"__init__", "__main__", "rows", "sets"}


def sections() -> list[str]:
    """The modules of this folder that measure something."""
    stems = {path.stem for path in HERE.glob("*.py")} - _PARTS
    return sorted(stem for stem in stems if not stem.startswith("_"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="make accuracy")
    parser.add_argument("section", nargs="*")
    parser.add_argument("--share", type=float, default=1.0, help="part of each set to use")
    parser.add_argument("--write", action="store_true", help="keep the tables in docs/accuracy/")
    options = parser.parse_args()
    if not available():
        print("accuracy is measured on ../shared/data, which is not here: skipped")
        return 0
    for section in options.section or sections():
        started = time.monotonic()
        module = import_module(f"tests.accuracy.{section}")
        text = render(section, module.__doc__ or "", list(module.measure(options.share)))
        print(text, flush=True)
        print(f"{section}: {time.monotonic() - started:.0f} s", file=sys.stderr)
        if options.write:
            DOCS.mkdir(parents=True, exist_ok=True)
            (DOCS / f"{section}.md").write_text(text, "utf-8")
            tables = module.tables(options.share) if hasattr(module, "tables") else {}
            for path, table in tables.items():
                (ROOT / path).write_text(table, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
