"""Zendesk's raw layer, sound, and one way to break each rule on it."""

from __future__ import annotations

import json
from functools import partial

from tests.integration.raw_worlds.case import SCIENTIFIC, STAMP, RawCase, again, set_in

OPEN_HOURS = json.dumps([{"start_time": 540, "end_time": 1080}])

RECORDS: dict[str, list[dict[str, str]]] = {
    "tickets": [
        {"id": f"90000000{n}", "status": status, "priority": "normal", "created_at": STAMP}
        for n, status in enumerate(["new", "open", "hold", "solved", "closed"])
    ],
    "comments": [
        {
            "id": f"80{n}",
            "ticket_id": f"90000000{n}",
            "author_id": "51",
            "public": "true",
            "created_at": STAMP,
        }
        for n in range(5)
    ],
    "ticket_metrics": [{"id": "71", "ticket_id": "900000000", "reopens": "0"}],
    "ticket_audits": [{"id": "61", "ticket_id": "900000000", "created_at": STAMP}],
    "audit_events": [
        {
            "audit_id": "61",
            "ticket_id": "900000000",
            "event_no": "1",
            "type": "Change",
            "field_name": "status",
            "value": "open",
        }
    ],
    "metric_events": [{"id": "31", "ticket_id": "900000000", "type": "activate", "time": STAMP}],
    "satisfaction_ratings": [
        {"id": "41", "ticket_id": "900000003", "score": "good", "created_at": STAMP}
    ],
    "users": [
        {"id": "51", "role": "agent", "name": "Ada", "email": "ada@desk.invalid"},
        {"id": "52", "role": "end-user"},
    ],
    "groups": [{"id": "11", "name": "First line"}],
    "group_memberships": [{"id": "12", "user_id": "51", "group_id": "11"}],
    "organizations": [{"id": "13"}],
    "brands": [{"id": "14", "name": "Shop"}],
    "sla_policies": [{"id": "15", "policy_metrics": "[]", "filter": "{}"}],
    "schedules": [{"id": "16", "time_zone": "Europe/London", "intervals": OPEN_HOURS}],
    "holidays": [
        {"id": "17", "start_date": "2026-12-25", "end_date": "2026-12-26", "schedule_id": "16"}
    ],
}

_set = partial(set_in, "zendesk")
_again = partial(again, "zendesk")
A_MONTH = """
    insert into raw.zendesk__tickets (id, status, created_at, _account_id, _version_at, _row_hash)
    select 'old' || i, 'closed', strftime(timestamp '2026-08-31' + interval 1 hour * (i * 2),
        '%Y-%m-%dT%H:%M:%SZ'), 'default', '2026-10-05', 'old' || i
    from range(320) as r (i)
"""

