"""Agent-day reports of six tools become figures with numerators, denominators and windows."""

from __future__ import annotations

import csv
from datetime import date

from pipelines.ingest.contracts import load_contracts
from pipelines.settings import PROJECT_ROOT
from tests.integration.canonical import Canonical

FIGURES = """
    select agent_id, metric_code, round(value, 4)::double, numerator::double, denominator::double
    from int_agent_day_reports__unioned
    where source_system = '{source}' and local_date = '{day}'
    order by agent_id, metric_code
"""
TOOLS = ("chitu", "jingmai", "pinduoduo", "feige", "xiaoneng", "hotline")
WHO_AND_WHEN = {"report_date", "agent_nick", "agent_login", "agent_name", "department", "shop"}
TYPES = {
    "count": {"int"},
    "seconds": {"duration", "decimal"},
    "rate": {"rate"},
    "ratio": {"decimal"},
    "money": {"decimal"},
    "points": {"decimal"},
    "days": {"decimal"},
}


def figures(
    canonical: Canonical, source: str, day: str
) -> dict[tuple[str, str], tuple[float, ...]]:
    rows = canonical.rows(FIGURES.format(source=source, day=day))
    return {(agent, code): tuple(values) for agent, code, *values in rows}


def test_every_figure_of_the_contracts_is_described_with_a_unit_that_fits() -> None:
    seed = PROJECT_ROOT / "dbt_project/seeds/agent_day_metrics.csv"
    with seed.open(encoding="utf-8", newline="") as file:
        units = {row["metric_code"]: row["unit"] for row in csv.DictReader(file)}
    columns = [
        (name, column.type)
        for tool in TOOLS
        for entity in load_contracts()[tool].entities.values()
        for name, column in entity.columns.items()
        if name not in WHO_AND_WHEN
    ]

    assert {name for name, _ in columns} == set(units)
    assert [name for name, kind in columns if kind not in TYPES[units[name]]] == []


def test_every_figure_of_the_contracts_is_unpivoted() -> None:
    models = PROJECT_ROOT / "dbt_project/models/staging"
    for tool in TOOLS:
        for name, entity in load_contracts()[tool].entities.items():
            text = (models / tool / f"stg_{tool}__{name}.sql").read_text(encoding="utf-8")
            wanted = set(entity.columns) - WHO_AND_WHEN
            assert {column for column in wanted if f"'{column}'" not in text} == set()


def test_a_report_whose_day_is_in_its_name_only(canonical: Canonical) -> None:
    found = figures(canonical, "chitu", "2026-04-20")

    mei = "旗舰店:小美"
    assert found[mei, "consulted_persons"] == (98.0, None, None)
    assert found[mei, "first_response_seconds"] == (27.77, 2277.14, 82.0)
    assert found[mei, "handling_seconds"] == (528.0, 528.0 * 82, 82.0)  # 8分48秒
    assert found[mei, "answer_question_ratio"] == (1.2, 300.0, 250.0)
    assert found[mei, "sales_amount"] == (1234.5, None, None)
    assert found[mei, "satisfaction_rate"] == (0.965, 19.3, 20.0)
    assert ("旗舰店:小丽", "satisfaction_rate") not in found
    assert {agent for agent, _ in found} == {mei, "旗舰店:小丽"}


def test_sums_and_means_are_skipped_and_a_week_is_no_day(canonical: Canonical) -> None:
    files = canonical.files("chitu")

    day = "自定义报表_客服_默认_2026-04-20至2026-04-20.xlsx"
    week = "自定义报表_客服_默认_2026-04-13至2026-04-19.xlsx"
    assert files[day, "agent_days"]["summary_row"] == 2
    assert files[week, "agent_days"] == {"missing_column": 1}


def test_a_figure_that_was_not_computed_yet_comes_with_a_later_report(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select agent_id, value::double, numerator::double, denominator::double, is_final
        from int_agent_day_reports__unioned
        where metric_code = 'inquiry_final_payment_rate' and source_system = 'chitu'
    """)

    assert rows == [("旗舰店:小美", 0.25, 10.0, 40.0, True)]


def test_a_figure_is_final_when_its_report_came_late_enough(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select metric_code, is_final
        from int_agent_day_reports__unioned
        where agent_id = '旗舰店:小丽' and metric_code in ('received_persons', 'sales_amount')
        order by metric_code
    """)

    assert rows == [("received_persons", True), ("sales_amount", False)]


