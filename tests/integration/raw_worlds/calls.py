"""Calls of three sources, sound, and one way to break each rule on them."""

from __future__ import annotations

from tests.integration.raw_worlds.case import RawCase, set_in

CASES = [
    RawCase(
        "amazon_connect",
        {
            "contacts": [
                {
                    "contact_id": "c1",
                    "initiated_at": "2026-10-05T08:00:00Z",
                    "disconnected_at": "2026-10-05T08:05:00Z",
                    "last_update_at": "2026-10-05T08:06:00Z",
                    "queue": '{"Name": "Sales"}',
                    "agent": '{"Username": "ada"}',
                }
            ],
            "endpoints": [{"contact_id": "c1", "customer_id": "0123456789abcdef0123456789abcdef"}],
        },
        {
            "amazon_connect__contacts_ends_after_its_start": set_in(
                "amazon_connect", "contacts", "disconnected_at = '2026-10-05T07:00:00Z'"
            ),
            "amazon_connect__contacts_agent_and_queue_readable": set_in(
                "amazon_connect", "contacts", "agent = '{Username'"
            ),
            "amazon_connect__endpoints_customers_are_pseudonyms": set_in(
                "amazon_connect", "endpoints", "customer_id = '13800138000'"
            ),
        },
    ),
    RawCase(
        "asterisk",
        {
            "cdr": [
                {
                    "caller": "0123456789abcdef0123456789abcdef",
                    "channel": "SIP/trunk-00000001",
                    "started_at": "2026-10-05T08:00:00Z",
                    "duration": "20",
                    "billable": "10",
                    "disposition": "ANSWERED",
                }
            ],
            "cdr_custom": [
                {
                    "caller": "0123456789abcdef0123456789abcdef",
                    "channel": "SIP/trunk-00000001",
                    "started_at": "2026-10-05T08:00:00Z",
                    "duration": "20",
                    "billable": "10",
                    "disposition": "ANSWERED",
                }
            ],
        },
        {
            "asterisk__cdr_talk_within_the_call": set_in("asterisk", "cdr", "billable = '30'"),
            "asterisk__cdr_dispositions_known": set_in("asterisk", "cdr", "disposition = '17'"),
            "asterisk__cdr_callers_are_pseudonyms": set_in(
                "asterisk", "cdr", "caller = '13800138000'"
            ),
            "asterisk__cdr_custom_talk_within_the_call": set_in(
                "asterisk", "cdr_custom", "billable = '30'"
            ),
            "asterisk__cdr_custom_dispositions_known": set_in(
                "asterisk", "cdr_custom", "disposition = '17'"
            ),
            "asterisk__cdr_custom_callers_are_pseudonyms": set_in(
                "asterisk", "cdr_custom", "caller = '13800138000'"
            ),
        },
    ),
    RawCase(
        "call_sheet",
        {
            "calls": [
                {
                    "call_id": "1",
                    "called_at": "2026-10-05T08:00:00Z",
                    "is_answered": "true",
                    "talk_duration": "60",
                    "speed_of_answer": "5",
                    "rating": "5",
                }
            ],
            "outcomes": [
                {
                    "agent": "a",
                    "called_at": "2026-10-05T08:00:00Z",
                    "call_time": "16:00:00",
                    "answered_time": "16:00:05",
                    "ended_time": "16:05:00",
                    "outcome": "Completed",
                }
            ],
            "call_log": [
                {
                    "call_uuid": "u",
                    "call_type": "1",
                    "start_stamp": "2026-10-05T08:00:00Z",
                    "end_stamp": "2026-10-05T08:01:00Z",
                    "evaluation_value": "3",
                }
            ],
        },
        {
            "call_sheet__calls_answered_calls_have_talk_time": set_in(
                "call_sheet", "calls", "talk_duration = null"
            ),
            "call_sheet__calls_ratings_from_1_to_5": set_in("call_sheet", "calls", "rating = '10'"),
            "call_sheet__outcomes_answered_calls_end": set_in(
                "call_sheet", "outcomes", "ended_time = null"
            ),
            "call_sheet__call_log_types_known": set_in("call_sheet", "call_log", "call_type = '3'"),
            "call_sheet__call_log_evaluations_known": set_in(
                "call_sheet", "call_log", "evaluation_value = '5'"
            ),
        },
    ),
]
