"""Costs and targets, sound, and one way to break each rule on them."""

from __future__ import annotations

from tests.integration.raw_worlds.case import RawCase, set_in

CASES = [
    RawCase(
        "costs",
        {
            "entries": [
                {
                    "entry_id": "1",
                    "booked_on": "2026-10-05",
                    "cost_type": "pay",
                    "is_service": "true",
                    "amount": "10",
                    "currency": "CNY",
                }
            ],
        },
        {
            "costs__entries_currencies_are_codes": set_in("costs", "entries", "currency = '元'"),
        },
    ),
    RawCase(
        "targets",
        {
            "targets": [
                {
                    "kpi_id": "csat_score",
                    "grain": "total",
                    "unit_value": "total",
                    "valid_from": "2026-01-01",
                    "valid_to": "2026-12-31",
                    "target_value": "0.9",
                    "unit": "rate",
                    "weight": "30",
                }
            ],
            "benchmarks": [
                {
                    "kpi_id": "csat_score",
                    "set_name": "s",
                    "member": "A",
                    "as_of": "2026-01-01",
                    "value": "0.9",
                    "unit": "rate",
                }
            ],
            "reviews": [
                {
                    "employee_no": "7",
                    "period_kind": "month",
                    "period_start": "2026-01-01",
                    "held_on": "2026-02-03",
                    "signed_on": "2026-02-03",
                }
            ],
            "actions": [
                {
                    "action_id": "1",
                    "opened_on": "2026-01-01",
                    "due_on": "2026-01-31",
                }
            ],
        },
        {
            "targets__reviews_signed_after_held": set_in(
                "targets", "reviews", "signed_on = '2026-02-02'"
            ),
            "targets__actions_due_after_opened": set_in(
                "targets", "actions", "due_on = '2025-12-31'"
            ),
            "targets__targets_ends_after_its_start": set_in(
                "targets", "targets", "valid_to = '2025-01-01'"
            ),
            "targets__targets_rates_are_fractions": set_in(
                "targets", "targets", "target_value = '90'"
            ),
            "targets__benchmarks_rates_are_fractions": set_in(
                "targets", "benchmarks", "value = '90'"
            ),
        },
    ),
]