def test_the_headers_of_earlier_years(canonical: Canonical) -> None:
    found = figures(canonical, "chitu", "2023-05-01")

    assert found == {
        ("小美", "consulted_persons"): (60.0, None, None),
        ("小美", "messages"): (400.0, None, None),
        ("小美", "received_persons"): (50.0, None, None),
        ("小美", "slow_received_persons"): (3.0, None, None),
    }


def test_a_guessed_attribution_stands_apart_and_a_range_of_days_is_refused(
    canonical: Canonical,
) -> None:
    rows = canonical.rows("""
        select agent_id, is_estimated, value::double
        from int_agent_day_reports__unioned
        where source_system = 'jingmai' and metric_code = 'sessions_received'
        order by is_estimated
    """)
    found = figures(canonical, "jingmai", "2024-01-01")

    assert rows == [("jd_ada", False, 80.0), ("jd_ada", True, 4.0)]
    assert found["jd_ada", "login_seconds"][0] == 112 * 3600 + 30 * 60 + 15
    assert canonical.files("jingmai")["客服数据.xlsx", "agent_days"]["bad_type"] == 1


def test_several_shops_in_one_sheet_repeat_the_header_and_rates_have_a_window(
    canonical: Canonical,
) -> None:
    rows = canonical.rows("""
        select shop, metric_code, value::double, observation_window
        from int_agent_day_reports__unioned
        where
            source_system = 'pinduoduo'
            and metric_code in ('three_minute_reply_rate', 'average_response_seconds')
        order by shop, metric_code
    """)

    assert rows == [
        ("一店", "average_response_seconds", 65.0, None),
        ("一店", "three_minute_reply_rate", 0.975, "08:00-23:00"),
        ("二店", "average_response_seconds", 35.0, None),
    ]
    skipped = canonical.files("pinduoduo")["客服_2026-04-20.xlsx", "agent_days"]
    assert skipped["repeated_header"] == 1


def test_full_width_brackets_and_hours_beside_seconds(canonical: Canonical) -> None:
    found = figures(canonical, "feige", "2026-04-20")

    assert found["feige_ada", "online_seconds"] == (27000.0, None, None)
    assert found["feige_ada", "first_response_seconds"] == (27.4, 1370.0, 50.0)
    assert found["feige_ada", "three_minute_reply_session_rate"] == (0.98, 49.0, 50.0)


def test_a_text_table_in_gb18030(canonical: Canonical) -> None:
    found = figures(canonical, "xiaoneng", "2026-04-20")

    assert found["阿达_商城", "connection_rate"] == (0.9, 36.0, 40.0)
    assert found["阿达_商城", "first_response_seconds"] == (15.0, None, None)
    assert found["阿达_商城", "online_seconds"] == (27000.0, None, None)


def test_the_sheets_of_a_hotline_workbook(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select report, agent_id, metric_code, value::double
        from int_agent_day_reports__unioned
        where source_system = 'hotline' and agent_id is not null
        order by report, agent_id desc, metric_code
    """)

    assert rows == [
        ("efficiency_days", "王芳", "online_seconds", 27930.0),
        ("inbound_days", "王芳", "inbound_calls", 30.0),
        ("inbound_days", "王芳", "ratings_invited", 20.0),
        ("inbound_days", "王芳", "ratings_received", 10.0),
        ("inbound_days", "王芳", "satisfaction_rate", 0.985),
        ("inbound_days", "李雷", "inbound_calls", 12.0),
        ("inbound_days", "李雷", "ratings_invited", 5.0),
        ("inbound_days", "李雷", "ratings_received", 0.0),
        ("outbound_days", "王芳", "outbound_calls", 7.0),
        ("quality_days", "王芳", "qa_total_score", 283.5),
    ]


def test_a_summary_of_departments_has_no_agents(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select department, agent_id, numerator::double, denominator::double, local_date
        from int_agent_day_reports__unioned
        where report = 'department_days' and metric_code = 'connection_rate'
    """)

    assert rows == [("售后", None, 180.0, 200.0, date(2026, 4, 20))]
