"""Tables behind daily operations: a day beside its weekday, and the tickets that wait longest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pytest

from tests.dbt_sql import materialise

FRIDAY = date(2026, 10, 30)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("""
            create table kpi_dictionary as
            select * from (values
                ('tickets_created', 'Created', '新建', 'count', 'neutral', 'count'),
                ('unreplied_rate', 'Unreplied', '未回复率', 'rate', 'down', 'quotient')
            ) as kpis (kpi_id, name_en, name_zh, unit, direction, bridge_kind)
        """)
        connection.execute(
            "create table kpi_values (kpi_id varchar, period_type varchar, grain varchar,"
            " unit_value varchar, period_start date, value double, numerator double,"
            " denominator double, is_partial boolean)"
        )
        connection.execute(
            "create table dim_labels as select 'team' as kind, 'unknown' as member,"
            " 'No team' as name_en, '未分组' as name_zh"
        )
        yield connection


def put(con: duckdb.DuckDBPyConnection, kpi: str, member: str, day: date, *figures: float) -> None:
    """A day of a KPI: a count, or numerator and denominator of a rate."""
    grain = "total" if member == "total" else "team"
    count = figures[0] if len(figures) == 1 else figures[0] / figures[1]
    parts = figures if len(figures) == 2 else (None, None)
    cell = [kpi, "day", grain, member, day, count, *parts, day > FRIDAY]
    con.execute(f"insert into kpi_values values ({', '.join('?' * 9)})", cell)


def checks(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[object, ...]]:
    materialise(con, "kpi_day_checks")
    query = f"select {columns} from kpi_day_checks order by grain desc, unit_value, kpi_no"
    rows: list[tuple[object, ...]] = con.execute(query).fetchall()
    return rows


def test_a_day_stands_beside_the_same_weekday_of_the_weeks_before(
    con: duckdb.DuckDBPyConnection,
) -> None:
    put(con, "tickets_created", "total", FRIDAY, 10)
    put(con, "tickets_created", "total", FRIDAY - timedelta(days=7), 8)
    # Not that weekday; not over; ten weeks back.
    put(con, "tickets_created", "total", FRIDAY - timedelta(days=1), 900)
    put(con, "tickets_created", "total", FRIDAY + timedelta(days=1), 900)
    put(con, "tickets_created", "total", FRIDAY - timedelta(days=70), 900)
    found = checks(con, "local_date, value, usual_value, usual_days, is_better, usual_text_en")
    # A day without tickets is a day of none: 8 in eight Fridays.
    assert found == [(FRIDAY, 10, 1, 8, None, "1.0")]


def test_the_usual_rate_is_that_of_all_days_together(con: duckdb.DuckDBPyConnection) -> None:
    put(con, "unreplied_rate", "total", FRIDAY, 1, 2)
    put(con, "unreplied_rate", "total", FRIDAY - timedelta(days=7), 1, 1)
    put(con, "unreplied_rate", "total", FRIDAY - timedelta(days=14), 0, 9)
    found = checks(con, "value_text_en, usual_text_en, usual_days, is_better")
    assert [row for row in found if row[0] != "0"] == [("50.0%", "10.0%", 2, False)]


def test_a_team_has_its_own_name_and_a_day_without_a_base_none(
    con: duckdb.DuckDBPyConnection,
) -> None:
    put(con, "unreplied_rate", "total", FRIDAY, 1, 2)
    put(con, "unreplied_rate", "total", FRIDAY - timedelta(days=7), 1, 8)
    put(con, "unreplied_rate", "unknown", FRIDAY - timedelta(days=7), 1, 4)
    found = checks(con, "unit_name_en, unit_name_zh, kpi_id, value_text_en, usual_text_zh")
    assert found == [
        ("All", "全部", "tickets_created", "0", "0.0"),
        ("All", "全部", "unreplied_rate", "50.0%", "12.5%"),
        ("No team", "未分组", "unreplied_rate", "—", "25.0%"),
    ]


def test_yesterday_and_what_is_usual_are_two_points_a_week_apart(
    con: duckdb.DuckDBPyConnection,
) -> None:
    put(con, "unreplied_rate", "total", FRIDAY, 1, 2)
    put(con, "unreplied_rate", "total", FRIDAY - timedelta(days=7), 1, 8)
    put(con, "unreplied_rate", "First line", FRIDAY, 1, 4)
    materialise(con, "kpi_day_checks", "kpi_day_points")
    found = con.execute("""
        select grain, team_name, point, point_date, value from kpi_day_points
        where kpi_id = 'unreplied_rate' order by grain desc, point_date
    """).fetchall()
    assert found == [
        ("total", "total", "usual", FRIDAY - timedelta(days=7), 0.125),
        ("total", "total", "day", FRIDAY, 0.5),
        ("team", "First line", "usual", FRIDAY - timedelta(days=7), None),
        ("team", "First line", "day", FRIDAY, 0.25),
    ]


def test_an_open_ticket_has_its_holder_and_its_first_open_deadline(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute("""
        create table kpi_open_tickets as
        select key as ticket_key, 'z' as source_system, 'a' as account_id, key as ticket_id,
            null as ticket_url, 'Shop' as shop, 'email' as channel, 'First line' as team_name,
            'normal' as priority, 'open' as status, 7200 as age_seconds,
            timestamp '2026-10-31 10:00' as as_of_at, timestamp '2026-10-31 08:00' as created_at
        from unnest(['held', 'free', 'late']) as t (key)
    """)
    con.execute("""
        create table fct_tickets as
        select ticket_key, case ticket_key when 'held' then '7' end as assignee_id
        from kpi_open_tickets
    """)
    con.execute("""
        create table dim_agents as
        select * from (values ('z', 'a', '7', 'p7', 'Lin'), ('z', 'other', '7', 'p8', 'Wang'))
            as agents (source_system, account_id, agent_id, person_key, person_name)
    """)
    con.execute("""
        create table fct_sla_targets as
        select * from (values
            ('held', true, timestamp '2026-10-31 09:00'),
            ('held', false, timestamp '2026-10-31 12:00'),
            ('held', false, timestamp '2026-10-31 11:00'),
            ('late', false, timestamp '2026-10-31 09:30'),
            ('free', false, null)
        ) as targets (ticket_key, is_completed, deadline_at)
    """)
    materialise(con, "kpi_oldest_open")
    found = con.execute(
        "select ticket_key, person_name, sla_left_seconds from kpi_oldest_open order by 1"
    ).fetchall()
    assert found == [("free", None, None), ("held", "Lin", 3600), ("late", None, -1800)]


def test_two_quarters_are_laid_over_each_other(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        create table kpi_scorecard_items as
        select * from (values
            ('quarter', date '2026-01-01', '2026-Q1', 'customer', 10.0, false),
            ('quarter', date '2026-04-01', '2026-Q2', 'customer', 70.0, false),
            ('quarter', date '2026-04-01', '2026-Q2', 'customer', 70.0, false),
            ('quarter', date '2026-07-01', '2026-Q3', 'customer', 85.0, true),
            ('quarter', date '2026-07-01', '2026-Q3', 'learning', null, true),
            ('quarter', date '2026-10-01', '2026-Q4', 'customer', 20.0, false),
            ('month', date '2026-09-01', '2026-09', 'customer', 30.0, true)
        ) as items (
            period_type, period_start, period_name, perspective, perspective_score, is_latest
        )
    """)
    materialise(con, "kpi_scorecard_quarters")
    found = con.execute(
        "select period_name, compared_en, customer, learning from kpi_scorecard_quarters order by 1"
    ).fetchall()
    assert found == [
        ("2026-Q2", "Quarter before", 70.0, None),
        ("2026-Q3", "Newest quarter", 85.0, None),
    ]


