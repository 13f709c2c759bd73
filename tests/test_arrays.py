"""Arrays that are kept as they are used: the same as those worked out, also where a table has changed."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from jiaokan.validators import arrays, classes, tables
from jiaokan.validators.arrays import KeptArray
from jiaokan.validators.classes import CLASSES, Class
from jiaokan.validators.script.conversions import KINDS

KEPT = (CLASSES, *KINDS.values())


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.name)
def test_they_are_what_the_tables_make(kept: KeptArray) -> None:
    is_current = (tables.FOLDER / kept.path).read_bytes() == kept.as_bytes()
    assert is_current, "a table has changed: `python -m recipes arrays`"


def test_nothing_else_is_kept() -> None:
    names = {path.name for path in (tables.FOLDER / "arrays").iterdir()}
    assert names == {f"{kept.name}.npy" for kept in KEPT}


def test_a_changed_table_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("classes.tsv", CLASSES.path):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(tables.FOLDER / name, tmp_path / name)
    monkeypatch.setattr(arrays, "FOLDER", tmp_path)
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    before = CLASSES.load()
    assert not before.flags.owndata and not before.flags.writeable  # mapped
    with (tmp_path / "classes.tsv").open("a", encoding="utf-8") as table:
        table.write("KANA\t4e00\n")
    after = CLASSES.load()
    assert not after.flags.writeable
    assert np.flatnonzero(before != after).tolist() == [0x4E00]
    assert int(after[0x4E00]) & Class.KANA
    (tmp_path / CLASSES.path).unlink()
    assert np.array_equal(CLASSES.load(), after)
    assert np.array_equal(classes.class_table(), before)
