"""`kpi list | show | query | explain | bridge | what-if`: what the published build says of KPIs."""

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


@kpi_app.command("explain")
def explain_kpi(
    kpi_id: Annotated[str, typer.Argument(help="For example resolution_rate")],
    period: Annotated[str, typer.Option(help="2026-09-14, 2026-W37, 2026-09 or 2026-Q3")],
    by: Annotated[str, typer.Option(help="total, or a grain and member: channel=chat")] = "total",
    role: Annotated[
        str | None, typer.Option(help="Only numerator, denominator_only or excluded")
    ] = None,
    limit: Annotated[int, typer.Option(help="Records shown; --json gives them all", min=0)] = 20,
    home: Home = None,
    json: Json = False,
) -> None:
    """Which records a number counts, which only its base, and why the others are left out."""
    from pipelines.console import as_jsonable, print_json, print_line, print_pairs, print_table
    from pipelines.transform.explain import explain

    found = explain(
        settings_for(home), kpi_id, period=period, by=by, role=role, limit=None if json else limit
    )
    if json:
        print_json(as_jsonable(found))
        return
    if found.cell is None:
        print_line("No record of this KPI falls into the cell.")
    else:
        print_pairs(as_jsonable(found.cell).items())
    print_line()
    columns = ["part", "role", "reason", "reason_en", "records", "numerator", "denominator"]
    print_table(as_jsonable(found.counts), columns, empty="No record.")
    if found.records and limit:
        print_line()
        shown = ["role", "reason", "record_label", "local_date", "numerator_part", "record_url"]
        print_table(as_jsonable(found.records), shown, empty="No record.")


@kpi_app.command("bridge")
def bridge_kpi(
    kpi_id: Annotated[str, typer.Argument(help="For example csat_score")],
    base: Annotated[str, typer.Option("--from", help="2026-09-14, 2026-W37, 2026-09 or 2026-Q3")],
    period: Annotated[str, typer.Option("--to", help="The period that it is compared with")],
    by: Annotated[
        str | None, typer.Option(help="One dimension: channel, team, agent …; else all")
    ] = None,
    limit: Annotated[int, typer.Option(help="Members shown; --json gives them all", min=1)] = 10,
    home: Home = None,
    json: Json = False,
) -> None:
    """Why a KPI changed: mix, rate, entry and exit by dimension and member, adding up exactly."""
    from pipelines.console import as_jsonable, print_json, print_line, print_pairs, print_table
    from pipelines.transform.bridge import bridge

    found = bridge(settings_for(home), kpi_id, base=base, period=period, by=by)
    if json:
        print_json(as_jsonable(found))
        return
    print_pairs({"from": found.base_value, "to": found.value, "change": found.change}.items())
    parts = ["mix_effect", "rate_effect", "entry_effect", "exit_effect"]
    print_line()
    columns = ["grain", *parts, "residual", "is_paradox"]
    print_table(as_jsonable(found.splits), columns, empty="No dimension.")
    for split in found.splits:
        print_line()
        print_line(split.grain)
        columns = ["name", "base_value", "value", "base_share", "share", *parts, "total_effect"]
        print_table(as_jsonable(split.members[:limit]), columns, empty="No member.")


@kpi_app.command("what-if")
def what_if_weights(
    weight: Annotated[
        list[str], typer.Option(help="KPI=NN; repeat for more, the others share the rest")
    ],
    period: Annotated[str, typer.Option(help="2026-09 or 2026-Q3")],
    by: Annotated[str, typer.Option(help="agent, team, shop or total")] = "agent",
    home: Home = None,
    json: Json = False,
) -> None:
    """Scores and ranks before and after a change of weights, which is not saved."""
    from pipelines.console import as_jsonable, print_json, print_line, print_table
    from pipelines.transform.what_if import what_if

    found = what_if(settings_for(home), weight, period=period, by=by)
    if json:
        print_json(as_jsonable(found))
        return
    before, after = found.weights_before, found.weights_after
    weights = [{"kpi": kpi, "before": before[kpi], "after": round(after[kpi], 2)} for kpi in before]
    print_table(weights, ["kpi", "before", "after"], empty="No weight.")
    print_line()
    columns = ["kpi_id", "value", "top20_value", "gap", "set_name", "n"]
    print_table(as_jsonable(found.benchmarks), columns, empty="No benchmark holds.")
    print_line()
    columns = ["name", "score_before", "score_after", "rank_before", "rank_after", "missing"]
    print_table(as_jsonable(found.members), columns, empty="Nobody is scored.")
