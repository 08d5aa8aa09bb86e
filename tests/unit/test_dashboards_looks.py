"""How pages look: formats, steps, colours by what is good, and words that Superset gets wrong."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

import pytest
import yaml
from flask import Flask, Response

from pipelines.dashboards.bundle import generate
from pipelines.dashboards.environment import SUPERSET_FOLDER
from pipelines.dashboards.kinds.axes import axis_format, value_axis
from pipelines.dashboards.kinds.levels import BAD_TINT, FAIR_TINT, GOOD_TINT
from pipelines.settings import Settings
from tests.unit.dashboard_worlds import METRICS, dashboard, dataset, datasets, metric
from tests.unit.test_dashboards_kinds import WORLD, cell

sys.path.insert(0, str(SUPERSET_FOLDER))
from helpmart_superset import branding, front_end


@pytest.mark.parametrize(
    ("stated", "drawn"),
    [
        (".1%", ".1~%"),
        (",.2f", ",.2~f"),
        ("+,.1f", "+,.1~f"),
        (",d", ",d"),
        ("DURATION", "DURATION"),
    ],
)
def test_an_axis_writes_no_zeros_at_the_end(stated: str, drawn: str) -> None:
    assert axis_format(stated) == drawn


@pytest.mark.parametrize(
    ("d3format", "smallest"), [(",d", 1), (",.1f", 0.1), (".1%", 0.001), ("DURATION", None)]
)
def test_two_steps_of_an_axis_are_never_named_alike(d3format: str, smallest: float | None) -> None:
    shown = replace(dataset().metrics["tickets_created"], d3format=d3format)
    steps = json.loads(value_axis(shown)["echart_options"])["yAxis"]
    assert (steps.get("minInterval"), steps["splitNumber"]) == (smallest, 5)


def colours_of(settings: Settings, *charts: dict[str, Any], **world: Any) -> dict[str, str]:
    files = generate(settings, [dashboard(*charts)], datasets(**world))
    document = yaml.safe_load(files["dashboards/board.yaml"])
    colours: dict[str, str] = document["metadata"]["label_colors"]
    return colours


def test_metrics_that_meet_in_any_chart_differ_in_colour(settings: Settings) -> None:
    """`b` is second in one chart and meets another second one in a later chart."""
    names = ("a", "b", "c")
    known = (*METRICS, *(metric(name) for name in names))
    charts = [
        cell(
            "series",
            id=f"of_{''.join(pair)}",
            metrics=list(pair),
            title={"en": pair[0], "zh": "图"},
        )
        for pair in (("a", "b"), ("a", "c"), ("b", "c"))
    ]
    colours = colours_of(settings, *charts, **(WORLD | {"metrics": known}))
    assert len({colours[name] for name in names}) == 3


def test_opinions_are_red_and_green(settings: Settings) -> None:
    chart = cell("histogram", split="channel", worst_to_best=["1", "2", "4", "5"])
    colours = colours_of(settings, chart, **WORLD)
    assert (colours["1"], colours["5"]) == (branding.ERROR, branding.SUCCESS)


def test_areas_of_bad_and_good_members_are_red_and_green(settings: Settings) -> None:
    members = [{"en": name, "zh": f"{name}类"} for name in ("Bad", "Fair", "Good")]
    colours = colours_of(settings, cell("treemap", worst_to_best=members), **WORLD)
    assert (colours["Bad"], colours["Fair"], colours["Good"]) == (BAD_TINT, FAIR_TINT, GOOD_TINT)


@pytest.mark.parametrize(("direction", "word"), [("up", "positive"), ("down", "negative")])
def test_a_change_for_the_better_is_green(settings: Settings, direction: str, word: str) -> None:
    shown = metric("csat_score", unit="rate", direction=direction)
    known = WORLD | {"metrics": (*METRICS, shown)}
    chart = cell("trend", metric="csat_score", title={"en": "Tile", "zh": "指标"})
    files = generate(settings, [dashboard(chart)], datasets(**known))
    css = yaml.safe_load(files["dashboards/board.yaml"])["css"]
    green = next(rule for rule in css.split("}") if "#0b7a6e" in rule)
    (reached,) = [line for line in green.splitlines() if "Tile" in line]
    assert f".{word} " in reached


def test_records_are_not_called_errors_in_chinese() -> None:
    pack = {"locale_data": {"superset": {"%s record": ["%s 异常"], "Apply": ["应用"]}}}
    app = Flask("test")
    with app.test_request_context("/superset/language_pack/zh/"):
        answer = front_end.correct_chinese(Response(json.dumps(pack)))
    words = json.loads(answer.get_data())["locale_data"]["superset"]
    assert words["%s record"] == ["%s 条记录"]
    assert words["Apply"] == ["应用"]


def test_other_answers_are_left_alone() -> None:
    app = Flask("test")
    with app.test_request_context("/api/v1/chart/data"):
        assert front_end.correct_chinese(Response("not JSON")).get_data() == b"not JSON"
