"""Hugging Face datasets: `repair_dataset(dataset)`. Needs the extra `datasets`."""

from collections.abc import Sequence
from typing import Any

from datasets import Dataset, DatasetDict, IterableDataset

from jiaokan.repair.corpus.arrow import annotate_batch
from jiaokan.repair.repairer import Repairer


def repair_dataset(
    dataset: "Dataset | DatasetDict | IterableDataset",
    *,
    repairer: Repairer | None = None,
    columns: Sequence[str] = ("text",),
    edits_column: str = "jiaokan_edits",
    batch_size: int = 4096,
    **options: Any,
) -> Any:
    """The dataset with these columns repaired, and each row's edits in `edits_column`.

    `options` go to `Dataset.map` (`num_proc` …).
    """

    def repair(batch: Any) -> Any:
        return annotate_batch(batch, repairer=repairer, columns=columns, edits_column=edits_column)

    mapped = dataset.with_format("arrow").map(
        repair, batched=True, batch_size=batch_size, **options
    )
    return mapped.with_format(None)
