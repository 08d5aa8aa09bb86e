"""Slope, error and verdict of a relation: against numpy, and where the truth is planted."""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pytest

from pipelines.settings import PROJECT_ROOT
from tests.dbt_sql import materialise, rendered_macro

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
TABLES = """
create table fct_tickets (ticket_key varchar, channel varchar, priority varchar, created_date date,
    first_response_calendar_seconds bigint, full_resolution_calendar_seconds bigint,
    group_station_count bigint, in_p5 boolean);
create table fct_surveys (ticket_key varchar, buyer_key varchar, kind varchar, score double,
    is_answered boolean, in_p2 boolean, is_satisfied boolean, answered_date date);
create table fct_inquiries (channel varchar, shop varchar, wait_seconds bigint,
    is_matured boolean, is_served boolean, is_converted boolean, contact_date date);
create table fct_customer_cohorts (buyer_key varchar, shop varchar, cohort_date date,
    margin_amount double, is_matured boolean);
create table kpi_values (kpi_id varchar, period_type varchar, period_start date, grain varchar,
    unit_value varchar, value double, n bigint, is_partial boolean);
create table fct_training_effects (kpi varchar, trained_count bigint, control_count bigint,
    effect double, effect_low double, effect_high double);
create table kpi_dictionary (kpi_id varchar, name_en varchar, name_zh varchar);
"""
CHANNELS = ("chat", "email", "phone")
Fill = Callable[[duckdb.DuckDBPyConnection], None]
Relation = dict[str, Any]


