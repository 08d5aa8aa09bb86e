"""The laws of the simulated company: what must hold in every world, and the story it tells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import mean

import pytest

from pipelines.simulate.company import Company, CompanyPlan, Day
from pipelines.simulate.company.contacts import Call, Chat
from pipelines.simulate.company.floor import Floor
from pipelines.simulate.company.orders import Order
from pipelines.simulate.company.staff import CREWS, Staff

UNTIL = date(2026, 10, 31)
HOUR = 3600


def plan_of(seed: int = 7, contacts: int = 6_000, days: int = 548) -> CompanyPlan:
    return CompanyPlan(seed, contacts, UNTIL - timedelta(days=days - 1), UNTIL)


@pytest.fixture(scope="module", params=[7, 8, 9])
def days(request: pytest.FixtureRequest) -> list[Day]:
    return list(Company(plan_of(request.param)).days())


def chats_of(days: Iterable[Day]) -> list[Chat]:
    return [chat for day in days for chat in day.chats]


def calls_of(days: Iterable[Day]) -> list[Call]:
    return [call for day in days for call in day.calls]


def orders_of(days: Iterable[Day]) -> list[Order]:
    return [order for day in days for order in day.orders]


def most_at_once(spans: Iterable[tuple[int, int]]) -> int:
    """How many of the half-open spans cover one instant at most."""
    edges = sorted([(end, -1) for _, end in spans] + [(start, 1) for start, _ in spans])
    count = most = 0
    for _, step in edges:
        count += step
        most = max(most, count)
    return most


def facts_of(company: Company) -> list[tuple[object, ...]]:
    return [
        (chat.session_id, chat.need.person.login, chat.started_at, chat.ended_at, chat.ended_by)
        for chat in chats_of(company.days())
    ]


def test_the_same_plan_gives_the_same_world_and_another_seed_another() -> None:
    small = plan_of(contacts=300, days=60)
    assert facts_of(Company(small)) == facts_of(Company(small))
    assert facts_of(Company(small)) != facts_of(Company(plan_of(8, 300, 60)))


def test_about_as_many_contacts_come_as_were_asked_for(days: list[Day]) -> None:
    sessions = [chat for chat in chats_of(days) if chat.ended_by != "transfer"]
    assert len(sessions) == pytest.approx(6_000 * 0.44, rel=0.15)
    assert len(calls_of(days)) == pytest.approx(6_000 * 0.22, rel=0.15)


def test_every_session_is_served_or_has_a_reason_not_to_be(days: list[Day]) -> None:
    for chat in chats_of(days):
        assert chat.is_bot + chat.is_served + (chat.ended_by in {"queue", "note"}) == 1
        assert chat.ended_at >= chat.started_at
        stamps = [message.at for message in chat.messages]
        assert stamps == sorted(stamps)
        assert chat.started_at <= stamps[0]
        assert stamps[-1] <= chat.ended_at
        if chat.queued_at is not None:
            assert chat.queued_at <= chat.started_at


def test_a_hand_over_or_transfer_leads_to_exactly_one_more_session(days: list[Day]) -> None:
    chats = chats_of(days)
    passed_on = {c.session_id for c in chats if c.ended_by in {"handover", "transfer"}}
    received = [chat.came_from.session_id for chat in chats if chat.came_from]
    assert sorted(received) == sorted(passed_on)
    for chat in chats:
        if chat.came_from:
            begun_at = chat.started_at if chat.queued_at is None else chat.queued_at
            assert begun_at == chat.came_from.ended_at
            assert chat.need is chat.came_from.need


def test_nobody_handles_more_at_once_than_the_tool_allows(days: list[Day]) -> None:
    spans = defaultdict(list)
    for chat in chats_of(days):
        if chat.employee:
            spans[chat.employee].append((chat.started_at, chat.ended_at))
    for call in calls_of(days):
        if call.employee and call.answered_at is not None:
            spans[call.employee].append((call.answered_at, call.ended_at + call.after_work))
    assert len(spans) > 20
    for employee, own in spans.items():
        assert most_at_once(own) <= employee.crew.slots


def test_contacts_begin_within_the_shift_of_whoever_takes_them(days: list[Day]) -> None:
    for day in days:
        shifts = {shift.employee: shift for shift in day.shifts}
        for chat in day.chats:
            if chat.employee:
                assert any(a <= chat.started_at < b for a, b in shifts[chat.employee].windows)
        for call in day.calls:
            if call.employee and call.answered_at is not None:
                begun_at = call.answered_at - call.ring
                assert any(a <= begun_at < b for a, b in shifts[call.employee].windows)


def test_every_call_ends_in_the_menu_the_queue_or_with_an_agent(days: list[Day]) -> None:
    ends = Counter(
        "menu" if call.queued_at is None else "agent" if call.is_answered else "queue"
        for call in calls_of(days)
    )
    assert min(ends["menu"], ends["queue"], ends["agent"]) > 20
    for call in calls_of(days):
        assert call.queue_seconds >= 0
        if call.answered_at is not None:
            assert call.ended_at == call.answered_at + call.talk + call.hold
    legs = {call.contact_id: call for call in calls_of(days)}
    for call in legs.values():
        if call.next_leg:
            assert legs[call.next_leg].previous_leg == call.contact_id


def test_calls_that_were_passed_on_know_the_next_leg(days: list[Day]) -> None:
    passed_on = [call for call in calls_of(days) if call.ended_by == "transfer"]
    assert passed_on
    assert all(call.next_leg is not None for call in passed_on)


def test_an_order_goes_through_its_states_in_order(days: list[Day]) -> None:
    for order in orders_of(days):
        stamps = [order.created_at, order.paid_at, order.shipped_at, order.finished_at]
        known = [at for at in stamps if at is not None]
        assert known == sorted(known)
        assert 0 <= order.refund <= order.total
        if order.paid_at is None:
            assert order.refund == 0
    numbers = [order.order_id for order in orders_of(days)]
    assert len(numbers) == len(set(numbers))


def test_an_order_is_placed_on_the_day_it_belongs_to(days: list[Day]) -> None:
    for day in days:
        for order in day.orders:
            offset = 8 * HOUR if order.shop.language == "zh" else 0
            local = date(1970, 1, 1) + timedelta(days=(order.created_at + offset) // 86_400)
            # Britain's summer time moves an hour of the night to the day before.
            assert 0 <= (day.day - local).days <= (order.shop.language == "en")


def test_every_order_that_a_chat_brought_is_among_the_orders(days: list[Day]) -> None:
    brought = [chat.bought.order_id for chat in chats_of(days) if chat.bought]
    known = {order.order_id for order in orders_of(days)}
    assert len(brought) > 50
    assert len(set(brought)) == len(brought)
    assert set(brought) <= known


def test_who_has_left_works_no_more(days: list[Day]) -> None:
    leavers = set()
    for day in days:
        for shift in day.shifts:
            assert shift.employee.is_employed(day.day)
            if shift.employee.left_on:
                leavers.add(shift.employee)
    assert leavers


def test_sixty_places_are_nearly_always_filled() -> None:
    plan = plan_of()
    staff = Staff(plan)
    assert sum(crew.seats for crew in CREWS) == 60
    assert all(52 <= len(staff.employed(day)) <= 60 for day in plan.dates[::20])
    assert len({one.employee_no for one in staff.everybody}) == len(staff.everybody)
    assert len({one.login for one in staff.everybody}) == len(staff.everybody)
    assert len({one.name for one in staff.everybody}) == len(staff.everybody)
    assert any(one.is_trained for one in staff.everybody)


def test_who_waits_less_is_more_content(days: list[Day]) -> None:
    grades: dict[bool, list[int]] = {True: [], False: []}
    for chat in chats_of(days):
        if chat.grade and chat.grade.score and chat.first_reply_at and chat.queued_at is not None:
            grades[chat.first_reply_at - chat.queued_at <= 60].append(chat.grade.score)
    assert mean(grades[True]) > mean(grades[False])


def test_the_course_makes_a_difference_that_the_control_group_lacks() -> None:
    plan = plan_of()
    staff = Staff(plan)
    before, after = plan.course_day - timedelta(days=30), plan.course_day + timedelta(days=30)
    gains = {True: [], False: []}  # type: dict[bool, list[float]]
    for one in staff.employed(before):
        if one.is_employed(after):
            gains[one.is_trained].append(one.ability(after) - one.ability(before))
    assert mean(gains[True]) - mean(gains[False]) == pytest.approx(0.35, abs=0.05)


def test_singles_day_brings_more_than_an_ordinary_day() -> None:
    days = {day.day: day for day in Company(plan_of(days=548)).days()}
    campaign = [len(days[date(2025, 11, n)].orders) for n in (10, 11, 12)]
    usual = [len(days[date(2025, 10, n)].orders) for n in (21, 22, 23)]
    assert mean(campaign) > 2 * mean(usual)


def test_the_first_in_the_queue_is_served_first_and_the_impatient_leave() -> None:
    company = Company(plan_of(contacts=300, days=30))
    day = UNTIL - timedelta(days=3)
    shift = next(s for s in company.roster.of_day(day) if s.employee.crew.system == "connect")
    floor = Floor([shift], slots=1)
    begin = shift.starts_at
    first = floor.take(begin, patience=60)
    assert first is not None
    floor.release(first, begin + 300)
    assert floor.take(begin + 10, patience=60) is None
    second = floor.take(begin + 20, patience=600)
    assert second is not None
    assert second.starts_at == begin + 300
    floor.release(second, shift.break_from + 50)
    third = floor.take(shift.break_from - 1, patience=86_400)
    assert third is not None
    assert third.starts_at == shift.break_to
    floor.release(third, shift.ends_at)
    assert floor.take(shift.ends_at - 1, patience=86_400) is None
