"""`kpi list | show | query`: the dictionary and the numbers of the published build."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.options import Home, Json, settings_for

kpi_app = typer.Typer(help="KPI definitions and values", no_args_is_help=True)


@kpi_app.command("list")
def list_kpis(home: Home = None, json: Json = False) -> None:
    """Every KPI with its names, unit and direction of good."""
    from pipelines.console import as_jsonable, print_json, print_table
    from pipelines.transform import kpi_query

    rows = as_jsonable(kpi_query.list_kpis(settings_for(home)))
    if json:
        print_json(rows)
        return
    columns = ["id", "name_en", "name_zh", "group", "unit", "direction", "catalogue"]
    print_table(rows, columns, empty="No KPI is defined.")


@kpi_app.command("show")
def show_kpi(
    kpi_id: Annotated[str, typer.Argument(help="For example first_response_time")],
    home: Home = None,
    json: Json = False,
) -> None:
    """What a KPI means: formula, population, anchor, clock, null rule, owner."""
    from pipelines.console import as_jsonable, print_json, print_pairs
    from pipelines.transform import kpi_query

    definition = as_jsonable(kpi_query.show_kpi(settings_for(home), kpi_id))
    if json:
        print_json(definition)
    else:
        print_pairs(definition.items())


@kpi_app.command("query")
def query_kpi(
    kpi_id: Annotated[str, typer.Argument(help="For example reopen_rate")],
    by: Annotated[
        list[str] | None, typer.Option(help="Dimension: channel, team_name, priority, shop …")
    ] = None,
    period: Annotated[str, typer.Option(help="total, day, week, month, quarter or year")] = "total",
    date_from: Annotated[str | None, typer.Option("--from", help="First day, 2026-01-31")] = None,
    date_to: Annotated[str | None, typer.Option("--to", help="Last day, inclusive")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="Filter: channel=web; repeat for more")
    ] = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """A KPI's values with numerator and denominator, from the published build."""
    from pipelines.console import as_jsonable, print_json, print_table
    from pipelines.transform import kpi_query

    rows = as_jsonable(
        kpi_query.query(
            settings_for(home),
            kpi_id,
            by=by or [],
            period=period,
            date_from=date_from,
            date_to=date_to,
            where=where or [],
        )
    )
    if json:
        print_json(rows)
        return
    print_table(rows, list(rows[0]) if rows else [], empty="No data for this question.")
