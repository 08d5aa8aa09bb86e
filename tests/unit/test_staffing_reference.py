"""The staffing reference against published tables of Erlang C and a simulated queue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.reference.staffing import (
    Slot,
    answered_share,
    forecast,
    servers_needed,
    simulated_answered_share,
    waiting_share,
)

MONDAY = date(2026, 3, 2)


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


def test_nothing_is_answered_by_fewer_servers_than_the_load() -> None:
    assert answered_share(3.0, 3, 1.0) == 0.0
    assert waiting_share(3.0, 2) == 1.0


@pytest.mark.parametrize(("load", "servers", "wait"), [(2.0, 4, 0.1), (8.0, 10, 0.2)])
def test_a_simulated_queue_answers_what_the_formula_says(
    load: float, servers: int, wait: float
) -> None:
    seen = simulated_answered_share(load, servers, wait, contacts=60_000, seed=5)
    assert seen == pytest.approx(answered_share(load, servers, wait), abs=0.02)


def test_a_steady_half_hour_is_forecast_as_its_mean() -> None:
    history = [Slot(MONDAY - timedelta(weeks=week), 20) for week in range(1, 9) for _ in range(3)]
    assert forecast(history, MONDAY) == {Slot(MONDAY, 20): pytest.approx(3.0)}


def test_a_growing_half_hour_is_forecast_on_its_line() -> None:
    history = [
        Slot(MONDAY - timedelta(weeks=week), 20) for week in range(1, 9) for _ in range(9 - week)
    ]
    assert forecast(history, MONDAY) == {Slot(MONDAY, 20): pytest.approx(9.0)}


def test_the_week_itself_and_what_is_too_old_are_not_looked_at() -> None:
    history = [Slot(MONDAY, 20), Slot(MONDAY - timedelta(weeks=9), 20)]
    assert forecast(history, MONDAY) == {}
