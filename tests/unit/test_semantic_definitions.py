"""Reading KPI definitions: what is refused, and what SQL a formula becomes."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from pipelines.errors import HelpmartError
from pipelines.transform.dataset_metrics import dataset_metrics
from pipelines.transform.dictionary import dictionary_markdown
from pipelines.transform.formulas import (
    Derived,
    Measure,
    Ratio,
    Simple,
    interval_sql,
    value_sql,
)
from pipelines.transform.kpi_query import wilson_interval
from pipelines.transform.semantic import REQUIRED_META, kpis_from_manifest

META: dict[str, Any] = {
    "catalogue": "csat_score",
    "group": "satisfaction",
    "name_zh": "客户满意度",
    "formula": {"en": "satisfied / all", "zh": "满意 ÷ 全部"},
    "unit": "rate",
    "direction": "up",
    "anchor": "rated",
    "clock": "none",
    "population": "ratings",
    "attribution": "closer",
    "null_rule": "NULL without a rating.",
    "owner": "service analytics",
}


def measure(name: str, **other: Any) -> dict[str, Any]:
    found = {
        "name": name,
        "agg": "sum",
        "expr": f"case when {name} then 1 else 0 end",
        "agg_params": None,
        "agg_time_dimension": None,
        "non_additive_dimension": None,
        "config": {"meta": {"component": True}},
    }
    return found | other


def metric(name: str, kind: str, params: dict[str, Any], **meta: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "description": f"What {name} says.",
        "type": kind,
        "type_params": params,
        "filter": None,
        "config": {"meta": meta},
    }


def ratio(**meta: Any) -> dict[str, Any]:
    sides = {"numerator": {"name": "good"}, "denominator": {"name": "rated"}}
    return metric("csat_score", "ratio", sides, **(META | meta))


def manifest(*metrics: dict[str, Any], measures: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    parts = [measure("good"), measure("rated"), *measures]
    created = [
        metric(part["name"], "simple", {"measure": {"name": part["name"]}}) for part in parts
    ]
    return {
        "nodes": {"model.helpmart.fct_surveys": {"name": "fct_surveys"}},
        "metrics": {each["name"]: each for each in [*created, *metrics]},
        "semantic_models": {
            "surveys": {
                "name": "surveys",
                "defaults": {"agg_time_dimension": "answered_date"},
                "depends_on": {"nodes": ["model.helpmart.fct_surveys"]},
                "dimensions": [
                    {
                        "name": "answered_date",
                        "type": "time",
                        "expr": None,
                        "config": {"meta": {"anchor": "rated", "event": "rated"}},
                    }
                ],
                "measures": parts,
            }
        },
    }


def only_kpi(*metrics: dict[str, Any], **parts: Any) -> Any:
    (kpi,) = kpis_from_manifest(manifest(*metrics, **parts))
    return kpi


def test_a_complete_definition_is_read_and_its_parts_are_no_kpis() -> None:
    kpi = only_kpi(ratio())
    assert (kpi.id, kpi.name_en, kpi.name_zh) == ("csat_score", "Csat score", "客户满意度")
    assert [(m.fact, m.time, m.event) for m in kpi.measures] == [
        ("fct_surveys", "answered_date", "rated"),
        ("fct_surveys", "answered_date", "rated"),
    ]


@pytest.mark.parametrize("key", REQUIRED_META)
def test_a_definition_that_lacks_a_part_is_refused_by_name(key: str) -> None:
    with pytest.raises(HelpmartError, match=key) as caught:
        kpis_from_manifest(manifest(ratio(**{key: None})))
    assert "csat_score" in str(caught.value)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_formula_must_stand_in_both_languages(language: str) -> None:
    formula = META["formula"] | {language: ""}
    with pytest.raises(HelpmartError, match=rf"formula\.{language}"):
        kpis_from_manifest(manifest(ratio(formula=formula)))


@pytest.mark.parametrize(("key", "value"), [("unit", "percent"), ("direction", "upwards")])
def test_a_unit_or_direction_that_charts_do_not_know_is_refused(key: str, value: str) -> None:
    with pytest.raises(HelpmartError, match=key):
        kpis_from_manifest(manifest(ratio(**{key: value})))


def test_a_filtered_metric_is_refused_since_its_filter_would_be_lost() -> None:
    filtered = ratio() | {"filter": {"where_filters": ["channel = 'chat'"]}}
    with pytest.raises(HelpmartError, match="filter"):
        kpis_from_manifest(manifest(filtered))


def test_a_kind_of_metric_that_has_no_sql_here_is_refused() -> None:
    with pytest.raises(HelpmartError, match="cumulative"):
        kpis_from_manifest(manifest(metric("csat_score", "cumulative", {}, **META)))


def test_an_aggregation_that_has_no_sql_here_is_refused() -> None:
    with pytest.raises(HelpmartError, match="average"):
        Measure("worst", "fct", "average", "seconds", "day", "rated").over("seconds")


def test_a_ratio_is_divided_after_summing_and_null_without_a_base() -> None:
    sql = value_sql(only_kpi(ratio()).formula, lambda each: f"sum({each.name})")
    assert sql == "sum(good) / nullif(cast(sum(rated) as double), 0)"


def test_a_derived_formula_replaces_whole_names_only() -> None:
    created = Measure("created", "fct", "sum", "1", "day", "created")
    created_late = Measure("created_late", "fct", "sum", "1", "day", "created")
    formula = Derived(
        "created - created_late",
        (("created", Simple(created)), ("created_late", Simple(created_late, 0))),
    )
    sql = value_sql(formula, lambda each: f"sum(x.{each.name})")
    assert sql == "(sum(x.created)) - (coalesce(sum(x.created_late), 0))"


def test_a_chart_metric_sums_columns_and_comes_with_its_base() -> None:
    kpi = only_kpi(ratio())
    value, base = dataset_metrics("kpi_overview_daily", [kpi])
    assert value.expression == "sum(good) / nullif(cast(sum(rated) as double), 0)"
    assert (value.d3format, value.direction, value.time_column) == (".1%", "up", "local_date")
    assert (base.name, base.expression, base.direction) == ("csat_score_n", "sum(rated)", "neutral")
    assert "满意 ÷ 全部" in value.description_zh


def test_the_interval_of_a_rate_is_wilsons() -> None:
    low, high = interval_sql(only_kpi(ratio()).formula, lambda each: each.name)
    for good, rated in ((0, 7), (3, 7), (7, 7), (900, 1000)):
        query = f"select {low}, {high} from (values ({good}, {rated})) as t (good, rated)"
        (found,) = duckdb.sql(query).fetchall()
        assert found == pytest.approx(wilson_interval(good, rated), abs=1e-12)
    nothing = duckdb.sql(f"select {low}, {high} from (values (0, 0)) as t (good, rated)")
    assert nothing.fetchall() == [(None, None)]


def test_a_table_without_the_measure_shows_no_such_metric() -> None:
    assert dataset_metrics("kpi_sla_daily", [only_kpi(ratio())]) == []


def test_a_percentile_is_never_taken_of_a_table_of_sums() -> None:
    median = measure("wait", agg="percentile", agg_params={"percentile": 0.5})
    simple = metric(
        "wait_p50", "simple", {"measure": {"name": "wait"}}, **META | {"unit": "seconds"}
    )
    kpi = only_kpi(simple, measures=(median,))
    assert dataset_metrics("kpi_overview_daily", [kpi]) == []
    assert value_sql(kpi.formula, lambda each: each.over("x")) == "quantile_cont(x, 0.5)"


def test_a_dataset_nobody_described_is_refused() -> None:
    with pytest.raises(HelpmartError, match="kpi_overview_daily"):
        dataset_metrics("kpi_secret", [])


def test_the_dictionary_page_groups_kpis_and_escapes_the_table() -> None:
    kpi = only_kpi(ratio(null_rule="NULL | nothing"))
    page = dictionary_markdown([kpi], "en")
    assert "## Satisfaction" in page
    assert "| `csat_score` | Csat score | satisfied / all | rate ↑ |" in page
    assert r"NULL \| nothing" in page
    assert "## 满意度" in dictionary_markdown([kpi], "zh")


def test_formulas_keep_their_parts_apart() -> None:
    formula = only_kpi(ratio()).formula
    assert isinstance(formula, Ratio)
    assert isinstance(formula.numerator, Simple)
    assert formula.numerator.measure.name == "good"
