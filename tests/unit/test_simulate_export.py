"""The export of a small world: the same bytes again, and the shape that a helpdesk gives."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.simulate import DemoSummary, write_demo
from pipelines.simulate.truth.kpis import KPI_IDS

Record = dict[str, Any]


def write(folder: Path, seed: int = 7, dirt: bool = False) -> DemoSummary:
    return write_demo(
        folder / "export", folder / "truth", seed=seed, tickets=250, days=120,
        until=date(2026, 10, 31), dirt=dirt,
    )  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    return write(tmp_path_factory.mktemp("world"))


def lines_of(path: Path) -> list[bytes]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return archive.read(archive.namelist()[0]).splitlines()
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()


def records_of(world: DemoSummary, pattern: str, wrapper: str) -> list[Record]:
    paths = sorted(world.target.glob(pattern))
    return [json.loads(line)[wrapper] for path in paths for line in lines_of(path)]


def page_of(world: DemoSummary) -> Record:
    page: Record = json.loads((world.target / "tickets_page.json").read_bytes())
    return page


def tickets_of(world: DemoSummary) -> dict[int, Record]:
    return {ticket["id"]: ticket for ticket in records_of(world, "tickets_*.gz", "ticket")}


def truth_of(world: DemoSummary) -> dict[int, Record]:
    lines = lines_of(world.truth / "tickets.ndjson.gz")
    return {record["ticket_id"]: record for record in map(json.loads, lines)}


def digest(folder: Path) -> str:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    text = "".join(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in paths)
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_same_arguments_give_the_same_bytes(world: DemoSummary, tmp_path: Path) -> None:
    write(tmp_path)
    assert digest(tmp_path / "export") == digest(world.target)
    assert digest(tmp_path / "truth") == digest(world.truth)


def test_another_seed_gives_another_world(world: DemoSummary, tmp_path: Path) -> None:
    write(tmp_path, seed=8)
    assert digest(tmp_path / "export") != digest(world.target)


def test_about_as_many_tickets_come_as_were_asked_for(world: DemoSummary) -> None:
    assert world.tickets == pytest.approx(250, rel=0.2)
    assert len(tickets_of(world)) == world.tickets


def test_the_export_has_every_entity_of_the_contract(world: DemoSummary) -> None:
    names = {name.split(".")[0].rstrip("0123456789").rstrip("_") for name in world.files}
    assert names == {
        "brands", "group_memberships", "groups", "holidays", "organizations",
        "satisfaction_ratings", "schedules", "sla_policies", "ticket_audits",
        "ticket_audits_open", "ticket_metric_events", "tickets", "tickets_page", "users",
    }  # fmt: skip


def test_nothing_is_stamped_after_the_newest_stamp(world: DemoSummary) -> None:
    stamps = [
        text
        for ticket in tickets_of(world).values()
        for text in (ticket["updated_at"], *(c["created_at"] for c in ticket["comments"]))
    ]
    assert max(stamps) <= world.as_of < "2026-10-31T16:00:00Z"


def test_audits_lead_to_the_status_that_the_ticket_has(world: DemoSummary) -> None:
    final: dict[int, str] = {}
    audits = records_of(world, "ticket_audits_*", "audit")
    for audit in sorted(audits, key=lambda record: (record["created_at"], record["id"])):
        for event in audit["events"]:
            if event.get("field_name") == "status":
                assert event.get("previous_value") == final.get(audit["ticket_id"])
                final[audit["ticket_id"]] = event["value"]
    tickets = tickets_of(world) | {ticket["id"]: ticket for ticket in page_of(world)["tickets"]}
    assert {key: ticket["status"] for key, ticket in tickets.items()} == final


def test_some_tickets_come_twice_and_some_of_them_in_a_newer_version(world: DemoSummary) -> None:
    page = page_of(world)
    first = tickets_of(world)
    changed = Counter(ticket != first[ticket["id"]] for ticket in page["tickets"])
    assert page["count"] == len(page["tickets"])
    assert changed[True] >= 1
    assert changed[False] >= 1
    assert all(t["updated_at"] >= first[t["id"]]["updated_at"] for t in page["tickets"])


def test_the_world_has_what_makes_service_data_hard(world: DemoSummary) -> None:
    facts = list(truth_of(world).values())
    exclusions = Counter(fact["exclusion"] for fact in facts)
    assert exclusions["merged"]
    assert exclusions["deleted"]
    assert any(fact["is_bot_only"] for fact in facts)
    assert any(fact["is_agent_initiated"] for fact in facts)
    assert any(fact["customer_reopen_count"] for fact in facts)
    assert any(fact["is_transferred"] for fact in facts)
    assert any(fact["status"] not in {"solved", "closed", "deleted"} for fact in facts)


def test_the_truth_has_every_kpi_for_the_whole_period(world: DemoSummary) -> None:
    kpis = json.loads((world.truth / "kpis.json").read_bytes())["kpis"]
    assert set(kpis) == set(KPI_IDS)
    assert all(periods["total"]["value"] is not None for periods in kpis.values())


def test_flows_of_all_months_add_up_to_the_backlog_at_the_end(world: DemoSummary) -> None:
    kpis = json.loads((world.truth / "kpis.json").read_bytes())["kpis"]
    assert kpis["net_flow"]["total"]["value"] == kpis["backlog_open"]["total"]["value"]


def test_the_helpdesks_own_minutes_agree_with_the_truth_in_seconds(world: DemoSummary) -> None:
    facts = truth_of(world)
    compared = 0
    for ticket in tickets_of(world).values():
        fact, metrics = facts[ticket["id"]], ticket["metric_set"]
        if fact["exclusion"] or fact["created_at"] != fact["own_created_at"]:
            continue
        minutes = metrics["full_resolution_time_in_minutes"]
        if minutes["calendar"] is None or metrics["solved_at"] != fact["last_solved_at"]:
            continue
        compared += 1
        assert minutes["calendar"] == fact["full_resolution_calendar_seconds"] // 60
        assert minutes["business"] == fact["full_resolution_business_last_seconds"] // 60
    assert compared > 150


def test_dirt_changes_no_truth_but_the_accounting(world: DemoSummary, tmp_path: Path) -> None:
    write(tmp_path, dirt=True)
    for name in ("kpis.json", "tickets.ndjson.gz"):
        assert (tmp_path / "truth" / name).read_bytes() == (world.truth / name).read_bytes()
    accounting = json.loads((tmp_path / "truth" / "accounting.json").read_bytes())
    reasons = Counter[str]()
    for row in accounting:
        assert row["seen"] == row["loaded"] + row["duplicate"] + row["quarantined"]
        reasons.update(row["reasons"])
    assert reasons == {
        "bad_type": 1, "id_in_scientific_notation": 2, "missing_required": 4, "not_an_object": 1,
        "not_json": 2, "unknown_wrapper": 1,
    }  # fmt: skip


def test_files_are_dated_by_the_export_and_not_by_the_day_of_the_run(world: DemoSummary) -> None:
    dates = {datetime.fromtimestamp(p.stat().st_mtime).year for p in world.target.iterdir()}  # noqa: DTZ006
    assert dates == {2026}
