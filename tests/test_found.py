"""A million files are gone through again and again in the memory of thousands."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from jiaokan.repair.files import Input, Refused
from jiaokan.repair.files import found as found_files
from jiaokan.repair.files.addresses import Address
from jiaokan.repair.files.found import Found


def items(count: int) -> Iterator[Input | Refused]:
    for number in range(count):
        if number % 10:
            yield Input(Path(f"/in/文/{number}.txt"), f"文/{number}.txt", number)
        else:
            yield Refused(f"{number}", "skipped", is_failure=number % 20 == 0)


def test_what_was_found_comes_again() -> None:
    address = Input(Address.of("memory://a/b.txt"), "b.txt", 3)
    odd = Input(Path("/in/\udcff\n.txt"), "\udcff\n.txt", 4)
    all_of_them = [*items(1_000), address, odd]
    found = Found(all_of_them)
    assert list(found) == list(found) == all_of_them
    assert (found.files, found.skipped) == (902, 50)
    assert found.size == sum(n for n in range(1_000) if n % 10) + 7
    again = [item for item in found if isinstance(item, Input)]
    assert [item.size for item in again[-2:]] == [3, 4]
    assert isinstance(again[-2].path, Address) and again[-2].path.url == "memory://a/b.txt"
    names = found.names()
    assert "文/1.txt" in names and "\udcff\n.txt" in names and "文/1000.txt" not in names


def test_memory_does_not_grow_with_the_number_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_files, "_HELD", 1 << 16)

    def peak(count: int) -> int:
        path = Path("/in/a.txt")  # one for all: paths keep a table of their parts
        tracemalloc.start()
        found = Found(Input(path, f"{number}.txt", 1) for number in range(count))
        assert sum(1 for _ in found) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few = peak(4_000)
    assert peak(16_000) < 1.2 * few
