"""Measures what the rules mend and what they break: `make accuracy`.

Each module of this folder that has `measure(share) -> Iterator[Row]` is one section of the table. It may
have `tables(share)`, files below the root that `--write` keeps beside it.
`share` is the part of each set to use: 1.0 in `make accuracy`, little in the tests.
"""
