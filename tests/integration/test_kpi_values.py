"""One number, four ways: mart, plain-Python reference, `mf query`, `helpmart kpi query`, charts."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

import duckdb
import pytest

from pipelines.settings import PROJECT_ROOT
from pipelines.transform.dataset_metrics import DATASETS, dataset_metrics
from pipelines.transform.dbt_runner import load_manifest
from pipelines.transform.dictionary import write_pages
from pipelines.transform.kpi_query import list_kpis, query, show_kpi
from pipelines.transform.metricflow import metricflow_environment
from pipelines.transform.semantic import kpi_from_dictionary
from tests.integration.kpi_worlds import (
    KpiWorld,
    differing_from_outcomes,
    differing_from_reference,
    real_world,
    same,
    simulated_world,
)
from tests.reference.kpis import Cell

pytestmark = pytest.mark.xdist_group("kpi_world")

CATALOGUE = {
    "tickets_created", "contacts_inbound", "unreplied_rate", "first_response_time",
    "avg_response_time", "next_reply_time", "response_in_time_rate", "requester_wait_time",
    "agent_work_time", "agent_wait_time", "on_hold_time", "resolution_rate",
    "first_resolution_time", "full_resolution_time", "one_touch_rate", "reopen_rate",
    "transfer_rate", "handoff_count", "backlog_open", "backlog_age", "net_flow",
    "sla_attainment_rate", "sla_breach_count", "csat_score", "csat_response_rate", "dsat_rate",
}  # fmt: skip
COMPARED_ON_DEMAND = (
    "tickets_created", "net_flow", "first_response_time", "first_response_time_p90",
    "full_resolution_time_business_p50", "avg_response_time_p50", "reopen_rate", "one_touch_rate",
    "resolution_rate_flow", "sla_attainment_rate", "sla_breach_count", "csat_score",
    "csat_response_rate", "contacts_inbound", "backlog_open", "backlog_age", "backlog_age_p90",
    "resolution_rate", "response_in_time_rate",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> KpiWorld:
    return simulated_world(tmp_path_factory.mktemp("kpis"))


def test_every_value_equals_the_plain_reference(world: KpiWorld) -> None:
    compared, differing = differing_from_reference(world)
    print(f"{compared} values compared with the plain reference")
    assert differing == set()
    assert compared > 50_000


def test_every_outcome_equals_the_plain_reference(world: KpiWorld) -> None:
    compared, differing = differing_from_outcomes(world)
    print(f"{compared} values of outcomes compared with the plain reference")
    assert differing == set()
    assert compared > 20_000


@pytest.mark.long
@pytest.mark.shared_data
def test_every_value_of_a_real_desk_equals_the_plain_reference(
    shared_data: Path, tmp_path: Path
) -> None:
    desk = real_world(tmp_path, shared_data / "zendesk_bpic2013")
    compared, differing = differing_from_reference(desk, "bpic2013")
    print(f"{compared} values of a real desk compared with the plain reference")
    assert differing == set()


def test_all_kpis_of_the_first_set_are_defined_and_published(world: KpiWorld) -> None:
    assert {kpi.catalogue for kpi in world.kpis} >= CATALOGUE
    published = world.rows("select distinct catalogue from published.kpi_values")
    assert {catalogue for (catalogue,) in published} >= CATALOGUE


def test_a_cell_without_a_base_is_null_and_says_so(world: KpiWorld) -> None:
    rows = world.rows(
        "select value, no_base, value_low from published.kpi_values where denominator = 0"
    )
    assert rows
    assert set(rows) == {(None, True, None)}


def test_the_interval_of_a_mean_is_that_of_its_single_values(world: KpiWorld) -> None:
    waits = [
        float(seconds)
        for (seconds,) in world.rows(
            "select first_response_calendar_seconds from published.fct_tickets where in_p6"
            " and created_date between '2026-09-01' and '2026-09-30'"
            " and first_response_calendar_seconds is not null"
        )
    ]
    ((low, high, error),) = world.rows(
        "select value_low, value_high, standard_error from published.kpi_values"
        " where kpi_id = 'first_response_time' and grain = 'total' and period_type = 'month'"
        " and period_start = '2026-09-01'"
    )
    expected = stdev(waits) / sqrt(len(waits))
    assert error == pytest.approx(expected)
    assert (low, high) == pytest.approx(
        (mean(waits) - 1.959963984540054 * expected, mean(waits) + 1.959963984540054 * expected)
    )


def test_agents_are_people_by_month_and_quarter_and_add_up_to_the_desk(world: KpiWorld) -> None:
    sums = world.rows(
        "select period_type, period_start, sum(value) filter (where grain = 'agent'),"
        " sum(value) filter (where grain = 'total') from published.kpi_values"
        " where kpi_id = 'tickets_solved' and period_type in ('month', 'quarter') group by all"
    )
    assert sums
    assert all(people == desk for _, _, people, desk in sums)
    strangers = world.rows(
        "select unit_value from published.kpi_values where grain = 'agent' and unit_value !="
        " 'unknown' and unit_value not in (select person_key from published.dim_people)"
    )
    assert strangers == []


def test_a_fresh_cohort_says_how_far_it_is_settled(world: KpiWorld) -> None:
    def maturity(month: int) -> float:
        return world.values[
            Cell("resolution_rate", "month", date(2026, month, 1), "total", "total")
        ][3]

    assert maturity(8) == 1.0
    assert 0 < maturity(10) < 0.2


def test_a_period_is_partial_until_the_data_reach_its_end(world: KpiWorld) -> None:
    rows = world.rows(
        "select period_start, bool_and(is_partial), bool_or(is_partial) from published.kpi_values"
        " where period_type = 'month' and kpi_id = 'tickets_created' group by all"
    )
    partial = {start: every for start, every, some in rows if every == some}
    assert partial[date(2026, 9, 1)] is False
    assert partial[date(2026, 10, 1)] is True


def test_the_newest_finished_period_of_a_kpi_is_marked_in_all_its_cells(world: KpiWorld) -> None:
    marked, unmarked = (
        world.rows(
            "select kpi_id, period_type, max(period_start), count(distinct period_start)"
            f" from published.kpi_values where {condition} group by all order by all"
        )
        for condition in ("is_latest", "grain = 'total' and not is_partial and value is not null")
    )
    assert ("tickets_created", "month", date(2026, 9, 1), 1) in marked
    assert {count for *_rest, count in marked} == {1}
    newest = {tuple(row[:3]) for row in unmarked}
    assert newest <= {tuple(row[:3]) for row in marked}


def test_the_dictionary_of_the_file_says_what_the_project_says(world: KpiWorld) -> None:
    columns = [name for (name,) in world.rows(
        "select column_name from information_schema.columns where table_name = 'kpi_dictionary'"
        " order by ordinal_position"
    )]  # fmt: skip
    rows = world.rows("select * from published.kpi_dictionary order by kpi_id")
    published = [kpi_from_dictionary(dict(zip(columns, row, strict=True))) for row in rows]
    assert published == world.kpis


def test_the_command_of_metricflow_gives_the_same_numbers(world: KpiWorld, tmp_path: Path) -> None:
    """All other KPIs and grains are asked for in test_metricflow_values, many in one process."""
    compared = 0
    for row in metricflow_rows(world, tmp_path / "rows.csv", ["metric_time__month", "team"]):
        if not row["metric_time__month"] or not row["team"]:
            continue
        start = date.fromisoformat(row["metric_time__month"][:10])
        for kpi_id in COMPARED_ON_DEMAND:
            found = world.value(kpi_id, "month", start, "team", row["team"])
            expected = float(row[kpi_id]) if row[kpi_id] else None
            is_nothing = not expected and not found
            assert is_nothing or same(found, expected), (kpi_id, start, row["team"])
            compared += not is_nothing
    print(f"{compared} values compared with mf query")
    assert compared > 200


def metricflow_rows(world: KpiWorld, file: Path, group_by: list[str]) -> Iterator[dict[str, str]]:
    arguments = ["query", "--metrics", ",".join(COMPARED_ON_DEMAND)]
    arguments += ["--group-by", ",".join(group_by), "--quiet", "--csv", str(file)]
    run_metricflow(world, arguments)
    with file.open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def run_metricflow(world: KpiWorld, arguments: list[str]) -> str:
    environment = {**os.environ, "HELPMART_HOME": str(world.settings.home)}
    command = [sys.executable, "-m", "pipelines.transform.metricflow", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_metricflow_finds_the_definitions_sound(world: KpiWorld) -> None:
    said = run_metricflow(world, ["validate-configs", "--skip-dw"])
    assert "ERRORS: 0" in said
    assert "ERROR:" not in said


@pytest.mark.long
def test_metricflow_finds_every_definition_in_the_published_file(world: KpiWorld) -> None:
    said = run_metricflow(world, ["validate-configs"])
    assert "ERRORS: 0" in said
    assert "ERROR:" not in said


def test_the_command_mf_reads_the_published_build_from_its_own_folder(world: KpiWorld) -> None:
    variables = metricflow_environment(world.settings)
    assert variables["DBT_PROJECT_DIR"].startswith(str(world.settings.home))
    profile = Path(variables["DBT_PROFILES_DIR"], "profiles.yml").read_text("utf-8")
    assert str(world.settings.paths.published_file.resolve()) in profile
    assert "READ_ONLY" in profile


@pytest.mark.parametrize("period", ["day", "week", "month"])
@pytest.mark.parametrize(
    ("grain", "column"), [("total", None), ("channel", "channel"), ("team", "team_name")]
)
def test_a_query_of_the_file_gives_the_same_numbers(
    world: KpiWorld, period: str, grain: str, column: str | None
) -> None:
    for kpi_id in COMPARED_ON_DEMAND:
        rows = query(world.settings, kpi_id, by=[column] if column else [], period=period)
        for row in rows:
            start, member = row["period_start"], row[column] if column else "total"
            found = world.values.get(Cell(kpi_id, period, start, grain, member))
            if found is None:
                assert not row["value"]
                continue
            assert same(found[0], row["value"])
            assert same(found[3], row.get("maturity"))
            if "denominator" in row:
                assert (row["numerator"], row["denominator"]) == found[1:3]


def test_a_query_counts_only_the_members_and_days_that_were_asked_for(world: KpiWorld) -> None:
    chosen = query(
        world.settings, "tickets_created", where=["channel=chat", "channel=web"],
        date_from="2026-09-01", date_to="2026-09-30",
    )  # fmt: skip
    parts = [world.value("tickets_created", "month", date(2026, 9, 1), "channel", channel)
             for channel in ("chat", "web")]  # fmt: skip
    assert chosen[0]["value"] == sum(part for part in parts if part)


def test_a_filtered_backlog_is_that_of_the_last_day_even_if_nothing_is_left(
    world: KpiWorld,
) -> None:
    (latest,) = world.rows("select max(local_date) from published.fct_backlog_snapshots")[0]
    for (channel,) in world.rows("select channel from published.dim_channels"):
        counted = world.rows(
            "select coalesce(sum(open_tickets), 0) from published.fct_backlog_snapshots"
            " where local_date = ? and channel = ?", latest, channel,
        )[0][0]  # fmt: skip
        found = query(world.settings, "backlog_open", where=[f"channel={channel}"])
        assert (found[0]["value"] or 0) == counted


def test_list_and_show_name_every_kpi_in_both_languages(world: KpiWorld) -> None:
    listed = list_kpis(world.settings)
    assert {kpi.catalogue for kpi in listed} >= CATALOGUE
    assert all(kpi.name_en and kpi.name_zh for kpi in listed)
    shown = show_kpi(world.settings, "reopen_rate")
    assert shown["formula_en"].startswith("P2 tickets reopened by the customer")
    assert "fct_tickets" in shown["measures"]
    assert shown["datasets"].startswith("kpi_overview_daily by local_date; ")


def published_as(metric: str, kpis: set[str]) -> tuple[str, str]:
    """The KPI and the column of kpi_values that hold a chart's metric."""
    for end in ("low", "high"):
        if metric not in kpis and metric.endswith(f"_{end}"):
            return metric.removesuffix(f"_{end}"), f"value_{end}"
    return metric, "value"


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_chart_metric_by_day_is_the_published_value(world: KpiWorld, dataset: str) -> None:
    compared = 0
    for metric in dataset_metrics(dataset, world.kpis):
        if dataset == "kpi_open_tickets" or metric.name.endswith(("_n", "_maturity")):
            continue
        clock = " and clock = 'calendar'" if dataset.endswith("_clocks") else ""
        rows = world.rows(
            f"select {metric.time_column}, {metric.expression} from published.{dataset}"
            f" where {metric.time_column} is not null{clock} group by 1"
        )
        kpi_id, column = published_as(metric.name, {kpi.id for kpi in world.kpis})
        values = world.values_of(kpi_id, column)
        for day, value in rows:
            found = values.get(day)
            assert (not value and not found) or same(found, value), (metric.name, day)
            compared += 1
    is_filled = bool(world.rows(f"select 1 from published.{dataset} limit 1"))
    assert compared > 0 or not is_filled or dataset == "kpi_open_tickets"


