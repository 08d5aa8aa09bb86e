"""Changes of the small company: every split adds up, and the command splits as the tables do."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import HelpmartError
from pipelines.settings import Settings
from pipelines.transform.bridge import bridge
from tests.integration.company_world import CompanyWorld
from tests.reference.changes import EFFECTS
from tests.reference.changes import bridge as reference

pytestmark = pytest.mark.xdist_group("company")

CHECKED = ("csat_score", "first_response_time", "complaint_rate", "backlog_age", "resolution_rate")


@pytest.fixture(scope="module")
def readable(company: CompanyWorld, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The company's build as readers find it."""
    settings = Settings(home=tmp_path_factory.mktemp("changes"), quiet_seconds=0)
    folder = settings.paths.builds / "one"
    folder.mkdir(parents=True)
    shutil.copyfile(company.settings.paths.serving_file, folder / "helpmart.duckdb")
    settings.paths.current_link.symlink_to(folder)
    return settings


def test_every_split_of_every_kpi_adds_up(company: CompanyWorld) -> None:
    (found,) = company.published(
        """
        with sums as (
            select kpi_id, period_type, period_start, comparison, grain,
                sum(total_effect) as total_effect,
                sum(mix_effect + rate_effect + entry_effect + exit_effect) as parts,
                sum(share) as share, count(*) filter (where share is null) as counts
            from published.kpi_change_drivers
            group by all
        )
        select count(*) as splits, count(distinct kpi_id) as kpis,
            max(abs(changes.residual) / greatest(1, abs(value), abs(base_value))) as residual,
            max(abs(change - total_effect) / greatest(1, abs(value), abs(base_value))) as total,
            max(abs(coalesce(parts, total_effect) - total_effect)
                / greatest(1, abs(value), abs(base_value))) as parts,
            max(abs(share - 1)) as shares
        from published.kpi_changes as changes
        inner join sums using (kpi_id, period_type, period_start, comparison, grain)
        """
    )
    assert found["splits"] > 5_000
    assert found["kpis"] > 150
    for sum_of in ("residual", "total", "parts", "shares"):
        assert found[sum_of] < 1e-9, sum_of


def test_every_kpi_with_parts_that_add_up_has_a_split(company: CompanyWorld) -> None:
    """A quotient of the definitions whose cells have a base in two months is not left out."""
    missing = company.published(
        """
        select distinct cells.kpi_id, cells.grain
        from published.kpi_values as cells
        inner join published.kpi_dictionary as kinds using (kpi_id)
        inner join published.kpi_changes as changes
            on changes.kpi_id = cells.kpi_id and changes.grain = 'total'
            and changes.period_type = cells.period_type
            and changes.period_start = cells.period_start and changes.change is not null
        left join published.kpi_changes as splits
            on splits.kpi_id = cells.kpi_id and splits.grain = cells.grain
        where kinds.bridge_kind <> 'none' and cells.denominator > 0 and cells.grain <> 'total'
            and splits.kpi_id is null
        """
    )
    assert missing == []


@pytest.mark.parametrize("kpi_id", CHECKED)
def test_effects_equal_the_reference(company: CompanyWorld, kpi_id: str) -> None:
    rows = company.published(
        "select drivers.*, changes.value as total_value from published.kpi_change_drivers as"
        " drivers inner join published.kpi_changes as changes"
        " using (kpi_id, period_type, period_start, comparison, grain)"
        f" where kpi_id = '{kpi_id}' and period_type = 'month' and grain in ('channel', 'team')"
        " and member_kind = 'member'"
    )
    cells = company.cells[kpi_id]
    compared = 0
    for row in rows:
        month, base, grain = row["period_start"], row["base_period_start"], row["grain"]
        totals = [_sides(cells["month", start, "total", "total"]) for start in (base, month)]
        member = row["unit_value"]
        sides = [_sides(cells.get(("month", start, grain, member), {})) for start in (base, month)]
        expected = reference({member: sides[0]}, {member: sides[1]}, *totals)[member]
        for effect in EFFECTS:
            found = row[f"{effect}_effect"]
            assert found == pytest.approx(float(expected[effect]), rel=1e-9, abs=1e-9)
            compared += 1
    assert compared >= 40


def _sides(cell: dict[str, Any]) -> tuple[float, float]:
    return cell.get("numerator") or 0.0, cell.get("denominator") or 0.0


def test_any_two_periods_split_as_the_published_ones(
    company: CompanyWorld, readable: Settings
) -> None:
    published = company.published(
        "select grain, unit_value, mix_effect, rate_effect, total_effect"
        " from published.kpi_change_drivers where kpi_id = 'csat_score' and period_type = 'month'"
        " and period_start = date '2026-09-01' and comparison = 'previous'"
        " and member_kind <> 'other_members'"
    )
    asked = bridge(readable, "csat_score", base="2026-08", period="2026-09")
    members = {
        (split.grain, member["unit_value"]): member
        for split in asked.splits
        for member in split.members
    }
    assert len(published) > 10
    for row in published:
        member = members[row["grain"], row["unit_value"]]
        for effect in ("mix_effect", "rate_effect", "total_effect"):
            assert member[effect] == pytest.approx(row[effect])


def test_a_week_and_a_quarter_split_exactly_too(readable: Settings) -> None:
    found = bridge(readable, "first_response_time", base="2026-W37", period="2026-Q3")
    assert [split.grain for split in found.splits if split.grain != "agent"]
    assert all(abs(split.residual) < 1e-9 * found.value for split in found.splits)
    alone = bridge(readable, "first_response_time", base="2026-W37", period="2026-Q3", by="team")
    assert [split.grain for split in alone.splits] == ["team"]
    assert alone.change == found.change


@pytest.mark.parametrize(
    ("kpi_id", "base", "by"),
    [
        pytest.param("csat", "2026-08", None, id="an unknown KPI"),
        pytest.param("first_response_time_p90", "2026-08", None, id="a percentile"),
        pytest.param("csat_score", "August", None, id="no period"),
        pytest.param("csat_score", "2001-01", None, id="a period without a value"),
        pytest.param("csat_score", "2026-08", "planet", id="no dimension"),
    ],
)
def test_what_cannot_be_split_is_refused(
    readable: Settings, kpi_id: str, base: str, by: str | None
) -> None:
    with pytest.raises(HelpmartError):
        bridge(readable, kpi_id, base=base, period="2026-09", by=by)


@pytest.mark.parametrize("form", [["--json"], []])
def test_the_command_prints_the_split(readable: Settings, form: list[str]) -> None:
    asked = ["kpi", "bridge", "csat_score", "--from", "2026-08", "--to", "2026-09"]
    result = CliRunner().invoke(app, [*asked, "--home", str(readable.home), *form])
    assert result.exit_code == 0, result.output
    if form:
        answer = json.loads(result.output)
        assert {split["grain"] for split in answer["splits"]} >= {"channel", "team", "agent"}
    else:
        assert "mix_effect" in result.output