def relations(fill: Fill) -> dict[tuple[str, str, date | None], Relation]:
    """What the project says of a world that `fill` writes, by hypothesis and period."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(TABLES)
    connection.execute(
        f"create table hypotheses as from read_csv('{SEEDS / 'plans' / 'hypotheses.csv'}')"
    )
    fill(connection)
    materialise(connection, "kpi_relations")
    found = connection.execute("from kpi_relations")
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {(row["hypothesis"], row["period_type"], row["period_start"]): row for row in rows}


def rated_tickets(effect: float, size: int, seed: int = 3) -> list[tuple[Any, ...]]:
    """Tickets with a rating; a minute of waiting adds `effect` to the chance of a good one.

    Phone is answered at once and liked less, so that without controls waiting looks good.
    """
    chance = random.Random(seed)
    found = []
    for number in range(size):
        channel = CHANNELS[number % 3]
        minutes = chance.uniform(0, 2 if channel == "phone" else 16)
        liking = 0.9 + effect * minutes - (0.5 if channel == "phone" else 0)
        day = date(2026, 4, 1) + timedelta(days=number % 180)
        found.append((f"t{number}", channel, round(minutes * 60), chance.random() < liking, day))
    return found


def write_rated(tickets: list[tuple[Any, ...]]) -> Fill:
    def fill(connection: duckdb.DuckDBPyConnection) -> None:
        connection.executemany(
            "insert into fct_tickets values (?, ?, 'normal', ?, ?, null, 1, true)",
            [(key, channel, day, wait) for key, channel, wait, _, day in tickets],
        )
        connection.executemany(
            "insert into fct_surveys values (?, null, 'csat', null, true, true, ?, ?)",
            [(key, good, day) for key, _, _, good, day in tickets],
        )

    return fill


def test_slope_error_and_interval_equal_numpy_with_dummies() -> None:
    tickets = rated_tickets(-0.02, 600)
    found = relations(write_rated(tickets))["wait_lowers_csat", "all", None]
    groups = [f"{channel}-{(day.month - 1) // 3}" for _, channel, _, _, day in tickets]
    names = sorted(set(groups))
    design = np.array(
        [
            [wait / 60, *(group == name for name in names)]
            for (_, _, wait, _, _), group in zip(tickets, groups, strict=True)
        ],
        dtype=float,
    )
    target = np.array([good for *_, good, _ in tickets], dtype=float)
    solution, *_ = np.linalg.lstsq(design, target, rcond=None)
    left = target - design @ solution
    inverse = np.linalg.inv(design.T @ design)
    freedom = len(tickets) - design.shape[1]
    spread = inverse @ (design.T * left**2) @ design @ inverse * len(tickets) / freedom
    assert found["n"] == len(tickets)
    assert found["group_count"] == len(names) == 6
    assert found["slope"] == pytest.approx(solution[0], rel=1e-9)
    assert found["standard_error"] == pytest.approx(math.sqrt(spread[0, 0]), rel=1e-9)
    waits = [wait for _, _, wait, _, _ in tickets]
    assert found["correlation"] == pytest.approx(np.corrcoef(waits, target)[0, 1])
    half = (found["slope_high"] - found["slope_low"]) / 2
    assert half == pytest.approx(1.96396 * found["standard_error"], rel=1e-3)


def test_a_claim_that_the_data_bear_out_is_supported() -> None:
    found = relations(write_rated(rated_tickets(-0.05, 1500)))["wait_lowers_csat", "all", None]
    assert (found["verdict"], found["direction_found"]) == ("supported", "as_claimed")
    assert found["slope"] == pytest.approx(-0.05, abs=0.01)
    # Held against channels alone does it show: across them who waits longer is happier.
    assert found["partial_correlation"] < -0.2 < found["correlation"]


def test_a_claim_that_is_too_large_or_wrong_is_contradicted() -> None:
    weak = relations(write_rated(rated_tickets(-0.01, 1500)))["wait_lowers_csat", "all", None]
    assert (weak["verdict"], weak["direction_found"]) == ("contradicted", "as_claimed")
    none = relations(write_rated(rated_tickets(0.0, 1500)))["wait_lowers_csat", "all", None]
    assert none["verdict"] == "contradicted"
    assert none["direction_found"] != "as_claimed"


def test_few_observations_decide_nothing() -> None:
    found = relations(write_rated(rated_tickets(-0.05, 30)))
    assert found["wait_lowers_csat", "all", None]["verdict"] == "undecided"
    assert found["training_raises_order_value", "all", None]["verdict"] == "no_data"
    assert found["training_raises_order_value", "all", None]["n"] == 0


def test_each_quarter_has_a_relation_of_its_own() -> None:
    tickets = rated_tickets(-0.05, 600)
    found = relations(write_rated(tickets))
    quarters = {
        start: row["n"]
        for (hypothesis, kind, start), row in found.items()
        if hypothesis == "wait_lowers_csat" and kind == "quarter"
    }
    assert set(quarters) == {date(2026, 4, 1), date(2026, 7, 1)}
    assert sum(quarters.values()) == 600


def test_waits_past_the_claims_range_are_left_out() -> None:
    tickets = rated_tickets(-0.05, 300)
    long_ago = [(f"x{n}", "email", 86_400 * n, True, date(2026, 5, 1)) for n in range(1, 50)]
    found = relations(write_rated([*tickets, *long_ago]))["wait_lowers_csat", "all", None]
    assert found["n"] == 300


def test_cells_of_two_kpis_are_compared_within_members() -> None:
    chance = random.Random(9)

    def fill(connection: duckdb.DuckDBPyConnection) -> None:
        cells = []
        for team in range(6):
            for month in range(1, 13):
                repeats = 0.1 + 0.05 * team + chance.uniform(-0.05, 0.05)
                liked = 0.5 + 0.08 * team - 1.2 * (repeats - 0.05 * team)
                for kpi_id, value in (("repeat_inquiry_rate", repeats), ("csat_score", liked)):
                    cells.append((kpi_id, date(2026, month, 1), f"team {team}", value, 40))
        cells.append(("repeat_inquiry_rate", date(2026, 1, 1), "small", 0.9, 4))
        cells.append(("csat_score", date(2026, 1, 1), "small", 0.9, 4))
        connection.executemany(
            "insert into kpi_values values (?, 'month', ?, 'team', ?, ?, ?, false)", cells
        )

    found = relations(fill)["fewer_repeats_raise_csat", "all", None]
    assert (found["n"], found["group_count"]) == (72, 6)
    assert found["slope"] == pytest.approx(-1.2)
    assert found["correlation"] > 0 > found["partial_correlation"]


def test_courses_weigh_as_their_intervals_are_narrow() -> None:
    def fill(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(
            "insert into fct_training_effects values"
            " ('handle_time', 30, 30, -60, -80, -40), ('handle_time', 20, 20, -20, -60, 20)"
        )

    found = relations(fill)["training_raises_efficiency", "all", None]
    assert found["slope"] == pytest.approx((-60 * 4 - 20) / 5)
    assert (found["n"], found["verdict"]) == (100, "supported")


@pytest.mark.parametrize(("freedom", "point"), [(5, 2.5706), (10, 2.2281), (30, 2.0423)])
def test_the_quantile_is_students(freedom: int, point: float) -> None:
    sql = rendered_macro("student_quantile", str(freedom))
    ((found,),) = duckdb.sql(f"select {sql}").fetchall()
    assert found == pytest.approx(point, rel=1e-2)


def test_every_hypothesis_names_kpis_that_exist_or_a_training() -> None:
    known = (PROJECT_ROOT / "docs" / "kpis.md").read_text(encoding="utf-8")
    with (SEEDS / "plans" / "hypotheses.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["level"] != "training":
                assert f"`{row['x_kpi']}`" in known, row["hypothesis"]
                assert f"`{row['y_kpi']}`" in known, row["hypothesis"]
