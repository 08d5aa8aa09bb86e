"""The warehouse as dbt left it, opened to read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.transform.profile import SERVING_ALIAS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.settings import Settings


@contextmanager
def opened_warehouse(settings: Settings) -> Iterator[DuckDBPyConnection]:
    """Both database files under the names that dbt uses; nothing may hold them open for writing."""
    import duckdb

    serving_file = str(settings.paths.serving_file).replace("'", "''")
    with duckdb.connect(str(settings.paths.warehouse_file), read_only=True) as connection:
        connection.execute(f"attach '{serving_file}' as {SERVING_ALIAS} (read_only)")
        connection.execute("set timezone = 'UTC'")
        yield connection
