"""Problems, summary and outlook: what was found and what comes next."""

from __future__ import annotations

from pipelines.reports.chapters.analysis import problem, why
from pipelines.reports.chapters.desk import (
    Action,
    Desk,
    is_overdue,
    kpi_name,
    paragraph,
    plain,
    say,
    turns,
)
from pipelines.reports.chapters.opening import headline, tally, targeted
from pipelines.reports.content import (
    Block,
    Bullets,
    Chapter,
    Listing,
    Name,
    Paragraph,
    Section,
    Sentence,
)
from pipelines.reports.drivers import NOBODY
from pipelines.reports.periods import Period
from pipelines.reports.store import Reading

MOST_NAMED = 3


def problems(desk: Desk) -> Chapter:
    """Missed targets worst first, clear turns for the worse, actions that are overdue."""
    items = [paragraph(*_missed_sentences(desk, each)) for each in missed(desk)]
    told = {each.kpi.id for each in missed(desk)}
    worse = [each for each in desk.moves if each.turn == "worse" and each.now.kpi.id not in told]
    items += [paragraph(problem(desk, each)) for each in worse[:MOST_NAMED]]
    late = [each for each in desk.actions if is_overdue(desk, each)]
    items += [paragraph(_overdue_sentence(desk, each)) for each in late[:MOST_NAMED]]
    blocks: tuple[Block, ...] = (paragraph(say("problems_none")),)
    if items:
        blocks = (paragraph(say("problems_intro")), Bullets(tuple(items)))
    return Chapter(say("chapter_problems"), blocks)


def missed(desk: Desk) -> list[Reading]:
    """KPIs that missed their target for sure, the furthest first."""
    found = [each for each in targeted(desk) if desk.judge.status(each) == "missed"]
    found.sort(key=_distance, reverse=True)
    return found[: desk.outline.rules.most_problems]


def _distance(reading: Reading) -> float:
    value, target = reading.value or 0.0, reading.values.target or 0.0
    scale = max(abs(value), abs(target))
    return abs(value - target) / scale if scale else 0.0


def _missed_sentences(desk: Desk, reading: Reading) -> list[Sentence]:
    gap = reading.target_gap()
    if gap is None:
        raise ValueError(f"{reading.kpi.id} is missed without a target")
    side = "above" if (gap.value or 0.0) > 0 else "below"
    said = [
        say(
            f"missed_{side}",
            kpi=kpi_name(reading),
            value=reading.figure("value"),
            target=reading.figure("target"),
            gap=gap,
        )
    ]
    worst = _worst_member(desk, reading)
    return [*said, worst] if worst else said


def _worst_member(desk: Desk, reading: Reading) -> Sentence | None:
    """The team that is furthest off among those with enough cases."""
    store = desk.store
    if not store.scope.is_whole:
        return None
    found = [
        (member, each)
        for member in store.members(reading.kpi.id, "team")
        if member not in NOBODY
        and (each := store.reading(reading.kpi.id, grain="team", member=member)) is not None
        and desk.judge.is_firm(each)
    ]
    if len(found) < MOST_NAMED - 1:
        return None
    sign = 1 if reading.kpi.direction == "up" else -1
    member, worst = min(found, key=lambda each: sign * (each[1].value or 0.0))
    if sign * (worst.value or 0.0) >= sign * (reading.value or 0.0):
        return None  # those with few cases pull the whole down, and nobody of them can be named
    return say("worst_team", member=desk.member("team", member), value=worst.figure("value"))


def _overdue_sentence(desk: Desk, action: Action) -> Sentence:
    return say(
        "overdue",
        action=plain(action.words),
        kpi=desk.kpi(action.kpi_id),
        owner=plain(action.owner),
        due=action.due,
    )


def summary(desk: Desk) -> Chapter:
    """Which targets were met and which not, by name, and what comes next."""
    outlook = Section(say("section_outlook"), (Bullets(tuple(_outlook(desk))),))
    return Chapter(say("chapter_summary"), (paragraph(*_targets_by_name(desk)),), (outlook,))


def _targets_by_name(desk: Desk) -> list[Sentence]:
    by_status: dict[str, list[Name]] = {"met": [], "missed": [], "open": []}
    for reading in targeted(desk):
        status = desk.judge.status(reading)
        by_status[status if status in by_status else "open"].append(kpi_name(reading))
    said = [
        say(f"summary_{status}", kpis=Listing(tuple(names)))
        for status, names in by_status.items()
        if names
    ]
    return said or [say("summary_no_target")]


def glance(desk: Desk) -> list[Paragraph]:
    """What changed, why, and what next."""
    return [paragraph(*_verdict(desk)), paragraph(_next(desk))]


def _verdict(desk: Desk) -> list[Sentence]:
    with_target = targeted(desk)
    sentences = []
    if with_target:
        met = [each for each in with_target if desk.judge.status(each) == "met"]
        sentences.append(say("verdict", met=tally(met, "met"), all=tally(with_target, "")))
    judged = (move for move in desk.moves if move.turn != "moved")
    sentences += turns(judged, "verdict", MOST_NAMED)
    if not desk.moves:
        sentences.append(say("verdict_no_change", previous=desk.store.period.previous))
    reasons = (why(desk, move) for move in desk.moves if move.turn != "moved")
    first = next((reason for reason in reasons if reason is not None), None)
    return [*sentences, first] if first is not None else sentences


def _next(desk: Desk) -> Sentence:
    worst = missed(desk)[:MOST_NAMED]
    if worst:
        return say("next_missed", kpis=Listing(tuple(kpi_name(each) for each in worst)))
    return say("next_keep" if targeted(desk) else "next_no_target")


def _outlook(desk: Desk) -> list[Paragraph]:
    following = desk.store.period.following
    due = [
        each
        for each in desk.actions
        if following.start <= each.due < following.end and each.closed is None
    ]
    items = [
        paragraph(
            say(
                "outlook_due",
                action=plain(each.words),
                kpi=desk.kpi(each.kpi_id),
                owner=plain(each.owner),
                due=each.due,
            )
        )
        for each in due[:MOST_NAMED]
    ]
    items += [paragraph(each) for each in _waiting(desk, following)]
    return items or [paragraph(say("outlook_none", period=following))]


def _waiting(desk: Desk, following: Period) -> list[Sentence]:
    """KPIs whose cohort is still open, and targets that the data could not settle."""
    said = []
    least = desk.outline.rules.least_maturity
    for reading in headline(desk):
        maturity = reading.values.maturity
        if maturity is not None and maturity < least:
            said.append(
                say(
                    "outlook_young",
                    kpi=kpi_name(reading),
                    maturity=reading.figure("maturity"),
                    period=following,
                )
            )
    unclear = [each for each in targeted(desk) if desk.judge.status(each) == "unclear"]
    if unclear:
        names = tuple(kpi_name(each) for each in unclear[:MOST_NAMED])
        said.append(say("outlook_unclear", kpis=Listing(names)))
    return said