def test_on_the_business_clock_a_chart_shows_the_business_variant(world: KpiWorld) -> None:
    compared = 0
    metrics = dataset_metrics("kpi_first_response_clocks", world.kpis)
    for metric in metrics:
        business = metric.name.replace("first_response_time", "first_response_time_business")
        values = world.values_of(business, "value")
        for day, value in world.rows(
            f"select created_date, {metric.expression} from published.kpi_first_response_clocks"
            " where clock = 'business' group by 1"
        ):
            assert same(values.get(day), value), (business, day)
            compared += 1
    assert compared > len(metrics)


def test_chart_metrics_of_open_tickets_are_the_newest_snapshot(world: KpiWorld) -> None:
    (latest,) = world.rows("select max(as_of_date) from published.dim_accounts")[0]
    metrics = {m.name: m for m in dataset_metrics("kpi_open_tickets", world.kpis)}
    assert {"backlog_open", "backlog_age", "backlog_age_p50", "backlog_age_p90"} <= set(metrics)
    for name, metric in metrics.items():
        value = world.rows(f"select {metric.expression} from published.kpi_open_tickets")[0][0]
        assert same(world.value(name, "day", latest, "total", "total"), value), name


def test_a_backlog_chart_over_a_month_shows_the_last_day(world: KpiWorld) -> None:
    metrics = {m.name: m for m in dataset_metrics("kpi_backlog_daily", world.kpis)}
    expression = metrics["backlog_open"].expression
    rows = world.rows(
        f"select date_trunc('month', local_date)::date, {expression}"
        " from published.kpi_backlog_daily group by 1"
    )
    for month, value in rows:
        assert value == world.value("backlog_open", "month", month, "total", "total")


