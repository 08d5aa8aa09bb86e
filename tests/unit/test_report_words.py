"""Wording, numbers, judgement and fonts of reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import duckdb
import pytest
import yaml

from pipelines.errors import HelpmartError
from pipelines.reports.chapters.analysis import EFFECTS, _explained
from pipelines.reports.chapters.desk import Desk, Move
from pipelines.reports.drivers import read_drivers
from pipelines.reports.figures import Cell, Figure, Values, contribution, pooled
from pipelines.reports.judge import Judge
from pipelines.reports.outline import load_outline
from pipelines.reports.periods import Kind, latest_complete, parse_period
from pipelines.reports.render.fonts import CHINESE, EMBEDDED, choose_families
from pipelines.reports.render.formatting import Style, figure_text
from pipelines.reports.render.spoken import Voice
from pipelines.reports.store import Reading
from pipelines.reports.texts import BrokenTextError, check_text, load_texts
from pipelines.settings import PROJECT_ROOT
from pipelines.transform.formulas import Formula, Measure, Ratio, Simple
from pipelines.transform.semantic import Kpi, Language
from tests.kpi_change_world import AUGUST, SEPTEMBER, ChangeWorld, Members, Tables

NOTHING = Values(None, None, None, 0, None, None, None, None, None, is_partial=False)


@pytest.mark.parametrize(
    ("kind", "text", "start", "end", "before"),
    [
        ("monthly", "2026-01", date(2026, 1, 1), date(2026, 2, 1), "2025-12"),
        ("quarterly", "2026-Q1", date(2026, 1, 1), date(2026, 4, 1), "2025-Q4"),
        ("half-year", "2026-H1", date(2026, 1, 1), date(2026, 7, 1), "2025-H2"),
    ],
)
def test_a_period_knows_its_ends_and_the_one_before(
    kind: Kind, text: str, start: date, end: date, before: str
) -> None:
    period = parse_period(kind, text)
    assert (period.start, period.end, period.name) == (start, end, text)
    assert period.previous.name == before
    assert period.previous.following == period
    assert period.trend[-1].end == end


@pytest.mark.parametrize(
    ("kind", "text"), [("monthly", "2026-13"), ("quarterly", "2026-05"), ("half-year", "2026")]
)
def test_a_period_of_another_kind_is_refused(kind: Kind, text: str) -> None:
    with pytest.raises(HelpmartError, match="no period"):
        parse_period(kind, text)


def test_only_a_period_that_has_ended_is_complete() -> None:
    assert latest_complete("monthly", date(2026, 9, 30)).name == "2026-08"
    assert latest_complete("monthly", date(2026, 10, 1)).name == "2026-09"
    assert latest_complete("half-year", date(2026, 12, 31)).name == "2026-H1"


@pytest.mark.parametrize(
    ("aspect", "value", "unit", "style", "en", "zh"),
    [
        ("value", 0.8867, "rate", "", "88.7%", "88.7%"),
        ("value", 0.0003, "rate", "", "0.03%", "0.03%"),
        ("low", 1e-18, "rate", "", "0.0%", "0.0%"),
        ("change", -0.059, "rate", "signed", "−5.9 points", "−5.9 个百分点"),
        ("change", 0.059, "rate", "size", "5.9 points", "5.9 个百分点"),
        ("value", 42.0, "seconds", "", "42 s", "42 秒"),
        ("value", 90.0, "seconds", "", "1.5 min", "1.5 分钟"),
        ("value", 3600.0, "seconds", "", "1 h", "1 小时"),
        ("value", 259200.0, "seconds", "", "3 days", "3 天"),
        ("change", 0.0, "seconds", "signed", "0 s", "0 秒"),
        ("value", 12345.0, "count", "", "12,345", "12,345"),
        ("change", 4.0, "count", "signed", "+4", "+4"),
        ("value", 0.0148, "ratio", "", "0.0148", "0.0148"),
        ("value", 14.8123, "ratio", "", "14.8", "14.8"),
        ("value", 0.0, "ratio", "", "0", "0"),
        ("change", 0.0434, "ratio", "signed", "+0.043", "+0.043"),
        ("change", -0.00231, "ratio", "signed", "−0.002", "−0.002"),
        ("change", -17.62, "ratio", "signed", "−18", "−18"),
        ("value", 0.156, "share", "", "15.6%", "15.6%"),
        ("value", 1.204, "share", "", "120.4%", "120.4%"),
        ("change", 0.059, "share", "signed", "+5.9 points", "+5.9 个百分点"),
        ("value", 0.26, "hours", "", "0.26", "0.26"),
        ("value", None, "rate", "", "–", "–"),
    ],
)
def test_a_number_is_written_one_way_a_unit_and_language(
    aspect: Any, value: float | None, unit: str, style: Style, en: str, zh: str
) -> None:
    figure = Figure(aspect, (), value, unit)
    languages: tuple[Language, ...] = ("en", "zh")
    assert [figure_text(figure, each, style) for each in languages] == [en, zh]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"en": "Of 3 KPIs"}, "English and Chinese"),
        ({"en": "{kpi} rose", "zh": "上升"}, "other slots"),
        ({"en": "the best 5", "zh": "最好的"}, "must be a figure"),
        ({"en": "{kpi:loud}", "zh": "{kpi}"}, "unknown styles"),
    ],
)
def test_a_wording_that_no_report_may_use_is_refused(texts: dict[str, str], said: str) -> None:
    with pytest.raises(BrokenTextError, match=said):
        check_text("key", texts)


def test_every_wording_that_the_code_names_exists() -> None:
    keys = set(load_texts())
    assert {f"effect_{effect}" for effect in EFFECTS} <= keys
    grains = yaml.safe_load(
        (PROJECT_ROOT / "pipelines/reports/outline.yml").read_text(encoding="utf-8")
    )["driver_grains"]
    assert {f"grain_{grain}" for grain in grains} <= keys


def kpi(direction: str = "up", unit: str = "rate", formula: Formula | None = None) -> Kpi:
    return cast(
        "Kpi",
        SimpleNamespace(
            id="csat_score", name_en="CSAT", name_zh="满意度", unit=unit, direction=direction,
            group="satisfaction", formula=formula,
        ),
    )  # fmt: skip


def reading(value: float, **more: Any) -> Reading:
    cell = Cell("csat_score", "month", more.pop("start", SEPTEMBER), "total", "total")
    about = kpi(more.pop("direction", "up"), more.pop("unit", "rate"), more.pop("formula", None))
    values = replace(NOTHING, value=value, n=more.pop("n", 100), **more)
    return Reading(about, (cell,), values)


JUDGE = Judge(load_outline().rules)


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (reading(0.92, target=0.9), "met"),
        (reading(0.9, target=0.9), "met"),
        (reading(0.85, target=0.9, low=0.8, high=0.91), "unclear"),
        (reading(0.8, target=0.9, low=0.75, high=0.85), "missed"),
        (reading(0.8, target=0.9, direction="down"), "met"),
        (reading(0.8, target=0.9, direction="neutral"), "unjudged"),
        (reading(0.8, target=0.9, n=29), "unjudged"),
        (reading(0.8, target=0.9, maturity=0.5), "unjudged"),
        (reading(0.8), "unjudged"),
        (reading(3, target=1, n=3, unit="count", direction="down"), "missed"),
    ],
)
def test_a_target_is_met_missed_or_not_to_be_judged(found: Reading, status: str) -> None:
    assert JUDGE.status(found) == status


def test_a_change_counts_only_beyond_chance() -> None:
    before = reading(0.8, low=0.77, high=0.83, start=AUGUST)
    assert JUDGE.turn(reading(0.9, low=0.87, high=0.93), before) == "better"
    assert JUDGE.turn(reading(0.7, low=0.67, high=0.73), before) == "worse"
    assert JUDGE.turn(reading(0.82, low=0.79, high=0.85), before) is None
    assert JUDGE.turn(reading(0.9, low=0.87, high=0.93, n=5), before) is None
    # A median has no interval: it is never called changed.
    assert JUDGE.turn(reading(90, unit="seconds"), reading(10, unit="seconds")) is None
    counts = [reading(n, n=n, unit="count", direction="down") for n in (9, 7, 90, 30)]
    assert JUDGE.turn(counts[0], counts[1]) is None
    assert JUDGE.turn(counts[2], counts[3]) == "worse"


def test_a_quotient_of_counts_changes_beyond_what_counting_allows_and_one_of_seconds_never() -> (
    None
):
    summed = [Simple(Measure(name, "fct", "sum", name, "day", "day")) for name in ("x", "y")]
    formula = Ratio(summed[0], summed[1])

    def quotient(numerator: float, n: int) -> Reading:
        return reading(
            numerator / n, numerator=numerator, denominator=float(n), n=n, unit="ratio",
            formula=formula, direction="down",
        )  # fmt: skip

    assert JUDGE.turn(quotient(9, 142), quotient(7, 161)) is None
    assert JUDGE.turn(quotient(90, 142), quotient(30, 161)) == "worse"
    assert JUDGE.turn(quotient(90_000, 142), quotient(30_000, 161)) is None


def test_quarters_join_by_sums_and_shares_get_their_interval_again() -> None:
    first = replace(NOTHING, value=0.5, numerator=5.0, denominator=10.0, n=10, maturity=1.0)
    second = replace(
        NOTHING, value=0.9, numerator=81.0, denominator=90.0, n=90, maturity=0.7, target=0.9
    )
    joined = pooled([first, second], "rate")
    assert (joined.value, joined.n, joined.target, joined.maturity) == (0.86, 100, 0.9, 0.7)
    assert joined.low is not None
    assert joined.low < 0.86 < (joined.high or 0)
    assert pooled([replace(NOTHING, value=3.0, n=3), replace(NOTHING, value=4.0, n=4)],
                  "count").value == 7.0  # fmt: skip


def test_contributions_of_members_add_up_to_the_change() -> None:
    def values(hits: float, base: float) -> Values:
        return replace(NOTHING, value=hits / base, numerator=hits, denominator=base)

    now = {"chat": values(240, 400), "new": values(9, 10)}
    before = {"chat": values(60, 100), "gone": values(90, 100)}
    wholes = values(249, 410), values(150, 200)
    parts = [
        contribution(now.get(name), wholes[0], before.get(name), wholes[1])
        for name in ("chat", "new", "gone")
    ]
    assert sum(part or 0 for part in parts) == pytest.approx(249 / 410 - 150 / 200, abs=1e-12)


def test_a_missing_chinese_font_is_said_with_a_remedy() -> None:
    assert choose_families("plain", [EMBEDDED]) == (EMBEDDED,)
    assert choose_families("团队", [EMBEDDED, CHINESE[4]]) == (CHINESE[4], EMBEDDED)
    with pytest.raises(HelpmartError, match="no Chinese font") as caught:
        choose_families("Team 在线咨询组", [EMBEDDED])
    assert "fonts-noto-cjk" in caught.value.remedy


def told(before: Members, after: Members) -> str:
    """What the section on changes says of a planted world."""
    world = ChangeWorld()
    world.quotient("csat_score", AUGUST, {"channel": before})
    world.quotient("csat_score", SEPTEMBER, {"channel": after})
    tables = world.tables()
    drivers = read_drivers(
        as_published(tables), parse_period("monthly", "2026-09"), {"csat_score": "rate"}
    )
    sides = [(sum(n for n, _ in each.values()), sum(d for _, d in each.values()))
             for each in (after, before)]  # fmt: skip
    now, old = (
        reading(n / d, numerator=n, denominator=d, start=start)
        for (n, d), start in zip(sides, (SEPTEMBER, AUGUST), strict=True)
    )
    change = now.change_from(old)
    assert change is not None
    desk = SimpleNamespace(
        drivers=drivers.get,
        outline=load_outline(),
        member=lambda _grain, member: member_name(member),
    )
    move = Move(now, old, change, "worse", is_clear=True)
    paragraph = _explained(cast("Desk", desk), move, [])
    voice = Voice("en", ZoneInfo("UTC"))
    return "".join(run.text for run in voice.paragraph(paragraph))


def member_name(member: str) -> Any:
    from pipelines.reports.content import Name

    return Name(member, member)


def as_published(tables: Tables) -> duckdb.DuckDBPyConnection:
    connection = tables.connection
    connection.execute("create schema published")
    for name in ("kpi_changes", "kpi_change_drivers"):
        connection.execute(f"create view published.{name} as from main.{name}")
    return connection


def test_a_planted_mix_shift_is_named_as_the_main_driver() -> None:
    said = told({"chat": (60, 100), "email": (360, 400)}, {"chat": (240, 400), "email": (90, 100)})
    assert "a turn for the worse" in said
    assert "Most of it is a shift in the mix" in said
    assert "Simpson" not in said


def test_a_planted_paradox_is_flagged_and_a_control_is_not() -> None:
    before = {"chat": (60.0, 100.0), "email": (360.0, 400.0)}
    said = told(before, {"chat": (256, 400), "email": (93, 100)})
    assert "Simpson's paradox" in said
    control = told(before, {"chat": (50, 100), "email": (320, 400)})
    assert "Simpson" not in control
    assert "within the members" in control


def test_templates_load_nothing_from_elsewhere() -> None:
    folder = PROJECT_ROOT / "pipelines/reports/render"
    for name in ("report.typ", "report.html.j2"):
        text = Path(folder / name).read_text(encoding="utf-8")
        assert "http" not in text
        assert "@preview" not in text
