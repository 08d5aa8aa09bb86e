"""A survey counts where its ticket does, for an agent whom that account knows."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.dbt_sql import rendered


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Ada is `ada` on the telephone and `7` in the chat tool; two employees are called `sam`."""
    with duckdb.connect() as con:
        con.execute("""
            create table int_surveys__answered (
                survey_key text, source_system text, account_id text,
                ticket_system text, ticket_account_id text, agent_id text
            );
            create table int_accounts__as_of as
            select * from (values ('chat', 'main'), ('phone', 'main'), ('surveys', 'tool'))
                as accounts (source_system, account_id);
            create table int_agents__unioned as
            select source_system, 'main' as account_id, source_system || agent_id as agent_key,
                agent_id
            from (values ('chat', '7'), ('chat', '8'), ('chat', '9'), ('phone', 'ada'))
                as agents (source_system, agent_id);
            create table int_agent_logins__unioned as
            select * from (values
                ('e1', '0017', 'ada', 'phoneada'), ('e1', '0017', '7', 'chat7'),
                ('e2', '0018', 'sam', null), ('e2', '0018', '8', 'chat8'),
                ('e3', '0019', 'sam', null), ('e3', '0019', '9', 'chat9'),
                ('e4', '0020', 'eve', 'phoneeve')
            ) as logins (employee_key, employee_no, login, agent_key);
        """)
        yield con


@pytest.mark.parametrize(
    ("ticket_system", "stated", "source_system", "agent_id"),
    [
        ("phone", "ada", "phone", "ada"),
        ("chat", "ada", "chat", "7"),
        ("chat", "0017", "chat", "7"),
        ("chat", "8", "chat", "8"),
        ("chat", "sam", "chat", None),
        ("phone", "eve", "phone", None),
        ("phone", "stranger", "phone", None),
        ("phone", None, "phone", None),
        ("never landed", "ada", "surveys", None),
        (None, "ada", "surveys", None),
    ],
)
def test_the_agent_is_one_of_the_account_or_nobody(
    con: duckdb.DuckDBPyConnection,
    ticket_system: str | None,
    stated: str | None,
    source_system: str,
    agent_id: str | None,
) -> None:
    con.execute(
        "insert into int_surveys__answered values ('k', 'surveys', 'tool', ?, 'main', ?)",
        [ticket_system, stated],
    )
    rows = con.execute(rendered("int_surveys__placed")).fetchall()
    account_id = "tool" if source_system == "surveys" else "main"
    assert rows == [("k", source_system, account_id, agent_id)]
