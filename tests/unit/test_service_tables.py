"""Tables behind the pages of service: causes, repeats, ranges, order, lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from pipelines.dashboards.aggregates import aggregate_sql
from tests.dbt_sql import materialise


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


PLACE = "'z' as source_system, 'a' as account_id, 'Shop' as shop, 'email' as channel"
HELD = f"{PLACE}, 'First line' as team_name, 'normal' as priority"


def breaches(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    con.execute(f"""
        create table fct_sla_targets as
        select key as sla_target_key, key as ticket_key, key as ticket_id, {HELD},
            'high' as priority_in_force, 'Standard' as policy_name, 'first_reply_time' as metric,
            true as in_business_hours, 'breached' as sla_status, null::timestamp as completed_at,
            60 as target_seconds, 90 as elapsed_seconds, 30 as excess_seconds, true as in_p2,
            key != 'kept' as is_breached, date '2026-10-01' as breached_date,
            timestamp '2026-09-30 17:30' as breached_at
        from unnest(['new', 'open', 'hold', 'moved', 'moved_later', 'bare', 'kept']) as t (key)
    """)
    con.execute(f"""
        create table fct_tickets as
        select ticket_key, 'https://desk/' || ticket_key as ticket_url, 'return' as topic, {HELD}
        from fct_sla_targets
    """)
    # Each ticket's state begins an hour before it falls due; that of `hold` changes in the instant.
    con.execute("""
        create table fct_status_intervals as
        select * from (values
            ('new', 'new', timestamp '2026-09-30 16:30', null),
            ('open', 'open', timestamp '2026-09-30 16:30', timestamp '2026-09-30 17:31'),
            ('hold', 'open', timestamp '2026-09-30 16:30', timestamp '2026-09-30 17:30'),
            ('hold', 'hold', timestamp '2026-09-30 17:30', null),
            ('moved', 'new', timestamp '2026-09-30 16:30', null),
            ('moved_later', 'open', timestamp '2026-09-30 16:30', null)
        ) as states (ticket_key, status, started_at, ended_at)
    """)
    con.execute("""
        create table fct_team_moves as
        select * from (values
            ('moved', timestamp '2026-09-30 17:00'),
            ('moved', timestamp '2026-09-30 17:10'),
            ('moved_later', timestamp '2026-09-30 17:40')
        ) as moves (ticket_key, moved_at)
    """)
    materialise(con, "kpi_sla_breaches")
    rows = con.execute("select ticket_id, breach_cause, hour from kpi_sla_breaches").fetchall()
    assert {hour for _, _, hour in rows} == {1}, "the hour is that of the reporting zone"
    assert len(rows) == len({ticket for ticket, _, _ in rows}), "one row a breach"
    return {ticket: cause for ticket, cause, _ in rows}


def test_a_breach_is_put_down_to_where_its_ticket_was(con: duckdb.DuckDBPyConnection) -> None:
    assert breaches(con) == {
        "new": "not_taken_up",
        "open": "in_work",
        "hold": "awaiting_others",
        "moved": "handed_over",
        "moved_later": "in_work",
        "bare": "unknown",
    }


def test_causes_keep_one_place_in_every_team_and_take_twelve_months(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute("create table dim_accounts as select date '2026-10-31' as as_of_date")
    con.execute("""
        create table fct_complaints as
        select team_name, 'S' as shop, 'email' as channel, 'ticket' as kind, cause, received_date
        from (values
            ('Day', 'price', date '2026-10-31', 2), ('Day', 'price', date '2026-01-01', 1),
            ('Night', 'logistics', date '2025-11-01', 4), ('Night', 'price', date '2026-05-01', 3),
            ('Day', 'account', date '2026-05-01', 2), ('Day', 'service', date '2025-10-31', 90)
        ) as causes (team_name, cause, received_date, cases)
        cross join generate_series(1, cases)
    """)
    materialise(con, "kpi_complaint_causes")
    found = con.execute(
        "select team_name, cause, position, complaints from kpi_complaint_causes order by 3, 1"
    ).fetchall()
    assert found == [
        ("Day", "price", 1, 3),
        ("Night", "price", 1, 3),
        ("Night", "logistics", 2, 4),
        ("Day", "account", 3, 2),
    ]
    # What a chart makes of it, for everybody and for who sees one team.
    share = aggregate_sql("running_share", "complaints", "position")
    chart = "select cause, {share} from kpi_complaint_causes where {rows} group by cause order by 2"
    assert con.execute(chart.format(share=share, rows="true")).fetchall() == [
        ("price", 0.5), ("logistics", pytest.approx(10 / 12)), ("account", 1.0),
    ]  # fmt: skip
    night = con.execute(chart.format(share=share, rows="team_name = 'Night'")).fetchall()
    assert night == [("price", pytest.approx(3 / 7)), ("logistics", 1.0)]


def test_repeats_add_up_over_teams_and_cost_what_a_contact_costs(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute("""
        create table kpi_values as
        select *, 'quarter' as period_type, 'total' as grain, false as is_partial
        from (values
            ('repeat_inquiry_rate', date '2026-04-01', 0.3, false),
            ('repeat_inquiry_rate', date '2026-07-01', 0.3, true),
            ('cost_per_contact', date '2026-07-01', 2.5, true)
        ) as cells (kpi_id, period_start, value, is_latest)
    """)
    con.execute("""
        create table kpi_resolution_daily as
        select * from (values
            (date '2026-06-30', 'return', 'Day', 5, 1), (date '2026-07-01', 'return', 'Day', 4, 1),
            (date '2026-09-30', 'return', 'Day', 4, 1),
            (date '2026-08-01', 'return', 'unknown', 2, 0),
            (date '2026-08-01', 'return', 'Day', null, null)
        ) as days (local_date, topic, team_name, episodes, episodes_repeat)
    """)
    materialise(con, "kpi_repeat_topics")
    found = con.execute(
        "select period_start, team_name, contacts, repeated_contacts, repeat_cost, is_latest"
        " from kpi_repeat_topics order by 1, 2"
    ).fetchall()
    assert found == [
        (date(2026, 4, 1), "Day", 5, 1, None, False),
        (date(2026, 7, 1), "Day", 8, 2, 5.0, True),
        (date(2026, 7, 1), "unknown", 2, 0, 0.0, True),
    ]


def test_a_range_holds_its_upper_end_and_a_missing_clock_counts_nowhere(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute(f"""
        create table kpi_ticket_durations as
        select {HELD}, solved as last_solved_date,
            calendar as full_resolution_calendar_seconds,
            business as full_resolution_business_seconds
        from (values
            (date '2026-10-01', 300, 0), (date '2026-10-01', 301, null),
            (date '2026-10-01', 604800, 300), (date '2026-10-01', 604801, null),
            (null, 10, 10)
        ) as durations (solved, calendar, business)
    """)
    materialise(con, "kpi_resolution_bins")
    found = con.execute(
        "select clock, bin_no, bin, tickets from kpi_resolution_bins order by 1, 2"
    ).fetchall()
    assert found == [
        ("business", 1, "up to 5 min", 2),
        ("calendar", 1, "up to 5 min", 1),
        ("calendar", 2, "5 to 15 min", 1),
        ("calendar", 7, "3 to 7 days", 1),
        ("calendar", 8, "over 7 days", 1),
    ]


def test_open_complaints_stand_first_the_oldest_on_top(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"""
        create table fct_complaints as
        select key as complaint_key, key as complaint_id, ticket as ticket_key, {PLACE},
            if(ticket is null, 'unknown', 'First line') as team_name,
            'ticket' as kind, 'price' as cause, is_solved, null::bigint as handling_seconds,
            received_at::date as received_date, received_at
        from (values
            ('solved long ago', null, true, timestamp '2026-01-01 00:00'),
            ('solved lately', null, true, timestamp '2026-10-01 00:00'),
            ('open lately', 't', false, timestamp '2026-10-02 00:00'),
            ('open for long', null, false, timestamp '2026-02-01 00:00')
        ) as complaints (key, ticket, is_solved, received_at)
    """)
    con.execute(
        "create table fct_tickets as select 't' as ticket_key, '7' as ticket_id, 'u' as ticket_url"
    )
    con.execute(
        "create table dim_accounts as select 'z' as source_system, 'a' as account_id,"
        " timestamp '2026-10-03 00:00' as as_of_at"
    )
    materialise(con, "kpi_complaint_records")
    found = con.execute(
        "select complaint_id, status, team_name, age_seconds from kpi_complaint_records"
        " order by position"
    ).fetchall()
    assert [row[:3] for row in found] == [
        ("open for long", "open", "unknown"),
        ("open lately", "open", "First line"),
        ("solved lately", "solved", "unknown"),
        ("solved long ago", "solved", "unknown"),
    ]
    assert found[1][3] == 86400


def test_a_line_is_fitted_where_there_are_ratings_and_waits_enough(
    con: duckdb.DuckDBPyConnection,
) -> None:
    # In email each hour costs two points on average; in chat nobody waits longer than others. Two
    # teams share the email: one has the even hours, the other just 25 answers.
    con.execute("""
        create table rated as
        select 'email' || n as ticket_key, 'email' as channel, n % 50 as wait,
            n // 50 < 50 - n % 50 as is_satisfied,
            if(n < 2450, if(n % 2 = 0, 'Day', 'none'), if(n % 2 = 0, 'Day', 'Night')) as team_name
        from range(2500) as t (n)
        union all
        select 'chat' || n, 'chat', 1, n % 2 = 0, 'Night' from range(40) as t (n)
        union all
        select 'phone' || n, 'phone', n, true, 'Night' from range(29) as t (n)
    """)
    con.execute(
        "create table fct_surveys as select ticket_key, channel, team_name, is_satisfied,"
        " 'csat' as kind, true as is_answered from rated"
    )
    con.execute(
        "create table fct_tickets as select ticket_key, wait * 3600 as"
        " first_response_calendar_seconds, true as in_p6 from rated"
    )
    materialise(con, "kpi_response_satisfaction")
    rows = con.execute(
        "select distinct channel, channel_ratings, round(slope_points, 6),"
        " slope_points_low < slope_points and slope_points < slope_points_high"
        " from kpi_response_satisfaction where grain = 'total'"
    ).fetchall()
    assert rows == [("email", 2500, -2.0, True)]
    teams = con.execute(
        "select distinct unit_value, channel, channel_ratings from kpi_response_satisfaction"
        " where grain = 'team' and unit_value != 'none'"
    ).fetchall()
    assert teams == [("Day", "email", 1250)]
    dots = con.execute(
        "select dot, weight, round(satisfied_share, 6) from kpi_response_satisfaction"
        " where bucket_no = 1 and grain = 'total' order by mark"
    ).fetchall()
    assert dots == [("~1/10", 0, 0.96), ("1/10", 250, 0.96)]


def test_a_middle_grade_takes_no_side(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"""
        create table fct_surveys as
        select date '2026-10-01' as answered_date, null as ticket_key, {HELD}, 'csat' as kind,
            true as is_answered, score
        from unnest([1.0, 2.0, 3.0, 4.0, 5.0, 5.0, null]) as t (score)
    """)
    con.execute("create table fct_tickets (ticket_key varchar, topic varchar)")
    materialise(con, "kpi_ratings")
    found = con.execute("select rating, answers, signed_answers from kpi_ratings order by 1")
    assert found.fetchall() == [(1, 1, -1), (2, 1, -1), (3, 1, 0), (4, 1, 1), (5, 2, 2)]
