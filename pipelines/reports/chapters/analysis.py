"""The deep analysis: customers, service quality, employees, and what changed and why."""

from __future__ import annotations

from pipelines.reports.chapters.charts import bar_chart, bridge_chart, trend_chart
from pipelines.reports.chapters.desk import (
    Desk,
    Move,
    kpi_name,
    kpi_table,
    paragraph,
    say,
    turns,
)
from pipelines.reports.content import (
    Block,
    BridgeChart,
    Bullets,
    Chapter,
    Listing,
    Paragraph,
    Section,
    Sentence,
    Words,
)
from pipelines.reports.drivers import ENTERED, LEFT, Driver, Drivers
from pipelines.reports.outline import Part

MOST_NAMED = 3
EFFECTS = frozenset({"mix", "rate", "entry", "exit"})


def analysis(desk: Desk) -> Chapter:
    """A section per part of the outline that this report has data for, then the changes."""
    sections = [each for part in desk.outline.analysis if (each := _section(desk, part))]
    sections.append(_changes(desk))
    return Chapter(say("chapter_analysis"), (), tuple(sections))


def _section(desk: Desk, part: Part) -> Section | None:
    table = kpi_table(desk, say(f"table_{part.title}"), part.table)
    if table is None:
        return None
    told = turns((move for move in desk.moves if move.now.kpi.id in part.table), "here")
    blocks: list[Block] = [*([paragraph(*told)] if told else []), table]
    blocks += [line for kpi in part.trends if (line := trend_chart(desk, kpi))]
    if desk.store.scope.is_whole:
        blocks += [chart for bars in part.bars if (chart := bar_chart(desk, bars))]
    return Section(say(f"section_{part.title}"), tuple(blocks))


def _changes(desk: Desk) -> Section:
    previous = desk.store.period.previous
    most = desk.outline.rules.most_changes
    clear = desk.moves[:most]
    blocks: list[Block] = [paragraph(say("changes_intro" if clear else "no_change",
                                         previous=previous))]  # fmt: skip
    bridges: list[BridgeChart] = []
    if clear:
        blocks.append(Bullets(tuple(_explained(desk, move, bridges) for move in clear)))
    unsure = _headline_moves(desk)[: most - len(clear)]
    if unsure:
        blocks.append(paragraph(say("unsure_intro")))
        blocks.append(Bullets(tuple(_explained(desk, move, bridges) for move in unsure)))
    return Section(say("section_changes"), (*blocks, *bridges))


def _headline_moves(desk: Desk) -> list[Move]:
    """Headline KPIs whose move may be chance: readers will ask for them all the same."""
    found = [
        move
        for name in desk.outline.headline
        if name in desk.readings and (move := desk.move(desk.readings[name]))
    ]
    return sorted((each for each in found if not each.is_clear), key=lambda each: -each.relative)


def _explained(desk: Desk, move: Move, bridges: list[BridgeChart]) -> Paragraph:
    """The change in words with its drivers; adds a chart while there is room for one."""
    drivers = desk.drivers(move.now.kpi.id)
    if drivers is None:
        return paragraph(move.told())
    if len(bridges) < desk.outline.rules.most_bridges:
        bridges.append(bridge_chart(desk, move, drivers))
    return paragraph(move.told(), _driver_sentence(desk, drivers), *_effects(desk, drivers))


def _effects(desk: Desk, drivers: Drivers) -> list[Sentence]:
    """What kind of change it was, and a warning where the total misleads."""
    said = []
    if drivers.effect in EFFECTS:
        member = desk.member(drivers.grain, drivers.effect_member)
        said.append(say(f"effect_{drivers.effect}", member=member, grain=_grain(drivers)))
    if drivers.is_paradox:
        said.append(say("paradox", grain=_grain(drivers)))
    return said


def why(desk: Desk, move: Move) -> Sentence | None:
    """The sentence on the largest drivers of the KPI that is named in it."""
    drivers = desk.drivers(move.now.kpi.id)
    if drivers is None:
        return None
    members = _largest(desk, drivers, MOST_NAMED)
    return say("why", kpi=kpi_name(move.now), grain=_grain(drivers), members=members)


def problem(desk: Desk, move: Move) -> Sentence:
    """A turn for the worse with the member that has most part in it."""
    drivers = desk.drivers(move.now.kpi.id)
    if drivers is None:
        return say("problem_alone", kpi=kpi_name(move.now), change=move.change)
    return say(
        "problem",
        kpi=kpi_name(move.now),
        change=move.change,
        grain=_grain(drivers),
        member=_largest(desk, drivers, 1),
    )


def _driver_sentence(desk: Desk, drivers: Drivers) -> Sentence:
    return say("drivers", grain=_grain(drivers), members=_largest(desk, drivers, MOST_NAMED))


def _largest(desk: Desk, drivers: Drivers, most: int) -> Listing:
    least = desk.outline.rules.least_driver_share * drivers.largest
    named = [each for each in drivers.members[:most] if abs(each.part.value or 0.0) >= least]
    return Listing(tuple(_part(desk, drivers.grain, each) for each in named))


def _grain(drivers: Drivers) -> Words:
    return Words(f"grain_{drivers.grain}")


def _part(desk: Desk, grain: str, driver: Driver) -> Sentence:
    key = {ENTERED: "driver_new", LEFT: "driver_gone"}.get(driver.presence, "driver")
    return say(key, member=desk.member(grain, driver.member), part=driver.part)
