"""Explain this number: the records behind a cell add up to it, each with one role and reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import HelpmartError
from pipelines.settings import Settings
from pipelines.transform.explain import Explained, explain
from tests.integration.company_world import CompanyWorld

pytestmark = pytest.mark.xdist_group("company")

# A member of each grain by the view's column; a snapshot counts on its period's last day only.
CELLS = """
with members as (
    select kpi_id, part, local_date, is_snapshot, role, numerator_part, denominator_part,
        as_of_date, unnest([
            {'grain': 'total', 'member': 'total'},
            {'grain': 'channel', 'member': channel},
            {'grain': 'team', 'member': team},
            {'grain': 'shop', 'member': shop},
            {'grain': 'topic', 'member': topic},
            {'grain': 'queue', 'member': queue},
            {'grain': 'cause', 'member': cause}
        ], recursive := true)
    from chosen
),
dated as (
    select *, unnest([
        {'period_type': 'day', 'period_start': local_date, 'last': local_date},
        {
            'period_type': 'month',
            'period_start': date_trunc('month', local_date)::date,
            'last': (date_trunc('month', local_date) + interval 1 month)::date - 1
        }
    ], recursive := true)
    from members
    where member is not null
)
select kpi_id, part, period_type, period_start, grain, member as unit_value,
    sum(numerator_part) as top, sum(denominator_part) as whole, bool_or(is_snapshot) as is_snapshot,
    count(*) filter (where role = 'numerator') as in_numerator,
    count(*) filter (where role != 'excluded') as in_denominator
from dated
where not is_snapshot or local_date = least(last, as_of_date)
group by all
"""


@pytest.fixture(scope="module")
def explained(company: CompanyWorld, tmp_path_factory: Any) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every KPI's records of the whole company, taken once from the view."""
    file = company.settings.paths.serving_file
    with duckdb.connect(str(tmp_path_factory.mktemp("explained") / "chosen.duckdb")) as connection:
        connection.execute(f"attach '{file}' as helpmart (read_only)")
        connection.execute("use helpmart")
        views = connection.execute(
            "select view_name from duckdb_views() where starts_with(view_name, 'kpi_explained_')"
        ).fetchall()
        every = " union all ".join(f"from published.{name}" for (name,) in views)
        connection.execute(
            "create temporary table chosen as select explained.*, accounts.as_of_date"
            f" from ({every}) as explained left join published.dim_accounts as"
            " accounts using (source_system, account_id)"
        )
        connection.execute(f"create temporary table cells as {CELLS}")
        yield connection


def test_the_records_of_each_ratio_add_up_to_its_cell(
    explained: duckdb.DuckDBPyConnection,
) -> None:
    compared, differing = explained.execute(
        """
        select count(*), list(distinct cells.kpi_id) filter (
            abs(coalesce(values.numerator, 0) - coalesce(cells.top, 0)) > 1e-6
            or abs(coalesce(values.denominator, 0) - coalesce(cells.whole, 0)) > 1e-6
            -- A row of a snapshot is as many tickets as were alike then, a file many records.
            or (
                values.standard_error is null and values.value_low is not null and not is_snapshot
                and dictionary.definition not like '%"fct_load_files"%'
                and (
                    values.numerator != cells.in_numerator
                    or values.denominator != cells.in_denominator
                )
            )
        )
        from cells
        inner join published.kpi_values as values using
            (kpi_id, period_type, period_start, grain, unit_value)
        inner join published.kpi_dictionary as dictionary using (kpi_id)
        -- Different people are fewer than their records.
        where cells.part = 'ratio' and dictionary.definition not like '%"count_distinct"%'
        """
    ).fetchone() or (0, None)
    print(f"{compared} cells of ratios equal the sums of their records")
    assert compared > 10_000
    assert not differing


def test_the_records_of_each_count_add_up_to_its_cell(
    explained: duckdb.DuckDBPyConnection,
) -> None:
    compared, differing = explained.execute(
        """
        select count(*), list(distinct cells.kpi_id) filter (
            abs(values.value - coalesce(cells.top, 0)) > 1e-6
        )
        from cells
        inner join published.kpi_values as values using
            (kpi_id, period_type, period_start, grain, unit_value)
        inner join published.kpi_dictionary as dictionary using (kpi_id)
        where dictionary.definition like '{"type": "simple"%'
            and regexp_matches(dictionary.definition, '"agg": "(sum|count)"')
        """
    ).fetchone() or (0, None)
    print(f"{compared} cells of counts equal the sums of their records")
    assert compared > 1_000
    assert not differing


