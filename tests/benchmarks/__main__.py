"""`python -m tests.benchmarks [SECTION …] [--scale S] [--write]`: print the tables, keep them in docs/."""

import argparse
from importlib import import_module
from pathlib import Path

from tests.accuracy.rows import render
from tests.accuracy.sets import available
from tests.benchmarks.timing import pin_to_one_core

HERE = Path(__file__).parent
DOCS = HERE.parent.parent / "docs" / "benchmarks"
_PARTS = {"__init__", "__main__", "runs", "timing"}


def sections() -> list[str]:
    """The modules of this folder that measure something."""
    return sorted({path.stem for path in HERE.glob("*.py")} - _PARTS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("section", nargs="*")
    parser.add_argument("--scale", type=float, default=1.0, help="part of each workload to run")
    parser.add_argument("--write", action="store_true", help="keep the tables in docs/benchmarks/")
    options = parser.parse_args()
    if not available():
        print("benchmarks run on ../shared/data, which is not here: skipped")
        return 0
    pin_to_one_core()
    for section in options.section or sections():
        module = import_module(f"tests.benchmarks.{section}")
        text = render(section, module.__doc__ or "", list(module.measure(options.scale)))
        text += f"\nMeasured at scale {options.scale:g}.\n"
        print(text, flush=True)
        if options.write:
            DOCS.mkdir(parents=True, exist_ok=True)
            (DOCS / f"{section}.md").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
