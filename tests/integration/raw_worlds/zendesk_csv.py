"""Zendesk's table of tickets, sound, and one way to break each rule on it."""

from __future__ import annotations

from functools import partial

from tests.integration.raw_worlds.case import STAMP, RawCase, set_in

RECORDS = {
    "tickets": [{"id": "1", "status": "On-hold", "created_at": STAMP}],
}

_set = partial(set_in, "zendesk_csv")

BREAKS = {
    "zendesk_csv__tickets_statuses_known": _set("tickets", "status = 'Parked'"),
}

CASE = RawCase("zendesk_csv", RECORDS, BREAKS)
