"""What the tables of charts add up to is the published value, for every table and KPI of it."""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import isclose

import pytest

from pipelines.transform.formulas import Measure, value_sql
from tests.integration.company_world import CompanyWorld, Row

# Holds finished values by grain and member, not sums.
WITHOUT_SUMS = "kpi_backlog_age_daily"
# Where nothing is open, or no review stands, they have no row.
WITHOUT_ZEROS = {"kpi_backlog_daily", "kpi_qa_agents_daily"}
PLACE = "published."
BINS = (0, 15, 30, 45, 60, 180, 900, 3_600, 14_400, 86_400)  # each from so many seconds
HALF_HOUR = timedelta(minutes=30)
AGES = ("backlog_open", "backlog_age", "backlog_age_p50", "backlog_age_p90", "backlog_age_p95")
pytestmark = pytest.mark.xdist_group("company")

# What tables hold by other members follows from their rows, which the next test compares.
MEMBERS = {
    "total": "'total'", "channel": "channel", "team": "team_name", "queue": "queue_name",
    "cause": "cause", "platform": "platform", "segment": "segment", "skill": "skill",
}  # fmt: skip


def columns_of(company: CompanyWorld) -> dict[str, set[str]]:
    """The columns of every published table."""
    rows = company.published(
        "select table_name, list(column_name) as columns from information_schema.columns"
        " where table_schema = 'published' group by table_name"
    )
    return {row["table_name"]: set(row["columns"]) for row in rows}


def chart_tables(columns_of_all: dict[str, set[str]]) -> dict[str, set[str]]:
    """Columns of the tables of sums; their twins in a language hold the same."""
    return {
        name: columns
        for name, columns in columns_of_all.items()
        if name.startswith("kpi_") and name.endswith("ly") and name != WITHOUT_SUMS
    }


def sums_of(company: CompanyWorld, table: str, columns: set[str], grain: str) -> dict[str, str]:
    """By KPI that the table holds and that has the grain, its value over the table's columns."""
    return {
        kpi.id: value_sql(kpi.formula, lambda measure: f"sum({measure.name})")
        for kpi in company.kpis.values()
        if columns >= {measure.name for measure in kpi.measures}
        and all(measure.agg in {"sum", "count"} for measure in kpi.measures)
        and any(cell[2] == grain for cell in company.cells[kpi.id])
    }


def test_every_table_of_charts_adds_up_to_the_published_values(company: CompanyWorld) -> None:
    compared, differing, seen = 0, [], set()
    for table, columns in chart_tables(columns_of(company)).items():
        if "local_date" not in columns:
            continue
        for grain, member in MEMBERS.items():
            sums = sums_of(company, table, columns, grain)
            if not sums or (grain != "total" and member not in columns):
                continue
            values = ", ".join(f"{sql} as {kpi_id}" for kpi_id, sql in sums.items())
            rows = company.published(
                f"select local_date, {member} as member, {values} from published.{table}"
                " where local_date is not null group by all"
            )
            for row in rows:
                differing += [(table, *found) for found in _unlike(company, row, grain, sums)]
            compared += len(rows) * len(sums)
            seen |= {table} if rows else set()
    print(f"{compared} values of {len(seen)} tables compared")
    assert differing[:5] == []
    assert len(seen) > 12
    assert compared > 50_000


def _unlike(
    company: CompanyWorld, row: Row, grain: str, kpi_ids: dict[str, str]
) -> list[tuple[str, str, object, object]]:
    found = []
    for kpi_id in kpi_ids:
        published = company.cells[kpi_id].get(("day", row["local_date"], grain, row["member"]), {})
        value, summed = published.get("value"), row[kpi_id]
        if (value or summed) and not isclose(value or 0, summed or 0, rel_tol=1e-9):
            found.append((kpi_id, row["member"], value, summed))
    return found


def test_every_table_of_charts_holds_the_sums_of_its_facts(company: CompanyWorld) -> None:
    """At its own grain, row by row: what is nothing, and what is zero, too."""
    compared, differing = Counter[str](), []
    known = columns_of(company)
    for table, columns in chart_tables(known).items():
        for branch in branches_of(company, columns, known):
            expected = company.published(branch.of_fact)
            if table in WITHOUT_ZEROS:
                expected = [row for row in expected if any(row[name] for name in branch.sums)]
            if branch.is_monthly:  # costs that are none of the service are zero there
                expected = [{name: value or 0 for name, value in row.items()} for row in expected]
            found = company.published(branch.of_table(table))
            unlike = _multiset(found, branch.sums) ^ _multiset(expected, branch.sums)
            differing += [(table, *row) for row in sorted(unlike, key=str)]
            compared[table] += len(expected) * len(branch.sums)
    print(f"{compared.total()} sums of {len(+compared)} tables compared")
    assert differing[:5] == []
    assert len(+compared) > 16
    assert compared.total() > 100_000


@dataclass(frozen=True)
class Branch:
    """The measures of a table of charts that are summed over one fact by one of its dates."""

    sums: dict[str, str]
    keys: list[str]
    fact: str
    time: str
    event: str
    day: str

    @property
    def of_fact(self) -> str:
        time = f"cast(date_trunc('month', {self.time}) as date)" if self.is_monthly else self.time
        return (
            f"select {time} as day, {self._selected(self.sums)}"
            f" from published.{self.fact} where {self.time} is not null group by all"
        )

    def of_table(self, table: str) -> str:
        anchored = f" where {self.event}" if self.event else ""
        sums = {name: f"sum({name})" for name in self.sums}
        return (
            f"select {self.day} as day, {self._selected(sums)}"
            f" from published.{table}{anchored} group by all"
        )

    @property
    def is_monthly(self) -> bool:
        return self.day == "month_start"

    def _selected(self, sums: dict[str, str]) -> str:
        return ", ".join([*self.keys, *(f"{sql} as {name}" for name, sql in sums.items())])


