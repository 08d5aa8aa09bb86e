"""The warehouse finds what happened: facts and KPIs against the truth of three simulated worlds.

The truth is folded from the simulated world by plain Python, never from the export. Each test
states how many values it compared at least, so that none can pass by comparing nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from pipelines.simulate.truth.facts import EXCLUDING_TAGS
from pipelines.simulate.truth.kpis import COUNTS, KPI_IDS, quantile
from tests.integration.kpi_proofs import record
from tests.integration.truth_sums import KPI_SUMS, SUMS
from tests.integration.truth_worlds import Record, Worlds, build_worlds

pytestmark = pytest.mark.timeout(900)

RENAMED = {"team": "team_name", "exclusion": "exclusion_reason"}
NOT_A_COLUMN = {"own_created_at", "customer_id", "follow_up_of", "turns", "sla", "survey"}
NOT_A_COLUMN |= {"first_reopened_at", "first_customer_reopen_at", "is_solved_by_human"}
CHAT_COLUMNS = (
    "channel", "status", "in_p1", "in_p2", "in_p3", "in_p4", "in_p5", "in_p6", "is_bot_only",
    "is_agent_initiated", "has_human", "is_transferred", "reopen_count", "created_at",
    "response_started_at", "first_response_at", "first_solved_at", "last_solved_at",
    "first_response_calendar_seconds", "full_resolution_calendar_seconds",
    "requester_wait_calendar_seconds", "agent_wait_calendar_seconds",
)  # fmt: skip
AGENTS = ("assignee_id", "closer_id", "first_response_agent_id")
DURATIONS = ("first_response", "first_resolution", "full_resolution")
PERCENTILES = {
    "first_response_time": ("in_p6", "created_at", "first_response_calendar_seconds"),
    "full_resolution_time": ("in_p5", "last_solved_at", "full_resolution_calendar_seconds"),
}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return build_worlds(tmp_path_factory.mktemp("worlds") / "home")


def differences(expected: dict[Any, Record], found: dict[Any, Record]) -> list[str]:
    """Every value that differs, as a line that tells key, column, truth and warehouse."""
    lines = [f"{key}: only in truth" for key in expected.keys() - found.keys()]
    lines += [f"{key}: only in warehouse" for key in found.keys() - expected.keys()]
    for key in expected.keys() & found.keys():
        lines += [
            f"{key} {name}: {value!r} is true, {found[key][name]!r} found"
            for name, value in expected[key].items()
            if found[key][name] != value
        ]
    return sorted(lines)


def compared(expected: dict[Any, Record]) -> int:
    return sum(len(record) for record in expected.values())


def test_each_account_ends_with_its_newest_stamp(worlds: Worlds) -> None:
    rows = worlds.rows(
        "select source_system, account_id, as_of_at from published.dim_accounts"
        " where source_system in ('zendesk', 'qiyu')"
    )
    found = {(row["source_system"], row["account_id"]): row["as_of_at"] for row in rows}
    expected = {("zendesk", truth.account_id): truth.as_of for truth in worlds.truths}
    expected |= {("qiyu", truth.account_id): truth.chats_as_of for truth in worlds.truths}
    assert found == expected


def test_every_ticket_is_as_it_happened(worlds: Worlds) -> None:
    expected = {}
    for account_id, ticket in worlds.tickets():
        record = {RENAMED.get(k, k): v for k, v in ticket.items() if k not in NOT_A_COLUMN}
        # Where an end is missing there is no duration: the warehouse has NULL, the truth no key.
        for name in DURATIONS:
            for clock in ("calendar", "business", "business_last"):
                record.setdefault(f"{name}_{clock}_seconds", None)
        for name in AGENTS:
            record[name] = "unknown" if record[name] is None else str(record[name])
        merged_into = record["merged_into_id"]
        record["merged_into_id"] = None if merged_into is None else str(merged_into)
        expected[account_id, str(record.pop("ticket_id"))] = record
    rows = worlds.rows("select * from published.fct_tickets where source_system = 'zendesk'")
    found = {(row["account_id"], row["ticket_id"]): row for row in rows}
    assert differences(expected, found) == []
    assert compared(expected) > 50_000


def test_every_chain_of_chats_is_one_ticket_as_it_happened(worlds: Worlds) -> None:
    expected = {}
    for account_id, chat in worlds.chats():
        record = {name: chat.get(name) for name in CHAT_COLUMNS}
        expected[account_id, str(chat["ticket_id"])] = record
    rows = worlds.rows("select * from published.fct_tickets where source_system = 'qiyu'")
    found = {(row["account_id"], row["ticket_id"]): row for row in rows}
    assert differences(expected, found) == []
    assert compared(expected) > 8_000


def test_every_turn_is_as_it_happened(worlds: Worlds) -> None:
    expected = {
        (account_id, str(ticket["ticket_id"]), turn["number"]): {
            "opened_at": turn["opened_at"],
            "answered_at": turn["answered_at"],
            "wait_business_seconds": turn["business_seconds"],
        }
        for account_id, ticket in worlds.tickets()
        for turn in ticket["turns"]
    }
    rows = worlds.rows("select * from published.fct_turns")
    found = {(row["account_id"], row["ticket_id"], row["turn_no"]): row for row in rows}
    assert differences(expected, found) == []
    assert compared(expected) > 5_000


def test_every_promise_is_kept_or_broken_as_it_was(worlds: Worlds) -> None:
    expected = {}
    for account_id, ticket in worlds.tickets():
        for sla in ticket["sla"] if ticket["in_p2"] else []:
            record = dict(sla)
            metric, instance = record.pop("metric"), record.pop("instance")
            number = instance - 1 if metric == "next_reply_time" else instance
            record["policy_id"] = str(record["policy_id"])
            record["sla_status"] = record.pop("status")
            expected[account_id, str(ticket["ticket_id"]), metric, number] = record
    rows = worlds.rows("select * from published.fct_sla_targets where in_p2")
    found = {
        (row["account_id"], row["ticket_id"], row["metric"], row["instance_no"]): row
        for row in rows
        # A stretch before anything was promised is listed as cancelled; the truth leaves it out.
        if row["sla_status"] != "cancelled"
    }
    assert differences(expected, found) == []
    assert compared(expected) > 25_000


def test_every_survey_ends_with_its_last_answer(worlds: Worlds) -> None:
    expected = {
        (account_id, str(ticket["ticket_id"])): {
            "invited_at": ticket["survey"]["invited_at"],
            "answered_at": ticket["survey"]["answered_at"],
            "sentiment": ticket["survey"]["score"],
        }
        for account_id, ticket in worlds.tickets()
        if ticket["survey"] is not None and ticket["exclusion"] not in EXCLUDING_TAGS
    }
    rows = worlds.rows("select * from published.fct_surveys where source_system = 'zendesk'")
    found = {(row["account_id"], row["ticket_id"]): row for row in rows}
    assert differences(expected, found) == []
    assert compared(expected) > 1_500


@pytest.mark.parametrize(("source", "entity"), sorted(SUMS))
def test_the_sums_of_other_systems_are_true(worlds: Worlds, source: str, entity: str) -> None:
    names, table = SUMS[source, entity]
    expected = {
        truth.account_id: {name: truth.counts[source][entity][name] for name in names}
        for truth in worlds.truths
    }
    columns = ", ".join(f"cast({column} as bigint) as {name}" for name, column in names.items())
    rows = worlds.canonical_rows(
        f"select account_id, {columns} from intermediate.{table}"
        f" where source_system = '{source}' group by account_id"
    )
    found = {row.pop("account_id"): row for row in rows}
    assert differences(expected, found) == []
    assert min(record[next(iter(names))] for record in expected.values()) > 15


@pytest.mark.parametrize("kpi_id", sorted(KPI_SUMS))
def test_the_kpis_of_other_systems_add_up_to_what_happened(worlds: Worlds, kpi_id: str) -> None:
    (source, entity), top, whole = KPI_SUMS[kpi_id]
    counts = [truth.counts[source][entity] for truth in worlds.truths]
    cells = worlds.rows(
        "select period_start, value, numerator, denominator from published.kpi_values "
        f"where kpi_id = '{kpi_id}' and period_type = 'month' and grain = 'source'"
        f" and unit_value = '{source}'"
    )
    tops = "numerator" if whole else "value"
    assert sum(cell[tops] or 0 for cell in cells) == sum(
        own[name] for own in counts for name in top
    )
    if whole:
        denominator = sum(cell["denominator"] or 0 for cell in cells)
        assert denominator == sum(own[name] for own in counts for name in whole)
    record("truth", kpi_id, [("month", cell["period_start"], "source") for cell in cells])
    assert len(cells) >= 5


def test_conversations_with_the_bot_end_as_they_did(worlds: Worlds) -> None:
    true: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for truth in worlds.truths:
        for kpi_id, months in truth.bots.items():
            for month, (numerator, denominator) in months.items():
                true[kpi_id, month][0] += numerator
                true[kpi_id, month][1] += denominator
    names = "', '".join({kpi_id for kpi_id, _ in true})
    found = {
        (row["kpi_id"], row["period_start"].strftime("%Y-%m")): row
        for row in worlds.rows(
            "select * from published.kpi_values where period_type = 'month' and grain = 'source'"
            f" and unit_value = 'qiyu' and kpi_id in ('{names}')"
        )
        if row["denominator"]
    }
    assert {key: [row["numerator"], row["denominator"]] for key, row in found.items()} == true
    for kpi_id, month in true:
        record("truth", kpi_id, [("month", month, "source")])
    assert len(true) >= 18


@pytest.mark.parametrize("kpi_id", KPI_IDS)
def test_a_kpi_has_its_true_value_in_every_month(worlds: Worlds, kpi_id: str) -> None:
    true = months_of(worlds, kpi_id)
    rows = worlds.rows(
        "select period_start, value, numerator, denominator from published.kpi_values "
        f"where kpi_id = '{kpi_id}' and period_type = 'month' and grain = 'total'"
    )
    found = {row["period_start"].strftime("%Y-%m"): row for row in rows}
    assert len(true) >= 6
    for month, (numerator, denominator) in true.items():
        row = found.get(month, {"value": None})
        value = None if row["value"] is None else float(row["value"])
        if kpi_id in COUNTS or kpi_id == "backlog_open":
            assert (value or 0) == numerator, month
        elif denominator == 0:
            assert value is None, month
        else:
            assert value == pytest.approx(numerator / denominator, rel=1e-12), month
            assert (row["numerator"], row["denominator"]) == (numerator, denominator), month
        record("truth", kpi_id, [("month", month, "total")])


def months_of(worlds: Worlds, kpi_id: str) -> dict[str, list[int]]:
    """Numerator and denominator of all worlds together, by month; chats tell some KPIs only."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for truth in worlds.truths:
        for months in (truth.kpis[kpi_id], truth.chat_kpis.get(kpi_id, {})):
            for month, figures in months.items():
                if month != "total":
                    sums[month][0] += int(figures["numerator"] or 0)
                    sums[month][1] += int(figures["denominator"] or 0)
    return sums


