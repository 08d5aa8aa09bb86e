"""Tables behind the page of bots: what became of conversations, and how far they came."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.dbt_sql import materialise


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Sessions of one day; whoever began `young` may still ask again, `spam` counts nowhere."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("""
            create table fct_bot_sessions as
            select key as ticket_key, 'q' as source_system, 'a' as account_id, 'Shop' as shop,
                'chat' as channel, 'First line' as team_name, 'Bot' as bot_name, outcome,
                outcome = 'handed_over' as is_handed_over, is_resolved,
                waited as human_response_seconds,
                key != 'spam' as in_p2, key != 'young' as is_matured,
                date '2026-10-01' as started_date
            from (values
                ('settled', 'judged', true, null), ('asked again', 'confirmed', false, null),
                ('silent', 'silent', false, null), ('unsolved', 'unsolved', false, null),
                ('answered', 'handed_over', false, 0), ('left', 'handed_over', false, null),
                ('young', 'judged', true, null), ('spam', 'judged', true, null)
            ) as sessions (key, outcome, is_resolved, waited)
        """)
        connection.execute(
            "create table fct_tickets as select ticket_key, 'return' as topic from fct_bot_sessions"
        )
        materialise(connection, "kpi_bot_outcomes", "kpi_bot_stages")
        yield connection


def test_every_counted_conversation_ends_once(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute("select outcome, conversations from kpi_bot_outcomes").fetchall()
    assert dict(found) == {
        "handed_over": 2,
        "judged": 2,
        "confirmed": 1,
        "silent": 1,
        "unsolved": 1,
    }


def test_stages_keep_what_went_on_and_leave_out_who_may_still_ask_again(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = con.execute(
        "select path, stage_no, stage, conversations from kpi_bot_stages order by 1, 2"
    ).fetchall()
    assert found == [
        ("bot", 1, "began", 6),
        ("bot", 2, "kept", 4),
        ("bot", 3, "solved", 2),
        ("bot", 4, "not_repeated", 1),
        ("human", 1, "began", 6),
        ("human", 2, "handed_over", 2),
        ("human", 3, "answered", 1),
    ]
