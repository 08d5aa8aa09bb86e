"""Says which rules a failed test of a whole table found broken; dbt itself only counts its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.transform.warehouse import opened_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.settings import Settings

TABLE_TEST = "columns_hold"


def broken_rules(settings: Settings, results: Iterable[Any]) -> dict[str, str]:
    """By unique id of a failed test: each broken rule and how many rows or keys break it.

    Args:
        settings: Where the database files lie; nothing may hold them open for writing.
        results: What dbt gave back for the nodes it ran.
    """
    failed = {
        result.node.unique_id: result.node.compiled_code
        for result in results
        if result.status == "fail" and _looks_at_a_table(result.node)
    }
    if not failed:
        return {}
    told = {}
    with opened_warehouse(settings) as connection:
        for unique_id, statement in failed.items():
            rows = connection.execute(statement).fetchall()
            told[unique_id] = "; ".join(f"{rule}: broken {count:,} times" for rule, count in rows)
    return told


def _looks_at_a_table(node: Any) -> bool:
    metadata = getattr(node, "test_metadata", None)
    return metadata is not None and metadata.name == TABLE_TEST
