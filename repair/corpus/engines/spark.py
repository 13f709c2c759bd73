"""Spark: `repair_frame(frame)`, by `mapInArrow`. Needs the extra `spark`."""

from collections.abc import Iterator, Sequence
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_type
from pyspark.sql.types import StructField, StructType

from jiaokan.repair.corpus.arrow import EDITS_OF_ROW, annotate_batch
from jiaokan.repair.repairer import Repairer


def repair_frame(
    frame: DataFrame,
    *,
    repairer: Repairer | None = None,
    columns: Sequence[str] = ("text",),
    edits_column: str = "jiaokan_edits",
) -> DataFrame:
    """A lazy frame with these columns repaired, and each row's edits in `edits_column`.

    The batch size is Spark's `spark.sql.execution.arrow.maxRecordsPerBatch`.
    """

    def repair(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            yield annotate_batch(
                batch, repairer=repairer, columns=columns, edits_column=edits_column
            )

    edits = StructField(edits_column, from_arrow_type(EDITS_OF_ROW))
    return frame.mapInArrow(repair, StructType([*frame.schema.fields, edits]))
