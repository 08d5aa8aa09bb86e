"""What the benchmark multiplies: copies have records of their own and share agents and times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from benchmarks.multiply import OWN, multiply

ROWS: dict[str, str] = {
    "tickets": "'7' as id, '1' as requester_id, '2' as submitter_id,"
    ' \'{"rel":"merge","source":{"from":{"ticket_id":6}}}\' as via',
    "ticket_audits": "'70' as id, '7' as ticket_id, '1' as author_id, null as via",
    "audit_events": "'71' as id, '7' as ticket_id, '70' as audit_id, '2' as audit_author_id,"
    " '2' as author_id",
    "comments": "'72' as id, '7' as ticket_id, '70' as audit_id, '1' as author_id, null as via",
    "metric_events": "'73' as id, '7' as ticket_id",
    "ticket_metrics": "'74' as id, '7' as ticket_id",
    "satisfaction_ratings": "'75' as id, '7' as ticket_id, '1' as requester_id",
    "users": "unnest(['1', '2']) as id, unnest(['end-user', 'agent']) as role",
}


def read(raw: Path, entity: str, columns: str) -> list[Any]:
    with duckdb.connect() as connection:
        files = connection.read_parquet(f"{raw}/zendesk/{entity}/*.parquet")
        return sorted(files.project(columns).fetchall())


def written(raw: Path) -> None:
    for entity, row in ROWS.items():
        folder = raw / "zendesk" / entity
        folder.mkdir(parents=True)
        with duckdb.connect() as connection:
            connection.query(f"select {row}").write_parquet(str(folder / "file.parquet"))


def test_a_copy_has_ids_of_its_own_and_the_same_agents(tmp_path: Path) -> None:
    written(tmp_path)

    multiply(tmp_path, 3)

    assert ROWS.keys() == OWN.keys()
    one, two = "1000000000000", "2000000000000"
    assert read(tmp_path, "tickets", "id, requester_id, submitter_id") == [
        (f"{one}007", f"{one}001", "2"),
        (f"{two}007", f"{two}001", "2"),
        ("7", "1", "2"),
    ]
    assert [
        via for (via,) in read(tmp_path, "tickets", "via::json -> '$.source.from.ticket_id'")
    ] == [
        f"{one}006",
        f"{two}006",
        "6",
    ]
    assert len(read(tmp_path, "comments", "id, ticket_id, audit_id")) == 3
    assert read(tmp_path, "users", "id") == [("1",), (f"{one}001",), ("2",), (f"{two}001",)]


def test_what_has_its_copies_is_not_multiplied_again(tmp_path: Path) -> None:
    written(tmp_path)

    multiply(tmp_path, 2)
    multiply(tmp_path, 2)

    assert len(read(tmp_path, "metric_events", "id")) == 2
