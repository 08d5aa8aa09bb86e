"""The executive's tables: what moved, who answers, and three sentences, in both languages."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tests.dbt_sql import materialise, rendered_macro
from tests.kpi_change_world import AUGUST, SEPTEMBER, ChangeWorld, Members, Tables

BEFORE: Members = {"delivery": (90, 100), "payment": (80, 100)}
WORSE: Members = {"delivery": (60, 100), "payment": (82, 100)}
MODELS = ("kpi_shop_channel_months", "kpi_headlines", "kpi_highlights", "kpi_story")
# Tables by shop and channel, from which both together are told.
DAILY = """
    create table kpi_overview_daily (
        local_date date, shop varchar, channel varchar, ratings_satisfied bigint, ratings bigint,
        tickets_resolved_in_window bigint, tickets_resolution_matured bigint,
        sla_targets_achieved bigint, sla_targets_decided bigint,
        first_response_seconds bigint, first_response_values bigint
    );
    create table kpi_resolution_daily (
        local_date date, shop varchar, channel varchar,
        episodes_first_contact_7d bigint, episodes_matured_7d bigint
    );
    create table kpi_ticket_durations (
        created_date date, shop varchar, channel varchar, first_response_calendar_seconds bigint
    );
    create table kpi_backlog_daily (
        local_date date, shop varchar, channel varchar, open_tickets bigint
    );
    create table dim_event_days (
        local_date date, known_name_en varchar, known_name_zh varchar
    );
"""


def executive(
    after: Members = WORSE,
    actions: list[tuple[str, bool]] | None = None,
    target: float | None = 0.9,
) -> Tables:
    """CSAT by topic in two months, and what the executive's tables make of it."""
    world = ChangeWorld()
    for month, members in ((AUGUST, BEFORE), (SEPTEMBER, after)):
        world.quotient("csat_score", month, {"topic": members})
    tables = world.tables()
    run = tables.connection.execute
    run(DAILY)
    run("alter table kpi_values add column is_latest boolean")
    run("alter table kpi_values add column target_value double")
    run("update kpi_values set is_latest = period_start = date '2026-09-01'")
    run("alter table kpi_dictionary add column unit varchar default 'rate'")
    run("alter table kpi_dictionary add column name_en varchar default 'CSAT'")
    run("alter table kpi_dictionary add column name_zh varchar default '客户满意度'")
    run(
        "create table fct_target_periods as select kpi_id, period_type, period_start, grain,"
        " unit_value, ?::double as target_value, 0.5 as baseline_value,"
        " value / ?::double as attainment,"
        " case when ?::double is not null then 'red' end as target_status,"
        " 'Head of service' as owner from kpi_values where grain = 'total'",
        [target, target, target],
    )
    run("create table dim_labels (kind varchar, member varchar, name_en varchar, name_zh varchar)")
    run("insert into dim_labels values ('topic', 'delivery', 'Delivery', '物流')")
    run("insert into dim_labels values ('target_status', 'red', 'Off target', '未达标')")
    run(
        "create table fct_actions (action_key varchar, kpi_id varchar, team_name varchar,"
        " action varchar, action_owner varchar, opened_date date, due_date date,"
        " is_closed boolean)"
    )
    for action, is_closed in actions or []:
        run(
            "insert into fct_actions values (?, 'csat_score', 'Returns', ?, 'Lin',"
            " date '2026-09-02', date '2026-10-15', ?)",
            [action, action, is_closed],
        )
    materialise(tables.connection, *MODELS)
    return tables


def sentences(tables: Tables, language: str) -> list[str]:
    rows = tables.rows(f"select sentence_{language} as text from kpi_story order by sentence_no")
    return [row["text"] for row in rows]


def test_a_headline_says_value_target_interval_and_change() -> None:
    (row,) = executive().rows("from kpi_headlines where grain = 'total' and is_latest")
    assert (row["value_text_en"], row["target_text_en"]) == ("71.0%", "90.0%")
    assert row["interval_text_en"] == "70.0% to 72.0%"
    assert row["interval_text_zh"] == "70.0%至72.0%"
    assert (row["change_text_en"], row["change_text_zh"]) == ("-14.0 pp", "-14.0个百分点")
    assert (row["status_zh"], row["owner"], row["is_better"]) == (
        "未达标",
        "Head of service",
        False,
    )


def test_a_headline_without_a_target_says_so() -> None:
    (row,) = executive(target=None).rows("from kpi_headlines where grain = 'total' and is_latest")
    assert (row["status_en"], row["status_zh"], row["target_text_en"]) == (
        "No target",
        "未设目标",
        "—",
    )


