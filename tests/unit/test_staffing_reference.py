"""The staffing references against published tables of Erlang C, simulated queues and the SQL."""

from __future__ import annotations

import math
from datetime import date, timedelta

import duckdb
import jinja2
import pytest

from pipelines.settings import PROJECT_ROOT
from tests.reference.queues import (
    Shift,
    answered_share,
    servers_needed,
    simulate,
    waiting_share,
)
from tests.reference.staffing import Slot, factor, forecast, gaps, ordinary_week

MONDAY = date(2026, 3, 2)
MACROS = PROJECT_ROOT / "dbt_project" / "macros" / "staffing" / "queue_measures.sql"
CALL, TARGET = 300.0, 20.0
# Calls in half an hour, servers and mean patience in seconds: quiet, busy, short of people.
QUEUES = [
    (6.0, 2, 180.0),
    (20.0, 4, 180.0),
    (20.0, 5, None),
    (60.0, 10, 90.0),
    (60.0, 12, None),
    (60.0, 13, 180.0),
]


@pytest.mark.parametrize(
    ("load", "servers", "share"),
    [(1.0, 2, 0.3333), (2.0, 3, 0.4444), (5.0, 7, 0.3241), (10.0, 12, 0.4494), (10.0, 14, 0.1741)],
)
def test_waiting_shares_are_those_of_the_published_tables(
    load: float, servers: int, share: float
) -> None:
    assert waiting_share(load, servers) == pytest.approx(share, abs=5e-5)


def test_a_hundred_calls_of_three_minutes_in_half_an_hour_need_fourteen_agents() -> None:
    assert servers_needed(10.0, 20 / 180, 0.8) == 14
    assert answered_share(10.0, 14, 20 / 180) == pytest.approx(0.888, abs=5e-4)


def test_nothing_is_answered_by_fewer_servers_than_the_load_unless_people_give_up() -> None:
    assert answered_share(3.0, 3, 1.0) == 0.0
    assert waiting_share(3.0, 2) == 1.0
    assert 0.3 < answered_share(3.0, 3, 1.0, 1.0) < 1


def test_patience_without_end_is_erlang_c() -> None:
    assert answered_share(8.0, 10, 0.1, 1e-6) == pytest.approx(answered_share(8.0, 10, 0.1))


def test_an_agent_more_is_needed_where_occupancy_would_be_too_high() -> None:
    assert servers_needed(2.8, 10.0, 0.1, 1.0, occupancy=math.inf) == 1
    assert servers_needed(2.8, 10.0, 0.1, 1.0) == 3
    assert servers_needed(2.8, 10.0, 0.1, 1.0, occupancy=0.9) == 4


@pytest.mark.parametrize(("calls", "servers", "patience"), QUEUES)
def test_the_formula_of_the_warehouse_answers_what_a_simulated_queue_does(
    calls: float, servers: int, patience: float | None
) -> None:
    load, impatience = calls * CALL / 1800, CALL / patience if patience else 0.0
    predicted = answered_share_in_sql(load, servers, TARGET / CALL, impatience)
    assert predicted == pytest.approx(
        answered_share(load, servers, TARGET / CALL, impatience), abs=1e-6
    )
    day = [Shift(1800.0 * 1_500, calls / 1800, servers)]
    seen = simulate(day, handle=CALL, patience=patience, wait=TARGET, days=1, seed=5)
    assert seen.contacts > 8_000
    assert seen.answered_share == pytest.approx(predicted, abs=0.02)


def test_a_day_of_changing_rates_is_predicted_within_two_points() -> None:
    """Half hours are taken as if each lasted for ever; those staffed as needed settle in time."""
    calls = [4, 10, 22, 30, 34, 36, 33, 30, 26, 28, 32, 36, 38, 34, 28, 24, 20, 18, 14, 8]
    impatience, wait = CALL / 180, TARGET / CALL
    loads = [count * CALL / 1800 for count in calls]
    needed = [servers_needed(load, wait, 0.8, impatience, 0.9) for load in loads]
    assert max(needed) > 2 * min(needed)
    for missing in (0, 1):
        staff = [servers - missing for servers in needed]
        predicted = sum(
            count * answered_share_in_sql(load, servers, wait, impatience)
            for count, load, servers in zip(calls, loads, staff, strict=True)
        ) / sum(calls)
        day = [
            Shift(1800.0, count / 1800, servers)
            for count, servers in zip(calls, staff, strict=True)
        ]
        seen = simulate(day, handle=CALL, patience=180.0, wait=TARGET, days=60, seed=11)
        assert seen.contacts > 30_000
        assert seen.answered_share == pytest.approx(predicted, abs=0.02)


