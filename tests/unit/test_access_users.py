"""`users.yml`: what is refused, and whom teams and ids lead to; roles that would leak."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
import yaml

from pipelines.dashboards.access.policies import Policies, load_policies
from pipelines.dashboards.access.users import Rows, find_rows, load_people
from pipelines.errors import HelpmartError
from pipelines.settings import Settings
from pipelines.simulate.drop import DEMO_USERS

POLICIES = load_policies()
AGENTS = [
    ("emma", "zendesk", "north", "7", "Store"),
    ("olga", "calls", "north", "7", "unknown"),
    ("emma", "workforce", "north", "NW07", "unknown"),
]


def entry(**choices: Any) -> dict[str, Any]:
    return {
        "username": "lea",
        "first_name": "Lea",
        "last_name": "Li",
        "email": "lea@acme.example",
        "role": "Executive",
    } | choices


def write(settings: Settings, *entries: dict[str, Any]) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    settings.users_path.write_text(yaml.safe_dump({"users": list(entries)}))


def publish(settings: Settings) -> None:
    file = settings.paths.published_file
    file.parent.mkdir(parents=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "create schema published;"
            "create table published.dim_agents (person_key text, source_system text,"
            " account_id text, agent_id text, team_name text);"
            "create table published.dim_people as select 'emma' as person_key, 'Day' as team_name;"
            "create table published.dim_teams as select 'Store' as team_name"
        )
        connection.executemany("insert into published.dim_agents values (?, ?, ?, ?, ?)", AGENTS)


def test_without_a_file_there_is_nobody(settings: Settings) -> None:
    assert load_people(settings, POLICIES) == ()


def test_the_demos_people_are_a_lead_and_an_agent(settings: Settings) -> None:
    settings.home.mkdir()
    settings.users_path.write_bytes(DEMO_USERS.read_bytes())
    assert [person.role for person in load_people(settings, POLICIES)] == ["Lead", "Agent"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"role": "Boss"}, "there is no role Boss"),
        ({"role": "Wall screen"}, "there is no role Wall screen"),
        ({"role": "Lead"}, "a Lead has teams and no agent"),
        ({"role": "Lead", "teams": ["Store"], "agent": "7"}, "a Lead has teams"),
        ({"role": "Agent"}, "a Agent has agent alone"),
        ({"teams": ["Store"]}, "neither teams nor agent"),
        ({"role": "Admin", "agent": "7"}, "neither teams nor agent"),
        ({"username": "ADMIN"}, "helpmart's own"),
        ({"username": "../x"}, "username"),
        ({"email": "lea"}, "email"),
        ({"password": "secret"}, "password"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused(
    settings: Settings, wrong: dict[str, Any], why: str
) -> None:
    write(settings, entry(**wrong))
    with pytest.raises(HelpmartError, match="list of users") as caught:
        load_people(settings, POLICIES)
    assert why in caught.value.why


def test_nobody_stands_there_twice(settings: Settings) -> None:
    write(settings, entry(), entry(username="LEA", email="other@acme.example"))
    with pytest.raises(HelpmartError, match="twice"):
        load_people(settings, POLICIES)
    write(settings, entry(), entry(username="lee"))
    with pytest.raises(HelpmartError, match="somebody else has the address"):
        load_people(settings, POLICIES)


@pytest.mark.parametrize(
    ("who", "rows", "missing"),
    [
        ({"role": "Lead", "teams": ["Store", "Day"]}, Rows(teams=("Day", "Store")), ""),
        ({"role": "Lead", "teams": ["Stor"]}, Rows(), "no published team is called Stor"),
        ({"role": "Agent", "agent": "NW07"}, Rows(persons=("emma",)), ""),
        ({"role": "Agent", "agent": "zendesk/north/7"}, Rows(persons=("emma",)), ""),
        ({"role": "Agent", "agent": "7"}, Rows(), "2 persons; write source/account/id"),
        ({"role": "Agent", "agent": "8"}, Rows(), "no published agent has the id 8"),
    ],
)
def test_names_are_looked_up_and_a_stranger_gets_no_rows(
    settings: Settings, who: dict[str, Any], rows: Rows, missing: str
) -> None:
    publish(settings)
    write(settings, entry(**who))
    found = find_rows(settings, load_people(settings, POLICIES), POLICIES)
    assert found.rows == {"lea": rows}
    assert bool(found.missing) == bool(missing)
    assert missing in "".join(found.missing)


@pytest.mark.parametrize(
    "loose",
    [
        {"copy_of_roles": ["Gamma"]},
        {"copy_of_roles": ["Analyst"]},
        {"add": [["can_execute_sql_query", "SQLLab"]]},
        {"add": [["database_access", "{published}"]]},
    ],
)
def test_a_fenced_role_gets_nothing_that_leads_around_the_fence(loose: dict[str, Any]) -> None:
    document = POLICIES.model_dump()
    document["roles"]["Lead"] |= loose
    with pytest.raises(ValueError, match="sees its own rows only"):
        Policies.model_validate(document)


def test_a_role_that_is_not_declared_is_refused() -> None:
    document = POLICIES.model_dump() | {"dashboard_roles": ["Executives"]}
    with pytest.raises(ValueError, match="no such role: Executives"):
        Policies.model_validate(document)
