"""Builds the data tables: `make tables`, or `make tables TABLE=name` for one recipe.

A recipe is a module of this folder with `build() -> dict`: file names, below the repository's
root, to contents. It names source and licence in the header of what it makes. What it reads comes
from `../shared/data`, PyPI packages of the extra `tables`, or Debian packages; where a source is
absent it raises `recipes.sources.SourceMissingError` that says how to get it.
"""