def branches_of(
    company: CompanyWorld, columns: set[str], of_facts: dict[str, set[str]]
) -> Iterator[Branch]:
    """What a table adds up, by fact and date; its other columns are dimensions of the facts."""
    measures = {measure.name: measure for kpi in company.kpis.values() for measure in kpi.measures}
    owned: dict[tuple[str, str, str], list[Measure]] = defaultdict(list)
    for name in sorted(measures.keys() & columns):
        owned[measures[name].fact, measures[name].time, measures[name].event].append(measures[name])
    for (fact, day, event), own in owned.items():
        yield Branch(
            sums={measure.name: measure.over(measure.expr) for measure in own},
            keys=sorted((columns & of_facts[fact]) - measures.keys() - {"local_date"}),
            fact=fact,
            time=day,
            event=f"anchor = '{event}'" if "anchor" in columns else "",
            day="local_date" if "local_date" in columns else "month_start",
        )


def _multiset(rows: list[Row], names: Iterable[str]) -> set[tuple[tuple[object, ...], int]]:
    """Rows that have anything, as often as they occur; fractions to nine digits."""
    counted = Counter(
        tuple(
            float(f"{value:.9g}") if isinstance(value, float) else value for value in row.values()
        )
        for row in rows
        if any(row[name] is not None for name in names)
    )
    return set(counted.items())


@pytest.mark.parametrize("table", ["kpi_contacts_hourly", "kpi_staffing_half_hourly"])
def test_days_of_charts_are_named_after_themselves(company: CompanyWorld, table: str) -> None:
    days = company.published(
        f"select distinct local_date, weekday, weekday_name from {PLACE}{table}"
    )
    assert len({day["weekday_name"] for day in days}) == 7
    for day in days:
        assert day["weekday"] == day["local_date"].isoweekday()
        assert day["weekday_name"] == f"{day['local_date']:%A}"


def test_peak_hours_have_a_quarter_more_contacts_than_a_mean_hour(company: CompanyWorld) -> None:
    contacts = Counter(
        row["started_hour"]
        for row in company.published("select started_hour from published.fct_contacts")
    )
    peaks = {hour for hour, count in contacts.items() if count >= 1.25 * contacts.total() / 24}
    kinds = company.published(f"select distinct hour, hour_kind from {PLACE}kpi_contacts_hourly")
    assert 0 < len(peaks) < len(contacts)
    assert {row["hour"] for row in kinds if row["hour_kind"] == "peak"} == peaks
    assert {row["hour"] for row in kinds if row["hour_kind"] == "other"} >= set(contacts) - peaks


@pytest.mark.parametrize("table", ["kpi_forecast_half_hourly", "kpi_staffing_half_hourly"])
def test_half_hours_of_charts_start_on_time(company: CompanyWorld, table: str) -> None:
    slots = company.published(
        f"select distinct local_date, half_hour, starts_at, starts_at_time from {PLACE}{table}"
    )
    assert len({slot["half_hour"] for slot in slots}) > 12
    for slot in slots:
        start = datetime.combine(slot["local_date"], time()) + slot["half_hour"] * HALF_HOUR
        assert (slot["starts_at"], slot["starts_at_time"]) == (start, f"{start:%H:%M}")


def test_the_ages_of_charts_are_the_published_values(company: CompanyWorld) -> None:
    rows = company.published(f"select * from published.{WITHOUT_SUMS}")
    for row in rows:
        cell = ("day", row["local_date"], row["grain"], row["unit_value"])
        assert {
            "backlog_open": row["open_tickets"],
            "backlog_age": row["mean_age_seconds"],
            "backlog_age_p50": row["p50_age_seconds"],
            "backlog_age_p90": row["p90_age_seconds"],
            "backlog_age_p95": row["p95_age_seconds"],
        } == {kpi_id: company.cells[kpi_id].get(cell, {}).get("value") for kpi_id in AGES}
    days = {cell for kpi_id in AGES for cell in company.cells[kpi_id] if cell[0] == "day"}
    assert len(rows) == len(days) > 1_000


def test_nobody_is_credited_with_nothing(company: CompanyWorld) -> None:
    empty = company.published(
        "select * from published.kpi_attribution_monthly where coalesce(denominator, numerator) = 0"
    )
    assert empty == []


def test_waits_lie_in_the_bins_that_their_names_say(company: CompanyWorld) -> None:
    turns = company.published(
        "select answered_date, wait_calendar_seconds as waited from published.fct_turns"
        " where in_p2 and answered_date is not null and wait_calendar_seconds is not null"
    )
    expected = Counter((turn["answered_date"], bisect(BINS, turn["waited"])) for turn in turns)
    found = company.published(
        "select local_date, bin_no, sum(turn_count) as turns from published.kpi_wait_bins_daily"
        " group by all"
    )
    assert {(row["local_date"], row["bin_no"]): row["turns"] for row in found} == expected
    assert len({bin_no for _, bin_no in expected}) == len(BINS)
