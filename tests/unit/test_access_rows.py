"""Clauses of row-level security, run in DuckDB on a few rows; what may leak is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipelines.dashboards.access.policies import load_policies
from pipelines.dashboards.access.rows import (
    access_problems,
    clause_for,
    dashboard_readers,
    has_rows_for,
    refuse_leaks,
    role_datasets,
    row_rules,
)
from pipelines.dashboards.access.users import Rows
from pipelines.dashboards.bundle import identify
from pipelines.dashboards.datasets import Column
from pipelines.errors import HelpmartError
from tests.unit.dashboard_worlds import dashboard, dataset, datasets, load_status, number

TEXT = "VARCHAR"
POLICIES = load_policies().model_copy(update={"open_to_all": {"load_status": "no figure"}})
NIGHT = "Night's Watch: 100% O'Brien"


@pytest.fixture(scope="module")
def published() -> Iterator[duckdb.DuckDBPyConnection]:
    """Ann and Bob are in a team with an awkward name, Cid is not; Ann works in two systems."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema published;
            create table published.dim_agents as
            select * from (values
                ('a1', 'ann', 'zendesk', 'x', '1', $team),
                ('a2', 'ann', 'calls', 'x', '7', 'unknown'),
                ('b1', 'bob', 'zendesk', 'x', '2', 'unknown'),
                ('c1', 'cid', 'zendesk', 'x', '7', 'Day')
            ) as t (agent_key, person_key, source_system, account_id, agent_id, team_name);
            create table published.dim_people as
            select * from (values ('ann', 'Day'), ('bob', $team), ('cid', 'Day'))
                as t (person_key, team_name);
            create table published.facts as
            select agent_key, person_key, source_system, account_id, agent_id, team_name
            from published.dim_agents;
            create table published.cells as
            select * from (values
                ('team', $team), ('team', 'Day'), ('agent', 'a1'), ('agent', 'c1'), ('total', '')
            ) as t (grain, unit_value);
            """.replace("$team", "'" + NIGHT.replace("'", "''") + "'")
        )
        yield connection


LEAD, AGENT = Rows(teams=(NIGHT,)), Rows(persons=("ann",))


def kept(published: duckdb.DuckDBPyConnection, rows: Rows, *columns: str) -> set[str]:
    clause = clause_for(columns, rows)
    assert clause is not None
    query = f"select agent_key from published.facts where ({clause})"
    return {key for (key,) in published.execute(query).fetchall()}


@pytest.mark.parametrize(
    ("rows", "columns", "keys"),
    [
        (LEAD, ["team_name"], {"a1"}),
        (LEAD, ["team_name", "agent_key"], {"a1", "a2", "b1"}),
        (LEAD, ["person_key"], {"a1", "a2", "b1"}),
        (AGENT, ["person_key"], {"a1", "a2"}),
        (AGENT, ["agent_key"], {"a1", "a2"}),
        (AGENT, ["team_name", "agent_id", "source_system", "account_id"], {"a1", "a2"}),
    ],
)
def test_a_clause_keeps_the_own_rows(
    published: duckdb.DuckDBPyConnection, rows: Rows, columns: list[str], keys: set[str]
) -> None:
    assert kept(published, rows, *columns) == keys


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        (LEAD, {("team", NIGHT), ("agent", "a1")}),
        (AGENT, {("agent", "a1")}),
    ],
)
def test_of_values_by_grain_the_own_members_are_kept(
    published: duckdb.DuckDBPyConnection, rows: Rows, cells: set[tuple[str, str]]
) -> None:
    clause = clause_for(["grain", "unit_value", "value"], rows)
    found = published.execute(f"select * from published.cells where ({clause})").fetchall()
    assert set(found) == cells


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (AGENT, ["team_name", "value"]),
        (AGENT, ["agent_id", "value"]),  # the same id is somebody else in another account
        (LEAD, ["shop", "value"]),
        (Rows(), ["team_name", "agent_key"]),
    ],
)
def test_where_the_columns_cannot_tell_there_is_no_clause(rows: Rows, columns: list[str]) -> None:
    assert clause_for(columns, rows) is None


def world(**columns: str) -> Any:
    return datasets(columns={"local_date": "DATE", "channel": TEXT, **columns})


def test_rules_are_one_a_clause_and_open_datasets_are_everybodys() -> None:
    open_rule, *rules = row_rules(world(agent_key=TEXT), {"emma": AGENT}, POLICIES)
    assert open_rule.roles == ("Lead", "Agent")
    assert open_rule.datasets == (identify("dataset", "load_status"),)
    (rule,) = rules
    assert rule.roles == ("Rows of emma",)
    assert rule.datasets == tuple(
        sorted(identify("dataset", f"daily_{language}") for language in ("en", "zh"))
    )


@pytest.mark.parametrize(
    ("columns", "readers"),
    [
        ({}, ["Executive", "Analyst"]),
        ({"team_name": TEXT}, ["Executive", "Analyst", "Lead"]),
        ({"agent_key": TEXT}, ["Executive", "Analyst", "Lead", "Agent"]),
    ],
)
def test_a_dashboard_is_for_whom_every_dataset_has_rows(
    columns: dict[str, str], readers: list[str]
) -> None:
    board = dashboard(number())
    found = dashboard_readers([board], world(**columns), POLICIES, wall_screen=())
    assert found[identify("dashboard", board.slug_of("en"))] == readers


def test_a_wall_screen_shows_the_named_dashboard_alone() -> None:
    board = dashboard(number())
    found = dashboard_readers([board], world(), POLICIES, wall_screen=[board.slug_of("zh")])
    shown = {uuid for uuid, readers in found.items() if "Wall screen" in readers}
    assert shown == {identify("dashboard", board.slug_of("zh"))}


def test_a_role_may_see_records_of_datasets_with_rows_for_it() -> None:
    found = role_datasets(world(team_name=TEXT), POLICIES)
    assert identify("dataset", "daily_en") in found["Lead"]
    assert found["Agent"] == [identify("dataset", "load_status")]
    assert has_rows_for(load_status("en"), POLICIES.roles["Agent"], POLICIES)


@pytest.mark.parametrize("column", ["team_name", "agent_key", "person_name", "agent"])
def test_a_dataset_of_people_cannot_be_open_to_all(column: str) -> None:
    policies = POLICIES.model_copy(update={"open_to_all": {"daily": "why not"}})
    with pytest.raises(HelpmartError, match="can't be open to all"):
        refuse_leaks([], world(**{column: TEXT}), policies)


def test_what_is_open_to_all_has_to_exist() -> None:
    policies = POLICIES.model_copy(update={"open_to_all": {"dayly": "a slip"}})
    assert "no dataset" in "".join(access_problems([], world(), policies))


def test_a_wall_screen_may_name_neither_people_nor_what_there_is_not() -> None:
    board = dashboard(number())
    known = world(agent_key=TEXT)
    problems = "\n".join(
        access_problems([board], known, POLICIES, [board.slug_of("en"), "nowhere"])
    )
    assert "with the column agent_key" in problems
    assert "no dashboard nowhere" in problems
    assert not list(access_problems([board], world(), POLICIES, [board.slug_of("en")]))


def test_an_assigned_person_counts_within_an_account() -> None:
    columns = {name: Column(name, TEXT) for name in ("assignee_id", "source_system", "account_id")}
    found = dataset(columns=dict.fromkeys(columns, TEXT))
    assert has_rows_for(found, POLICIES.roles["Agent"], POLICIES)
    assert "account_id, assignee_id) in" in str(clause_for(columns, AGENT))
