"""Finished values may be shown, formulas may not be written: every refusal fires."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from pydantic import ValidationError

from pipelines.dashboards.aggregates import aggregate_sql
from pipelines.dashboards.check import check_all
from pipelines.dashboards.dataset_specs import MeasureSpec
from pipelines.dashboards.datasets import HIGH_SUFFIX, LINE_SUFFIX, LOW_SUFFIX
from pipelines.dashboards.expressions import refusals
from pipelines.dashboards.kinds.base import params_of, query_context_of
from tests.unit.dashboard_worlds import TEXT, dashboard, dataset, datasets, number, series

COLUMNS = {
    "kpi_id": "VARCHAR",
    "local_date": "DATE",
    "channel": "VARCHAR",
    "value": "DOUBLE",
    "is_latest": "BOOLEAN",
}
VALUE = {"column": "value", "aggregate": "max", "unit": "of_kpi", "label": TEXT}
KEYS = ["kpi_id", "local_date", "channel"]
CSAT = {"kpi_id": "csat_score", "channel": "chat"}


def choices(measure: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    measures = {"value": VALUE | (measure or {})}
    return {"columns": COLUMNS, "metrics": (), "measures": measures, "keys": KEYS} | spec


def findings(*charts: dict[str, Any], **spec: Any) -> str:
    report = check_all([dashboard(*charts)], datasets(**choices(**spec)))
    return "\n".join(map(str, report.problems))


def values(**own: Any) -> dict[str, Any]:
    return series(metrics=["value"], where=CSAT) | own


@pytest.mark.parametrize(
    "expression",
    ["round(age_seconds / 86400.0, 1)", "a || b", "case when a > b then 1 end", "a + b", "a * 2"],
)
def test_another_form_of_a_row_is_allowed(expression: str) -> None:
    assert refusals(expression) == ()


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("sum(a)", "aggregates with sum"),
        ("1 + count(*)", "aggregates with count_star"),
        ("a / b", "divides by a column with /"),
        ("case when b > 0 then a // b end", "divides by a column with //"),
        ("a * (1.0 / nullif(b, 0))", "divides by a column with /"),
        ("fdiv(a, b)", "divides by a column with fdiv"),
        ("a * power(b, -1)", "raises a column with power"),
        ("sum(a) over ()", "looks at other rows"),
        ("(select max(a) from other)", "holds a query"),
        ("a, b", "is not one expression"),
        ("a +", "cannot be read"),
    ],
)
def test_a_formula_of_its_own_is_refused(expression: str, reason: str) -> None:
    assert reason in "\n".join(refusals(expression))
    column = {"type": "DOUBLE", "expression": expression, "label": TEXT}
    assert "calculated column own" in findings(values(), calculated={"own": column})


def test_a_calculated_column_does_not_hide_a_published_one() -> None:
    column = {"type": "DOUBLE", "expression": "1", "label": TEXT}
    assert "value hides the published one" in findings(values(), calculated={"value": column})


def test_a_finished_value_under_fixed_filters_has_no_findings() -> None:
    assert findings(values()) == ""


@pytest.mark.parametrize(
    ("measure", "finding"),
    [
        ({"column": "valeu"}, "there is no published column valeu; did you mean value?"),
        ({"unit": "furlongs"}, "there is no unit furlongs"),
        ({"aggregate": "sum"}, "sums a of_kpi, which has no meaning"),
        ({"aggregate": "sum", "unit": "rate"}, "sums a rate, which has no meaning"),
    ],
)
def test_a_measure_that_means_nothing_is_refused(measure: dict[str, Any], finding: str) -> None:
    assert finding in findings(values(), measure=measure)


@pytest.mark.parametrize("column", ["a / b", "a, b", "sum(a)", ""])
def test_a_measure_is_one_column(column: str) -> None:
    with pytest.raises(ValidationError, match="column"):
        MeasureSpec.model_validate(VALUE | {"column": column})


def test_a_measure_has_one_plain_aggregate() -> None:
    with pytest.raises(ValidationError, match="aggregate"):
        MeasureSpec.model_validate(VALUE | {"aggregate": "avg"})


def test_a_largest_value_needs_to_know_what_makes_a_row() -> None:
    assert "needs the `keys` of the dataset" in findings(values(), keys=[])


def test_values_of_several_rows_are_not_mixed() -> None:
    open_channel = values(where={"kpi_id": "csat_score"})
    assert "value would mix values of several channel" in findings(open_channel)
    several = values(where=CSAT | {"channel": ["chat", "mail"]})
    assert "value would mix values of several channel" in findings(several)
    assert findings(values(where={"kpi_id": "csat_score"}, by="channel")) == ""


UNITS = COLUMNS | {"grain": "VARCHAR", "unit_value": "VARCHAR", "place": "INTEGER"}
UNIT_KEYS = ["kpi_id", "local_date", "grain", "unit_value"]
OWN = {"kpi_id": "csat_score", "grain": ["total", "team", "agent"]}


def test_readers_own_value_stands_for_desk_team_or_person() -> None:
    own = {"columns": UNITS, "keys": UNIT_KEYS, "measure": {"aggregate": "widest"}}
    assert findings(values(where=OWN), **own) == ""
    for grain in (["total", "channel"], []):
        chart = values(where={"kpi_id": "csat_score"} | ({"grain": grain} if grain else {}))
        assert "value needs a `where` with grains of total, team, agent" in findings(chart, **own)
    assert "needs grain and unit_value among the keys" in findings(
        values(where=OWN), **own | {"keys": ["kpi_id", "local_date"]}
    )
    latest = {"kind": "latest", "id": "l", "dataset": "daily", "metric": "value", "width": 4}
    assert "value would mix values of several local_date" in findings(
        latest | {"title": TEXT, "where": OWN}, **own
    )


ROWS = "(values {}) as t (grain, unit_value, value)"


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ("('total', 'total', 1), ('team', 'Day', 2), ('agent', 'ann', 3)", 1),
        ("('total', 'total', null), ('team', 'Day', 2)", None),
        ("('team', 'Day', 2), ('agent', 'ann', 3), ('agent', 'bob', 4)", 2),
        ("('team', 'Day', 2), ('team', 'Night', 3)", None),
        ("('agent', 'ann', 3)", 3),
        ("('agent', 'ann', 3), ('agent', 'bob', 4)", None),
    ],
)
def test_the_widest_value_that_is_seen_is_taken(rows: str, value: int | None) -> None:
    query = f"select {aggregate_sql('widest', 'value')} from {ROWS.format(rows)}"
    assert duckdb.sql(query).fetchall() == [(value,)]


def test_a_sole_value_is_that_of_the_one_member_that_is_seen() -> None:
    sole = {"measure": {"aggregate": "sole", "of": "channel"}}
    assert findings(values(where={"kpi_id": "csat_score"}), **sole) == ""
    latest = {"kind": "latest", "id": "l", "dataset": "daily", "metric": "value", "width": 4}
    assert "value would mix values of several local_date" in findings(
        latest | {"title": TEXT, "where": {"kpi_id": "csat_score"}}, **sole
    )
    query = f"select {aggregate_sql('sole', 'value', 'unit_value')} from {ROWS}"
    one, several = "('agent', 'ann', 3)", "('agent', 'ann', 3), ('agent', 'bob', 3)"
    assert duckdb.sql(query.format(one)).fetchall() == [(3,)]
    assert duckdb.sql(query.format(several)).fetchall() == [(None,)]


def test_the_line_in_a_band_may_be_another_column() -> None:
    forms = {"low": "low", "high": "high", "line": "median"}
    metrics = dataset(columns=UNITS, metrics=(), measures={"value": VALUE | forms}).metrics
    shown = [metrics[f"value{end}"].expression for end in (LINE_SUFFIX, LOW_SUFFIX, HIGH_SUFFIX)]
    assert shown == ["max(median)", "max(low)", "max(high)"]


def test_a_running_share_follows_the_order_of_its_column() -> None:
    share = {"aggregate": "running_share", "unit": "rate", "order_by": "place"}
    orders = {"channel": {"by": "place", "most": 9}, "kpi_id": {"by": "value", "most": 9}}
    kinds = {"columns": UNITS, "measure": share, "ordered": orders}
    chart = {"kind": "histogram", "id": "h", "dataset": "daily", "metric": "value", "width": 6}
    sound = chart | {"bins": "channel_in_order", "title": TEXT}
    finding = "value is shown by nothing but the column whose order it follows"
    assert findings(sound, **kinds) == ""
    assert finding in findings(sound | {"bins": "kpi_id_in_order"}, **kinds)
    assert finding in findings(sound | {"split": "kpi_id"}, **kinds)
    for wrong in ({"order_by": None}, {"aggregate": "sum"}):
        with pytest.raises(ValidationError, match="order_by"):
            MeasureSpec.model_validate(VALUE | share | wrong)


def test_a_filter_that_always_keeps_one_member_settles_its_column() -> None:
    chart = values(where={"kpi_id": "csat_score"})
    several = [{"kind": "members", "title": TEXT, "dataset": "daily", "column": "channel"}]
    one = [several[0] | {"one": {"en": "Chat", "zh": "聊天"}}]
    for filters, is_sound in ((several, False), (one, True)):
        report = check_all([dashboard(chart, filters=filters)], datasets(**choices()))
        assert (report.problems == []) is is_sound


def test_a_chart_shows_one_member_of_a_column_that_tells_the_same_twice() -> None:
    several = check_all([dashboard(number())], datasets(one_of=["channel"])).problems
    assert {problem.what for problem in several} == {
        "shows several channel at once; settle it with `where`"
    }
    settled = dashboard(number(where={"channel": "chat"}))
    assert check_all([settled], datasets(one_of=["channel"])).problems == []


def test_a_mark_settles_the_keys_that_it_says() -> None:
    chart = {"kind": "ranking", "id": "r", "dataset": "daily", "metrics": ["value"], "width": 4}
    latest = chart | {"by": "channel", "where": {"kpi_id": "csat_score", "is_latest": True}}
    settles = {"is_latest": ["local_date"]}
    assert findings(latest, settles=settles) == ""
    assert "several local_date" in findings(latest)
    assert "several local_date" in findings(
        latest | {"where": {"kpi_id": "csat_score", "is_latest": False}}, settles=settles
    )


@pytest.mark.parametrize(
    ("kpi_id", "finding"),
    [
        ("csat_scoer", "there is no KPI csat_scoer; did you mean csat_score?"),
        (["csat_score", "first_response_time_p50"], "have different units"),
    ],
)
def test_the_kpis_of_a_chart_are_defined_and_alike(kpi_id: Any, finding: str) -> None:
    assert finding in findings(values(where=CSAT | {"kpi_id": kpi_id}, by="kpi_id"))


def test_a_value_of_any_kpi_needs_the_kpi_for_its_unit() -> None:
    assert "`where` has to name the kpi_id" in findings(values(where={"channel": "chat"}))


def test_a_column_on_a_page_has_words_in_both_languages() -> None:
    found = findings(values(by="kpi_id"))
    assert "kpi_id has no words in labels.yml" in found


def test_unit_and_name_are_those_of_the_kpi() -> None:
    known = dataset(**choices())
    board = dashboard(
        values(), values(id="wait", where=CSAT | {"kpi_id": "first_response_time_p50"})
    )
    _state, share, wait = board.charts()
    assert params_of(share, known)["y_axis_format"] == ".1~%"
    assert params_of(wait, known)["metrics"] == ["value_hours"]
    assert known.metrics["value"].expression == "max(value)"


def test_fixed_filters_reach_the_page_and_the_stored_query() -> None:
    known = dataset("daily", "zh", **choices())
    where = {"kpi_id": "csat_score", "channel": [{"en": "chat", "zh": "聊天"}, "mail"]}
    _state, chart = dashboard(values(where=where)).charts()
    params = params_of(chart, known)
    shown = [(f["subject"], f["operator"], f["comparator"]) for f in params["adhoc_filters"]]
    assert shown == [
        ("kpi_id", "==", "csat_score"),
        ("channel", "IN", ["聊天", "mail"]),
        ("local_date", "TEMPORAL_RANGE", "No filter"),
    ]
    (query,) = query_context_of(chart, params, known)["queries"]
    assert [(f["col"], f["op"], f["val"]) for f in query["filters"]] == shown


def test_every_dashboard_says_the_state_of_the_data_and_links_to_its_other_language() -> None:
    board = dashboard(values())
    state, link = board.header.cells
    assert state.dataset == "load_status"
    assert "/superset/dashboard/board-zh/" in link.text.en
    assert "/superset/dashboard/board/" in link.text.zh
