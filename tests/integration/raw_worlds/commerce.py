"""Orders, complaints, mentions, surveys and reviews, sound, and ways to break each rule."""

from __future__ import annotations

from tests.integration.raw_worlds.case import RawCase, set_in

CASES = [
    RawCase(
        "taobao",
        {
            "orders": [
                {
                    "order_id": "1234567890123456789",
                    "status": "交易成功",
                    "total_amount": "10",
                    "paid_amount": "10",
                    "created_at": "2026-10-05T08:00:00Z",
                    "paid_at": "2026-10-05T08:01:00Z",
                    "buyer_id": "0123456789abcdef0123456789abcdef",
                }
            ],
            "after_sales": [
                {
                    "order_id": "S1",
                    "taobao_order_id": "1234567890123456789",
                    "applied_at": "2026-10-05T09:00:00Z",
                    "status": "已完成",
                }
            ],
        },
        {
            "taobao__orders_amounts_not_negative": set_in(
                "taobao", "orders", "paid_amount = '-10'"
            ),
            "taobao__orders_paid_after_creation": set_in(
                "taobao", "orders", "paid_at = '2026-10-05T07:00:00Z'"
            ),
            "taobao__orders_buyers_are_pseudonyms": set_in("taobao", "orders", "buyer_id = 'bob'"),
            "taobao__after_sales_orders_exist": set_in(
                "taobao", "after_sales", "taobao_order_id = '7'"
            ),
        },
    ),
    RawCase(
        "order_lines",
        {
            "lines": [
                {
                    "order_id": "1",
                    "product_id": "A",
                    "quantity": "2",
                    "unit_price": "1.5",
                    "ordered_at": "2026-10-05T08:00:00Z",
                }
            ],
        },
        {
            "order_lines__lines_cancellations_take_back": set_in(
                "order_lines", "lines", "order_id = 'C1'"
            ),
        },
    ),
    RawCase(
        "nyc_311",
        {
            "requests": [
                {
                    "unique_key": "1",
                    "created_date": "2026-10-05T08:00:00Z",
                    "closed_date": "2026-10-05T08:00:00Z",
                    "status": "Closed",
                    "complaint_type": "Noise",
                }
            ],
        },
        {
            "nyc_311__requests_closed_after_creation": set_in(
                "nyc_311", "requests", "closed_date = '2026-10-05T07:00:00Z'"
            ),
        },
    ),
    RawCase(
        "cfpb",
        {
            "complaints": [
                {
                    "complaint_id": "1",
                    "received_at": "2026-10-05T04:00:00Z",
                    "sent_to_company_at": "2026-10-06T04:00:00Z",
                    "product": "Mortgage",
                }
            ],
        },
        {
            "cfpb__complaints_sent_after_receipt": set_in(
                "cfpb", "complaints", "sent_to_company_at = '2026-10-01T04:00:00Z'"
            ),
        },
    ),
    RawCase(
        "mentions",
        {
            "posts": [
                {
                    "platform": "Weibo",
                    "post_id": "1",
                    "posted_at": "2026-10-05T08:00:00Z",
                    "sentiment": "负面",
                }
            ],
        },
        {
            "mentions__posts_sentiments_known": set_in("mentions", "posts", "sentiment = 'angry'"),
        },
    ),
    RawCase(
        "surveys",
        {
            "responses": [
                {
                    "response_id": "1",
                    "kind": "csat",
                    "sent_at": "2026-10-05T08:00:00Z",
                    "answered_at": "2026-10-05T09:00:00Z",
                    "score": "4",
                }
            ],
        },
        {
            "surveys__responses_kinds_known": set_in("surveys", "responses", "kind = 'smile'"),
            "surveys__responses_scores_within_their_scale": set_in(
                "surveys", "responses", "score = '10'"
            ),
            "surveys__responses_sent_or_answered": set_in(
                "surveys", "responses", "sent_at = null, answered_at = null"
            ),
        },
    ),
    RawCase(
        "quality",
        {
            "reviews": [
                {
                    "review_id": "1",
                    "agent_id": "7",
                    "total_score": "90",
                    "reviewed_at": "2026-10-05T08:00:00Z",
                }
            ],
        },
        {
            "quality__reviews_scores_within_the_scorecard": set_in(
                "quality", "reviews", "total_score = '900'"
            ),
        },
    ),
]
