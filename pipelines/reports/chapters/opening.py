"""What a reader sees first: the page at a glance, the introduction, the overview of the data."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.reports.chapters.charts import trend_chart
from pipelines.reports.chapters.desk import (
    Desk,
    kpi_name,
    kpi_table,
    paragraph,
    say,
)
from pipelines.reports.content import (
    Block,
    Chapter,
    Name,
    Paragraph,
    Section,
    Sentence,
    Tile,
    Tiles,
)
from pipelines.reports.figures import Figure, Status
from pipelines.reports.store import Reading


def tiles(desk: Desk) -> Tiles:
    """The headline KPIs as big numbers."""
    return Tiles(tuple(_tile(desk, each) for each in headline(desk)))


def headline(desk: Desk) -> list[Reading]:
    """The headline KPIs that this report has values of."""
    return [desk.readings[name] for name in desk.outline.headline if name in desk.readings]


def _tile(desk: Desk, reading: Reading) -> Tile:
    return Tile(
        kpi_name(reading),
        reading.figure("value"),
        reading.change_from(desk.before(reading.kpi.id)),
        reading.figure("target") if reading.values.target is not None else None,
        desk.judge.status(reading),
        desk.judge.turn(reading, desk.before(reading.kpi.id)),
    )


def introduction(desk: Desk, scope_name: Name) -> Chapter:
    """What the report is about, on which data, and how to read it."""
    store = desk.store
    about = say(
        "intro_whole" if store.scope.is_whole else f"intro_{store.scope.grain}",
        period=store.period,
        previous=store.period.previous,
        **({} if store.scope.is_whole else {"member": scope_name}),
    )
    data = [say("intro_build", build=Name(store.build.build_id, store.build.build_id))]
    if store.build.data_as_of is not None:
        data.insert(0, say("intro_as_of", at=store.build.data_as_of))
    if store.period.kind == "half-year":
        data.append(say("intro_half_year"))
    return Chapter(
        say("chapter_introduction"),
        (paragraph(about), paragraph(*data), paragraph(*_reading_guide())),
    )


def _reading_guide() -> Iterable[Sentence]:
    return (say("guide_interval"), say("guide_colours"), say("guide_silence"), say("guide_ids"))


def overview(desk: Desk) -> Chapter:
    """Volumes, headline KPIs, and how far the data can be trusted."""
    blocks: list[Block | None] = [
        volume_paragraph(desk),
        kpi_table(desk, say("table_volumes"), desk.outline.volumes),
        trend_chart(desk, "contacts_inbound"),
        kpi_table(desk, say("table_headline"), desk.outline.headline),
        target_paragraph(desk),
    ]
    trust = kpi_table(desk, say("table_trust"), desk.outline.trust)
    sections = (
        (Section(say("section_trust"), (trust,)),)
        if trust is not None and desk.store.scope.is_whole
        else ()
    )
    shown = tuple(each for each in blocks if each is not None)
    return Chapter(say("chapter_overview"), shown, sections)


def volume_paragraph(desk: Desk) -> Paragraph | None:
    """How much came in, and against the period before."""
    reading = desk.readings.get("contacts_inbound")
    if reading is None:
        return None
    before = desk.before("contacts_inbound")
    change = reading.change_from(before)
    if before is None or change is None:
        return paragraph(say("volume_alone", value=reading.figure("value")))
    return paragraph(
        say(
            "volume",
            value=reading.figure("value"),
            before=before.figure("value"),
            change=change,
            previous=desk.store.period.previous,
        )
    )


def target_paragraph(desk: Desk) -> Paragraph | None:
    """How many targets were met, missed, or can't be judged."""
    with_target = targeted(desk)
    if not with_target:
        return None
    return paragraph(
        say(
            "targets",
            all=tally(with_target, ""),
            met=tally([r for r in with_target if desk.judge.status(r) == "met"], "met"),
            missed=tally([r for r in with_target if desk.judge.status(r) == "missed"], "missed"),
            unclear=tally(
                [r for r in with_target if desk.judge.status(r) in {"unclear", "unjudged"}],
                "open",
            ),
        )
    )


def targeted(desk: Desk) -> list[Reading]:
    """The KPIs of the outline that have a target in this period."""
    return [each for each in desk.readings.values() if each.values.target is not None]


def tally(readings: Iterable[Reading], status: Status | str) -> Figure:
    """How many they are; the figure carries the cells that were counted."""
    cells = [cell for reading in readings for cell in reading.cells[-1:]]
    return Figure("count", tuple(cells), float(len(cells)), "count", status=status)
