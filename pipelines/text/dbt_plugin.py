"""dbt-duckdb's plugin that lends the scorer to SQL: text_sentiment(text), text_model_version().

Named in the profile that pipelines.transform writes. Only models that are tables may use the
functions: whoever opens the warehouse file later does not have them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dbt.adapters.duckdb.plugins import BasePlugin

from pipelines.text.sentiment import Scorer

if TYPE_CHECKING:
    import duckdb


class Plugin(BasePlugin):  # type: ignore[misc]
    """Registers the functions on dbt's connection."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        register(conn)


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Add the functions to a connection, once per database."""
    import pyarrow as pa
    from duckdb.sqltypes import DOUBLE, VARCHAR

    scorer = Scorer()
    version = scorer.version

    def scores(texts: Any) -> Any:
        return pa.array([scorer.score(text) for text in texts.to_pylist()], pa.float64())

    con.create_function(
        "text_sentiment", scores, [VARCHAR], DOUBLE, type="arrow", null_handling="special"
    )
    con.create_function("text_model_version", lambda: version, [], VARCHAR)
