"""datatrove: `JiaokanRepair()`, a step between a reader and a writer. Needs the extra `datatrove`."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from datatrove.pipeline.base import PipelineStep

from jiaokan.repair.corpus.arrow import edit_records
from jiaokan.repair.repairer import Repairer


class JiaokanRepair(PipelineStep):  # type: ignore[misc]
    """Repairs the text of every document; its edits go to `metadata[edits_key]`, where it has any."""

    name = "校勘 Jiaokan"
    type = "✂️ - FORMAT"

    def __init__(
        self,
        repairer: Repairer | None = None,
        *,
        edits_key: str = "jiaokan_edits",
        batch_size: int = 4096,
    ) -> None:
        super().__init__()
        self.repairer = repairer or Repairer()
        self.edits_key = edits_key
        self.batch_size = batch_size

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """The documents, in order."""
        documents = iter(data)
        while batch := list(islice(documents, self.batch_size)):
            with self.track_time(unit="batch"):
                results = list(self.repairer.repair_many(document.text for document in batch))
            for document, result in zip(batch, results, strict=True):
                self.update_doc_stats(document)
                if result.edits:
                    document.text = result.text
                    document.metadata[self.edits_key] = list(edit_records(result, "text"))
                    self.stat_update("changed")
                    self.stat_update("edits", value=len(result.edits))
                yield document