def test_the_wide_table_sums_to_the_facts_with_and_without_agents(world: KpiWorld) -> None:
    totals = world.rows(
        "select sum(tickets_created), sum(tickets_solved), sum(contacts_inbound), sum(ratings)"
        " from published.kpi_daily"
    )
    without = world.rows(
        "select sum(tickets_created), sum(tickets_solved), sum(contacts_inbound), sum(ratings)"
        " from published.kpi_overview_daily"
    )
    facts = world.rows(
        "select (select count(*) from published.fct_tickets where in_p2),"
        " (select count(*) from published.fct_tickets where in_p5),"
        " (select count(*) from published.fct_contacts),"
        " (select count(*) from published.fct_surveys where is_answered)"
    )
    assert totals == without == facts


def test_a_row_of_the_wide_table_never_mixes_anchors(world: KpiWorld) -> None:
    columns = {name for (name,) in world.rows(
        "select column_name from information_schema.columns where table_name = 'kpi_daily'"
    )}  # fmt: skip
    measures = {m.name: m.event for kpi in world.kpis for m in kpi.measures if m.name in columns}
    assert len(measures) > 50
    for name, event in measures.items():
        anchors = world.rows(
            f"select distinct anchor from published.kpi_daily where {name} is not null"
        )
        assert anchors in ([], [(event,)])