def test_the_month_is_told_in_three_sentences_in_both_languages() -> None:
    changed, why, following = sentences(executive(actions=[("call back", False)]), "en")
    assert changed == (
        "September 2026: CSAT went from 85.0% to 71.0% (-14.0 pp), short of its target of 90.0%;"
        " of 1 headline KPIs 0 got better and 1 worse."
    )
    assert why == "Why: mostly the work itself (-14.0 pp); Delivery moved most."
    assert following == (
        "Next: call back (Lin, due 15 October 2026), for CSAT, Delivery (-15.0 pp)."
    )
    changed, why, following = sentences(executive(actions=[("回访", False)]), "zh")
    assert changed == (
        "2026年9月，客户满意度由85.0%变为71.0%（-14.0个百分点），未达到目标90.0%；"
        "1项核心指标中，0项改善，1项变差。"
    )
    assert why == "原因：主要来自自身表现的变化（-14.0个百分点），其中“物流”的影响最大。"
    assert following == (
        "下一步：回访（Lin，2026年10月15日前完成），针对客户满意度—物流（-15.0个百分点）。"
    )


def test_without_an_open_action_the_owner_of_the_target_is_asked() -> None:
    tables = executive(actions=[("done already", True)])
    assert sentences(tables, "en")[2] == (
        "Next: no open action covers CSAT, Delivery (-15.0 pp); Head of service decides one."
    )
    (problem,) = tables.rows("from kpi_highlights where kind = 'problem'")
    assert (problem["owner"], problem["has_action"]) == ("Head of service", False)


def test_problems_and_gains_follow_the_direction_of_good() -> None:
    rows = executive().rows("from kpi_highlights order by kind")
    assert [(row["kind"], row["member_en"], row["rank_no"]) for row in rows] == [
        ("gain", "payment", 1),
        ("problem", "Delivery", 1),
    ]


def test_a_topic_of_few_records_is_no_headline() -> None:
    few = {**WORSE, "payment": (3, 5)}
    world = executive(after=few)
    world.connection.execute("delete from kpi_change_drivers where unit_value = 'delivery'")
    world.connection.execute("update kpi_change_drivers set denominator = 4, base_denominator = 5")
    materialise(world.connection, "kpi_highlights")
    assert world.rows("from kpi_highlights") == []


def test_every_finished_month_is_told_and_the_newest_has_a_name_of_its_own() -> None:
    tables = executive()
    tables.connection.execute(
        "insert into kpi_values select * replace (date '2026-10-01' as period_start,"
        " true as is_partial, false as is_latest) from kpi_values where is_latest"
    )
    materialise(tables.connection, "kpi_headlines", "kpi_headline_trends")
    found = tables.rows("select period_name_en, period_name_zh from kpi_headlines order by 1")
    assert [(row["period_name_en"], row["period_name_zh"]) for row in found] == [
        ("2026-08", "2026-08"),
        ("Latest full month", "最近完整月"),
    ]
    ways = tables.rows(
        "select period_name_en as shown, count(*) as months, count_if(is_partial) as begun"
        " from kpi_headline_trends group by 1 order by 1"
    )
    assert [(row["shown"], row["months"], row["begun"]) for row in ways] == [
        ("2026-08", 1, 0),
        ("Latest full month", 3, 1),
    ]


def test_a_shop_is_compared_with_its_own_month_before() -> None:
    tables = executive()
    run = tables.connection.execute
    run(
        "insert into kpi_values select kpi_id, period_type, period_start, 'shop', 'Outlet',"
        " if(is_latest, 0.9, 0.8), * exclude (kpi_id, period_type, period_start, grain,"
        " unit_value, value) from kpi_values where grain = 'total'"
    )
    run(
        "insert into fct_target_periods select kpi_id, period_type, period_start, 'shop',"
        " 'Outlet', * exclude (kpi_id, period_type, period_start, grain, unit_value)"
        " from fct_target_periods"
    )
    materialise(tables.connection, "kpi_headlines", "kpi_shop_status")
    (row,) = tables.rows("from kpi_headlines where grain = 'shop' and is_latest")
    assert (row["unit_name_zh"], row["change_text_en"], row["is_better"]) == (
        "Outlet",
        "+10.0 pp",
        True,
    )
    found = tables.rows("select shop, period_name_en, target_status from kpi_shop_status")
    assert [(row["shop"], row["target_status"]) for row in found] == [("Outlet", "red")] * 2


def ratings(tables: Tables, *cells: tuple[Any, str, str, int, int]) -> None:
    """Satisfied of all ratings by month, shop and channel, and the cells of a shop or channel."""
    tables.connection.executemany(
        "insert into kpi_overview_daily (local_date, shop, channel, ratings_satisfied, ratings)"
        " values (?, ?, ?, ?, ?)",
        cells,
    )
    for grain in ("shop", "channel"):
        tables.connection.execute(
            "insert into kpi_values by name select 'csat_score' as kpi_id, 'month' as period_type,"
            f" local_date as period_start, '{grain}' as grain, {grain} as unit_value,"
            " sum(ratings_satisfied) / sum(ratings) as value, sum(ratings) as n,"
            " local_date = date '2026-09-01' as is_latest, false as is_partial"
            f" from kpi_overview_daily group by local_date, {grain}"
        )


