"""Which counts and sums of the truth the warehouse has too, and how it tells them."""

from __future__ import annotations

CALLS = ("amazon_connect", "contacts")
CASES = ("taobao", "after_sales")
REVIEWS = ("quality", "reviews")
POSTS = ("mentions", "posts")
# By KPI: source and entity, what of the truth its numerators sum to, and what its denominators do.
KPI_SUMS: dict[str, tuple[tuple[str, str], tuple[str, ...], tuple[str, ...]]] = {
    "aht": (CALLS, ("talk_seconds", "hold_seconds", "after_work_seconds"), ("answered",)),
    "asa": (CALLS, ("queue_seconds_answered",), ("answered",)),
    "avg_call_duration": (CALLS, ("talk_seconds",), ("answered",)),
    "service_level": (CALLS, ("answered_in_time",), ("answered", "abandoned_late")),
    "abandonment_rate": (CALLS, ("abandoned",), ("answered", "abandoned")),
    "queue_wait": (
        CALLS,
        ("queue_seconds_answered", "queue_seconds_abandoned"),
        ("answered", "abandoned"),
    ),
    "queue_wait_abandoned": (CALLS, ("queue_seconds_abandoned",), ("abandoned",)),
    "complaint_count": (CASES, ("rows",), ()),
    "complaint_handling_time": (CASES, ("handling_seconds",), ("closed",)),
    "qa_score": (REVIEWS, ("kept_score_sum",), ("kept",)),
    "critical_fail_rate": (REVIEWS, ("kept_fatal",), ("kept",)),
    "social_negative_mentions": (POSTS, ("negative",), ()),
    "social_negative_mentions_share": (POSTS, ("negative",), ("rows",)),
}

# By source and entity: the truth's names, each as an expression on the table named last.
SUMS = {
    ("amazon_connect", "contacts"): (
        {
            "rows": "count(*)",
            "answered": "count_if(disposition = 'answered')",
            "abandoned": "count_if(disposition = 'abandoned_queue')",
            "ended_in_menu": "count_if(disposition = 'abandoned_menu')",
            "talk_seconds": "sum(talk_seconds)",
            "hold_seconds": "sum(hold_seconds)",
            "after_work_seconds": "sum(after_call_seconds)",
        },
        "int_calls__unioned",
    ),
    ("taobao", "orders"): (
        {
            "rows": "count(*)",
            "total_cents": "100 * sum(order_amount)",
            "paid_cents": "100 * sum(paid_amount)",
            "refund_cents": "100 * sum(refund_amount)",
            "pieces": "sum(quantity)",
        },
        "int_orders__unioned",
    ),
    ("taobao", "after_sales"): (
        {
            "rows": "count(*)",
            "closed": "count_if(status = 'closed')",
            "handling_seconds": "sum(date_diff('second', received_at, closed_at))",
        },
        "int_complaints__unioned",
    ),
    ("order_lines", "lines"): (
        {
            "orders": "count_if(not is_cancellation)",
            "cancellations": "count_if(is_cancellation)",
            "amount_pence": "100 * sum(order_amount)",
            "refund_pence": "100 * sum(refund_amount)",
        },
        "int_orders__unioned",
    ),
    ("quality", "reviews"): (
        {
            "rows": "count(*)",
            "deleted": "count_if(is_deleted)",
            "kept_score_sum": "sum(total_score) filter (where not is_deleted)",
        },
        "int_qa_reviews__unioned",
    ),
    ("mentions", "posts"): (
        {"rows": "count(*)", "negative": "count_if(sentiment = 'negative')"},
        "int_mentions__unioned",
    ),
    ("costs", "entries"): (
        {
            "rows": "count(*)",
            "cents": "100 * sum(amount)",
            "service_cents": "100 * sum(amount) filter (where is_service)",
        },
        "int_costs__unioned",
    ),
}
