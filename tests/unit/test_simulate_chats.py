"""What the simulator calls true of a chain of chat sessions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pipelines.simulate.company import Company, CompanyPlan
from pipelines.simulate.company.contacts import Chat, Grade, Message, Need
from pipelines.simulate.company.people import Person
from pipelines.simulate.company.shops import TMALL
from pipelines.simulate.company.staff import CHAT, EXPERTS, Crew, Employee, Staff
from pipelines.simulate.truth.chats import KPIS, ChatTally, chain_facts

MONDAY = int(datetime(2026, 3, 9, 2, 0, tzinfo=UTC).timestamp())
UNTIL = date(2026, 10, 31)
PLAN = CompanyPlan(7, 400, UNTIL - timedelta(days=60), UNTIL)
STAFF = Staff(PLAN)
NEED = Need(Person(1, "zh"), TMALL, "sizing", None)


def person_of(crew: Crew) -> Employee:
    return STAFF.of(crew, PLAN.last)[0]


def bot_session(ended_by: str, seconds: int = 30) -> Chat:
    return Chat(
        1, NEED, "web", None, None, None, MONDAY, MONDAY + seconds, ended_by,
        messages=[Message(MONDAY + 1, "customer", "?"), Message(MONDAY + 2, "bot", "!")],
    )  # fmt: skip


def session(
    number: int, came_from: Chat | None, crew: Crew = CHAT, *, reply: int | None = 20
) -> Chat:
    begun_at = came_from.ended_at if came_from else MONDAY
    chat = Chat(
        number, NEED, "web", crew, person_of(crew), begun_at, begun_at, begun_at + 300, "agent",
        came_from, messages=[Message(begun_at, "customer", "?")],
    )  # fmt: skip
    if reply is not None:
        chat.messages.append(Message(begun_at + reply, "agent", "!"))
    return chat


def test_a_matter_that_the_bot_settles_is_no_work_for_people() -> None:
    bot = bot_session("customer")
    bot.is_resolved = True
    facts = chain_facts([bot])
    assert facts.is_bot_only
    assert not facts.in_p3
    assert facts.in_p5
    assert facts.status == "solved"


def test_the_wait_for_a_person_begins_with_the_bot() -> None:
    bot = bot_session("handover")
    facts = chain_facts([bot, session(2, bot)])
    assert facts.in_p6
    assert facts.ticket_id == 1
    assert facts.durations["first_response"].calendar == 30 + 20
    assert facts.durations["full_resolution"].calendar == 30 + 300


def test_a_transfer_makes_one_matter_of_two_people() -> None:
    first = session(2, None)
    first.ended_by, first.is_transferred = "transfer", True
    facts = chain_facts([first, session(3, first, EXPERTS)])
    assert facts.is_transferred
    assert facts.team == EXPERTS.name


def test_nobody_answered_means_no_first_response() -> None:
    facts = chain_facts([session(2, None, reply=None)])
    assert facts.first_response_at is None
    assert "first_response" not in facts.durations
    assert facts.status == "closed"


def test_the_middle_of_the_scale_is_neither_good_nor_bad() -> None:
    scores = {}
    for score in (1, 2, 3, 4, 5):
        chat = session(2, None)
        chat.grade = Grade(chat.ended_at + 5, chat.ended_at + 60, score, "")
        survey = chain_facts([chat]).survey
        assert survey
        scores[score] = survey.score
    assert scores == {1: "bad", 2: "bad", 3: "neutral", 4: "good", 5: "good"}


def test_matters_of_all_days_add_up() -> None:
    tally, chats = ChatTally(), []
    for day in Company(PLAN).days():
        tally.add(day.chats)
        chats += day.chats
    kpis = tally.as_record(MONDAY)["kpis"]
    assert set(kpis) == set(KPIS)
    matters = sum(chat.came_from is None for chat in chats)
    assert kpis["tickets_created"]["total"]["value"] == matters
    rated = [chat for chat in chats if chat.grade and chat.grade.score]
    assert kpis["csat_score"]["total"]["denominator"] == len(rated) > 0
    assert kpis["backlog_open"]["total"]["value"] == 0
