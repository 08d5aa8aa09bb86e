"""Orders, complaints and mentions: guards, lost digits, refunds, blanks and zones."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.integration.canonical import Canonical


def test_guards_go_and_a_number_in_scientific_notation_is_refused(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select order_id, status, order_amount, paid_amount, refund_amount, currency, created_at
        from int_orders__unioned
        where source_system = 'taobao'
        order by order_id
    """)

    assert rows == [
        (
            "1234567890123456789",
            "closed",
            Decimal("199.0000"),
            Decimal("189.0000"),
            Decimal("189.0000"),
            "CNY",
            datetime(2026, 3, 1, 15, 30),
        ),
        (
            "1234567890123456790",
            "created",
            Decimal("1050.5000"),
            Decimal("0.0000"),
            None,
            "CNY",
            datetime(2026, 3, 1, 2),
        ),
    ]
    files = canonical.files("taobao")
    assert files["ExportOrderList.csv", "orders"]["id_in_scientific_notation"] == 1


def test_the_newest_export_of_an_order_replaces_its_lines(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select order_id, line_no, product_id, quantity, amount
        from int_order_lines__unioned
        order by order_id
    """)

    assert rows == [
        ("536365", 1, "85123A", 6, Decimal("15.3000")),
        ("536366", 1, "22633", 6, Decimal("11.1000")),
        ("C536379", 1, "85123A", -2, Decimal("-5.1000")),
    ]


def test_an_order_that_takes_another_one_back_is_money_back(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select order_id, status, is_cancellation, paid_amount, refund_amount, customer_id is null
        from int_orders__unioned
        where source_system = 'order_lines'
        order by order_id
    """)

    nothing = Decimal("0.0000")
    assert rows == [
        ("536365", "paid", False, Decimal("15.3000"), nothing, False),
        ("536366", "paid", False, Decimal("11.1000"), nothing, True),
        ("C536379", "closed", True, nothing, Decimal("5.1000"), False),
    ]


def test_complaints_of_three_kinds(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select complaint_id, kind, status, is_timely, is_disputed, received_at, closed_at
        from int_complaints__unioned
        order by source_system, complaint_id
    """)

    closed = datetime(2024, 4, 16, 7, 3, 15)
    assert rows == [
        ("2105501", "regulator", "closed", True, None, datetime(2016, 9, 12, 4), None),
        ("2105502", "regulator", "open", True, True, datetime(2016, 9, 11, 4), None),
        ("2105503", "regulator", "closed", False, False, datetime(2016, 9, 10, 4), None),
        ("1", "service_request", "closed", True, None, closed, closed),
        ("2", "service_request", "open", None, None, datetime(2024, 4, 16, 6, 5, 59), None),
        (
            "S1/2026-03-05T01:00:00Z",
            "after_sales",
            "closed",
            None,
            None,
            datetime(2026, 3, 5, 1),
            datetime(2026, 3, 9, 10, 30),
        ),
    ]


def test_an_after_sales_case_finds_its_order(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select orders.order_id, complaints.cause
        from int_complaints__unioned as complaints
        inner join int_orders__unioned as orders on orders.order_key = complaints.order_key
    """)

    assert rows == [("1234567890123456789", "物流")]


def test_mentions_say_who_is_for_and_who_is_against(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select post_id, sentiment, text_length, like_count, posted_at
        from int_mentions__unioned
        order by post_id
    """)

    assert rows == [
        ("501", "negative", 15, 12, datetime(2026, 3, 1, 12)),
        ("502", "positive", 1, 0, datetime(2026, 3, 1, 13)),
        ("503", None, None, None, datetime(2026, 3, 1, 14)),
    ]


def test_a_buyer_who_answers_and_posts_is_one_person(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select list(source_system order by source_system)
        from int_customers__unioned
        group by identity_hash
        having count(*) > 2 and bool_or(source_system = 'taobao')
    """)

    assert rows == [(["mentions", "surveys", "taobao"],)]


def test_names_addresses_and_numbers_of_buyers_do_not_land(canonical: Canonical) -> None:
    for source in ("taobao", "nyc_311", "cfpb"):
        for path in (canonical.settings.paths.raw / source).rglob("*.parquet"):
            found = canonical.warehouse.execute("from read_parquet(?)", [str(path)]).fetchall()
            text = repr(found).replace("请canary退款", "")
            assert "canary" not in text.lower()
            assert "13800138000" not in text
            assert "金丝雀" not in text
