"""The export itself: which record goes to which file, overlaps between files included.

A ticket's records are written once the ticket is final, or at the end. A few tickets come twice, as
the pages of an incremental export do: some unchanged, some in a newer version.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from pipelines.simulate.centre.calendars import BusinessClock
from pipelines.simulate.centre.company import Agent
from pipelines.simulate.centre.sla import SlaClock
from pipelines.simulate.centre.tickets import Customer, Ticket
from pipelines.simulate.centre.views import View, view_at
from pipelines.simulate.output.accounting import Accounting
from pipelines.simulate.output.lines import LineFile, PageFile, write_json
from pipelines.simulate.zendesk import records
from pipelines.simulate.zendesk.dirt import (
    BAD_AFTER_TICKETS,
    BAD_AUDITS,
    BAD_TICKETS,
    BAD_USERS,
    Defect,
)
from pipelines.simulate.zendesk.records import Record
from pipelines.simulate.zendesk.vendor_metrics import metric_set

REPEATED_EVERY = 97
REPEATED_UNCHANGED = 5
REPEATED_NEWER = 11
MOST_REPEATED = 120
REPEATED_USERS = 2
TOUCHED_BY_SYSTEM_EVERY = 50
SYSTEM_DELAY = 5 * 3600
FIRST_METRIC_EVENT_ID = 36_050_000_000_000


class Lines(Protocol):
    """A file of records, whatever frames them."""

    @property
    def name(self) -> str: ...

    def write(self, record: Any) -> object: ...


class ZendeskExport:
    """Writes tickets as they come; `finish` writes what is known only at the end."""

    def __init__(
        self,
        folder: Path,
        clocks: dict[str, BusinessClock],
        tickets_a_file: int,
        ends_at: int,
        *,
        dirt: bool,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.accounting = Accounting()
        self.newest_stamp = 0
        self._folder = folder
        self._clocks = clocks
        self._tickets_a_file = tickets_a_file
        self._ends_at = ends_at
        self._dirt = dirt
        self._schedule_ids = {name: c.schedule.schedule_id for name, c in clocks.items()}
        self._metric_events = LineFile(folder, "ticket_metric_events.ndjson.gz")
        self._ratings = PageFile(folder, "satisfaction_ratings.json", "satisfaction_ratings")
        self._page: list[tuple[Record, bool]] = []
        self._written = self._chunk = self._chunk_size = 0
        self._event_id = FIRST_METRIC_EVENT_ID
        self._begin_chunk("ticket_audits_1.ndjson.gz")

    def write(self, ticket: Ticket, sla: list[SlaClock]) -> None:
        """All records of one ticket."""
        if self._chunk_size == self._tickets_a_file:
            self._end_chunk()
            self._begin_chunk(f"ticket_audits_{self._chunk + 1}.ndjson.gz")
        self._chunk_size += 1
        self._written += 1
        self._write_ticket(ticket)
        self._write_audits(ticket)
        for clock in sla:
            self._write_metric_events(ticket, clock)
        for rating in records.rating_records(ticket):
            self._write(self._ratings, "satisfaction_ratings", rating)
        if self._dirt and self._written == BAD_AFTER_TICKETS:
            self._spoil(self._tickets, BAD_TICKETS)
            self._spoil(self._audits, BAD_AUDITS)

    def begin_open_tickets(self) -> None:
        """What is still open goes to files of its own, the audits into a zip."""
        self._end_chunk()
        self._begin_chunk("ticket_audits_open.zip")

    def newest_of(self, ticket: Ticket) -> int:
        """The newest stamp of the ticket's own record."""
        updated_at = ticket.audits[-1].at
        return max(updated_at, self._generated_at(ticket, updated_at))

    def finish(self, agents: list[Agent], customers: list[Customer]) -> None:
        """Users, settings and the page that overlaps; then every file is closed."""
        self._end_chunk()
        self._metric_events.close()
        self._ratings.close(next_page=None, previous_page=None)
        self._write_page()
        self._write_users(agents, customers)
        organizations = LineFile(self._folder, "organizations.ndjson")
        for record in records.organization_records():
            self._write(organizations, "organizations", {"organization": record})
        organizations.close()
        self._write_whole("groups", records.group_records())
        self._write_whole("group_memberships", records.membership_records(agents))
        self._write_whole("brands", records.brand_records())
        self._write_whole("sla_policies", records.policy_records())
        schedules = [clock.schedule for clock in self._clocks.values()]
        self._write_whole("schedules", records.schedule_records(schedules))
        for schedule in schedules:
            holidays = records.holiday_records(schedule)
            name = f"holidays_{schedule.schedule_id}"
            self._write_whole("holidays", holidays, name, schedule_id=schedule.schedule_id)

    def _begin_chunk(self, audits_name: str) -> None:
        self._chunk += 1
        self._chunk_size = 0
        self._tickets = LineFile(self._folder, f"tickets_{self._chunk}.ndjson.gz")
        self._audits = LineFile(self._folder, audits_name)
        for file, entity in ((self._tickets, "tickets"), (self._audits, "ticket_audits")):
            self.accounting.of(file.name, entity)

    def _end_chunk(self) -> None:
        self._tickets.close()
        self._audits.close()

    def _write(self, file: Lines, entity: str, record: Record) -> None:
        file.write(record)
        self.accounting.load(file.name, entity)

    def _write_ticket(self, ticket: Ticket) -> None:
        final = view_at(ticket, self._ends_at)
        written, turn = final, ticket.ticket_id % REPEATED_EVERY
        has_room = len(self._page) < MOST_REPEATED
        if has_room and turn == REPEATED_NEWER:
            earlier = ticket.audits[len(ticket.audits) // 2].at
            if earlier < final.updated_at:
                written = view_at(ticket, earlier)
        record = self._ticket_record(written)
        if has_room and turn in {REPEATED_UNCHANGED, REPEATED_NEWER}:
            self._page.append((self._ticket_record(final), written is final))
        line = {"ticket": record}
        if self._dirt and self._written == BAD_AFTER_TICKETS - 1:
            record["comments"].append({"id": 900_007, "author_id": None, "public": True})
            self.accounting.refuse(self._tickets.name, "comments", "missing_required")
        self._tickets.write(line)
        self._count_ticket(self._tickets.name, record, is_new=True)
        if self._dirt and self._written == BAD_AFTER_TICKETS + 1:
            self._tickets.write(line)
            self._count_ticket(self._tickets.name, record, is_new=False)

    def _ticket_record(self, view: View) -> Record:
        ticket = view.ticket
        generated_at = self._generated_at(ticket, view.updated_at)
        self.newest_stamp = max(self.newest_stamp, generated_at)
        record = records.ticket_record(view, generated_at)
        schedule = view.values["schedule"]
        record["metric_set"] = metric_set(view, self._clocks[str(schedule)])
        return record

    def _generated_at(self, ticket: Ticket, updated_at: int) -> int:
        """The system touches some tickets without moving `updated_at`."""
        if ticket.ticket_id % TOUCHED_BY_SYSTEM_EVERY:
            return updated_at
        return min(self._ends_at - 1, updated_at + SYSTEM_DELAY)

    def _count_ticket(self, file_name: str, record: Record, *, is_new: bool) -> None:
        count = self.accounting.load if is_new else self.accounting.repeat
        count(file_name, "tickets")
        count(file_name, "ticket_metrics")
        count(file_name, "comments", sum("created_at" in c for c in record["comments"]))

    def _write_audits(self, ticket: Ticket) -> None:
        events = 0
        for audit in ticket.audits:
            record = records.audit_record(audit, ticket, self._schedule_ids)
            self._audits.write({"audit": record})
            events += len(record["events"])
        self.accounting.load(self._audits.name, "ticket_audits", len(ticket.audits))
        self.accounting.load(self._audits.name, "audit_events", events)

    def _write_metric_events(self, ticket: Ticket, clock: SlaClock) -> None:
        for event in records.metric_event_records(clock):
            self._event_id += 1
            record = {"id": self._event_id, "ticket_id": ticket.ticket_id, **event}
            line = {"ticket_metric_event": record}
            self._write(self._metric_events, "metric_events", line)

    def _write_page(self) -> None:
        page = PageFile(self._folder, "tickets_page.json", "tickets")
        for record, is_unchanged in self._page:
            page.write(record)
            self._count_ticket(page.name, record, is_new=not is_unchanged)
        page.close(next_page=None, end_time=self.newest_stamp)

    def _write_users(self, agents: list[Agent], customers: list[Customer]) -> None:
        users = LineFile(self._folder, "users.ndjson.gz")
        for position, record in enumerate(records.user_records(agents, customers)):
            self._write(users, "users", {"user": record})
            if self._dirt and position < REPEATED_USERS:
                users.write({"user": record})
                self.accounting.repeat(users.name, "users")
        if self._dirt:
            self._spoil(users, BAD_USERS)
        users.close()

    def _write_whole(
        self, entity: str, items: list[Record], name: str | None = None, **rest: Any
    ) -> None:
        file_name = f"{name or entity}.json"
        write_json(self._folder / file_name, {entity: items, **rest})
        self.accounting.load(file_name, entity, len(items))

    def _spoil(self, file: LineFile, defects: Iterable[Defect]) -> None:
        for defect in defects:
            file.write_line(defect.line)
            self.accounting.refuse(file.name, defect.entity, defect.reason)
