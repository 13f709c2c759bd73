"""The wheel and the sdist: the same packages in both, nothing of the editable links, tables included."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel and an sdist, the wheel built from the sdist as pip does it."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return out


def source_files() -> set[str]:
    return {
        f"{folder}/{path.relative_to(ROOT / folder)}"
        for folder in ("repair", "validators")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_both_packages_and_every_table(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    expected = {f"jiaokan/{name}" for name in source_files()}
    assert names == expected | {"jiaokan/__init__.py", "jiaokan/py.typed"}
    assert wheel.stat().st_size < 25e6


def test_the_sdist_holds_what_the_tests_need(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert source_files() <= names
    assert {"tests/test_contract.py", "hatch_build.py", "LICENSE", "README.md"} <= names