def test_a_shop_and_a_channel_together_are_told_from_the_daily_tables() -> None:
    tables = executive()
    ratings(
        tables,
        (AUGUST, "Outlet", "email", 8, 10),
        (SEPTEMBER, "Outlet", "email", 9, 10),
        (SEPTEMBER, "Outlet", "chat", 1, 4),
        (SEPTEMBER, "Main", "email", 5, 5),
    )
    run = tables.connection.execute
    run("insert into dim_labels values ('channel', 'email', 'Email', '邮件')")
    materialise(tables.connection, "kpi_shop_channel_months", "kpi_headlines")
    rows = tables.rows("from kpi_headlines where is_latest order by shop_name_en, channel_name_en")
    told = {(row["shop_name_en"], row["channel_name_zh"]): row["value"] for row in rows}
    assert told["Outlet", "邮件"] == 0.9
    assert told["Outlet", "chat"] == 0.25
    assert told["Outlet", "全部"] == 10 / 14
    assert told["All", "邮件"] == 14 / 15
    assert told["All", "全部"] == 0.71
    (both,) = tables.rows("from kpi_headlines where is_latest and unit_name_en = 'Outlet / Email'")
    assert (both["change_text_en"], both["n"], both["status_en"]) == ("+10.0 pp", 10, "No target")
    assert 0.5 < both["value_low"] < 0.9 < both["value_high"] < 1


def test_the_bridge_of_a_shop_adds_up_to_the_change_of_the_shop() -> None:
    tables = executive()
    ratings(
        tables,
        (AUGUST, "Outlet", "email", 8, 10),
        (AUGUST, "Outlet", "chat", 5, 10),
        (SEPTEMBER, "Outlet", "email", 9, 10),
        (SEPTEMBER, "Outlet", "chat", 1, 4),
        (SEPTEMBER, "Outlet", "phone", 6, 6),
        (AUGUST, "Main", "email", 5, 5),
        (SEPTEMBER, "Main", "email", 3, 5),
    )
    tables.connection.execute(
        "alter table dim_labels add column sort_no integer;"
        " insert into dim_labels select 'change_step', step, step, step, no from (values"
        " ('mix', 1), ('rate', 2), ('entry', 3), ('exit', 4)) as steps (step, no)"
    )
    materialise(
        tables.connection, "kpi_shop_channel_months", "kpi_headlines", "kpi_headline_bridges"
    )
    bridges = tables.rows(
        "select grain, unit_value, step, effect, amount from kpi_headline_bridges"
        " where period_start = date '2026-09-01'"
    )
    of = {(row["grain"], row["unit_value"], row["step"]): row["effect"] for row in bridges}
    for grain, member, change in (
        ("shop", "Outlet", 16 / 20 - 13 / 20),
        ("shop", "Main", 3 / 5 - 5 / 5),
        ("channel", "email", 12 / 15 - 13 / 15),
    ):
        steps = [of[grain, member, step] for step in ("mix", "rate", "entry", "exit")]
        assert sum(steps) == pytest.approx(change, abs=1e-12)
    assert of["shop", "Main", "rate"] == pytest.approx(-0.4)
    assert of["shop", "Outlet", "entry"] > 0 == of["shop", "Outlet", "exit"]
    (rate,) = [row for row in bridges if (row["unit_value"], row["step"]) == ("Main", "rate")]
    assert rate["amount"] == pytest.approx(-40)


def test_a_month_has_the_names_of_its_known_events() -> None:
    tables = executive()
    tables.connection.execute(
        "insert into dim_event_days values"
        " (date '2026-09-09', 'Sale', '促销'), (date '2026-09-10', 'Sale', '促销'),"
        " (date '2026-09-11', 'Outage', '故障'), (date '2026-09-12', null, null)"
    )
    materialise(tables.connection, "kpi_headline_trends")
    rows = tables.rows(
        "select distinct period_start, event_name_en, event_name_zh from kpi_headline_trends"
        " order by period_start"
    )
    assert [tuple(row.values()) for row in rows] == [
        (AUGUST, None, None),
        (SEPTEMBER, "Outage; Sale", "促销；故障"),
    ]


