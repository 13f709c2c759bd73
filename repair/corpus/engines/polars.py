"""Polars: `frame.with_columns(repaired(pl.col("text")))`. Needs polars."""

import polars as pl

from jiaokan.repair.corpus.arrow import repair_batch
from jiaokan.repair.repairer import Repairer


def repaired(expression: pl.Expr, *, repairer: Repairer | None = None) -> pl.Expr:
    """An expression of the same text, repaired. Nulls stay null."""

    def repair(series: pl.Series) -> pl.Series:
        return pl.Series(series.name, repair_batch(series.to_arrow(), repairer=repairer)[0])

    return expression.map_batches(repair, return_dtype=pl.String)
