"""Pseudonym mode on a few rows: nobody is named anywhere, and few people have no figures."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.errors import HelpmartError
from pipelines.publish.pseudonyms import (
    MASK,
    WITHHELD,
    pseudonymise,
    refuse_names,
    shown_id,
    without_samples,
)
from tests.integration.publish_worlds import check

KEY, SMALLEST = b"k" * 32, 3
# name, login, number, team; three in Day, two in Night
PEOPLE = [
    ("王磊", "bfhw_jd_055", "NW0001", "Day"),
    ("Ann Lee", "shop:客服052", "NW0002", "Day"),
    ("陈静", "agent0032", "NW0003", "Day"),
    ("吕敏", "pdd064@bfhw", "NW0004", "Night"),
    ("Bo Reed", "al", "NW0005", "Night"),
]
NAMES = [value for person in PEOPLE for value in person[:3]]


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """What each kind of published table looks like, with a view over one of them."""
    file = tmp_path / "helpmart.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema published")
        connection.execute(
            "create table published.dim_agents (agent_key text, person_key text, agent_id text,"
            " agent_name text, person_name text, team_name text, is_bot boolean)"
        )
        connection.execute(
            "create table published.dim_people (person_key text, person_name text, team_name text,"
            " department text, level text, role text, is_bot boolean, hired_date date,"
            " left_date date)"
        )
        for number, (name, login, employee, team) in enumerate(PEOPLE):
            key = f"person-key-{number}"
            agents = [(f"login--key-{number}", login), (f"number-key-{number}", employee)]
            connection.executemany(
                "insert into published.dim_agents values (?, ?, ?, ?, ?, ?, false)",
                [[agent, key, value, value, name, team] for agent, value in agents],
            )
            connection.execute(
                "insert into published.dim_people values"
                " (?, ?, ?, 'Care', ?, 'agent', false, date '2024-05-17', null)",
                [key, name, team, "P9" if number == 0 else "P1"],
            )
        connection.execute(
            "insert into published.dim_agents values"
            " ('bot----key-1', 'bot----key-1', '7', 'Helper Bot', 'Helper Bot', 'unknown', true)"
        )
        connection.execute(
            """
            create table published.fct_tickets as
            select
                'ticket-key-1' as ticket_key, '7' as ticket_id, 'bfhw_jd_055' as assignee_id,
                'Night' as team_name, '客户说王磊很好, Ann Lee too' as subject;
            create table published.fct_actions as
            select '陈静' as action_owner, 'al dente' as action;
            create table published.kpi_daily as
            select agent_key, 1 as tickets from published.dim_agents;
            create table published.kpi_dictionary as
            select 'exam_score' as kpi_id, 'people' as kpi_group
            union all select 'tickets_solved', 'responsiveness';
            create table published.kpi_values as
            select * from (values
                ('exam_score', 'team', 'Day', 3, 0.5), ('exam_score', 'team', 'Night', 30, 0.5),
                ('exam_score', 'team', 'Dusk', 2, 0.5), ('exam_score', 'total', 'total', 5, 0.5),
                ('exam_score', 'agent', 'number-key-0', 9, 0.5),
                ('tickets_solved', 'agent', 'number-key-0', 1, 1.0),
                ('tickets_solved', 'team', 'Night', 1, 1.0)
            ) as t (kpi_id, grain, unit_value, n, value);
            create table published.kpi_changes as
            select kpi_id, grain, n, 9 as base_n from published.kpi_values
            union all select 'exam_score', 'total', 1, 9;
            create table published.kpi_change_drivers as
            select kpi_id, grain, unit_value from published.kpi_values where grain <> 'total';
            create view published.kpi_daily_en as select * from published.kpi_daily;
            """
        )
    return file


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_no_name_login_or_number_stays_anywhere_in_the_file(published: Path) -> None:
    before = published.read_bytes()
    assert all(name.encode() in before for name in NAMES)
    pseudonymise(published, KEY, SMALLEST)
    after = published.read_bytes()
    assert [name for name in NAMES if len(name) > 2 and name.encode() in after] == []
    texts = rows(published, "select * from published.dim_agents")
    assert not {value for row in texts for value in row} & set(NAMES)


def test_names_within_texts_are_masked_and_innocent_words_stay(published: Path) -> None:
    pseudonymise(published, KEY, SMALLEST)
    ((ticket, subject),) = rows(published, "select ticket_id, subject from published.fct_tickets")
    assert (ticket, subject) == ("7", f"客户说{MASK}很好, {MASK} too")
    ((owner, action),) = rows(published, "select * from published.fct_actions")
    assert str(owner).startswith("Agent ")
    assert action == "al dente"


def test_one_person_has_one_pseudonym_and_tables_still_join(published: Path) -> None:
    pseudonymise(published, KEY, SMALLEST)
    names = rows(
        published,
        "select count(distinct person_name), count(distinct agent_name), count(*)"
        " from published.dim_agents join published.kpi_daily_en using (agent_key)"
        " where not is_bot",
    )
    assert names == [(len(PEOPLE), len(PEOPLE), 2 * len(PEOPLE))]
    ((joined,),) = rows(
        published,
        "select count(*) from published.kpi_values join published.dim_agents"
        " on unit_value = agent_key where grain = 'agent'",
    )
    assert joined == 1


def test_keys_that_could_be_worked_out_from_ids_are_keyed_too(published: Path) -> None:
    pseudonymise(published, KEY, SMALLEST)
    keys = {key for (key,) in rows(published, "select agent_key from published.dim_agents")}
    assert not {key for key in keys if "-key-" in str(key)}
    ((ticket,),) = rows(published, "select ticket_key from published.fct_tickets")
    assert ticket != "ticket-key-1"


def test_bots_keep_their_names(published: Path) -> None:
    pseudonymise(published, KEY, SMALLEST)
    found = rows(published, "select agent_id, agent_name from published.dim_agents where is_bot")
    assert found == [("7", "Helper Bot")]


def test_the_pseudonym_is_the_keys(published: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "helpmart.duckdb"
    other.parent.mkdir()
    other.write_bytes(published.read_bytes())
    pseudonymise(published, KEY, SMALLEST)
    pseudonymise(other, b"another key", SMALLEST)
    query = "select assignee_id from published.fct_tickets"
    assert rows(published, query) == [(shown_id(KEY, "bfhw_jd_055"),)]
    assert rows(other, query) != rows(published, query)


def test_figures_about_few_people_are_left_out_and_others_stay(published: Path) -> None:
    done = pseudonymise(published, KEY, SMALLEST)
    found = rows(published, "select kpi_id, grain, n from published.kpi_values order by all")
    assert found == [
        ("exam_score", "team", 3),
        ("exam_score", "total", 5),
        ("tickets_solved", "agent", 1),
        ("tickets_solved", "team", 1),
    ]
    assert rows(published, "select kpi_id, grain, n from published.kpi_changes order by all") == [
        ("exam_score", "total", 5),
        ("tickets_solved", "agent", 1),
        ("tickets_solved", "team", 1),
    ]
    drivers = rows(published, "select distinct kpi_id from published.kpi_change_drivers")
    assert drivers == [("tickets_solved",)]
    assert (done.small_teams, done.rows_removed) == (1, 12)


def test_few_people_are_not_known_by_team_level_or_day(published: Path) -> None:
    pseudonymise(published, KEY, SMALLEST)
    found = rows(
        published,
        "select team_name, level, hired_date::text, count(*) from published.dim_people"
        " group by all order by all",
    )
    assert found == [
        ("Day", "P1", "2024-01-01", 2),
        ("Day", WITHHELD, "2024-01-01", 1),
        (WITHHELD, "P1", "2024-01-01", 2),
    ]


def test_a_name_that_is_left_stops_the_publication() -> None:
    with pytest.raises(HelpmartError, match="agents would be named") as caught:
        refuse_names(["fct_actions.action_owner"])
    assert caught.value.where == "fct_actions.action_owner"
    refuse_names([])


def test_checks_lose_the_ids_of_rows() -> None:
    (kept,) = without_samples([check("unique", sample_keys=("NW0001",))])
    assert kept.sample_keys == ()
