"""Measures speed and memory beside the tools that a user would otherwise chain: `make bench`.

Each module of this folder that has `measure(scale) -> Iterator[Row]` is one section. `scale` 1.0 is
what `make bench` runs; the tests run little. No test has a time limit: speed lives here.
"""