def test_a_chinese_twin_has_the_same_rows_with_translated_members(world: KpiWorld) -> None:
    for dataset in DATASETS:
        here, there = (
            world.rows(f"select count(*) from published.{name}")
            for name in (dataset, f"{dataset}_zh")
        )
        assert here == there
    channels = {name for (name,) in world.rows(
        "select distinct channel from published.kpi_overview_daily_zh"
    )}  # fmt: skip
    assert {"邮件", "在线聊天"} <= channels


def test_backlog_percentiles_rest_on_the_tickets_that_the_deltas_count(world: KpiWorld) -> None:
    differing = world.rows(
        "with unfolded as (select local_date, count(age_seconds) as tickets,"
        "   sum(age_seconds) as age"
        "   from published.fct_backlog_ticket_days group by all),"
        " counted as (select local_date, sum(open_tickets) as tickets,"
        "   sum(open_age_seconds_sum) as age from published.fct_backlog_snapshots group by all)"
        " select * from unfolded full outer join counted using (local_date)"
        " where unfolded.tickets is distinct from counted.tickets"
        "   or coalesce(unfolded.age, 0) is distinct from coalesce(counted.age, 0)"
    )
    assert differing == []


def test_no_dashboard_table_holds_a_person_or_a_text(world: KpiWorld) -> None:
    forbidden = {"customer_key", "customer_id", "requester_id", "agent_id", "agent_key", "subject",
                 "assignee_id", "closer_id", "submitter_id"}  # fmt: skip
    for dataset in DATASETS:
        columns = world.rows(
            "select column_name from information_schema.columns where table_name in (?, ?)",
            f"{dataset}_en", f"{dataset}_zh",
        )  # fmt: skip
        assert columns
        assert forbidden.isdisjoint({name for (name,) in columns})


