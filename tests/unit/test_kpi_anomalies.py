"""Days that stand out are marked, quiet days are not, and a known event is noted and forgotten."""

from __future__ import annotations

import math
import random
import statistics
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from tests.dbt_sql import materialise

FIRST = date(2026, 1, 5)
DAYS = 210
KPIS = [
    ("tickets_created", "count", "neutral", "count"),
    ("csat_score", "rate", "up", "quotient"),
    ("first_response_time", "seconds", "down", "quotient"),
]
SPIKE, OUTAGE, BAD_RATINGS, SLOW, EVENT = 100, 120, 140, 150, 160
LAST = DAYS - 1


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@pytest.fixture(scope="module")
def marks() -> dict[tuple[str, date], dict[str, Any]]:
    """A desk with a weekly rhythm and five planted days."""
    chance = random.Random(5)
    cells: list[tuple[Any, ...]] = []
    for number in range(DAYS):
        level = 200 if day(number).weekday() < 5 else 60
        tickets = round(chance.gauss(level, math.sqrt(level)))
        good = sum(chance.random() < 0.85 for _ in range(80))
        seconds = statistics.fmean(chance.expovariate(1 / 600) for _ in range(50))
        if number in {SPIKE, EVENT}:
            tickets *= 2
        if number == BAD_RATINGS:
            good = 45
        if number == SLOW:
            seconds *= 4
        partial = number == LAST
        if number != OUTAGE:
            cells.append(("tickets_created", day(number), tickets, tickets, None, partial))
        cells.append(("csat_score", day(number), good / 80, 80, None, partial))
        cells.append(("first_response_time", day(number), seconds, 50, 85.0, partial))
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(
        "create table kpi_values (kpi_id varchar, period_type varchar default 'day',"
        " period_start date, grain varchar default 'total', unit_value varchar default 'total',"
        " value double, n bigint, standard_error double, is_partial boolean)"
    )
    connection.executemany(
        "insert into kpi_values (kpi_id, period_start, value, n, standard_error, is_partial)"
        " values (?, ?, ?, ?, ?, ?)",
        cells,
    )
    connection.execute(
        "create table kpi_dictionary"
        " (kpi_id varchar, unit varchar, direction varchar, bridge_kind varchar)"
    )
    connection.executemany("insert into kpi_dictionary values (?, ?, ?, ?)", KPIS)
    connection.execute(
        "create table kpi_parameters as select kpi_id, 'anomaly_score' as parameter,"
        " '*' as channel, 3.5 as value from kpi_dictionary"
    )
    connection.execute(
        "create table dim_dates as select unnest(generate_series(date '2026-01-01',"
        " date '2026-12-31', interval 1 day))::date as date_day"
    )
    connection.execute(
        f"create table dim_event_days as select date '{day(EVENT)}' as local_date,"
        " 'Sale' as name_en, '大促' as name_zh"
    )
    materialise(connection, "kpi_anomalies")
    found = connection.execute("from kpi_anomalies")
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {(row["kpi_id"], row["local_date"]): row for row in rows}


@pytest.mark.parametrize(
    ("kpi_id", "number", "is_better"),
    [
        ("tickets_created", SPIKE, None),
        ("tickets_created", OUTAGE, None),
        ("csat_score", BAD_RATINGS, False),
        ("first_response_time", SLOW, False),
    ],
)
def test_planted_days_are_marked(
    marks: dict[tuple[str, date], dict[str, Any]],
    kpi_id: str,
    number: int,
    is_better: bool | None,
) -> None:
    mark = marks[kpi_id, day(number)]
    assert mark["is_anomaly"]
    assert mark["is_better"] is is_better
    assert mark["note_en"] is None


def test_quiet_days_are_not_marked(marks: dict[tuple[str, date], dict[str, Any]]) -> None:
    planted = {day(number) for number in (SPIKE, OUTAGE, BAD_RATINGS, SLOW, EVENT)}
    quiet = [mark for (_, when), mark in marks.items() if when not in planted]
    assert len(quiet) > 400
    assert sum(mark["is_anomaly"] for mark in quiet) <= len(quiet) * 0.01


def test_a_day_without_any_record_counts_as_0(
    marks: dict[tuple[str, date], dict[str, Any]],
) -> None:
    assert marks["tickets_created", day(OUTAGE)]["value"] == 0
    assert marks["tickets_created", day(OUTAGE)]["score"] < -5


def test_a_known_event_has_its_note_and_is_no_history(
    marks: dict[tuple[str, date], dict[str, Any]],
) -> None:
    event = marks["tickets_created", day(EVENT)]
    assert (event["is_anomaly"], event["note_en"], event["note_zh"]) == (True, "Sale", "大促")
    assert marks["tickets_created", day(EVENT + 7)]["history_count"] == 7
    assert marks["tickets_created", day(EVENT - 7)]["history_count"] == 8


def test_the_expectation_is_the_median_of_the_same_weekday(
    marks: dict[tuple[str, date], dict[str, Any]],
) -> None:
    number = 105
    before = [marks["csat_score", day(number - 7 * weeks)]["value"] for weeks in range(1, 9)]
    mark = marks["csat_score", day(number)]
    assert len(before) == mark["history_count"] == 8
    assert mark["expected"] == pytest.approx(statistics.median(before))
    centre = mark["expected"]
    drawn = (centre * 80 + 1) / 82
    assert mark["spread"] >= math.sqrt(drawn * (1 - drawn) / 80) - 1e-12
    assert mark["score"] == pytest.approx((mark["value"] - centre) / mark["spread"])


def test_a_day_that_is_not_over_and_a_day_without_history_are_not_judged(
    marks: dict[tuple[str, date], dict[str, Any]],
) -> None:
    judged = {when for kpi_id, when in marks if kpi_id == "tickets_created"}
    assert min(judged) == day(35)
    assert max(judged) == day(LAST - 1)


def test_campaigns_own_events_and_holidays_are_joined_on_a_day() -> None:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("""
        create table dim_dates as
            select unnest([date '2026-11-10', date '2026-11-11', date '2026-11-12']) as date_day;
        create table campaign_days as select 'd' as campaign, '11-10' as first_day,
            '11-11' as last_day, 'Double 11' as name_en, '双11' as name_zh;
        create table known_events as select 'o' as event, date '2026-11-11' as first_date,
            date '2026-11-12' as last_date, 'Outage' as name_en, '系统故障' as name_zh;
        create table stg_calendars__calendars as
            select 'c' as calendar_id, 'CN' as holiday_country, '' as holiday_subdivision;
        create table stg_calendars__statutory_days as select 'CN' as country, '' as subdivision,
            date '2026-11-12' as local_date, 'workday' as kind, null::varchar as day_name;
        create table stg_calendars__special_days as
            select date '2026-11-10' as local_date, 'Stocktaking' as day_name limit 0;
        create table stg_zendesk__holidays as select date '2026-11-12' as holiday_date limit 0;
    """)
    materialise(connection, "int_event_days__named", "dim_event_days")
    assert connection.execute("from dim_event_days order by local_date").fetchall() == [
        (date(2026, 11, 10), "Double 11", "双11", "Double 11", "双11"),
        (date(2026, 11, 11), *["Double 11; Outage", "双11；系统故障"] * 2),
        (date(2026, 11, 12), "Make-up workday; Outage", "系统故障；调休上班", "Outage", "系统故障"),
    ]
