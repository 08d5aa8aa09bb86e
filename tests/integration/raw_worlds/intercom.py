"""Intercom, sound, and one way to break each rule on it."""

from __future__ import annotations

from functools import partial

from tests.integration.raw_worlds.case import STAMP, RawCase, again, set_in

RECORDS = {
    "conversations": [{"id": "1", "state": "open", "created_at": STAMP, "updated_at": STAMP}],
    "conversation_parts": [{"id": "5", "conversation_id": "1", "part_type": "comment"}],
    "admins": [{"id": "51"}],
    "teams": [{"id": "51"}],
}

_set = partial(set_in, "intercom")

BREAKS = {
    "intercom__conversations_states_known": _set("conversations", "state = 'parked'"),
    "intercom__conversations_not_updated_before_created": _set(
        "conversations", "updated_at = '2026-10-05T07:59:59Z'"
    ),
    "intercom__conversation_parts_conversations_exist": _set(
        "conversation_parts", "conversation_id = '7'"
    ),
    "intercom__admins_versions_unique": again("intercom", "admins"),
    "intercom__teams_versions_unique": again("intercom", "teams"),
}

CASE = RawCase("intercom", RECORDS, BREAKS)