def test_the_dictionary_pages_of_the_docs_are_up_to_date(world: KpiWorld, tmp_path: Path) -> None:
    for page in write_pages(tmp_path, world.kpis, load_manifest(world.settings)):
        committed = PROJECT_ROOT / "docs" / page.name
        renew = "python -m pipelines.transform.dictionary docs"
        assert committed.read_text("utf-8") == page.read_text("utf-8"), f"renew it: {renew}"


BREAKAGES = {
    "kpi_values_a_rate_has_no_more_hits_than_cases": (
        "update published.kpi_values set numerator = denominator + 1 where value_low is not null"
    ),
    "kpi_values_a_share_stays_under_one": (
        "update published.kpi_values set value_high = 1.5 where value_high is not null"
    ),
    "kpi_values_a_value_lies_inside_its_interval": (
        "update published.kpi_values set value = 2 where value_low is not null"
    ),
    "kpi_values_a_value_is_null_exactly_without_a_base": (
        "update published.kpi_values set value = 0 where denominator = 0"
    ),
    "load_health_accounts_balance": "update published.load_health set seen = seen + 1",
    "fct_open_intervals_have_at_least_one_day": (
        "update published.fct_open_intervals set to_date = from_date"
    ),
}

BROKEN_RULES = {
    "ratings_satisfied is at most ratings": (
        "update published.kpi_daily set ratings_satisfied = ratings + 1 where ratings is not null"
    ),
    "n is never null": "update published.kpi_values set n = null where grain = 'shop'",
    "grain is one of the accepted values": (
        "update published.kpi_values set grain = 'planet' where grain = 'shop'"
    ),
    "kpi_id, period_type, period_start, grain, unit_value is unique": (
        "insert into published.kpi_values from published.kpi_values limit 1"
    ),
    "contact_key is unique": "insert into published.fct_contacts from published.fct_contacts",
}


@pytest.mark.parametrize("test_name", sorted(BREAKAGES))
def test_a_data_test_fires_on_rows_that_break_its_rule(
    world: KpiWorld, tmp_path: Path, test_name: str
) -> None:
    compiled = world.settings.paths.dbt_target / "compiled"
    (path,) = compiled.rglob(f"{test_name}.sql")
    file = tmp_path / "helpmart.duckdb"
    shutil.copyfile(world.settings.paths.serving_file, file)
    with duckdb.connect(str(file)) as connection:
        assert connection.execute(path.read_text("utf-8")).fetchall() == []
        connection.execute(BREAKAGES[test_name])
        assert connection.execute(path.read_text("utf-8")).fetchall() != []


@pytest.mark.parametrize("rule", sorted(BROKEN_RULES))
def test_the_test_of_a_table_names_exactly_the_rule_that_is_broken(
    world: KpiWorld, tmp_path: Path, rule: str
) -> None:
    table = BROKEN_RULES[rule].split("published.")[1].split()[0]
    compiled = world.settings.paths.dbt_target / "compiled"
    (path,) = compiled.rglob(f"{table}_columns_hold.sql")
    file = tmp_path / "helpmart.duckdb"
    shutil.copyfile(world.settings.paths.serving_file, file)
    with duckdb.connect(str(file)) as connection:
        assert connection.execute(path.read_text("utf-8")).fetchall() == []
        connection.execute(BROKEN_RULES[rule])
        assert [row[0] for row in connection.execute(path.read_text("utf-8")).fetchall()] == [rule]
