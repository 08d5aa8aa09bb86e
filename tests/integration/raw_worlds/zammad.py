"""Zammad, sound, and one way to break each rule on it."""

from __future__ import annotations

from functools import partial

from tests.integration.raw_worlds.case import STAMP, RawCase, again, set_in

RECORDS = {
    "tickets": [{"id": "1", "state_id": "4", "created_at": STAMP, "updated_at": STAMP}],
    "groups": [{"id": "51"}],
    "ticket_articles": [{"id": "5", "ticket_id": "1", "created_at": STAMP}],
}

_set = partial(set_in, "zammad")

BREAKS = {
    "zammad__tickets_states_known": _set("tickets", "state_id = '9'"),
    "zammad__tickets_not_updated_before_created": _set(
        "tickets", "updated_at = '2026-10-05T07:59:59Z'"
    ),
    "zammad__groups_versions_unique": again("zammad", "groups"),
    "zammad__ticket_articles_versions_unique": again("zammad", "ticket_articles"),
}

CASE = RawCase("zammad", RECORDS, BREAKS)