def test_a_topic_has_the_mood_of_all_its_texts(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("alter table kpi_values add column is_latest boolean")
    months = {date(2026, 9, 1): 1.0, date(2025, 10, 1): 3.0, date(2025, 9, 1): 900.0}
    moods = {"delivery": (-0.3, 1), "sizing": (0.0, 2), "silent": None}
    for month, weight in months.items():
        for topic, mood in moods.items():
            texts: tuple[float | None, ...] = (None, None, None)
            if mood is not None:
                texts = (mood[0], mood[0] * mood[1] * weight, mood[1] * weight)
            for kpi, figures in (("sentiment_score", texts), ("tickets_created", (5, None, None))):
                con.execute(
                    "insert into kpi_values values (?, 'month', 'topic', ?, ?, ?, ?, ?, false, ?)",
                    [kpi, topic, month, *figures, month == date(2026, 9, 1)],
                )
    materialise(con, "kpi_topic_moods")
    found = con.execute("select topic, tickets, mood from kpi_topic_moods order by 1").fetchall()
    assert found == [("delivery", 10, "bad"), ("silent", 10, "unknown"), ("sizing", 10, "good")]


def test_a_cohort_counts_who_could_stay_and_hides_a_few(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        create table fct_customer_months as
        select 's' as source_system, 'a' as account_id, 'Shop' as shop, buyer as buyer_key,
            month_date, month_date > date '2026-01-01' as is_active_before,
            buyer <= 6 as has_ordered_again, buyer <= 3 as is_contacted_before,
            month_date < date '2026-03-01' as is_matured
        from range(1, 13) as buyers (buyer)
        cross join (values (date '2026-01-01'), (date '2026-02-01'), (date '2026-03-01'))
            as months (month_date)
    """)
    materialise(con, "kpi_retention_cohorts")
    found = con.execute(
        "select cohort, months_since, contact, customers, retention_rate"
        " from kpi_retention_cohorts order by all"
    ).fetchall()
    # Three were in contact and nine were not: too few of either.
    assert found == [("2026-01", 1, "all", 12, 0.5)]
