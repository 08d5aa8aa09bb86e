"""The action log with owner, due date and measured effect; the calibration of weights."""

from __future__ import annotations

from pipelines.reports.chapters.desk import (
    Action,
    Desk,
    Ranked,
    Weight,
    cell,
    is_overdue,
    paragraph,
    plain,
    say,
)
from pipelines.reports.content import Block, Chapter, Column, Section, Table, TableCell, Words
from pipelines.reports.figures import Figure

ACTION_COLUMNS = (
    Column("column_action", width=2.6),
    Column("column_kpi", width=2.0),
    Column("column_owner", width=2.0),
    Column("column_due", width=1.4),
    Column("column_status", width=1.7),
    Column("column_effect", is_number=True, width=1.5),
)


def measures(desk: Desk) -> Chapter:
    """The action log with owner, due date and measured effect; the calibration of weights."""
    sections = [Section(say("section_actions"), tuple(_actions(desk)))]
    if desk.store.scope.is_whole:
        calibration = tuple(_calibration(desk))
        if calibration:
            sections.append(Section(say("section_calibration"), calibration))
    return Chapter(say("chapter_measures"), (), tuple(sections))


def _actions(desk: Desk) -> list[Block]:
    closure = desk.store.reading("action_closure_rate")
    blocks: list[Block] = []
    if closure is not None and closure.value is not None:
        sentence = say("closure", value=closure.figure("value"), n=closure.figure("n"))
        blocks.append(paragraph(sentence))
    if not desk.actions:
        return [*blocks, paragraph(say("no_actions"))]
    shown = desk.actions[: desk.outline.rules.most_actions]
    rows = tuple(_action_row(desk, each) for each in shown)
    note = say("note_effect")
    return [*blocks, Table(say("table_actions"), ACTION_COLUMNS, rows, note)]


def _action_row(desk: Desk, action: Action) -> tuple[TableCell, ...]:
    effect = _effect(desk, action)
    return (
        cell(plain(action.words)),
        cell(desk.kpi(action.kpi_id)),
        cell(plain(action.owner)),
        cell(action.due),
        _state(desk, action),
        cell(say("signed", change=effect) if effect else None),
    )


def _state(desk: Desk, action: Action) -> TableCell:
    closed = action.closed is not None and action.closed < desk.store.period.end
    if closed:
        in_time = action.closed is not None and action.closed <= action.due
        return (
            TableCell((Words("closed_in_time"),), "met") if in_time else cell(Words("closed_late"))
        )
    overdue = is_overdue(desk, action)
    return TableCell(
        (Words("overdue_state" if overdue else "open"),), "missed" if overdue else None
    )


def _effect(desk: Desk, action: Action) -> Figure | None:
    """The change of the action's KPI in its team since the period before; not proof of a cause."""
    store = desk.store
    grain, member = ("team", action.team) if store.scope.is_whole else (None, None)
    now = store.reading(action.kpi_id, grain=grain, member=member)
    before = store.reading(action.kpi_id, store.period.previous, grain, member)
    return now.change_from(before) if now is not None else None


WEIGHT_COLUMNS = (
    Column("column_kpi", width=3.0),
    Column("column_weight_before", is_number=True),
    Column("column_weight", is_number=True),
    Column("column_top20", is_number=True),
    Column("column_gap", is_number=True),
)
RANK_COLUMNS = (
    Column("column_team", width=3.0),
    Column("column_score", is_number=True),
    Column("column_rank", is_number=True),
    Column("column_rank_before", is_number=True),
)


def _calibration(desk: Desk) -> list[Block]:
    """Weights before and now, gaps to the best fifth, moves in rank."""
    blocks: list[Block] = []
    if desk.weights:
        rows = tuple(_weight_row(desk, each) for each in desk.weights)
        blocks.append(Table(say("table_weights"), WEIGHT_COLUMNS, rows, say("note_top20")))
    if desk.ranks:
        ranked = tuple(_rank_row(desk, each) for each in desk.ranks)
        blocks.append(Table(say("table_ranks"), RANK_COLUMNS, ranked))
    return blocks


def _weight_row(desk: Desk, weight: Weight) -> tuple[TableCell, ...]:
    reading = desk.store.reading(weight.kpi_id)
    bench = (
        reading.figure("benchmark") if reading and reading.values.benchmark is not None else None
    )
    gap = desk.store.reading("top20_gap", grain="kpi", member=weight.kpi_id)
    shown = None
    if gap is not None and gap.value is not None and reading is not None:
        # Published in the unit of the KPI that it belongs to.
        shown = say("signed", change=Figure("gap", gap.cells, gap.value, reading.kpi.unit))
    name = cell(desk.kpi(weight.kpi_id))
    return name, cell(weight.before), cell(weight.after), cell(bench), cell(shown)


def _rank_row(desk: Desk, ranked: Ranked) -> tuple[TableCell, ...]:
    name = cell(desk.member("team", ranked.team))
    return name, cell(ranked.score), cell(ranked.rank), cell(ranked.rank_before)
