"""Tables behind the page of teams and agents: places with their range, and the team's middle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from tests.dbt_sql import materialise

MONTH = date(2026, 9, 1)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("""
            create table kpi_dictionary as
            select * from (values
                ('csat_score', 'CSAT', '客户满意度', 'rate', 'up'),
                ('reopen_rate', 'Reopen rate', '重开率', 'rate', 'down')
            ) as kpis (kpi_id, name_en, name_zh, unit, direction)
        """)
        connection.execute("""
            create table dim_people as
            select key as person_key, if(key = 'unknown', key, upper(key)) as person_name,
                'First' as team_name,
                key = 'bot' as is_bot
            from unnest(['a', 'b', 'c', 'd', 'few', 'bot', 'unknown']) as t (key)
        """)
        connection.execute(
            "create table kpi_parameters as select * from (values"
            " ('weighted_score', 'smallest_n', '*', 30.0),"
            " ('weighted_score', 'smallest_team', '*', 5.0)"
            ") as parameters (kpi_id, parameter, channel, value)"
        )
        connection.execute(
            "create table kpi_values (kpi_id varchar, period_type varchar, period_start date,"
            " grain varchar, unit_value varchar, value double, value_low double,"
            " value_high double, n bigint, is_partial boolean, is_latest boolean)"
        )
        yield connection


def put(
    con: duckdb.DuckDBPyConnection, person: str, value: float, error: float | None, **cell: object
) -> None:
    low, high = (None, None) if error is None else (value - error, value + error)
    row = {"kpi_id": "csat_score", "n": 40, "is_partial": False} | cell
    con.execute(
        "insert into kpi_values values (?, 'month', ?, 'agent', ?, ?, ?, ?, ?, ?, true)",
        [row["kpi_id"], MONTH, person, value, low, high, row["n"], row["is_partial"]],
    )


def standings(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[object, ...]]:
    materialise(con, "kpi_agent_standings")
    query = f"select person_key, {columns} from kpi_agent_standings order by 1"
    rows: list[tuple[object, ...]] = con.execute(query).fetchall()
    return rows


def test_a_rank_holds_every_place_that_the_intervals_allow(con: duckdb.DuckDBPyConnection) -> None:
    put(con, "a", 0.9, 0.02)
    put(con, "b", 0.7, 0.05)
    put(con, "c", 0.68, 0.05)
    put(con, "few", 0.99, 0.2, n=29)
    assert standings(con, "rank_no, rank_from, rank_to, rank_text_en") == [
        ("a", 1, 1, 1, "1 (1 to 1) of 3"),
        ("b", 2, 2, 3, "2 (2 to 3) of 3"),
        ("c", 3, 2, 3, "3 (2 to 3) of 3"),
        ("few", None, None, None, "no rank, n under 30"),
    ]


def test_where_less_is_better_the_lowest_stands_first(con: duckdb.DuckDBPyConnection) -> None:
    for person, value in (("a", 0.1), ("b", 0.3), ("c", 0.3), ("d", 0.3), ("few", 0.38)):
        put(con, person, value, 0.05, kpi_id="reopen_rate")
    assert standings(con, "rank_no, rank_from, rank_to, is_better") == [
        ("a", 1, 1, 1, True),
        ("b", 2, 2, 5, None),
        ("c", 2, 2, 5, None),
        ("d", 2, 2, 5, None),
        ("few", 5, 2, 5, False),
    ]


def test_without_an_interval_a_rank_has_no_range(con: duckdb.DuckDBPyConnection) -> None:
    put(con, "a", 0.9, None)
    put(con, "b", 0.8, 0.3)
    assert standings(con, "rank_no, rank_from, rank_to, rank_text_zh") == [
        ("a", 1, None, None, "第1，共2人"),
        ("b", 2, 1, 2, "第2（1至2），共2人"),
    ]


def test_a_team_of_four_has_no_middle_and_a_month_in_progress_no_place(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for person, value in (("a", 0.9), ("b", 0.8), ("d", 0.6), ("few", 0.5)):
        put(con, person, value, 0.1)
    put(con, "c", 0.1, 0.1, is_partial=True)
    put(con, "bot", 0.1, 0.1)
    put(con, "unknown", 0.1, 0.1)
    assert standings(con, "team_median, team_low, team_high, difference, ranked_count") == [
        (person, None, None, None, None, 4) for person in ("a", "b", "d", "few")
    ]


def test_a_team_of_five_has_a_middle(con: duckdb.DuckDBPyConnection) -> None:
    values = {"a": 0.9, "b": 0.8, "c": 0.7, "d": 0.6, "few": 0.5}
    for person, value in values.items():
        put(con, person, value, 0.1, n=3)
    assert standings(con, "team_text_en, team_low, team_high, round(difference, 9)") == [
        (person, "70.0%", 0.6, 0.8, round(value - 0.7, 9)) for person, value in values.items()
    ]


def test_a_dot_needs_both_figures(con: duckdb.DuckDBPyConnection) -> None:
    put(con, "a", 0.9, 0.1)
    put(con, "a", 4.0, None, kpi_id="solves_per_hour")
    put(con, "b", 4.0, None, kpi_id="solves_per_hour")
    materialise(con, "kpi_agent_pairs")
    found = con.execute(
        "select person_name, solves_per_hour, csat_score, ratings from kpi_agent_pairs"
    ).fetchall()
    assert found == [("A", 4.0, 0.9, 40)]


def test_dots_stand_on_a_side_of_the_medians_which_are_two_lines_for_each_team(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for person, satisfied, solved in (("a", 0.9, 6.0), ("b", 0.5, 2.0), ("c", 0.7, 4.0)):
        put(con, person, satisfied, 0.1)
        put(con, person, solved, None, kpi_id="solves_per_hour")
    materialise(con, "kpi_agent_pairs")
    dots = con.execute(
        "select person_name, quadrant from kpi_agent_pairs where person_key is not null order by 1"
    ).fetchall()
    assert dots == [("A", "both"), ("B", "neither"), ("C", "both")]
    lines = con.execute("""
        select person_name like '%|%' as is_upright, team_name,
            count(*), count(distinct person_name),
            min(solves_per_hour), max(solves_per_hour), min(csat_score), max(csat_score)
        from kpi_agent_pairs where person_key is null group by all order by all
    """).fetchall()
    teams = sorted({row[1] for row in lines})
    assert lines == [
        *((False, team, 41, 41, 0.0, 6.0, 0.7, 0.7) for team in teams),
        *((True, team, 41, 41, 4.0, 4.0, 0.0, 1.0) for team in teams),
    ]


def test_proficiency_is_shown_by_its_parts_beside_a_team_of_five(
    con: duckdb.DuckDBPyConnection,
) -> None:
    put(con, "a", 80, None, kpi_id="agent_proficiency")
    con.execute(
        "create table dim_agents as select 'w' as source_system, 'x' as account_id,"
        " no as agent_id, 'p' || no as person_key, 'Name ' || no as person_name,"
        " if(no = '6', 'Small', 'Big') as team_name, false as is_bot"
        " from unnest(range(1, 7)::varchar[]) as agents (no)"
    )
    con.execute(
        "create table fct_agent_proficiency_months as select 'w' as source_system,"
        " 'x' as account_id, no as agent_id, $month::date as month_date,"
        " score::double as exam_score,"
        " null::double as knowledge_score, if(no = '1', 90, null)::double as accuracy_score,"
        " score::double as proficiency_score"
        " from (values ('1', 60), ('2', 65), ('3', 70), ('4', 80), ('5', 95), ('6', 50))"
        " as scores (no, score)",
        {"month": MONTH},
    )
    materialise(con, "kpi_proficiency_parts")
    found = con.execute(
        "select person_name, part, score, team_median from kpi_proficiency_parts"
        " order by person_name, part_no"
    ).fetchall()
    assert [row for row in found if row[0] in ("Name 1", "Name 6")] == [
        ("Name 1", "exam", 60.0, 70.0),
        ("Name 1", "accuracy", 90.0, None),
        ("Name 1", "proficiency", 60.0, 70.0),
        ("Name 6", "exam", 50.0, None),
        ("Name 6", "proficiency", 50.0, None),
    ]


def test_tickets_count_for_who_closed_them(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        create table fct_tickets as
        select * from (values
            ('z', 'x', '1', date '2026-10-01', 'return', 'Other', true),
            ('z', 'x', '1', date '2026-10-01', 'return', 'Other', true),
            ('z', 'x', null, date '2026-10-01', 'return', 'Other', true),
            ('z', 'x', '2', date '2026-10-01', 'return', 'Other', true),
            ('z', 'x', '1', date '2026-10-02', 'return', 'Other', false)
        ) as tickets (
            source_system, account_id, closer_id, last_solved_date, topic, team_name, in_p5
        )
    """)
    con.execute("""
        create table dim_agents as
        select * from (values
            ('z', 'x', '1', 'a', 'A', 'First', false), ('z', 'y', '1', 'b', 'B', 'First', false),
            ('z', 'x', '2', 'bot', 'Bot', 'First', true)
        ) as agents (
            source_system, account_id, agent_id, person_key, person_name, team_name, is_bot
        )
    """)
    materialise(con, "kpi_agent_topics")
    found = con.execute("select person_key, team_name, topic, tickets from kpi_agent_topics")
    assert found.fetchall() == [("a", "First", "return", 2)]


