"""The import tree: the same for equal input, whole in both languages, and free of own SQL."""

from __future__ import annotations

import csv
import json
from typing import Any

import duckdb
import yaml

from pipelines.dashboards.bundle import generate
from pipelines.dashboards.colours import GREY
from pipelines.dashboards.exposures import EXPOSURES_FILE, exposures_text
from pipelines.dashboards.kinds.base import params_of
from pipelines.dashboards.layout import AUTO_PERIOD
from pipelines.dashboards.made_columns import ORDER_SPACE
from pipelines.dashboards.spec import Dashboard, load_dashboards
from pipelines.dashboards.words import LANGUAGES
from pipelines.settings import PROJECT_ROOT, Settings
from tests.unit.dashboard_worlds import (
    CHANNEL,
    METRICS,
    PERIOD,
    dashboard,
    dataset,
    datasets,
    metric,
    number,
    records,
    series,
)


def tree(settings: Settings, *boards: Dashboard) -> dict[str, Any]:
    files = generate(settings, boards, datasets())
    return {name: yaml.safe_load(text) for name, text in files.items()}


def test_equal_input_gives_equal_bytes(settings: Settings) -> None:
    board = dashboard(number(), series(), records())
    assert generate(settings, [board], datasets()) == generate(settings, [board], datasets())


def test_every_object_has_an_identifier_of_its_own_that_lasts(settings: Settings) -> None:
    files = tree(settings, dashboard(number(), series()))
    found = [document["uuid"] for name, document in files.items() if name != "metadata.yaml"]
    assert len(found) == len(set(found)) == 13
    assert files["dashboards/board.yaml"]["uuid"] == "c71ef4b0-1e3b-5f2d-b605-3c04a2edb4a8"


def test_each_language_reads_its_own_view_and_speaks_its_own_words(settings: Settings) -> None:
    files = tree(settings, dashboard(number()))
    english, chinese = (files[f"charts/{slug}/created.yaml"] for slug in ("board", "board-zh"))
    assert english["slice_name"] == "tickets created"
    assert chinese["slice_name"] == "tickets_created指标"
    assert chinese["dataset_uuid"] == files["datasets/published/daily_zh.yaml"]["uuid"]
    assert chinese["description"] == "tickets_created指标：它的含义。"


def test_a_calculated_column_can_be_compared(settings: Settings) -> None:
    text = {"en": "n", "zh": "n"}
    late = {"type": "BOOLEAN", "expression": "n > 3 and n < 9", "label": text}
    files = {
        name: yaml.safe_load(text)
        for name, text in generate(
            settings, [dashboard(records())], datasets(calculated={"is_late": late})
        ).items()
    }
    (column,) = (
        column
        for column in files["datasets/published/daily_en.yaml"]["columns"]
        if column["column_name"] == "is_late"
    )
    asked = (
        f"select count(*) from (values (2), (5), (9)) as t (n) where {column['expression']} = true"
    )
    assert duckdb.sql(asked).fetchall() == [(1,)]


def test_a_table_may_differ_by_language_in_its_headings_alone(settings: Settings) -> None:
    files = generate(settings, [dashboard(records())], datasets(twin="headings"))
    documents = {name: yaml.safe_load(text) for name, text in files.items()}
    for slug, table in (("board", "daily"), ("board-zh", "daily_zh")):
        read = documents[f"datasets/published/{table}.yaml"]
        assert documents[f"charts/{slug}/rows.yaml"]["dataset_uuid"] == read["uuid"]
    assert "datasets/published/daily_en.yaml" not in documents


def test_every_chart_stands_in_the_layout_and_can_be_asked_by_rest(settings: Settings) -> None:
    files = tree(settings, dashboard(number(), series(), records()))
    position = files["dashboards/board.yaml"]["position"]
    placed = {
        node["meta"]["uuid"]
        for node in position.values()
        if isinstance(node, dict) and node["type"] == "CHART"
    }
    charts = [text for name, text in files.items() if name.startswith("charts/board/")]
    assert placed == {chart["uuid"] for chart in charts}
    for chart in charts:
        (query,) = json.loads(chart["query_context"])["queries"]
        assert query["metrics"] or query["columns"]


def test_layout_nodes_know_their_parents_and_children(settings: Settings) -> None:
    position = tree(settings, dashboard(number(), series()))["dashboards/board.yaml"]["position"]
    nodes = {key: node for key, node in position.items() if isinstance(node, dict)}
    for key, node in nodes.items():
        for child in node.get("children", []):
            assert nodes[child]["parents"][-1] == key


def test_charts_name_metrics_and_never_write_them(settings: Settings) -> None:
    for name, document in tree(settings, dashboard(number(), series(), records())).items():
        if name.startswith("charts/"):
            params = document["params"]
            named = [*params.get("metrics", []), params.get("metric", "")]
            assert all(isinstance(metric, str) for metric in named)


