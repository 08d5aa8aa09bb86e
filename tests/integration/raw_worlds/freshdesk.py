"""Freshdesk, sound, and one way to break each rule on it."""

from __future__ import annotations

from functools import partial

from tests.integration.raw_worlds.case import STAMP, RawCase, again, set_in

RECORDS = {
    "ticket_export": [{"ticket_id": "9", "created_at": STAMP, "resolved_at": STAMP}],
    "tickets": [{"id": "1", "status": "2", "created_at": STAMP, "updated_at": STAMP}],
    "conversations": [{"id": "5", "ticket_id": "1", "created_at": STAMP}],
    "satisfaction_ratings": [
        {"id": "6", "ticket_id": "1", "ratings": '{"default_question": -103}', "created_at": STAMP}
    ],
    "agents": [{"id": "51"}],
    "groups": [{"id": "51"}],
    "business_hours": [{"id": "11", "time_zone": "UTC", "working_hours": "{}"}],
    "sla_policies": [{"id": "12", "sla_target": "{}"}],
    "ticket_activities": [{"ticket_id": "1", "performed_at": STAMP, "activity": "{}"}],
}

_set = partial(set_in, "freshdesk")

BREAKS = {
    "freshdesk__ticket_export_not_solved_before_created": _set(
        "ticket_export", "resolved_at = '2026-10-05T07:59:59Z'"
    ),
    "freshdesk__tickets_statuses_known": _set("tickets", "status = '8'"),
    "freshdesk__tickets_not_updated_before_created": _set(
        "tickets", "updated_at = '2026-10-05T07:59:59Z'"
    ),
    "freshdesk__conversations_tickets_exist": _set("conversations", "ticket_id = '7'"),
    "freshdesk__satisfaction_ratings_scores_known": _set("satisfaction_ratings", "ratings = '{}'"),
    "freshdesk__agents_versions_unique": again("freshdesk", "agents"),
    "freshdesk__groups_versions_unique": again("freshdesk", "groups"),
    "freshdesk__business_hours_versions_unique": again("freshdesk", "business_hours"),
    "freshdesk__sla_policies_versions_unique": again("freshdesk", "sla_policies"),
    "freshdesk__ticket_activities_versions_unique": again("freshdesk", "ticket_activities"),
}

CASE = RawCase("freshdesk", RECORDS, BREAKS)
