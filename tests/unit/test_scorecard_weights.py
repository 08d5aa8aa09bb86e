"""The build's own test of weights: what it lets pass and what it refuses."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_sql import rendered

WHOLE = [
    ("csat_score", 60, "2024-01-01", "9999-12-31"),
    ("qa_score", 40, "2024-01-01", "9999-12-31"),
]
REPLACED = [
    ("csat_score", 100, "2024-01-01", "2024-07-01"),
    ("csat_score", 50, "2024-07-01", "9999-12-31"),
    ("qa_score", 50, "2024-07-01", "9999-12-31"),
]
SHORT = [
    ("csat_score", 60, "2024-01-01", "9999-12-31"),
    ("qa_score", 30, "2024-01-01", "9999-12-31"),
]
LEFT_BEHIND = [
    ("csat_score", 60, "2024-01-01", "9999-12-31"),
    ("qa_score", 40, "2024-01-01", "2024-07-01"),
]


@pytest.mark.parametrize(
    ("weights", "refused"),
    [
        (WHOLE, []),
        (REPLACED, []),
        (SHORT, [("2024-01-01", 90)]),
        (LEFT_BEHIND, [("2024-07-01", 60)]),
    ],
)
def test_weights_of_a_scorecard_are_100_on_every_day_that_they_change(
    weights: list[tuple[str, int, str, str]], refused: list[tuple[str, int]]
) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table kpi_weights (kpi_id text, weight double, valid_from date, valid_to date,"
            " scorecard text default 'performance', grain text default '*',"
            " status text default 'company')"
        )
        connection.executemany(
            "insert into kpi_weights (kpi_id, weight, valid_from, valid_to) values (?, ?, ?, ?)",
            weights,
        )
        found = connection.execute(rendered("kpi_weights_sum_to_100")).fetchall()
    assert [(str(row[3]), row[4]) for row in found] == refused
