"""The formulas of the YAML on hand-made records: bounds, scores and scales."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.settings import PROJECT_ROOT

METRICS = PROJECT_ROOT / "dbt_project" / "models" / "metrics"
FILES = ("complaints", "customers", "surveys", "voice", "voice_customers")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SURVEYS = (
    "kind text, is_answered boolean, is_satisfied boolean, is_dissatisfied boolean, score double"
)


@cache
def _definitions() -> tuple[dict[str, str], dict[str, Any]]:
    """SQL of each measure, and the metrics, of the files above."""
    measures: dict[str, str] = {}
    metrics: dict[str, Any] = {}
    aggregates = {"count_distinct": "count(distinct {})", "sum": "sum({})"}
    for name in FILES:
        content = yaml.load((METRICS / f"{name}.yml").read_text("utf-8"), Loader=LOADER)
        for model in content["semantic_models"]:
            for measure in model["measures"]:
                if measure["agg"] in aggregates:
                    measures[measure["name"]] = aggregates[measure["agg"]].format(measure["expr"])
        metrics |= {metric["name"]: metric for metric in content["metrics"]}
    return measures, metrics


def _sql(name: str) -> str:
    measures, metrics = _definitions()
    if name not in metrics:
        return f"({measures[name]})"
    params = metrics[name]["type_params"]
    if "numerator" in params:
        top, whole = _sql(params["numerator"]), _sql(params["denominator"])
        return f"({top} / nullif(cast({whole} as double), 0))"
    text: str = params["expr"]
    for part in params["metrics"]:
        word = part.get("alias") or part["name"]
        text = re.sub(rf"\b{word}\b", _sql(part["name"]).replace("\\", r"\\"), text)
    return f"({text})"


def _value(metric: str, columns: str, rows: list[tuple[Any, ...]]) -> float | None:
    with duckdb.connect() as con:
        con.execute(f"create table facts ({columns})")
        for row, times in Counter(rows).items():
            marks = ", ".join("?" for _ in row)
            con.execute(f"insert into facts select {marks} from range(?)", (*row, times))
        (found,) = con.execute(f"select {_sql(metric)} from facts").fetchone() or (None,)
        return None if found is None else float(found)


def test_few_answers_leave_wide_bounds_around_a_high_score() -> None:
    """950 good and 10 bad of 19,800 sent: 99.0 %, and anything from 4.8 % to 99.9 %."""
    rows: list[tuple[Any, ...]] = [("csat", True, True, False, None)] * 950
    rows += [("csat", True, False, True, None)] * 10
    rows += [("csat", False, False, False, None)] * (19_800 - 960)
    shown = [
        f"{100 * (_value(metric, SURVEYS, rows) or 0):.1f} %"
        for metric in ("csat_score", "csat_bounds_low", "csat_bounds_high")
    ]
    assert shown == ["99.0 %", "4.8 %", "99.9 %"]


def test_nothing_sent_has_no_bounds() -> None:
    other = [("nps", True, True, False, 10.0)]
    assert _value("csat_bounds_low", SURVEYS, other) is None
    assert _value("csat_score_sent", SURVEYS, other) is None


def test_promoters_less_detractors() -> None:
    rows: list[tuple[Any, ...]] = [
        ("nps", True, None, None, score) for score in (10.0, 9.0, 9.0, 8.0, 7.0, 6.0, 0.0)
    ]
    rows += [("nps", False, None, None, None), ("csat", True, True, False, 5.0)]
    assert _value("nps", SURVEYS, rows) == pytest.approx(100 * (3 - 2) / 7)
    shares = (3 + 2) / 7 - ((3 - 2) / 7) ** 2
    assert _value("nps_standard_error", SURVEYS, rows) == pytest.approx(100 * (shares / 7) ** 0.5)
    assert _value("nps", SURVEYS, []) is None


def test_effort_and_grades_have_scales_of_their_own() -> None:
    rows = [
        ("ces", True, None, None, 7.0),
        ("ces", True, None, None, 4.0),
        ("csat", True, True, False, 5.0),
        ("csat", True, False, False, 3.0),
        ("csat", True, True, False, None),
    ]
    assert _value("ces", SURVEYS, rows) == pytest.approx(5.5)
    # Good or bad alone is a rating without a grade.
    assert _value("csat_mean", SURVEYS, rows) == pytest.approx(4)
    assert _value("csat_mean_share_5", SURVEYS, rows) == pytest.approx(0.5)
    assert _value("csat_score", SURVEYS, rows) == pytest.approx(2 / 3)


def test_reviews_avoided_have_an_interval() -> None:
    columns = "review_count bigint, expected_count double, baseline_days bigint, review_date date"
    columns += ", baseline_count bigint"
    rows = [(n % 2, 1.5, 90, f"2026-05-{n + 1:02}", 135) for n in range(10)]
    assert _value("negative_reviews_avoided", columns, rows) == pytest.approx(15 - 5)
    # The expectation of 10 days, and that of its own mean from 90 days.
    error = (15 + 15 * 10 / 90) ** 0.5
    assert _value("negative_reviews_avoided_standard_error", columns, rows) == pytest.approx(error)


def test_the_line_through_satisfaction_and_loyalty() -> None:
    columns = (
        "mean_score double, has_repurchased boolean, has_bought_before boolean, is_matured boolean,"
        " csat_band text"
    )
    points = [(1, False), (2, False), (3, True), (1, False), (2, True), (3, True)]
    rows = [(float(x), y, True, True, "low") for x, y in points]
    rows += [(5.0, False, False, True, "high"), (5.0, False, True, False, "high")]
    assert _value("satisfaction_loyalty_link", columns, rows) == pytest.approx(50)
    # Residuals of half the points are 1/2 and -1/2 around the middle, none elsewhere.
    error = 100 * (0.5 / 4 / 4) ** 0.5
    assert _value("satisfaction_loyalty_link_standard_error", columns, rows) == pytest.approx(error)
    same = [(3.0, True, True, True, "middle"), (3.0, False, True, True, "middle")]
    assert _value("satisfaction_loyalty_link", columns, same) is None


def test_shares_of_segments_and_causes_add_up() -> None:
    columns = "complaint_count bigint, complaints_beside bigint, cause text"
    rows = [(6, 10, "logistics"), (4, 10, "product"), (0, 10, "other")]
    assert _value("complaint_cause_share", columns, rows[:1]) == pytest.approx(0.6)
    assert _value("complaint_cause_share", columns, rows) == pytest.approx(1)
    columns = "customer_count bigint, customers_beside bigint, segment text, segment_kind text"
    divided = [(7, 9, "low", "spending"), (2, 9, "high", "spending"), (9, 9, "new", "loyalty")]
    assert _value("segment_mix", columns, divided[1:2]) == pytest.approx(2 / 9)
    assert _value("segment_mix", columns, divided[:2]) == pytest.approx(1)
