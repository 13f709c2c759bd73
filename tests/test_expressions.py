"""Regular expressions that are compiled when first used, and what a first document costs."""

import re
import subprocess
import sys

import pytest

from jiaokan.validators.expressions import expression


def test_an_expression_does_what_its_pattern_does() -> None:
    lazy, made = (
        expression(r"^\s*第(\d+)章", re.MULTILINE),
        re.compile(r"^\s*第(\d+)章", re.MULTILINE),
    )
    text = "第1章\n 第22章\n见第3章"
    assert [m.span(1) for m in lazy.finditer(text)] == [m.span(1) for m in made.finditer(text)]
    assert lazy.findall(text) == made.findall(text) == ["1", "22"]
    assert lazy.match(text, 4) is not None and lazy.fullmatch("第1章") is not None
    assert lazy.sub("", text) == made.sub("", text)


def test_it_is_compiled_when_first_used() -> None:
    broken = expression("(")
    with pytest.raises(re.error):
        broken.search("甲")
    with pytest.raises(AttributeError):
        _ = broken.nothing_of_the_kind  # type: ignore[attr-defined]


def test_the_import_loads_nothing() -> None:
    code = "import sys, jiaokan; print('numpy' in sys.modules, 're' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("False")
