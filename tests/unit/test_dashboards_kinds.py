"""Every kind of chart becomes a chart of Superset, asks for what it shows and takes no formula."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
import yaml
from pydantic import ValidationError

from pipelines.dashboards.bundle import generate
from pipelines.dashboards.check import check_all
from pipelines.dashboards.colours import GREY
from pipelines.dashboards.kinds.base import Chart, params_of, query_context_of
from pipelines.dashboards.kinds.levels import BAD_TINT, FAIR_TINT, GOOD_TINT, Levels
from pipelines.dashboards.made_columns import in_order
from pipelines.dashboards.spec import Cell, Note
from pipelines.dashboards.titles import is_cut
from pipelines.settings import Settings
from tests.unit.dashboard_worlds import METRICS, TEXT, dashboard, dataset, datasets, metric

COLUMNS = {
    "local_date": "DATE",
    "channel": "VARCHAR",
    "team": "VARCHAR",
    "cause": "VARCHAR",
    "cause_no": "INTEGER",
    "value": "DOUBLE",
    "value_low": "DOUBLE",
    "value_high": "DOUBLE",
    "is_partial": "BOOLEAN",
    "started_at": "TIMESTAMP",
    "ended_at": "TIMESTAMP",
}
VALUE = {"column": "value", "aggregate": "max", "unit": "rate", "direction": "down", "label": TEXT}
WORLD: dict[str, Any] = {
    "columns": COLUMNS,
    "metrics": (*METRICS[:2], metric("tickets_solved"), metric("csat_score", unit="rate")),
    "keys": ["channel"],
    "labels": dict.fromkeys(COLUMNS, TEXT),
    "ordered": {"cause": {"by": "cause_no", "most": 9}},
    "measures": {"value": VALUE | {"low": "value_low", "high": "value_high"}},
}
DAY = {"time": "local_date"}
CHANNEL = {"where": {"channel": "chat"}}
RATES = ["reopen_rate", "csat_score", "value"]

CHARTS: dict[str, tuple[dict[str, Any], str]] = {
    "band": ({"metric": "value", "grain": "week", **DAY, **CHANNEL}, "echarts_timeseries_line"),
    "banner": ({"column": {"en": "channel", "zh": "channel"}}, "table"),
    "box": ({"metric": "csat_score", "by": "channel", **DAY}, "box_plot"),
    "bullet": (
        {"metric": "value", "marks": ["csat_score"], "by": "channel", **DAY},
        "mixed_timeseries",
    ),
    "calendar": ({"metric": "tickets_created", **DAY}, "heatmap_v2"),
    "funnel": ({"metric": "tickets_created", "by": "channel", **DAY}, "funnel"),
    "gauge": (
        {"metric": "value", "high": 1, "levels": {"good": 0.1, "fair": 0.2}, **CHANNEL},
        "gauge_chart",
    ),
    "heatmap": ({"metric": "tickets_created", "x": "channel", "y": "team", **DAY}, "heatmap_v2"),
    "histogram": (
        {"metric": "tickets_created", "bins": "cause_in_order", **DAY},
        "echarts_timeseries_bar",
    ),
    "latest": ({"metric": "value", **CHANNEL}, "big_number_total"),
    "marked": (
        {
            "metrics": ["tickets_created"],
            "mark": "tickets_solved",
            "names": "channel",
            "grain": "day",
            **DAY,
        },
        "mixed_timeseries",
    ),
    "mixed": (
        {"bars": ["tickets_created"], "lines": ["csat_score"], "grain": "week", **DAY},
        "mixed_timeseries",
    ),
    "number": ({"metric": "tickets_created", **DAY}, "pop_kpi"),
    "pareto": (
        {"metric": "tickets_created", "share": "csat_score", "by": "cause_in_order", **DAY},
        "mixed_timeseries",
    ),
    "pivot": ({"rows": ["channel"], "columns": ["team"], "metrics": ["value"]}, "pivot_table_v2"),
    "radar": ({"metrics": RATES, "by": "channel", "most": 1, **DAY}, "radar"),
    "ranking": ({"metrics": ["csat_score"], "by": "channel", **DAY}, "echarts_timeseries_bar"),
    "records": ({"columns": ["channel", "value"], "order_by": "value", "search": True}, "table"),
    "sankey": (
        {"metric": "tickets_created", "source": "team", "target": "channel"} | DAY,
        "sankey_v2",
    ),
    "scatter": (
        {"by": "team", "x": "tickets_created", "y": "csat_score", "size": "tickets_solved", **DAY},
        "bubble_v2",
    ),
    "sentences": ({"column": "cause", "order_by": "cause_no"}, "table"),
    "series": ({"metrics": ["csat_score"], "grain": "week", **DAY}, "echarts_timeseries_line"),
    "summary": ({"by": ["channel"], "metrics": RATES, **DAY}, "table"),
    "timeline": (
        {"start": "started_at", "end": "ended_at", "lane": "channel", "colour": "team"},
        "gantt_chart",
    ),
    "tree": ({"node": "channel", "parent": "team", "name": "channel", "root": "all"}, "tree_chart"),
    "treemap": ({"metric": "tickets_created", "by": ["team", "channel"], **DAY}, "treemap_v2"),
    "trend": ({"metric": "value", "grain": "month", **DAY, **CHANNEL}, "big_number"),
    "waterfall": ({"metric": "tickets_created", "by": "cause_in_order", **DAY}, "waterfall"),
}


def cell(kind: str, **more: Any) -> dict[str, Any]:
    shared = {"kind": kind, "id": kind, "dataset": "daily", "width": 12, "title": TEXT}
    return shared | CHARTS[kind][0] | more


def built(kind: str, language: Any = "en", **more: Any) -> tuple[Chart, dict[str, Any]]:
    _state, chart = dashboard(cell(kind, **more)).charts()
    return chart, params_of(chart, dataset(language=language, **WORLD))


def test_every_kind_is_tried_here() -> None:
    kinds = {
        get_args(each.model_fields["kind"].annotation)[0] for each in get_args(get_args(Cell)[0])
    }
    assert kinds - {get_args(Note.model_fields["kind"].annotation)[0]} == set(CHARTS)


@pytest.mark.parametrize("kind", CHARTS)
def test_a_kind_is_sound_and_drawn_by_its_chart_of_superset(kind: str) -> None:
    report = check_all([dashboard(cell(kind))], datasets(**WORLD))
    assert not report.problems
    assert built(kind)[1]["viz_type"] == CHARTS[kind][1]


@pytest.mark.parametrize("kind", CHARTS)
def test_a_kind_stores_the_query_of_what_it_shows(kind: str) -> None:
    chart, params = built(kind)
    queries = query_context_of(chart, params, dataset(**WORLD))["queries"]
    asked = {name for query in queries for name in (query["metrics"] or [])}
    known = dataset(**WORLD).metrics
    assert asked <= known.keys()
    assert set(chart.metric_names) <= asked
    assert all(query["metrics"] or query["columns"] for query in queries)


@pytest.mark.parametrize("kind", sorted(set(CHARTS) - {"banner", "latest"}))
def test_a_kind_refuses_a_name_that_nothing_has(kind: str) -> None:
    wrong = {
        key: [f"{name}_x" for name in value] if isinstance(value, list) else f"{value}_x"
        for key, value in CHARTS[kind][0].items()
        if key in {"metric", "metrics", "columns", "column", "bars", "x", "node", "lane"}
    }
    assert wrong
    report = check_all([dashboard(cell(kind, **wrong))], datasets(**WORLD))
    assert any("there is no" in problem.what for problem in report.problems)


def test_levels_colour_by_the_direction_of_good() -> None:
    def colours(levels: Levels) -> list[tuple[str, str]]:
        return [(rule["operator"], rule["colorScheme"]) for rule in levels.rules("value")]

    assert colours(Levels(good=0.9, fair=0.8)) == [
        ("≥", GOOD_TINT),
        ("≤ x <", FAIR_TINT),
        ("<", BAD_TINT),
    ]
    assert colours(Levels(good=0.1, fair=0.2)) == [
        ("≤", GOOD_TINT),
        ("< x ≤", FAIR_TINT),
        (">", BAD_TINT),
    ]


def test_a_gauge_and_a_waterfall_know_that_less_is_better() -> None:
    assert built("gauge")[1]["interval_color_indices"] == "3,2,1"
    rising = {"levels": {"good": 0.9, "fair": 0.8}}
    assert built("gauge", **rising)[1]["interval_color_indices"] == "1,2,3"
    fall = built("waterfall", metric="reopen_rate")[1]
    rise = built("waterfall")[1]
    assert fall["increase_color"] == rise["decrease_color"] != rise["increase_color"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_ordered_column_sorts_as_its_number_says(language: str) -> None:
    import duckdb

    expression = dataset(**WORLD).calculated["cause_in_order"].sql("en")
    members = [("alpha", 3), ("退款", 1), ("1 day", 2), ("Ωmega", 4)]
    rows = ", ".join(f"('{name}', {number})" for name, number in members)
    found = duckdb.sql(
        f"select {expression} as shown from (values {rows}) as t (cause, cause_no) order by shown"
    ).fetchall()
    assert [name.lstrip("\u200a\u200b") for (name,) in found] == ["退款", "1 day", "alpha", "Ωmega"]
    written = in_order([name for name, _ in sorted(members, key=lambda each: each[1])])
    assert written == sorted(written)


def test_a_day_knows_its_week_and_weekday_in_both_languages() -> None:
    import duckdb

    for language, shown in (("en", "Mon"), ("zh", "周一")):
        made = dataset(language=language, **WORLD).calculated
        asked = ", ".join(
            made[name].sql(language) for name in ("calendar_week", "calendar_weekday")
        )
        ((week, weekday),) = duckdb.sql(
            f"select {asked} from (select date '2026-10-19' as local_date)"
        ).fetchall()
        assert (str(week), weekday.lstrip("\u200a\u200b")) == ("2026-10-19", shown)


def test_a_period_in_progress_stands_apart_and_grey(settings: Settings) -> None:
    board = dashboard(cell("series", marks_progress=True))
    files = generate(settings, [board], datasets(**WORLD))
    chart = yaml.safe_load(files["charts/board/series.yaml"])
    assert chart["params"]["groupby"] == ["period_state"]
    colours = yaml.safe_load(files["dashboards/board-zh.yaml"])["metadata"]["label_colors"]
    assert colours["进行中"] != colours["已完成"]


def test_a_band_is_the_measure_with_its_interval() -> None:
    _chart, params = built("band")
    assert params["metrics"][0] == "value"
    expressions = {name: dataset(**WORLD).metrics[name].expression for name in params["metrics"]}
    assert expressions == {
        "value": "max(value)",
        "value__yhat": "max(value)",
        "value__yhat_lower": "max(value_low)",
        "value__yhat_upper": "max(value_high)",
    }


def test_a_click_on_a_member_reaches_the_charts_that_have_it(settings: Settings) -> None:
    board = dashboard(cell("ranking"), cell("number"), cell("trend"))
    files = generate(settings, [board], datasets(**WORLD))
    metadata = yaml.safe_load(files["dashboards/board.yaml"])["metadata"]
    scopes = {
        key: each["crossFilters"]["scope"]["excluded"]
        for key, each in metadata["chart_configuration"].items()
    }
    assert metadata["cross_filters_enabled"]
    assert scopes["2"] == [1, 2]  # the line on the state of the data, and itself
    assert scopes["3"] == [1, 2, 3, 4]  # a figure has no members


def test_an_empty_chart_says_why_in_its_language(settings: Settings) -> None:
    board = dashboard(cell("number", empty={"en": 'No "chats" yet.', "zh": "还没有聊天。"}))
    files = generate(settings, [board], datasets(**WORLD))
    english, chinese = (
        yaml.safe_load(files[f"dashboards/{slug}.yaml"])["css"] for slug in ("board", "board-zh")
    )
    assert r'content: "No \"chats\" yet."' in english
    assert "Nothing was counted" in english
    assert "还没有聊天。" in chinese
    assert "所选时间范围" in chinese
    assert "$" not in english


@pytest.mark.parametrize(
    ("title", "cut"),
    [("Reopen rate", False), ("客户满意度", False), ("Customers who came back in a week", True)],
)
def test_a_title_fits_its_chart_or_is_found(title: str, cut: bool) -> None:
    chosen = cell("number", width=3, title={"en": title, "zh": title})
    (_state, chart) = dashboard(chosen).charts()
    assert is_cut(chart, title) is cut
    found = [each.what for each in check_all([dashboard(chosen)], datasets(**WORLD)).problems]
    assert any("would be cut" in what for what in found) is cut


def test_a_status_is_coloured_by_its_name_in_the_language_of_the_page() -> None:
    colours = {"channel": {"good": [{"en": "met", "zh": "达成"}], "bad": ["missed"]}}
    rules = built("records", "zh", colours=colours)[1]["conditional_formatting"]
    assert [(rule["targetValue"], rule["colorScheme"]) for rule in rules] == [
        ("达成", GOOD_TINT),
        ("missed", BAD_TINT),
    ]


@pytest.mark.parametrize("kind", ["pareto"])
def test_a_running_share_needs_bars_in_order(kind: str) -> None:
    with pytest.raises(ValidationError, match="by"):
        dashboard(cell(kind, by="cause"))


def test_the_stored_query_is_json(settings: Settings) -> None:
    files = generate(settings, [dashboard(*map(cell, CHARTS))], datasets(**WORLD))
    stored = [text for name, text in files.items() if name.startswith("charts/board/")]
    assert len(stored) == len(CHARTS) + 1
    for text in stored:
        assert json.loads(yaml.safe_load(text)["query_context"])["queries"]


def test_days_to_remember_are_shaded_to_the_top_behind_the_lines_and_named() -> None:
    chart, params = built("marked")
    assert (params["seriesType"], params["seriesTypeB"]) == ("bar", "line")
    shaded = json.loads(params["echart_options"])["yAxis"][params["yAxisIndex"]]
    assert (shaded["show"], shaded["min"], shaded["max"]) == (False, 0, 1)
    assert params["yAxisIndexB"] != params["yAxisIndex"]
    days, lines = chart.queries(params, dataset(**WORLD))
    named = {"col": "channel", "op": "IS NOT NULL"}
    assert days["columns"][-1] == "channel"
    assert named in days["filters"]
    assert named not in lines["filters"]


def test_lines_over_shaded_days_may_be_split_by_member(settings: Settings) -> None:
    members = [{"en": "new rules", "zh": "新规则"}]
    chart, params = built("marked", by="team", members=members)
    files = generate(settings, [dashboard(cell("marked", by="team", members=members))],
                     datasets(**WORLD))  # fmt: skip
    colours = yaml.safe_load(files["dashboards/board-zh.yaml"])["metadata"]["label_colors"]
    assert colours["新规则"] == "#fde8c8"
    assert params["color_scheme"] != built("marked")[1]["color_scheme"]
    assert (params["groupby"], params["groupby_b"]) == (["channel"], ["team"])
    days, lines = chart.queries(params, dataset(**WORLD))
    assert (days["columns"][1:], lines["columns"][1:]) == (["channel"], ["team"])


def test_a_filter_leaves_a_tree_whole(settings: Settings) -> None:
    channel = {"kind": "members", "title": TEXT, "dataset": "daily", "column": "channel"}
    board = dashboard(cell("tree"), cell("ranking"), filters=[channel])
    files = generate(settings, [board], datasets(**WORLD))
    metadata = yaml.safe_load(files["dashboards/board.yaml"])["metadata"]
    (node,) = metadata["native_filter_configuration"]
    assert (2 in node["scope"]["excluded"], 3 in node["scope"]["excluded"]) == (True, False)


def test_a_band_has_dots_where_something_is_remembered() -> None:
    chart, params = built("band", events="channel")
    assert params["viz_type"] == "mixed_timeseries"
    assert (params["metrics_b"], params["groupby_b"]) == (["value"], ["channel"])
    line, dots = chart.queries(params, dataset(**WORLD))
    assert line["metrics"] == params["metrics"]
    assert {"col": "channel", "op": "IS NOT NULL"} in dots["filters"]
    assert len(built("band")[0].queries(built("band")[1], dataset(**WORLD))) == 1


def test_bars_may_be_split_and_their_parts_are_light_and_full(settings: Settings) -> None:
    members = [{"en": "quiet", "zh": "低"}, {"en": "busy", "zh": "高"}]
    chart, params = built("mixed", split="team", members=members)
    assert (params["groupby"], params["stack"]) == (["team"], "Stack")
    bars, lines = chart.queries(params, dataset(**WORLD))
    assert bars["columns"][1:] == ["team"]
    assert len(lines["columns"]) == 1
    files = generate(settings, [dashboard(cell("mixed", split="team", members=members))],
                     datasets(**WORLD))  # fmt: skip
    colours = yaml.safe_load(files["dashboards/board-zh.yaml"])["metadata"]["label_colors"]
    assert {"低", "高"} <= colours.keys()
    assert len({colours["低"], colours["高"], colours["csat_score"]}) == 3


def test_a_figure_of_two_points_says_what_it_is_measured_against() -> None:
    against = {"en": "against the weekday", "zh": "较同星期均值"}
    _, params = built("trend", "zh", against=against, line=False)
    assert (params["compare_suffix"], params["show_trend_line"]) == ("较同星期均值", False)
    assert built("trend")[1]["show_trend_line"]


def test_the_period_of_a_page_leaves_a_table_of_the_newest_day_alone(settings: Settings) -> None:
    board = dashboard(cell("trend"), filters=[{"kind": "period", "title": TEXT}])
    for newest in (False, True):
        files = generate(settings, [board], datasets(**WORLD, newest=newest))
        metadata = yaml.safe_load(files["dashboards/board.yaml"])["metadata"]
        (period,) = metadata["native_filter_configuration"]
        assert (2 in period["scope"]["excluded"]) is newest


def test_bars_with_lines_stand_over_time_or_over_members() -> None:
    _, params = built("mixed", grain=None, by="channel")
    assert params["x_axis"] == "channel"
    assert "time_grain_sqla" not in params
    for neither_nor_both in ({"grain": None}, {"by": "channel"}):
        with pytest.raises(ValidationError, match="one of the two"):
            built("mixed", **neither_nor_both)


def test_a_pareto_chart_is_read_by_the_line_at_80_percent() -> None:
    share = VALUE | {"aggregate": "running_share", "order_by": "cause_no"}
    drawn = dataset(language="en", **{**WORLD, "measures": {"running": share}})
    _state, chart = dashboard(cell("pareto", share="running")).charts()
    assert params_of(chart, drawn)["metrics_b"] == ["running", "running__vital_few"]
    assert drawn.metrics["running__vital_few"].expression == "max(0.8)"
    assert built("pareto")[1]["metrics_b"] == ["csat_score"], "no running share, no line"


def test_the_line_of_a_pareto_chart_is_grey(settings: Settings) -> None:
    share = VALUE | {"aggregate": "running_share", "order_by": "cause_no"}
    known = datasets(**{**WORLD, "measures": {"running": share}})
    files = generate(settings, [dashboard(cell("pareto", share="running"))], known)
    colours = yaml.safe_load(files["dashboards/board.yaml"])["metadata"]["label_colors"]
    assert (colours["80%"], colours["running__vital_few"]) == (GREY, GREY)
    assert GREY not in {colours["tickets created"], colours["running"]}
