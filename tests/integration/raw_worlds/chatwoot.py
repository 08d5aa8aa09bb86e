"""Chatwoot, sound, and one way to break each rule on it."""

from __future__ import annotations

from functools import partial

from tests.integration.raw_worlds.case import RawCase, set_in

RECORDS = {
    "survey_answers": [{"link": "https://desk.invalid/1", "rating": "5"}],
    "conversations": [
        {"id": "1", "display_id": "1", "status": "0"},
        {"id": "2", "display_id": "2", "status": "resolved"},
    ],
    "messages": [{"id": "5", "conversation_id": "1"}],
}

_set = partial(set_in, "chatwoot")

BREAKS = {
    "chatwoot__survey_answers_ratings_known": _set("survey_answers", "rating = '9'"),
    "chatwoot__conversations_statuses_known": _set("conversations", "status = '9'"),
    "chatwoot__conversations_one_numbering": _set("conversations", "display_id = null", "id = '1'"),
    "chatwoot__messages_conversations_exist": _set("messages", "conversation_id = '7'"),
}

CASE = RawCase("chatwoot", RECORDS, BREAKS)
