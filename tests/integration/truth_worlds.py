"""Three simulated worlds as three accounts of a warehouse, helpdesk and chats, truth beside them.

What belongs here: writing, loading and building them, and reading both sides in one shape. What
should agree belongs to the tests.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.ingest.export import export_for_dbt
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings
from pipelines.simulate import write_demo
from pipelines.simulate.company import Company, CompanyPlan
from pipelines.simulate.company.contacts import Chat
from pipelines.simulate.company_demo import company_plan
from pipelines.simulate.systems import write_systems
from pipelines.simulate.truth.chats import chain_facts, chains_of
from pipelines.simulate.truth.records import truth_record
from pipelines.transform.dbt_runner import build

SEEDS = (7, 8, 9)
TICKETS = 400
CONTACTS = 700
CHATS = "qiyu"
DAYS = 200
UNTIL = date(2026, 10, 31)
Record = dict[str, Any]


@dataclass(frozen=True)
class Truth:
    """What the simulator says of one account."""

    account_id: str
    tickets: list[Record]
    kpis: dict[str, dict[str, Record]]
    accounting: list[Record]
    as_of: str
    chats: list[Record]
    chat_kpis: dict[str, dict[str, Record]]
    chats_as_of: str


@dataclass(frozen=True)
class Worlds:
    """The truths, and the warehouse that was built from their exports."""

    truths: list[Truth]
    warehouse: Path

    def rows(self, sql: str) -> list[Record]:
        """Rows of the warehouse, instants as the export writes them."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description]
            return [
                {name: as_text(value) for name, value in zip(names, row, strict=True)}
                for row in cursor.fetchall()
            ]

    def tickets(self) -> Iterator[tuple[str, Record]]:
        for truth in self.truths:
            for ticket in truth.tickets:
                yield truth.account_id, ticket

    def chats(self) -> Iterator[tuple[str, Record]]:
        for truth in self.truths:
            for chat in truth.chats:
                yield truth.account_id, chat


def as_text(value: Any) -> Any:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value


def load_worlds(home: Path, seeds: tuple[int, ...] = SEEDS) -> tuple[Settings, list[Truth]]:
    """Simulate the seeds and load their exports."""
    settings = Settings(home=home, quiet_seconds=0)
    truths = [_simulate(settings, seed) for seed in seeds]
    load_inbox(settings, run_id="truth")
    return settings, truths


def build_worlds(home: Path) -> Worlds:
    """Load all worlds and build every model; the data tests have a test run of their own."""
    settings, truths = load_worlds(home)
    export_for_dbt(settings)
    build(settings, select="resource_type:seed resource_type:model").raise_on_failure()
    return Worlds(truths, settings.paths.serving_file)


def _simulate(settings: Settings, seed: int) -> Truth:
    account_id = f"world{seed}"
    folder = settings.home / "truth" / account_id
    target = settings.paths.inbox / "zendesk" / account_id
    write_demo(target, folder, seed=seed, tickets=TICKETS, days=DAYS, until=UNTIL)
    kpis = json.loads((folder / "kpis.json").read_bytes())
    lines = gzip.decompress((folder / "tickets.ndjson.gz").read_bytes()).splitlines()
    plan = company_plan(seed, CONTACTS, DAYS, UNTIL)
    chats = _simulate_chats(settings, account_id, plan)
    return Truth(
        account_id,
        [json.loads(line) for line in lines],
        kpis["kpis"],
        json.loads((folder / "accounting.json").read_bytes())
        + json.loads((folder / "files.json").read_bytes()),
        kpis["as_of"],
        [truth_record(chain_facts(chain)) for chain in _chains(plan)],
        chats["kpis"],
        chats["as_of"],
    )


def _simulate_chats(settings: Settings, account_id: str, plan: CompanyPlan) -> Record:
    """Write the chat tool's export for the account; gives its KPIs."""
    work, folder = settings.home / f"{account_id}.work", settings.home / "truth" / account_id
    write_systems(work, folder, plan, [CHATS])
    (exported,) = (work / CHATS).iterdir()
    (settings.paths.inbox / CHATS).mkdir(exist_ok=True)
    exported.rename(settings.paths.inbox / CHATS / account_id)
    record: Record = json.loads((folder / CHATS / "kpis.json").read_bytes())
    return record


def _chains(plan: CompanyPlan) -> Iterator[list[Chat]]:
    """The same world lived through once more, so that nothing is read from an export."""
    for day in Company(plan).days():
        yield from chains_of(day.chats)