def test_no_value_of_a_ratio_lacks_records(explained: duckdb.DuckDBPyConnection) -> None:
    missing = explained.execute(
        """
        select distinct kpi_id
        from published.kpi_values as values
        anti join cells using (kpi_id, period_type, period_start, grain, unit_value)
        where period_type in ('day', 'month') and denominator > 0
            and grain in ('total', 'channel', 'team', 'shop', 'topic', 'queue', 'cause')
            and kpi_id in (select kpi_id from chosen where part = 'ratio')
        """
    ).fetchall()
    assert missing == []


def test_what_is_left_out_adds_nothing(explained: duckdb.DuckDBPyConnection) -> None:
    adding = explained.execute(
        "select distinct kpi_id from chosen where role = 'excluded'"
        " and (coalesce(numerator_part, 0) != 0 or coalesce(denominator_part, 0) != 0)"
    ).fetchall()
    assert adding == []


def test_every_record_that_counts_no_further_has_one_named_reason(
    explained: duckdb.DuckDBPyConnection,
) -> None:
    unnamed = explained.execute(
        """
        select distinct kpi_id, reason
        from chosen
        where (role = 'numerator') != (reason is null) or (
            reason is not null and reason not in (
                select member from published.dim_labels where kind = 'exclusion_reason'
            )
        )
        """
    ).fetchall()
    assert unnamed == []


def ask(company: CompanyWorld, *arguments: Any, **options: Any) -> Explained:
    return explain(company.readable(), *arguments, **options)


def test_a_cell_comes_with_its_records_and_their_reasons(company: CompanyWorld) -> None:
    found = ask(company, "resolution_rate", period="2026-08", by="channel=email")
    assert found.cell is not None
    counted = {row["role"]: 0 for row in found.counts}
    for row in found.counts:
        counted[row["role"]] += row["records"]
    assert counted["numerator"] == found.cell["numerator"]
    assert counted["numerator"] + counted["denominator_only"] == found.cell["denominator"]
    assert len(found.records) == sum(counted.values())
    assert all(row["reason"] for row in found.records if row["role"] != "numerator")


def test_only_records_of_one_role_and_at_most_so_many(company: CompanyWorld) -> None:
    found = ask(company, "unreplied_rate", period="2026-Q3", role="denominator_only", limit=3)
    assert [row["role"] for row in found.records] == ["denominator_only"] * 3
    assert {row["role"] for row in found.counts} > {"denominator_only"}


def test_a_backlog_is_explained_by_the_tickets_of_its_last_day(company: CompanyWorld) -> None:
    found = ask(company, "backlog_age_p50", period="2026-09")
    assert found.cell is not None
    assert {row["local_date"].isoformat() for row in found.records} == {"2026-09-30"}
    counted = [row for row in found.records if row["role"] == "numerator"]
    assert len(counted) == found.cell["n"]


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"period": "September"}, "2026-W37"),
        ({"period": "2026-13"}, "month must be"),
        ({"period": "2026-09", "by": "chanel=chat"}, "channel"),
        ({"period": "2026-09", "by": "channel"}, "channel=<member>"),
        ({"period": "2026-09", "role": "others"}, "denominator_only"),
    ],
)
def test_what_cannot_be_explained_is_refused_with_a_hint(
    company: CompanyWorld, options: dict[str, str], hint: str
) -> None:
    with pytest.raises(HelpmartError) as caught:
        ask(company, "resolution_rate", **options)
    assert hint in str(caught.value)


def test_the_command_prints_counts_and_records(company: CompanyWorld) -> None:
    home = ["--home", str(company.readable().home)]
    told = CliRunner().invoke(
        app, ["kpi", "explain", "resolution_rate", "--period", "2026-08", "--limit", "2", *home]
    )
    assert told.exit_code == 0, told.output
    assert "denominator_only" in told.output
    assert "numerator" in told.output


def test_a_file_without_a_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HelpmartError, match="no published build"):
        explain(Settings(home=tmp_path), "resolution_rate", period="2026-08")
