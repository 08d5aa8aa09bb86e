"""The newest landed version of each key, however the caller's condition reads."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_sql import rendered_macro

LANDED = [
    ("a", 1, "old", "x"),
    ("a", 2, "new", "x"),
    ("b", 1, "only", "y"),
    ("c", 1, "else", "z"),
]


@pytest.mark.parametrize("where", ["kind = 'x' or kind = 'y'", "kind in ('x', 'y')"])
def test_a_condition_with_or_doubles_no_key(where: str) -> None:
    with duckdb.connect() as con:
        con.execute(
            "create table landed (id text, _version_at int, state text, kind text,"
            " _account_id text default 'main', _row_hash text default '0')"
        )
        con.executemany(
            "insert into landed (id, _version_at, state, kind) values (?, ?, ?, ?)", LANDED
        )
        query = rendered_macro("newest_versions", "landed", ["id"], ["id", "state"], where)
        found = con.execute(f"select id, state from ({query}) order by id").fetchall()
    assert found == [("a", "new"), ("b", "only")]
