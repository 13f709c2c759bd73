"""`validators/tables/arrays/`: what takes long to work out of the other tables, as it is used."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from jiaokan.validators.arrays import KeptArray
from jiaokan.validators.classes import CLASSES
from jiaokan.validators.script.conversions import KINDS

ARRAYS: tuple[KeptArray, ...] = (CLASSES, *KINDS.values())


def build() -> dict[str, str | bytes]:
    with TemporaryDirectory() as folder:
        # By a process of its own: this one may have read tables that are made anew since.
        subprocess.run([sys.executable, "-m", "recipes.arrays", folder], check=True)
        return {
            f"validators/tables/{array.path}": (Path(folder) / array.name).read_bytes()
            for array in ARRAYS
        }


if __name__ == "__main__":
    for kept in ARRAYS:
        (Path(sys.argv[1]) / kept.name).write_bytes(kept.as_bytes())