def test_a_tree_has_one_root_and_a_driver_below_each_that_it_drives(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute("""
        create table dim_kpi_tree as
        select * from (values
            ('sales', 'csat_score', 'positive', 1), ('loyalty', 'csat_score', 'positive', 1),
            ('csat_score', 'reopen_rate', 'negative', 1)
        ) as tree (kpi_id, driver_kpi_id, effect, sort_no)
    """)
    con.execute(
        "insert into kpi_dictionary values ('sales', 'Sales', '销售', 'rate', 'up'),"
        " ('loyalty', 'Loyalty', '忠诚度', 'rate', 'up')"
    )
    materialise(con, "kpi_tree_nodes")
    found = con.execute(
        "select parent, node, name_en from kpi_tree_nodes where node like '%sales%' or depth = 0"
        " order by depth"
    ).fetchall()
    assert found == [
        (None, "all", "Headline KPIs"),
        ("all", "sales", "Sales"),
        ("sales", "sales/csat_score", "+ CSAT"),
        ("sales/csat_score", "sales/csat_score/reopen_rate", "− Reopen rate"),
    ]
    (nodes,) = con.execute("select count(*) from kpi_tree_nodes").fetchall()
    assert nodes == (7,)


def test_reviews_count_for_who_was_reviewed(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        create table fct_qa_items as
        select 'z' as source_system, 'x' as account_id, agent as agent_id, 'First' as team_name,
            'attitude' as category, failed as is_failed, deleted as is_deleted,
            date '2026-10-01' as reviewed_date
        from (values
            ('1', true, false), ('1', false, false), ('1', true, true), ('9', false, false)
        )
            as items (agent, failed, deleted)
    """)
    con.execute(
        "create table dim_agents as select 'z' as source_system, 'x' as account_id,"
        " '1' as agent_id, 'a' as person_key, 'A' as person_name"
    )
    materialise(con, "kpi_qa_agents_daily")
    found = con.execute(
        "select person_name, qa_categories_judged, qa_categories_in_order from kpi_qa_agents_daily"
    ).fetchall()
    assert found == [("A", 2, 1), ("unknown", 1, 1)]


def test_a_critical_failure_says_what_became_of_it(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        create table fct_qa_reviews as
        select key as review_key, key as review_id, 'c' as conversation_id, 'z' as source_system,
            'x' as account_id, '1' as agent_id, 'First' as team_name, 'chat' as channel,
            'S' as scorecard, date '2026-10-01' as reviewed_date, failed as is_critical_failed,
            deleted as is_deleted, disputed as is_disputed, overturned as is_overturned
        from (values
            ('a', true, false, false, false), ('b', true, false, true, false),
            ('c', true, false, true, true), ('deleted', true, true, false, false),
            ('sound', false, false, false, false)
        ) as reviews (key, failed, deleted, disputed, overturned)
    """)
    con.execute(
        "create table dim_agents as select 'z' as source_system, 'x' as account_id,"
        " '1' as agent_id, 'a' as person_key, 'A' as person_name"
    )
    materialise(con, "kpi_qa_critical")
    found = con.execute("select review_key, dispute from kpi_qa_critical").fetchall()
    assert found == [("a", "undisputed"), ("b", "disputed"), ("c", "overturned")]
