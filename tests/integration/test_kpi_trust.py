"""Trust in the numbers of the small company, recounted from its ledger and its tickets."""

from __future__ import annotations

from datetime import UTC, datetime
from operator import itemgetter

import pytest

from pipelines.ingest.ledger import Ledger
from tests.integration.company_world import CompanyWorld, Row
from tests.integration.kpi_cells import Grains, compare, mean, quotient
from tests.reference.commerce import local_day

pytestmark = pytest.mark.xdist_group("company")

SOURCE: Grains = {"source": itemgetter("source")}
UNKNOWN = ("status", "channel", "topic", "agent")


def _files(company: CompanyWorld) -> list[Row]:
    """What became of each entity of each file, by the ledger of the loads."""
    with Ledger(company.settings.paths.ledger) as ledger:
        return [
            {"source": row.source, "account": row.account_id, "category": row.entity}
            | {"received_at": row.received_at.astimezone(UTC).replace(tzinfo=None)}
            | {"seen": row.seen, "loaded": row.loaded, "lost": row.quarantined + row.duplicate}
            for row in ledger.files()
        ]


def test_rejected_records_are_those_of_the_ledger(company: CompanyWorld) -> None:
    files = [row | {"day": local_day(row["received_at"])} for row in _files(company)]
    kpis = {"duplicate_invalid_rate": quotient("lost", "seen")}
    grains: Grains = SOURCE | {"category": itemgetter("category")}
    compared = compare(company, files, kpis, grains)
    print(f"{compared} cells of rejected records compared")
    assert compared > 100
    assert any(row["lost"] for row in files)


def test_the_lag_runs_from_the_newest_event_to_the_load(company: CompanyWorld) -> None:
    loaded: dict[tuple[str, str], datetime] = {}
    for row in _files(company):
        if row["loaded"]:
            account = (row["source"], row["account"])
            loaded[account] = max(loaded.get(account, row["received_at"]), row["received_at"])
    records = []
    for row in company.build("select * from intermediate.int_accounts__as_of"):
        at = loaded.get((row["source_system"], row["account_id"]))
        if at is not None and row["newest_at"] is not None:
            # Instants of a load are kept to the second that they fall into.
            lag = (at.replace(microsecond=0) - row["newest_at"]).total_seconds()
            records.append(
                {"day": local_day(at), "source": row["source_system"], "lag": max(lag, 0)}
            )
    assert compare(company, records, {"freshness_lag": mean("lag")}, SOURCE) >= 4 * len(records)
    assert len(records) > 5


def test_every_cell_of_unknown_values_equals_the_reference(company: CompanyWorld) -> None:
    """A ticket that nobody was ever assigned to has no agent who could be unknown."""
    topics = {
        row["ticket_key"]: row["topic"]
        for row in company.build("select * from intermediate.int_ticket_topics")
    }
    listed = {
        (row["source_system"], row["account_id"], row["agent_id"])
        for row in company.build("select * from intermediate.int_agents__unioned where is_listed")
    }
    assignees = {
        row["ticket_key"]: row["assignee_id"]
        for row in company.build(
            "select ticket_key, assignee_id from intermediate.int_tickets__unioned"
        )
    }
    records = []
    for row in company.build("select * from intermediate.int_tickets__classified"):
        key, assignee = row["ticket_key"], assignees[row["ticket_key"]]
        agent = (row["source_system"], row["account_id"], assignee)
        unknown = {
            "status": row["status"] == "unknown",
            "channel": row["channel"] == "unknown",
            "topic": topics.get(key, "unknown") == "unknown",
            "agent": assignee is not None and agent not in listed,
        }
        records.append(
            {"day": local_day(row["created_at"]), "source": row["source_system"], "one": 1}
            | {"shop": row["shop"], "own_channel": row["channel"]}
            | {name: int(value) for name, value in unknown.items()}
            | {"any": int(any(unknown.values()))}
        )
    kpis = {f"unmapped_rate_{name}": quotient(name, "one") for name in UNKNOWN}
    kpis["unmapped_rate"] = quotient("any", "one")
    grains: Grains = SOURCE | {"shop": itemgetter("shop"), "channel": itemgetter("own_channel")}
    compared = compare(company, records, kpis, grains)
    print(f"{compared} cells of unknown values compared")
    assert compared > 5_000


def test_differences_to_the_helpdesk_come_from_the_compared_values(company: CompanyWorld) -> None:
    rows = company.published("select * from published.fct_reconciliations")
    for row in rows:
        row |= {"day": row["created_date"], "source": row["source_system"], "one": 1}
        row |= {"differs": int(not row["is_reconciled"]), "odd": int(row["cause"] == "unknown")}
        row |= {"team": row["team_name"], "category": row["measure"]}
    kpis = {
        "reconcile_diff_rate": quotient("differs", "one"),
        "reconcile_unknown_rate": quotient("odd", "one"),
    }
    names = ("channel", "shop", "team", "cause", "category")
    grains: Grains = SOURCE | {name: itemgetter(name) for name in names}
    compared = compare(company, rows, kpis, grains, "facts")
    print(f"{compared} cells of differences compared")
    assert compared > 1_000
