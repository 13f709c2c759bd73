"""Editable installs see `repair/` and `validators/` as `jiaokan.repair` and `jiaokan.validators`."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LinkPackages(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            return
        root = Path(self.root)
        for name in ("repair", "validators"):
            link = root / "src" / "jiaokan" / name
            if not link.is_symlink():
                link.symlink_to(Path("..") / ".." / name, target_is_directory=True)