@pytest.mark.long
@pytest.mark.parametrize("patience", [None, 60.0, 180.0, 600.0])
@pytest.mark.parametrize("calls", [3.0, 12.0, 48.0, 190.0, 480.0])
def test_predictions_hold_over_a_grid_of_loads(calls: float, patience: float | None) -> None:
    load, impatience = calls * CALL / 1800, CALL / patience if patience else 0.0
    least = servers_needed(load, TARGET / CALL, 0.5, impatience)
    for servers in range(least, least + max(4, math.ceil(load / 4)), max(1, math.ceil(load / 16))):
        predicted = answered_share_in_sql(load, servers, TARGET / CALL, impatience)
        # A long line settles slowly: more contacts where there are many servers.
        half_hours = round((300_000 + 8_000 * load) / calls)
        day = [Shift(1800.0 * half_hours, calls / 1800, servers)]
        seen = simulate(day, handle=CALL, patience=patience, wait=TARGET, days=1, seed=23)
        assert seen.answered_share == pytest.approx(predicted, abs=0.02), (servers, predicted)


def test_a_steady_half_hour_is_forecast_as_its_mean() -> None:
    week = ordinary_week(arrivals_of([3] * 12), MONDAY, set())
    assert sum(week.values()) == pytest.approx(3)
    # A single half hour of a single weekday: the mean weekday has a share, as nobody can be sure.
    assert max(week, key=lambda place: week[place]) == (0, 20)


def test_newer_weeks_weigh_more() -> None:
    falling = sum(ordinary_week(arrivals_of([2] * 6 + [4] * 6), MONDAY, set()).values())
    rising = sum(ordinary_week(arrivals_of([4] * 6 + [2] * 6), MONDAY, set()).values())
    assert falling < 3 < rising
    assert falling + rising == pytest.approx(6)


def test_the_week_itself_and_what_is_too_old_are_not_looked_at() -> None:
    history = [Slot(MONDAY, 20), Slot(MONDAY - timedelta(weeks=13), 20)]
    assert ordinary_week(history, MONDAY, set()) == {}


def test_days_out_of_the_ordinary_teach_nothing() -> None:
    festival = MONDAY - timedelta(weeks=2)
    history = [*arrivals_of([3] * 12), *[Slot(festival, 20)] * 500]
    assert sum(ordinary_week(history, MONDAY, {festival}).values()) == pytest.approx(3, rel=0.1)


def test_a_kind_of_day_has_the_factor_of_its_past_days() -> None:
    assert factor(came=600, expected=300) == pytest.approx(630 / 330)
    assert factor(came=0, expected=0) == 1
    assert factor(came=9_999, expected=1) == 5
    assert factor(came=0, expected=9_999) == 0.2
    sale = MONDAY + timedelta(days=1)
    week = {(0, 20): 2.0, (1, 20): 2.0}
    ahead = forecast(week, MONDAY, {sale: "campaign"}, {"campaign": 1.5, "holiday": 0.5})
    assert ahead == {Slot(MONDAY, 20): 2.0, Slot(sale, 20): 3.0}


def test_a_day_without_anything_is_a_gap_only_where_much_was_usual() -> None:
    counts = {MONDAY + timedelta(days=n): 10 for n in range(7) if n != 5}
    silent = {MONDAY + timedelta(days=5)}
    assert gaps(counts, MONDAY, MONDAY + timedelta(days=7)) == silent
    assert gaps(dict.fromkeys(counts, 4), MONDAY, MONDAY + timedelta(days=7)) == set()


def arrivals_of(weekly: list[int]) -> list[Slot]:
    """Contacts at ten on the Mondays of the weeks before, the newest week first."""
    return [
        Slot(MONDAY - timedelta(weeks=ago), 20)
        for ago, count in enumerate(weekly, start=1)
        for _ in range(count)
    ]


def answered_share_in_sql(load: float, servers: int, wait: float, impatience: float) -> float:
    """The macros of the warehouse, evaluated by DuckDB alone."""
    template = MACROS.read_text("utf-8") + (
        "{{ queue_answered_share('load', 'servers', 'impatience', 'wait', 'f', 'tail') }} from ("
        "select *, {{ queue_full_share('b', 'tail') }} as f from ("
        "select *, {{ queue_tail('load', 'servers', 'impatience') }} as tail from ("
        "select *, {{ queue_blocked('load', 'servers') }} as b from ("
        "select $load as load, $servers as servers, $wait as wait, $impatience as impatience))))"
    )
    parameters = {"load": load, "servers": servers, "wait": wait, "impatience": impatience}
    with duckdb.connect() as con:
        rendered = jinja2.Template(template).render()
        ((share,),) = con.execute(f"select {rendered}", parameters).fetchall()
    return float(share)
