"""DuckDB: after `register(connection)`, SQL can say `jiaokan_repair(text)`. Needs duckdb."""

from typing import Any

import duckdb

from jiaokan.repair.corpus.arrow import repair_batch
from jiaokan.repair.repairer import Repairer


def register(
    connection: "duckdb.DuckDBPyConnection",
    *,
    repairer: Repairer | None = None,
    name: str = "jiaokan_repair",
) -> None:
    """Make the repair a scalar function of SQL, run on Arrow vectors. NULL stays NULL."""

    def repair(texts: Any) -> Any:
        return repair_batch(texts, repairer=repairer)[0]

    options: dict[str, Any] = {"type": "arrow", "null_handling": "special"}
    connection.create_function(name, repair, ["VARCHAR"], "VARCHAR", **options)
