"""Ray Data: `repair_dataset(dataset)`. Needs the extra `ray`."""

from collections.abc import Sequence
from typing import Any

import ray.data

from jiaokan.repair.corpus.arrow import annotate_batch
from jiaokan.repair.repairer import Repairer


def repair_dataset(
    dataset: "ray.data.Dataset",
    *,
    repairer: Repairer | None = None,
    columns: Sequence[str] = ("text",),
    edits_column: str = "jiaokan_edits",
    batch_size: int | None = 4096,
) -> "ray.data.Dataset":
    """A lazy dataset with these columns repaired, and each row's edits in `edits_column`."""

    def repair(batch: Any) -> Any:
        return annotate_batch(batch, repairer=repairer, columns=columns, edits_column=edits_column)

    return dataset.map_batches(repair, batch_format="pyarrow", batch_size=batch_size)
