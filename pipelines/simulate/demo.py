"""Writes the helpdesk's part: a Zendesk export and, elsewhere, the truth about it."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pipelines.simulate.centre.identity import Identify, strangers_only
from pipelines.simulate.centre.sla import own_course, sla_clocks
from pipelines.simulate.centre.tickets import Ticket
from pipelines.simulate.centre.views import schedule_history
from pipelines.simulate.centre.world import Plan, World
from pipelines.simulate.output.lines import LineFile, write_json
from pipelines.simulate.truth.facts import ticket_facts
from pipelines.simulate.truth.kpis import KpiTally
from pipelines.simulate.truth.records import truth_record
from pipelines.simulate.zendesk.export import ZendeskExport
from pipelines.simulate.zendesk.records import iso

DEFAULT_TICKETS = 6000
DEFAULT_DAYS = 420
DEFAULT_UNTIL = date(2026, 10, 31)
MOST_TICKETS_A_FILE = 20_000
FEWEST_FILES = 3
EXPORT_DELAY_SECONDS = 600


@dataclass(frozen=True)
class DemoSummary:
    """What was written, and up to when: `as_of` is the newest stamp in the export."""

    target: Path
    truth: Path
    tickets: int
    comments: int
    field_changes: int
    customers: int
    files: tuple[str, ...]
    as_of: str


def write_demo(
    target: Path,
    truth: Path,
    *,
    seed: int = 7,
    tickets: int | None = None,
    days: int = DEFAULT_DAYS,
    until: date = DEFAULT_UNTIL,
    dirt: bool = True,
) -> DemoSummary:
    """Simulate `days` days that end with `until` and write their export.

    Args:
        target: folder for the export, such as `inbox/zendesk/northwind`.
        truth: folder for what a warehouse must find; outside the inbox.
        seed: the same arguments give the same bytes.
        tickets: how many to expect; the count itself is drawn.
        days: length of the period.
        until: last day, in the reporting zone.
        dirt: whether the export has the known defects of `dirt.py`.
    """
    expected = DEFAULT_TICKETS if tickets is None else tickets
    plan = Plan(seed, expected, until - timedelta(days=days - 1), until)
    return write_desk(plan, target, truth, dirt=dirt)


def write_desk(
    plan: Plan,
    target: Path,
    truth: Path,
    *,
    dirt: bool = True,
    identify: Identify = strangers_only,
) -> DemoSummary:
    """The export of one plan; `identify` says who of the shops' customers writes."""
    with _without_cycle_search():
        return _Demo(plan, target, truth, identify, dirt=dirt).write()


@contextmanager
def _without_cycle_search() -> Iterator[None]:
    """The collector walks the open tickets over and over: a quarter of the time, for 3 MB."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Demo:
    """One run: folds each final ticket into the export and the truth, then lets go of it."""

    def __init__(
        self, plan: Plan, target: Path, truth: Path, identify: Identify, *, dirt: bool
    ) -> None:
        self._plan, self._target, self._truth = plan, target, truth
        self._counts = {"tickets": 0, "comments": 0, "field_changes": 0}
        self._tally = KpiTally()
        truth.mkdir(parents=True, exist_ok=True)
        self._truth_lines = LineFile(truth, "tickets.ndjson.gz")
        self._world = World(plan, lambda ticket: self._take(ticket, plan.ends_at), identify)
        tickets_a_file = min(MOST_TICKETS_A_FILE, max(100, plan.tickets // FEWEST_FILES))
        self._export = ZendeskExport(
            target, self._world.clocks, tickets_a_file, plan.ends_at, dirt=dirt
        )

    def write(self) -> DemoSummary:
        still_open = self._world.run()
        as_of = max([self._export.newest_stamp, *map(self._newest_of, still_open)])
        self._export.begin_open_tickets()
        for ticket in still_open:
            self._take(ticket, as_of)
        self._export.finish(self._world.agents, self._world.customer_list)
        self._truth_lines.close()
        write_json(self._truth / "accounting.json", self._export.accounting.as_records())
        kpis = self._tally.as_records(self._plan.begins_at, as_of)
        write_json(self._truth / "kpis.json", {"as_of": iso(as_of), "kpis": kpis})
        return DemoSummary(
            self._target,
            self._truth,
            customers=len(self._world.customer_list),
            files=self._stamp_files(),
            as_of=iso(as_of),
            **self._counts,
        )

    def _take(self, ticket: Ticket, as_of: int) -> None:
        for source in ticket.sources:
            self._take(source, as_of)
        history = schedule_history(ticket, self._world.clocks)
        sla = sla_clocks(ticket, own_course(ticket), history, as_of)
        self._export.write(ticket, sla)
        facts = ticket_facts(ticket, history, sla, as_of)
        self._truth_lines.write(truth_record(facts))
        self._tally.add(facts, as_of)
        self._counts["tickets"] += 1
        self._counts["comments"] += len(ticket.comments)
        self._counts["field_changes"] += sum(len(audit.changes) for audit in ticket.audits[1:])

    def _newest_of(self, ticket: Ticket) -> int:
        return max([self._export.newest_of(ticket), *map(self._newest_of, ticket.sources)])

    def _stamp_files(self) -> tuple[str, ...]:
        """Date the files as the export would have: extraction time is part of what is landed."""
        files = sorted(path for path in self._target.iterdir() if path.is_file())
        for number, path in enumerate(files):
            written_at = self._plan.ends_at + EXPORT_DELAY_SECONDS + number
            os.utime(path, (written_at, written_at))
        return tuple(path.name for path in files)
