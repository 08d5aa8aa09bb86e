"""Calls of four systems become legs with one set of outcomes and clocks."""

from __future__ import annotations

from datetime import datetime

from tests.integration.canonical import Canonical

OUTCOMES = """
    select
        call_id, contact_id, leg_no, queue_id, agent_id, disposition, queue_seconds, talk_seconds,
        hold_seconds, after_call_seconds
    from int_calls__unioned
    where source_system = '{source}'
    order by started_at, call_id
"""


def test_a_contact_record_delivered_again_counts_once_and_its_newest_state(
    canonical: Canonical,
) -> None:
    rows = canonical.rows(OUTCOMES.format(source="amazon_connect"))

    assert rows[0] == ("c1", "c1", 1, "Sales", "ada", "answered", 12, 200, 30, 40)


def test_the_leg_after_a_transfer_belongs_to_the_first_contact(canonical: Canonical) -> None:
    rows = canonical.rows(OUTCOMES.format(source="amazon_connect"))

    assert rows[1] == ("c2", "c1", 2, "Repairs", "bo", "answered", 3, 60, None, None)


def test_without_an_agent_a_contact_was_abandoned_in_the_queue_or_in_the_menu(
    canonical: Canonical,
) -> None:
    rows = canonical.rows(OUTCOMES.format(source="amazon_connect"))

    assert [row[5] for row in rows[2:]] == ["abandoned_queue", "abandoned_menu"]
    assert [row[3] for row in rows[2:]] == ["Sales", None]


def test_legs_without_a_header_are_told_apart_and_the_last_one_of_no_answer_is_abandoned(
    canonical: Canonical,
) -> None:
    rows = canonical.rows("""
        select contact_id, leg_no, queue_id, agent_id, direction, disposition, queue_seconds,
            ring_seconds, talk_seconds, started_at, answered_at
        from int_calls__unioned
        where source_system = 'asterisk'
        order by started_at
    """)

    nine = datetime(2026, 3, 1, 1)  # 09:00 on the server's clock
    assert rows == [
        ("1772326800.1", 1, "support", "2001", "inbound", "missed", 20, None, None, nine, None),
        (
            "1772326800.1",
            2,
            "support",
            "2002",
            "inbound",
            "answered",
            10,
            None,
            120,
            datetime(2026, 3, 1, 1, 0, 20),
            datetime(2026, 3, 1, 1, 0, 30),
        ),
        (
            "1772330400.5",
            1,
            "support",
            "2001",
            "inbound",
            "abandoned_queue",
            40,
            None,
            None,
            datetime(2026, 3, 1, 2),
            None,
        ),
        (
            "1772334000.9",
            1,
            None,
            "2001",
            "outbound",
            "answered",
            None,
            8,
            60,
            datetime(2026, 3, 1, 3),
            datetime(2026, 3, 1, 3, 0, 8),
        ),
        (
            "1772337600.17",
            1,
            "2003",
            "2003",
            "inbound",
            "busy",
            None,
            30,
            None,
            datetime(2026, 3, 1, 4),
            None,
        ),
    ]


def test_a_sheet_with_a_text_date_beside_a_time_cell(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select call_id, disposition, is_resolved, queue_seconds, talk_seconds, started_at, ended_at
        from int_calls__unioned
        where call_id like 'ID%'
        order by call_id
    """)

    begun = datetime(2026, 3, 1, 1, 12, 58)
    assert rows[0] == (
        "ID0001",
        "answered",
        False,
        109,
        143,
        begun,
        datetime(2026, 3, 1, 1, 17, 10),
    )
    assert rows[1][:5] == ("ID0002", "abandoned_queue", False, None, None)


def test_a_call_over_midnight_ends_on_the_next_day(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select disposition, queue_seconds, talk_seconds, started_at, answered_at, ended_at
        from int_calls__unioned
        where agent_id in ('A7', 'A8')
        order by started_at
    """)

    assert [row[0] for row in rows] == ["answered", "abandoned_queue", "unknown", "transferred"]
    assert rows[3][1:] == (
        20,
        300,
        datetime(2026, 3, 1, 15, 59, 50),
        datetime(2026, 3, 1, 16, 0, 10),
        datetime(2026, 3, 1, 16, 5, 10),
    )


def test_zero_stamps_of_a_call_log_are_no_stamps(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select call_id, direction, disposition, hung_up_by, queue_seconds, talk_seconds, answered_at
        from int_calls__unioned
        where call_id like 'u%'
        order by call_id
    """)

    assert [row[:6] for row in rows] == [
        ("u1", "inbound", "answered", "customer", 30, 180),
        ("u2", "inbound", "abandoned_queue", "customer", 50, None),
        ("u3", "outbound", "answered", "agent", None, 120),
        ("u4", "inbound", "abandoned_menu", "customer", None, None),
        ("u5", "inbound", "answered", "agent", 4, 60),
    ]
    assert rows[1][6] is None


def test_the_scale_of_a_call_log_is_in_no_order(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select survey_id, score_raw, score_norm, sentiment
        from int_surveys__unioned
        where source_system = 'call_sheet'
        order by survey_id
    """)

    assert rows == [
        ("call-ID0001", "3", 0.5, "neutral"),
        ("call-ID0003", "5", 1.0, "good"),
        ("call-u1", "2", 0.0, "bad"),
        ("call-u3", "3", 1.0, "good"),
        ("call-u5", "1", 0.5, "good"),
    ]


def test_a_caller_is_one_person_in_all_systems(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select identity_hash, list(distinct source_system order by source_system)
        from int_customers__unioned
        where source_system in ('amazon_connect', 'asterisk', 'call_sheet')
        group by identity_hash
        order by len(list(distinct source_system)) desc
    """)

    assert [systems for _, systems in rows] == [
        ["amazon_connect", "asterisk", "call_sheet"],
        ["asterisk", "call_sheet"],
    ]
    assert all(len(identity) == 32 for identity, _ in rows)


def test_neither_numbers_nor_names_of_callers_land(canonical: Canonical) -> None:
    for source in ("amazon_connect", "asterisk", "call_sheet"):
        for path in (canonical.settings.paths.raw / source).rglob("*.parquet"):
            text = repr(canonical.warehouse.execute("from read_parquet(?)", [str(path)]).fetchall())
            assert "13800138000" not in text
            assert "13900139000" not in text
            assert "canary" not in text.lower()
