"""Chatwoot, sound, and one way to break each rule on it."""

from __future__ import annotations

from functools import partial

from tests.integration.raw_worlds.case import STAMP, RawCase, again, set_in

RECORDS = {
    "survey_answers": [{"link": "https://desk.invalid/1", "rating": "5"}],
    "conversations": [
        {"id": "1", "display_id": "1", "status": "0"},
        {"id": "2", "display_id": "2", "status": "resolved"},
    ],
    "messages": [{"id": "5", "conversation_id": "1"}],
    "agents": [{"id": "51"}],
    "teams": [{"id": "51"}],
    "inboxes": [{"id": "51"}],
    "reporting_events": [
        {"id": "8", "name": "first_response", "conversation_id": "1", "created_at": STAMP}
    ],
}

_set = partial(set_in, "chatwoot")

BREAKS = {
    "chatwoot__survey_answers_ratings_known": _set("survey_answers", "rating = '9'"),
    "chatwoot__conversations_statuses_known": _set("conversations", "status = '9'"),
    "chatwoot__conversations_one_numbering": _set("conversations", "display_id = null", "id = '1'"),
    "chatwoot__messages_conversations_exist": _set("messages", "conversation_id = '7'"),
    "chatwoot__agents_versions_unique": again("chatwoot", "agents"),
    "chatwoot__teams_versions_unique": again("chatwoot", "teams"),
    "chatwoot__inboxes_versions_unique": again("chatwoot", "inboxes"),
    "chatwoot__reporting_events_versions_unique": again("chatwoot", "reporting_events"),
}

CASE = RawCase("chatwoot", RECORDS, BREAKS)
