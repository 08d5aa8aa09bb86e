"""Three simulated worlds as three accounts of a warehouse, with the truth beside them.

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
from pipelines.simulate.truth.bots import Months, bot_kpis
from pipelines.simulate.truth.chats import chain_facts, chains_of
from pipelines.simulate.truth.records import truth_record
from pipelines.transform.dbt_runner import build

SEEDS = (7, 8, 9)
TICKETS = 400
CONTACTS = 700
CHATS = "qiyu"
# Surveys stay away: they rate calls, and the KPIs of the truth know tickets and chats alone.
SYSTEMS = (CHATS, "amazon_connect", "taobao", "order_lines", "quality", "mentions", "costs")
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
    counts: dict[str, dict[str, Record]]
    bots: dict[str, Months]


@dataclass(frozen=True)
class Worlds:
    """The truths, and the warehouse that was built from their exports."""

    truths: list[Truth]
    warehouse: Path
    build: Path

    def rows(self, sql: str) -> list[Record]:
        """Rows of the warehouse, instants as the export writes them."""
        return self._rows(self.warehouse, sql)

    def canonical_rows(self, sql: str) -> list[Record]:
        """Rows of the build, where the models before the marts lie."""
        return self._rows(self.build, sql)

    def _rows(self, path: Path, sql: str) -> list[Record]:
        with duckdb.connect(str(path), read_only=True) as connection:
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
    return Worlds(truths, settings.paths.serving_file, settings.paths.warehouse_file)


def _simulate(settings: Settings, seed: int) -> Truth:
    account_id = f"world{seed}"
    folder = settings.home / "truth" / account_id
    target = settings.paths.inbox / "zendesk" / account_id
    write_demo(target, folder, seed=seed, tickets=TICKETS, days=DAYS, until=UNTIL)
    kpis = json.loads((folder / "kpis.json").read_bytes())
    lines = gzip.decompress((folder / "tickets.ndjson.gz").read_bytes()).splitlines()
    plan = company_plan(seed, CONTACTS, DAYS, UNTIL)
    chats = _simulate_systems(settings, account_id, plan)
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
        json.loads((folder / "counts.json").read_bytes()),
        bot_kpis(_chains(plan)),
    )


def _simulate_systems(settings: Settings, account_id: str, plan: CompanyPlan) -> Record:
    """Write the company's exports as those of the account; gives the KPIs of its chats."""
    work, folder = settings.home / f"{account_id}.work", settings.home / "truth" / account_id
    write_systems(work, folder, plan, SYSTEMS)
    for source in SYSTEMS:
        (exported,) = (work / source).iterdir()
        (settings.paths.inbox / source).mkdir(exist_ok=True)
        exported.rename(settings.paths.inbox / source / account_id)
    record: Record = json.loads((folder / CHATS / "kpis.json").read_bytes())
    return record


def _chains(plan: CompanyPlan) -> Iterator[list[Chat]]:
    """The same world lived through once more, so that nothing is read from an export."""
    for day in Company(plan).days():
        yield from chains_of(day.chats)