def test_scores_say_in_which_quarter_other_weights_began_to_hold() -> None:
    tables = executive()
    run = tables.connection.execute
    run(
        "insert into kpi_values by name select 'weighted_score' as kpi_id,"
        " 'quarter' as period_type, quarter as period_start, 'team' as grain,"
        " 'First line' as unit_value, 80 as value"
        " from unnest([date '2025-10-01', date '2026-01-01', date '2026-04-01']) as q (quarter)"
    )
    run(
        "create table kpi_weights as select 'performance' as scorecard, start as valid_from"
        " from unnest([date '2025-10-01', date '2025-12-30', date '2026-04-01']) as w (start)"
        " union all select 'balanced', date '2026-04-02'"
    )
    materialise(tables.connection, "kpi_weighted_scores")
    rows = tables.rows(
        "select period_start, weights_mark, weights_state, team_name from kpi_weighted_scores"
        " order by period_start"
    )
    assert [tuple(row.values())[1:] for row in rows] == [
        (None, None, "First line"),
        (1, "new_weights", "First line"),
        (1, "new_weights", "First line"),
    ]


def test_a_month_in_which_nothing_moved_has_no_story() -> None:
    tables = executive(after=BEFORE)
    assert tables.rows("from kpi_story") == []
    assert tables.rows("from kpi_highlights") == []


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (None, "rate", None, None),
        (0.876, "rate", "87.6%", "87.6%"),
        (1234567, "count", "1,234,567", "1,234,567"),
        (42, "seconds", "42 s", "42秒"),
        (90, "seconds", "1.5 min", "1.5分钟"),
        (5400, "seconds", "1.5 h", "1.5小时"),
        (259200, "seconds", "3.0 days", "3.0天"),
        (0.0634, "ratio", "0.063", "0.063"),
        (0.0634, "share", "6.3%", "6.3%"),
        (12.5, "score", "12.50", "12.50"),
    ],
)
def test_a_value_is_said_in_its_unit(
    value: float | None, unit: str, english: str | None, chinese: str | None
) -> None:
    def said(language: str) -> Any:
        sql = rendered_macro("kpi_value_text", "value", "unit", language)
        with duckdb.connect() as connection:
            return connection.execute(
                f"select {sql} from (select ?::double as value, ? as unit)", [value, unit]
            ).fetchall()[0][0]

    assert (said("en"), said("zh")) == (english, chinese)


def test_a_wait_falls_into_the_range_that_begins_at_it() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table fct_turns as select 'zendesk' as source_system, 'a' as account_id,"
            " 's' as shop, 'chat' as channel, 'Returns' as team_name, 9 as opened_hour,"
            " true as is_first_turn, date '2026-09-01' as answered_date, in_p2,"
            " wait_calendar_seconds from (values (true, 14), (true, 15), (true, 179), (true, 180),"
            " (true, 86400), (true, null), (false, 5)) as turns (in_p2, wait_calendar_seconds)"
        )
        materialise(connection, "kpi_wait_bins_daily")
        found = connection.execute(
            "select bin_no, turn_count from kpi_wait_bins_daily order by bin_no"
        ).fetchall()
    assert found == [(1, 1), (2, 1), (5, 1), (6, 1), (10, 1)]


def test_a_perspective_scores_over_what_has_points() -> None:
    with duckdb.connect() as connection:
        run = connection.execute
        run(
            "create table fct_scorecard_items as select 'balanced' as scorecard, 'total' as grain,"
            " 'total' as unit_value, 'quarter' as period_type, date '2026-07-01' as period_start,"
            " date '2026-10-01' as next_period_start, date '2026-10-31' as as_of_date,"
            " 'customer' as perspective, kpi_id,"
            " weight::double as weight, points::double as points,"
            " 0.9::double as attainment, points is null as is_missing from (values"
            " ('csat_score', 20, 70), ('reopen_rate', 10, 100), ('ces', 10, null))"
            " as items (kpi_id, weight, points)"
        )
        run(
            "create table kpi_dictionary as select unnest(['csat_score', 'reopen_rate', 'ces'])"
            " as kpi_id, 'rate' as unit, 'K' as name_en, '指标' as name_zh"
        )
        run(
            "create table dim_labels as select 'perspective' as kind, 'customer' as member,"
            " 'Customer' as name_en, '客户' as name_zh, 2 as sort_no"
        )
        run(
            "create table fct_target_periods as select 'csat_score' as kpi_id, 'quarter' as"
            " period_type, date '2026-07-01' as period_start, 'total' as grain, 0.9::double as"
            " target_value, 0.81::double as value"
        )
        materialise(connection, "kpi_scorecard_items")
        rows = run(
            "select kpi_id, perspective_score, value_text_zh, is_latest, period_name"
            " from kpi_scorecard_items order by weight desc, kpi_id"
        ).fetchall()
    assert rows == [
        ("csat_score", 80.0, "81.0%", True, "2026-Q3"),
        ("ces", 80.0, "—", True, "2026-Q3"),
        ("reopen_rate", 80.0, "—", True, "2026-Q3"),
    ]
