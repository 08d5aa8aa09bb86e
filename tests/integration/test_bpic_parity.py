"""A real incident desk through the whole load agrees with what another open package computed.

The sample stems from the same facts. It differs by two known rules of that package and by nothing
else; each is written down below, is checked to apply, and takes its tickets out of comparison.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.helpdesks.real_exports import BPIC, SAMPLE
from tests.integration.helpdesks.world import HelpdeskWorld

Row = dict[str, Any]
TOLERANCE_SECONDS = 60
WANTED_SHARE = 0.999
LONG_MINUTES = 350 * 24 * 60

DURATIONS = {
    "first_resolution_calendar_minutes": "first_resolution_calendar_seconds",
    "final_resolution_calendar_minutes": "full_resolution_calendar_seconds",
    "first_resolution_business_minutes": "first_resolution_business_seconds",
    "full_resolution_business_minutes": "full_resolution_business_seconds",
    "new_status_duration_in_calendar_minutes": "new_status_calendar_seconds",
}
COUNTS = {
    "count_reopens": "reopen_count",
    "group_stations_count": "group_station_count",
    "assignee_stations_count": "assignee_station_count",
}


@dataclass(frozen=True)
class Difference:
    """Why a value of the sample can't be compared."""

    reason: str
    applies: Callable[[str, Row], bool]


DIFFERENCES = (
    Difference(
        "the package's business clock stops about a year after creation",
        lambda column, row: (
            "business" in column
            and float(row["final_resolution_calendar_minutes"] or 0) > LONG_MINUTES
        ),
    ),
    Difference(
        "the package lets the last status of an unsolved ticket run until it was itself run",
        lambda column, row: (
            column == "new_status_duration_in_calendar_minutes"
            and row["status"] not in {"solved", "closed"}
        ),
    ),
    Difference(
        "the package leaves a value empty that it finds no event for",
        lambda column, row: row[column] == "",
    ),
)


@dataclass(frozen=True)
class World:
    counts: dict[str, dict[str, int]]
    facts: dict[str, Row]
    sample: list[Row]

    def comparable(self, column: str) -> Iterator[tuple[Row, Row]]:
        """Rows of the sample with the fact of the same ticket, but for the exceptions."""
        for row in self.sample:
            if not any(difference.applies(column, row) for difference in DIFFERENCES):
                yield row, self.facts[row["ticket_id"]]


@pytest.fixture(scope="module")
def world(shared_data: Path, helpdesks: HelpdeskWorld) -> World:
    cursor = helpdesks.connection.execute("select * from fct_tickets where account_id = 'bpic2013'")
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    with (shared_data / BPIC / SAMPLE).open(encoding="utf-8", newline="") as sample:
        facts = {row["ticket_id"]: row for row in rows}
        return World(helpdesks.counts("zendesk", BPIC), facts, list(csv.DictReader(sample)))


def test_every_record_is_accounted_for(world: World) -> None:
    assert {
        name: world.counts[name]["loaded"] for name in ("tickets", "ticket_audits", "users")
    } == {
        "tickets": 7554,
        "ticket_audits": 60819,
        "users": 3186,
    }
    for counts in world.counts.values():
        outcomes = ("loaded", "quarantined", "duplicate", "skipped")
        assert counts["seen"] == sum(counts[outcome] for outcome in outcomes)
    assert len(world.facts) == 7554


@pytest.mark.parametrize(("column", "fact_column"), DURATIONS.items())
def test_durations_agree_within_a_minute(world: World, column: str, fact_column: str) -> None:
    pairs = list(world.comparable(column))
    far_apart = [
        (row["ticket_id"], row[column], fact[fact_column])
        for row, fact in pairs
        if fact[fact_column] is None
        or abs(float(row[column]) * 60 - fact[fact_column]) > TOLERANCE_SECONDS
    ]
    assert len(pairs) > 800
    assert len(far_apart) <= (1 - WANTED_SHARE) * len(pairs), far_apart


@pytest.mark.parametrize(("column", "fact_column"), COUNTS.items())
def test_counts_agree_exactly(world: World, column: str, fact_column: str) -> None:
    pairs = list(world.comparable(column))
    different = [
        (row["ticket_id"], row[column], fact[fact_column])
        for row, fact in pairs
        if int(row[column]) != fact[fact_column]
    ]
    assert len(pairs) > 800
    assert different == []


def test_each_exception_leaves_few_tickets_out(world: World) -> None:
    columns = [*DURATIONS, *COUNTS]
    touched = {
        difference.reason: {
            row["ticket_id"]
            for row in world.sample
            for column in columns
            if difference.applies(column, row)
        }
        for difference in DIFFERENCES
    }
    assert {reason: len(tickets) for reason, tickets in touched.items()} == {
        DIFFERENCES[0].reason: 1,
        DIFFERENCES[1].reason: 3,
        DIFFERENCES[2].reason: 4,
    }


def test_an_empty_value_of_the_sample_means_none_or_nothing(world: World) -> None:
    for row in world.sample:
        fact = world.facts[row["ticket_id"]]
        for column, fact_column in (DURATIONS | COUNTS).items():
            if row[column] == "":
                assert fact[fact_column] in {None, 0}, (row["ticket_id"], column)