def test_a_duration_is_words_as_a_figure_and_hours_on_an_axis() -> None:
    board = dashboard(
        number(metric="resolution_time", time="solved_date"),
        series(metrics=["resolution_time"], time="solved_date"),
    )
    _state, figure, line = board.charts()
    figure, line = (params_of(chart, dataset()) for chart in (figure, line))
    assert figure["metric"] == "resolution_time"
    assert figure["y_axis_format"] == "DURATION"
    assert line["metrics"] == ["resolution_time_hours"]
    assert dataset().metrics["resolution_time_hours"].expression.endswith("/ 3600.0")


def test_short_durations_are_minutes_on_an_axis() -> None:
    board = dashboard(
        series(metrics=["resolution_time"], time="solved_date", in_minutes=True),
    )
    _state, line = board.charts()
    params = params_of(line, dataset())
    assert params["metrics"] == ["resolution_time_minutes"]
    assert params["y_axis_title"] == "minutes"
    assert dataset().metrics["resolution_time_minutes"].expression.endswith("/ 60.0")


def test_a_change_is_coloured_by_the_direction_of_good() -> None:
    def colours(metric: str, time: str = "local_date") -> tuple[bool, str]:
        _state, chart = dashboard(number(metric=metric, time=time)).charts()
        params = params_of(chart, dataset())
        return params["comparison_color_enabled"], params["comparison_color_scheme"]

    assert colours("tickets_created") == (True, "Green")
    assert colours("reopen_rate") == (True, "Red")


def test_filters_leave_out_the_charts_that_they_cannot_reach(settings: Settings) -> None:
    board = dashboard(number(), records(), filters=[PERIOD, CHANNEL])
    metadata = tree(settings, board)["dashboards/board.yaml"]["metadata"]
    period, channel = metadata["native_filter_configuration"]
    assert period["scope"]["excluded"] == [1, 3]
    assert channel["scope"]["excluded"] == [1]
    assert period["defaultDataMask"]["filterState"]["value"] == AUTO_PERIOD


def test_a_choice_of_one_opens_on_its_member_and_cannot_be_cleared(settings: Settings) -> None:
    one = CHANNEL | {"one": {"en": "Chat", "zh": "聊天"}}
    files = tree(settings, dashboard(number(), filters=[CHANNEL]), dashboard(
        number(), slug="choice", filters=[one]
    ))  # fmt: skip
    many, chat, chinese = (
        files[f"dashboards/{name}.yaml"]["metadata"]["native_filter_configuration"][0]
        for name in ("board", "choice", "choice-zh")
    )
    assert many["controlValues"]["multiSelect"]
    assert not chat["controlValues"]["multiSelect"]
    assert chat["controlValues"]["enableEmptyFilter"]
    asked = {"filters": [{"col": "channel", "op": "IN", "val": ["Chat"]}]}
    assert chat["defaultDataMask"]["extraFormData"] == asked
    assert chinese["defaultDataMask"]["filterState"]["value"] == ["聊天"]


def test_no_database_of_the_bundle_can_be_written(settings: Settings) -> None:
    files = tree(settings, dashboard(number()))
    for key in ("published", "health"):
        database = files[f"databases/{key}.yaml"]
        assert not any(database[name] for name in ("allow_dml", "allow_ctas", "allow_cvas"))
        assert database["sqlalchemy_uri"].startswith("duckdb:////")


def test_the_service_overview_has_at_least_twelve_charts_on_tabs() -> None:
    board = {each.slug: each for each in load_dashboards()}["service-overview"]
    assert len(list(board.charts())) >= 12
    assert len(board.tabs) >= 4
    assert {board.slug_of(language) for language in LANGUAGES} == {
        "service-overview",
        "service-overview-zh",
    }


def test_age_groups_are_those_of_the_seed_in_its_order() -> None:
    board = {each.slug: each for each in load_dashboards()}["service-overview"]
    (chart,) = [chart for chart in board.charts() if chart.id == "backlog_by_age"]
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "age_buckets.csv").open(
        encoding="utf-8"
    ) as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["age_bucket_no"]))
    assert [(member.en, member.zh) for member in chart.members] == [
        (row["age_bucket"], row["name_zh"]) for row in rows
    ]
    spaces = [label.count(ORDER_SPACE) for label in chart.ordered_labels("en")]
    assert spaces == [6 - number for number in range(1, 7)]


def test_series_that_share_a_chart_keep_their_colours(settings: Settings) -> None:
    board = dashboard(series(metrics=["tickets_created", "tickets_solved"]))
    solved = metric("tickets_solved")
    known = datasets(metrics=(*METRICS, solved))
    files = generate(settings, [board], known)
    for slug, first in (("board", "tickets created"), ("board-zh", "tickets_created指标")):
        colours = yaml.safe_load(files[f"dashboards/{slug}.yaml"])["metadata"]["label_colors"]
        assert colours[first] == "#1f5eff"
        assert set(colours.values()) == {"#1f5eff", "#f28c28", GREY}  # grey: in progress


def test_the_exposures_are_in_step_with_the_dashboards() -> None:
    assert EXPOSURES_FILE.read_text(encoding="utf-8") == exposures_text(), (
        "run `python -m pipelines.dashboards.exposures`"
    )
