"""KPIs of what became of tickets and contacts, from a raw export in plain Python.

What belongs here: populations, anchors and formulas by the words of the KPI catalogue, over the
outcomes that `resolution` tells of each ticket and episode.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.reference.export import Export
from tests.reference.kpis import Book, Cell, Local, Persons, Value, unit_of
from tests.reference.resolution import FCR_DAYS, Contact, Contacts, Record, episodes, outcomes
from tests.reference.tickets import Desk, Ticket


def outcome_values(
    export: Export, zone: str, persons: Mapping[str, str], topics: dict[str, str]
) -> dict[Cell, Value]:
    """Every KPI by day, week and month, in total, by team and the like, and by month for people.

    Args:
        export: One account's records.
        zone: Reporting zone.
        persons: Who is behind an agent id.
        topics: By ticket, what it is about.
    """
    desk, book, local, who = Desk(export), Book(), Local(zone), Persons(persons)
    tickets = {ticket.id: ticket for ticket in desk.tickets()}
    for outcome in outcomes(desk, topics):
        ticket = tickets[outcome["ticket_id"]]
        if ticket.in_p1:
            unit = unit_of(ticket, person=who(ticket.assignee))
            is_merged = ticket.exclusion == "merged"
            book.share("merge_rate", local(ticket.created_at), unit, is_merged)
        if ticket.in_p3:
            _add_received(book, local, ticket, outcome, who)
        if ticket.in_p5:
            _add_solved(book, local, ticket, outcome, who)
    begun = {str(contact.no): contact for contact in Contacts(desk, topics)}
    for episode in episodes(desk, topics):
        _add_episode(book, local, begun[str(episode["message_no"])], episode)
    return {cell: value for cell, value in book.results() if not cell.kpi_id.startswith("_")}


def _add_received(book: Book, local: Local, ticket: Ticket, outcome: Record, who: Persons) -> None:
    day, unit = local(ticket.created_at), unit_of(ticket, person=who(ticket.assignee))
    book.share("escalation_rate", day, unit, outcome["is_escalated"])
    if not outcome["is_complex"]:
        return
    is_solved = ticket.in_p5 and ticket.is_solved_by_human
    book.share("tsr_complex", day, unit, is_solved)
    book.count("_all_tsr_complex_matured", day, unit)
    due_at = ticket.created_at + ticket.desk.limit("resolution_rate", ticket.channel)
    if due_at <= ticket.desk.as_of:
        solved_at = ticket.first_solved_at
        in_time = solved_at is not None and solved_at <= due_at
        is_kept = not ticket.reopens or ticket.reopens[0].at > due_at
        is_resolved = ticket.is_solved_by_human and in_time and is_kept
        book.share("tsr_complex_matured", day, unit, is_resolved)


def _add_solved(book: Book, local: Local, ticket: Ticket, outcome: Record, who: Persons) -> None:
    assert ticket.first_solved_at is not None
    assert ticket.last_solved_at is not None
    day, unit = local(ticket.last_solved_at), unit_of(ticket, person=who(ticket.closer))
    book.value("total_resolution_time", day, unit, outcome["unsolved_calendar_seconds"])
    seconds = outcome["unsolved_business_seconds"]
    book.share("total_resolution_time_business", day, unit, seconds)
    book.share("single_teammate_close_rate", day, unit, outcome["is_closed_by_one"])
    elsewhere = outcome["other_department_seconds"]
    book.share("cross_department_time", day, unit._replace(person=None), elsewhere)
    if elsewhere:
        book.share("cross_department_time_involved", day, unit._replace(person=None), elsewhere)
    if outcome["is_follow_up_selected"]:
        book.count("_all_followup_coverage_rate", day, unit)
        window = ticket.desk.limit("followup_coverage_rate", ticket.channel)
        if ticket.last_solved_at + window <= ticket.desk.as_of:
            book.share("followup_coverage_rate", day, unit, outcome["is_followed_up"])
    first = local(ticket.first_solved_at)
    book.count("_all_durable_resolution_rate", first, unit)
    if outcome["is_durable_matured"]:
        is_lasting = not (outcome["is_reopened_early"] or outcome["is_repeated_early"])
        book.share("durable_resolution_rate", first, unit, is_lasting)


def _add_episode(book: Book, local: Local, contact: Contact, episode: Record) -> None:
    day, unit = local(contact.at), unit_of(contact.ticket, contact.channel)
    book.share("repeat_inquiry_rate", day, unit, episode["is_repeat"])
    if not episode["in_p6"]:
        return
    for days in FCR_DAYS:
        name = "fcr_rate" if days == 7 else f"fcr_rate_{days}d"
        if episode["is_solved"]:
            book.count(f"_all_{name}", day, unit)
        if episode[f"is_matured_{days}d"]:
            book.share(name, day, unit, episode[f"is_first_contact_{days}d"])
    if episode["is_matured_7d"]:
        book.share("fcr_rate_topic_unknown", day, unit, contact.topic == "unknown")
