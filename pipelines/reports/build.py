"""From the published file to a report: the one place where the parts come together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pipelines.errors import ExitCode, HelpmartError
from pipelines.reports.chapters.analysis import analysis
from pipelines.reports.chapters.closing import glance, problems, summary
from pipelines.reports.chapters.desk import Action, Desk, Ranked, Weight
from pipelines.reports.chapters.measures import measures
from pipelines.reports.chapters.opening import introduction, overview, tiles
from pipelines.reports.content import Name, Report
from pipelines.reports.drivers import Drivers, read_drivers
from pipelines.reports.figures import Figure, Row
from pipelines.reports.outline import load_outline
from pipelines.reports.periods import Kind, Period, latest_complete, parse_period
from pipelines.reports.scope import Scope
from pipelines.reports.store import CellStore, load_cells, newest_day
from pipelines.settings import Settings
from pipelines.transform.published_file import did_you_mean, open_published

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def make_report(
    settings: Settings, kind: Kind, *, period: str | None = None, scope: Scope | None = None
) -> Report:
    """The report on a period of the build that readers see.

    Args:
        settings: Which installation.
        kind: Monthly, quarterly or half-year.
        period: As typed; the newest complete one where not given.
        scope: Whose rows; all where not given.

    Raises:
        HelpmartError: Nothing is published, the period has no data, or nobody has that name.
    """
    chosen = scope or Scope()
    with open_published(settings) as connection:
        newest = newest_day(connection, settings.reporting_zone)
        span = parse_period(kind, period) if period else latest_complete(kind, newest)
        _require_member(connection, chosen)
        store = load_cells(connection, span, chosen)
        desk = Desk(
            store=store,
            outline=load_outline(),
            actions=_actions(connection, span, chosen),
            ranks=_ranks(connection, span, chosen),
            weights=_weights(connection, span, chosen),
            bridges=_bridges(connection, store),
        )
    if not desk.readings:
        raise HelpmartError(
            what=f"there is nothing to report on {span.name}",
            why=f"the published build has no KPI of {chosen.grain} {chosen.member} in it;"
            f" its data end on {newest}",
            remedy="name another --period, or load the data of this one",
            exit_code=ExitCode.NOT_FOUND,
        )
    return _assemble(desk, _scope_name(store))


def _assemble(desk: Desk, scope_name: Name) -> Report:
    store = desk.store
    return Report(
        period=store.period,
        scope=store.scope,
        scope_name=scope_name,
        build_id=store.build.build_id,
        data_as_of=store.build.data_as_of,
        glance=tuple(glance(desk)),
        tiles=tiles(desk),
        chapters=(
            introduction(desk, scope_name),
            overview(desk),
            analysis(desk),
            problems(desk),
            measures(desk),
            summary(desk),
        ),
    )


def _bridges(connection: DuckDBPyConnection, store: CellStore) -> dict[str, Drivers]:
    """The published bridges, of people's members none; reports on one member have no bridge."""
    if not store.scope.is_whole:
        return {}
    units = {kpi_id: kpi.unit for kpi_id, kpi in store.kpis.items()}
    return read_drivers(connection, store.period, units)


def _scope_name(store: CellStore) -> Name:
    scope = store.scope
    return Name(
        store.member_name(scope.grain, scope.member, "en"),
        store.member_name(scope.grain, scope.member, "zh"),
    )


def _require_member(connection: DuckDBPyConnection, scope: Scope) -> None:
    if scope.is_whole:
        return
    known = {
        member
        for (member,) in connection.execute(
            "select distinct unit_value from published.kpi_values where grain = ?", [scope.grain]
        ).fetchall()
    }
    if scope.member not in known:
        raise HelpmartError(
            what=f"no {scope.grain} is called {scope.member!r}",
            why=did_you_mean(scope.member, known) if scope.grain != "agent" else "",
            remedy="write the name as the dashboards do; a person by the key in dim_people",
            exit_code=ExitCode.NOT_FOUND,
        )


def _actions(connection: DuckDBPyConnection, period: Period, scope: Scope) -> list[Action]:
    """Actions that were open in the period or due in it; those of a team for its own report."""
    if scope.grain not in {"total", "team"}:
        return []
    rows = connection.execute(
        "select action_id, kpi_id, action_owner, team_name, action, opened_date, due_date,"
        " closed_date, is_closed from published.fct_actions"
        " where opened_date < ? and (closed_date is null or closed_date >= ? or due_date >= ?)"
        " and (? or team_name = ?) order by due_date, action_id",
        [period.end, period.start, period.start, scope.is_whole, scope.member],
    ).fetchall()
    return [Action(*row) for row in rows]


def _ranks(connection: DuckDBPyConnection, period: Period, scope: Scope) -> list[Ranked]:
    """Teams by rank in the performance scorecard of the period's last part."""
    if not scope.is_whole:
        return []
    now, before = period.spans[-1].start, period.previous.spans[-1].start
    rows = connection.execute(
        "select now.unit_value, now.scorecard_key, now.score, now.score_rank,"
        " before.scorecard_key, before.score_rank"
        " from published.fct_scorecards as now left join published.fct_scorecards as before"
        " on before.scorecard = now.scorecard and before.period_type = now.period_type"
        " and before.grain = now.grain and before.unit_value = now.unit_value"
        " and before.period_start = ? and before.is_ranked"
        " where now.scorecard = 'performance' and now.period_type = ? and now.grain = 'team'"
        " and now.period_start = ? and now.is_ranked order by now.score_rank, now.unit_value",
        [before, period.part, now],
    ).fetchall()
    return [
        Ranked(
            team,
            Figure("score", (Row("fct_scorecards", key),), score, "score"),
            Figure("rank", (Row("fct_scorecards", key),), float(rank), "count"),
            Figure("rank", (Row("fct_scorecards", old_key),), float(old_rank), "count")
            if old_key is not None and old_rank is not None
            else None,
        )
        for team, key, score, rank, old_key, old_rank in rows
    ]


def _weights(connection: DuckDBPyConnection, period: Period, scope: Scope) -> list[Weight]:
    """Weights of the performance scorecard at the start of the period and of the one before."""
    if not scope.is_whole:
        return []
    now = _weights_on(connection, period.spans[-1].start)
    before = _weights_on(connection, period.previous.spans[-1].start)
    return [
        Weight(kpi_id, before.get(kpi_id), now.get(kpi_id))
        for kpi_id in dict.fromkeys([*now, *before])
    ]


def _weights_on(connection: DuckDBPyConnection, day: date) -> dict[str, Figure]:
    """The set in force: the company's own before that of the texts, as scores are made."""
    rows = connection.execute(
        "select kpi_id, weight_key, weight from published.kpi_weights"
        " where scorecard = 'performance' and grain = '*' and valid_from <= ? and valid_to > ?"
        " qualify dense_rank() over (order by status) = 1 order by weight desc, kpi_id",
        [day, day],
    ).fetchall()
    return {
        kpi_id: Figure("weight", (Row("kpi_weights", key),), weight, "weight")
        for kpi_id, key, weight in rows
    }