BREAKS = {
    "zendesk__tickets_id_not_be_null": _set("tickets", "id = null", "status = 'new'"),
    "zendesk__tickets_created_at_not_be_null": _set("tickets", "created_at = null"),
    "zendesk__tickets_status_not_be_null": _set("tickets", "status = null"),
    "zendesk__tickets_status_be_in_set": _set("tickets", "status = 'parked'"),
    "zendesk__tickets_priority_be_in_set": _set("tickets", "priority = 'P1'"),
    "zendesk__tickets_versions_unique": _again("tickets"),
    "zendesk__tickets_ids_not_in_scientific_notation": _set(
        "tickets", SCIENTIFIC, "status = 'new'"
    ),
    "zendesk__tickets_stamps_parse": _set("tickets", "updated_at = '31/10/2026'"),
    "zendesk__tickets_not_updated_before_created": _set(
        "tickets", "updated_at = '2026-10-05T07:59:59Z'"
    ),
    "zendesk__tickets_volume_without_unexplained_drop": A_MONTH,
    "zendesk__comments_id_not_be_null": _set("comments", "id = null", "id = '801'"),
    "zendesk__comments_ticket_id_not_be_null": _set("comments", "ticket_id = null"),
    "zendesk__comments_created_at_not_be_null": _set("comments", "created_at = null"),
    "zendesk__comments_author_id_not_be_null": _set("comments", "author_id = null"),
    "zendesk__comments_public_be_in_set": _set("comments", "public = 'yes'"),
    "zendesk__comments_versions_unique": _again("comments"),
    "zendesk__comments_ids_not_in_scientific_notation": _set("comments", "author_id = '5.1e+01'"),
    "zendesk__comments_stamps_parse": _set("comments", "created_at = 'yesterday'"),
    "zendesk__comments_tickets_exist": _set("comments", "ticket_id = '7'"),
    "zendesk__ticket_metrics_ticket_id_not_be_null": _set("ticket_metrics", "ticket_id = null"),
    "zendesk__ticket_metrics_versions_unique": _again("ticket_metrics"),
    "zendesk__ticket_metrics_reopens_not_negative": _set("ticket_metrics", "reopens = '-1'"),
    "zendesk__ticket_audits_id_not_be_null": _set("ticket_audits", "id = null"),
    "zendesk__ticket_audits_ticket_id_not_be_null": _set("ticket_audits", "ticket_id = null"),
    "zendesk__ticket_audits_created_at_not_be_null": _set("ticket_audits", "created_at = null"),
    "zendesk__ticket_audits_versions_unique": _again("ticket_audits"),
    "zendesk__ticket_audits_ids_not_in_scientific_notation": _set("ticket_audits", SCIENTIFIC),
    "zendesk__ticket_audits_stamps_parse": _set("ticket_audits", "created_at = '1,7E9'"),
    "zendesk__ticket_audits_tickets_exist": _set("ticket_audits", "ticket_id = '7'"),
    "zendesk__audit_events_audit_id_not_be_null": _set("audit_events", "audit_id = null"),
    "zendesk__audit_events_type_not_be_null": _set("audit_events", "type = null"),
    "zendesk__audit_events_versions_unique": _again("audit_events"),
    "zendesk__audit_events_status_values_known": _set("audit_events", "value = 'parked'"),
    "zendesk__audit_events_audits_exist": _set("audit_events", "audit_id = '7'"),
    "zendesk__metric_events_ticket_id_not_be_null": _set("metric_events", "ticket_id = null"),
    "zendesk__metric_events_type_be_in_set": _set("metric_events", "type = 'snooze'"),
    "zendesk__metric_events_versions_unique": _again("metric_events"),
    "zendesk__metric_events_stamps_parse": _set("metric_events", "time = 'noon'"),
    "zendesk__satisfaction_ratings_ticket_id_not_be_null": _set(
        "satisfaction_ratings", "ticket_id = null"
    ),
    "zendesk__satisfaction_ratings_score_not_be_null": _set("satisfaction_ratings", "score = null"),
    "zendesk__satisfaction_ratings_score_be_in_set": _set("satisfaction_ratings", "score = '5'"),
    "zendesk__satisfaction_ratings_versions_unique": _again("satisfaction_ratings"),
    "zendesk__satisfaction_ratings_stamps_parse": _set("satisfaction_ratings", "created_at = null"),
    "zendesk__satisfaction_ratings_tickets_exist": _set("satisfaction_ratings", "ticket_id = '7'"),
    "zendesk__users_id_not_be_null": _set("users", "id = null"),
    "zendesk__users_role_be_in_set": _set("users", "role = 'Agent'", "id = '51'"),
    "zendesk__users_versions_unique": _again("users"),
    "zendesk__users_ids_not_in_scientific_notation": _set("users", SCIENTIFIC, "id = '51'"),
    "zendesk__users_customers_without_name_and_address": _set(
        "users", "email = 'canary@customer.invalid'"
    ),
    "zendesk__users_someone_can_answer": "delete from raw.zendesk__users where role = 'agent'",
    "zendesk__groups_id_not_be_null": _set("groups", "id = null"),
    "zendesk__groups_name_not_be_null": _set("groups", "name = null"),
    "zendesk__groups_versions_unique": _again("groups"),
    "zendesk__group_memberships_user_id_not_be_null": _set("group_memberships", "user_id = null"),
    "zendesk__group_memberships_versions_unique": _again("group_memberships"),
    "zendesk__organizations_id_not_be_null": _set("organizations", "id = null"),
    "zendesk__organizations_versions_unique": _again("organizations"),
    "zendesk__brands_name_not_be_null": _set("brands", "name = null"),
    "zendesk__brands_versions_unique": _again("brands"),
    "zendesk__sla_policies_policy_metrics_not_be_null": _set(
        "sla_policies", "policy_metrics = null"
    ),
    "zendesk__sla_policies_targets_readable": _set("sla_policies", "filter = '{all:'"),
    "zendesk__sla_policies_versions_unique": _again("sla_policies"),
    "zendesk__schedules_time_zone_not_be_null": _set("schedules", "time_zone = null"),
    "zendesk__schedules_intervals_within_the_week": _set(
        "schedules", """intervals = '[{"start_time": 600, "end_time": 540}]'"""
    ),
    "zendesk__schedules_intervals_readable": _set("schedules", "intervals = '[]'"),
    "zendesk__schedules_versions_unique": _again("schedules"),
    "zendesk__holidays_days_in_order": _set("holidays", "end_date = '2026-12-24'"),
    "zendesk__holidays_schedule_id_not_be_null": _set("holidays", "schedule_id = null"),
}

CASE = RawCase("zendesk", RECORDS, BREAKS)
