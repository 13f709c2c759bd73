"""What `make accuracy` and `make bench` run, on a small part of the data, so that it cannot rot."""

from importlib import import_module

import pytest

from tests.accuracy.__main__ import sections as accuracy_sections
from tests.accuracy.rows import Row, render
from tests.accuracy.sets import available
from tests.benchmarks.__main__ import sections as benchmark_sections

SHARE = 0.002
FETCHED = {"unseen"}
"""Sections that fetch packages."""

pytestmark = pytest.mark.skipif(
    not available(), reason="measured on ../shared/data, which is not here"
)


@pytest.mark.parametrize("section", sorted(set(accuracy_sections()) - FETCHED))
def test_accuracy(section: str) -> None:
    _look_at(section, list(import_module(f"tests.accuracy.{section}").measure(SHARE)))


@pytest.mark.parametrize("section", benchmark_sections())
def test_benchmarks(section: str) -> None:
    _look_at(section, list(import_module(f"tests.benchmarks.{section}").measure(SHARE)))


def _look_at(section: str, rows: list[Row]) -> None:
    assert rows
    assert all(row.measure for row in rows)
    table = render(section, "", rows).splitlines()
    assert len({line.count(" | ") for line in table if line.startswith("| ")}) == 1
