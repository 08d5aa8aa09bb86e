"""Every rule of the dashboards' check fires, says where, and says what is known there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.dashboards.check import check_all
from pipelines.dashboards.dataset_specs import load_dataset_specs
from pipelines.dashboards.spec import Dashboard, load_dashboards
from pipelines.errors import HelpmartError
from pipelines.settings import Settings
from tests.unit.dashboard_worlds import (
    CHANNEL,
    TEXT,
    dashboard,
    datasets,
    number,
    records,
    series,
)


def findings(*boards: Dashboard, **choices: Any) -> str:
    return "\n".join(map(str, check_all(boards, datasets(**choices)).problems))


def test_a_sound_dashboard_has_no_findings() -> None:
    board = dashboard(number(), series(width=4), records(width=5), filters=[CHANNEL])
    report = check_all([board], datasets())
    assert not report.problems
    assert (report.dashboards, report.charts) == (2, 8)
    assert "every chart leads to a published column" in report.summary()


@pytest.mark.parametrize(
    ("chart", "finding"),
    [
        (number(dataset="dayly"), "there is no dataset dayly; did you mean daily?"),
        (number(metric="tickets_craeted"), "no metric tickets_craeted; did you mean"),
        (number(metric="SUM(tickets)"), "there is no metric SUM(tickets)"),
        (series(by="chanel"), "there is no column chanel; did you mean channel?"),
        (series(time="locale_date"), "there is no column locale_date"),
        (series(time="channel"), "channel is VARCHAR, not a date or a timestamp"),
        (series(metrics=["resolution_time"]), "counted by solved_date, not by local_date"),
        (series(metrics=["tickets_created", "reopen_rate"]), "units differ"),
        (records(title=None), "a chart without a metric needs a title"),
        (records(order_by="ages"), "there is no column ages"),
        (number(width=12), "a row is 15 columns wide, 12 fit"),
    ],
)
def test_a_chart_that_leads_nowhere_is_found(chart: dict[str, Any], finding: str) -> None:
    assert finding in findings(dashboard(chart, number(id="other")))


def test_a_finding_names_dashboard_chart_and_language() -> None:
    assert "dashboard board, chart created (zh): " in findings(dashboard(number(metric="x")))


def test_a_filter_on_an_unknown_column_is_found() -> None:
    board = dashboard(number(), filters=[CHANNEL | {"column": "canal"}])
    assert "filter Something: there is no column canal" in findings(board)


def test_a_filter_on_an_unknown_dataset_is_found() -> None:
    board = dashboard(number(), filters=[CHANNEL | {"dataset": "nightly"}])
    assert "there is no dataset nightly" in findings(board)


def test_a_chart_id_stands_once_on_a_dashboard() -> None:
    assert "chart created stands there 2 times" in findings(dashboard(number(), number()))


def test_two_dashboards_cannot_share_a_slug() -> None:
    assert "dashboard board-zh: the slug is used 2 times" in findings(
        dashboard(number()), dashboard(number())
    )


def test_a_dataset_that_dbt_does_not_publish_is_found() -> None:
    assert "dataset daily_zh: dbt publishes no such table" in findings(columns={})


def test_a_label_for_an_unknown_column_is_found() -> None:
    assert "there is no labelled column shops" in findings(labels={"shops": TEXT})


@pytest.mark.parametrize(
    ("time", "finding"), [("day", "no time column day"), ("channel", "is VARCHAR, not a date")]
)
def test_a_dataset_needs_a_published_date_as_its_time(time: str, finding: str) -> None:
    assert finding in findings(time=time)


def test_findings_are_raised_as_one_readable_error() -> None:
    report = check_all([dashboard(number(metric="x"))], datasets())
    with pytest.raises(HelpmartError, match="do not fit the published data") as caught:
        report.raise_on_problems()
    assert "helpmart dashboards check" in caught.value.remedy


def test_a_chart_cannot_carry_an_expression_of_its_own(tmp_path) -> None:
    folder = tmp_path / "dashboards"
    folder.mkdir()
    (folder / "own.yml").write_text(
        "slug: own\ntitle: {en: A, zh: 甲}\ndescription: {en: A, zh: 甲}\nowner: me\nfilters: []\n"
        "tabs:\n  - id: one\n    title: {en: A, zh: 甲}\n    rows:\n      - height: 9\n"
        "        cells:\n          - {kind: number, id: n, dataset: d, metric: m, time: t,"
        " width: 3, expression: sum(1)}\n",
        encoding="utf-8",
    )
    with pytest.raises(HelpmartError) as caught:
        load_dashboards(tmp_path)
    assert "expression: Extra inputs are not permitted" in caught.value.why
    assert caught.value.where.endswith("own.yml")


def write_datasets(folder: Path, name: str, text: str) -> None:
    (folder / "datasets").mkdir(exist_ok=True)
    (folder / "datasets" / name).write_text(text, encoding="utf-8")


def test_a_misspelt_key_of_a_dataset_is_refused(tmp_path: Path) -> None:
    write_datasets(tmp_path, "a.yml", "datasets: {daily: {twin: true, lables: {}}}")
    with pytest.raises(HelpmartError, match="list of datasets") as caught:
        load_dataset_specs(tmp_path)
    assert "lables" in caught.value.why


def test_a_dataset_stands_in_one_file(tmp_path: Path) -> None:
    for name in ("a.yml", "b.yml"):
        write_datasets(tmp_path, name, "datasets: {daily: {twin: true}}")
    with pytest.raises(HelpmartError, match="list of datasets") as caught:
        load_dataset_specs(tmp_path)
    assert "daily stands in another file too" in caught.value.why


def test_the_command_lists_every_finding_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from pipelines.cli import app
    from pipelines.dashboards import check as module

    charts = [number(id=f"n{each}", metric=f"unknown_{each}") for each in range(7)]
    report = check_all([dashboard(*charts)], datasets())
    monkeypatch.setattr(module, "check", lambda _settings: report)
    outcome = CliRunner().invoke(app, ["dashboards", "check"])
    assert all(f"unknown_{each}" in outcome.output for each in range(7))
    assert isinstance(outcome.exception, HelpmartError)


def test_the_check_finds_who_would_see_rows_of_others(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.dashboards import check as module

    monkeypatch.setattr(module, "load_dashboards", lambda: [dashboard(number())])
    monkeypatch.setattr(module, "load_datasets", lambda _settings: datasets())
    seen = settings.model_copy(update={"wall_screen": ("nowhere",)})
    found = [str(problem) for problem in module.check(seen).problems]
    assert any("there is no dashboard nowhere" in each for each in found)