@pytest.mark.parametrize("kpi_id", sorted(PERCENTILES))
def test_percentiles_are_taken_over_tickets_and_not_over_days(worlds: Worlds, kpi_id: str) -> None:
    population, anchor, duration = PERCENTILES[kpi_id]
    dates = {
        (row["account_id"], row["ticket_id"]): row["month"]
        for row in worlds.rows(
            "select account_id, ticket_id, strftime("
            f"timezone('Asia/Shanghai', timezone('UTC', {anchor})), '%Y-%m') as month "
            "from published.fct_tickets"
        )
    }
    values: dict[str, list[int]] = defaultdict(list)
    for account_id, ticket in [*worlds.tickets(), *worlds.chats()]:
        if ticket[population] and duration in ticket:
            values[dates[account_id, str(ticket["ticket_id"])]].append(ticket[duration])
    rows = worlds.rows(
        "select period_start, value from published.kpi_values "
        f"where kpi_id = '{kpi_id}_p90' and period_type = 'month' and grain = 'total'"
    )
    found = {row["period_start"].strftime("%Y-%m"): float(row["value"]) for row in rows}
    true = {month: quantile(sorted(numbers), 0.9) for month, numbers in values.items()}
    assert len(true) >= 6
    assert found == pytest.approx(true)
    record("truth", f"{kpi_id}_p90", [("month", month, "total") for month in true])
