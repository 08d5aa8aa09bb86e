"""A small set of published tables in which everything is right, and a way to break each rule."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.quality.suites import load_suites
from tests.integration.published_marts import declared_types, sound_table

DURATIONS = (
    "first_response",
    "first_resolution",
    "full_resolution",
    "requester_wait",
    "agent_work",
    "agent_wait",
    "on_hold",
    "new_status",
    "open_status",
)
SECONDS = ", ".join(
    f"{seconds} as {name}_{clock}_seconds"
    for name in DURATIONS
    for clock, seconds in (("calendar", 3600), ("business", 1800), ("business_last", 1800))
)
DIMENSIONS = "'zendesk' as source_system, 'default' as account_id, 'Shop' as shop,"
DIMENSIONS += " 'email' as channel, 'First line' as team_name, 'normal' as priority"
BUILD = "'20261003T080000Z-00000a' as build_id"

# One ticket solved on the day it came, one still open, one deleted.
TICKETS = f"""
    select
        't' || no as ticket_key, no::varchar as ticket_id, {DIMENSIONS}, status,
        created_at, created_at::date as created_date,
        case when no = 1 then created_at + interval 1 hour end as first_response_at,
        case when no = 1 then created_at + interval 4 hour end as first_solved_at,
        case when no = 1 then created_at + interval 5 hour end as last_solved_at,
        {SECONDS},
        1 as reopen_count, 0 as customer_reopen_count, 1 as group_station_count,
        1 as assignee_station_count, 1 as public_agent_reply_count,
        no < 3 as in_p1, no < 3 as in_p2, no < 3 as in_p3, no < 3 as in_p4, no = 1 as in_p5,
        no < 3 as in_p6, no = 3 as is_deleted, no = 1 as is_solved, false as is_one_touch
    from (
        values
            (1, 'solved', timestamp '2026-10-01 08:00'),
            (2, 'open', timestamp '2026-10-02 08:00'),
            (3, 'deleted', timestamp '2026-10-02 09:00')
    ) as tickets (no, status, created_at)
"""

KPI_VALUES = f"""
    select
        kpi_id, 'day' as period_type, date '2026-10-01' as period_start, grain,
        case grain when 'total' then 'total' else 'email' end as unit_value,
        value::double as value, numerator, denominator, n, value_low, value_high, {BUILD}
    from (
        values
            ('tickets_created', 2.0, null, null, 2, null, null),
            ('csat_score', 0.5, 1, 2, 2, 0.1, 0.9),
            ('first_response_time', 3600.0, 3600, 1, 1, null, null)
    ) as kpis (kpi_id, value, numerator, denominator, n, value_low, value_high)
    cross join (values ('total'), ('channel')) as grains (grain)
"""

TABLES: dict[str, str] = {
    "dim_accounts": "select 'a' as account_key, 'zendesk' as source_system,"
    " 'default' as account_id, date '2026-10-01' as first_date, date '2026-10-03' as as_of_date,"
    " timestamp '2026-10-03 08:00' as as_of_at",
    "dim_agents": "select 'g' as agent_key, '51' as agent_id, 'First line' as team_name",
    "dim_teams": "select 'm' as team_key, '11' as team_id, 'First line' as team_name",
    "dim_channels": "select 'email' as channel, '邮件' as name_zh",
    "dim_customers": "select 'c' as customer_key, 'zendesk' as source_system,"
    " 'default' as account_id, '13' as organization_id, true as is_listed,"
    " date '2026-10-01' as first_seen_date, timestamp '2026-10-01' as first_seen_at",
    "dim_dates": "select unnest(range(date '2026-01-01', date '2027-01-01', interval 1 day))::date"
    " as date_day",
    "fct_tickets": TICKETS,
    "fct_status_intervals": f"""
        select
            't' || no as ticket_key, {DIMENSIONS}, interval_no, is_unsolved, true as in_p2,
            started_at::date as started_date, started_at, ended_at
        from (
            values
                (1, 1, true, timestamp '2026-10-01 08:00', timestamp '2026-10-01 13:00'),
                (1, 2, false, timestamp '2026-10-01 13:00', null),
                (2, 1, true, timestamp '2026-10-02 08:00', null)
        ) as intervals (no, interval_no, is_unsolved, started_at, ended_at)
    """,
    "fct_messages": f"select 'x' as message_key, 't1' as ticket_key, '1' as ticket_id,"
    f" '81' as message_id, {DIMENSIONS}, 'customer' as author_type,"
    " timestamp '2026-10-01 08:00' as sent_at",
    "fct_turns": f"select 'u' as turn_key, 't1' as ticket_key, '1' as ticket_id, 1 as turn_no,"
    f" {DIMENSIONS}, timestamp '2026-10-01 08:00' as opened_at,"
    " timestamp '2026-10-01 09:00' as answered_at, 3600 as wait_calendar_seconds,"
    " 1800 as wait_business_seconds, true as is_answered",
    "fct_contacts": f"select 'k' as contact_key, 't1' as ticket_key, {DIMENSIONS},"
    " date '2026-10-01' as started_date, 8 as started_hour, 4 as started_weekday",
    "fct_sla_targets": f"select 's' as sla_target_key, 't1' as ticket_key, '1' as ticket_id,"
    f" {DIMENSIONS}, 'first_reply_time' as metric, 1 as instance_no, 7200 as target_seconds,"
    " 3600 as elapsed_seconds, timestamp '2026-10-01 08:00' as started_at,"
    " timestamp '2026-10-01 09:00' as completed_at, null::timestamp as breached_at,"
    " 'achieved' as sla_status, true as is_achieved, false as is_breached, true as is_decided",
    "fct_surveys": f"select 'v' as survey_key, 't1' as ticket_key, '1' as ticket_id, {DIMENSIONS},"
    " 'good' as sentiment, timestamp '2026-10-01 14:00' as invited_at,"
    " timestamp '2026-10-01 15:00' as answered_at, date '2026-10-01' as answered_date,"
    " true as is_answered, true as is_satisfied, false as is_dissatisfied",
    "fct_backlog_days": f"select {DIMENSIONS}, local_date, 1 as open_tickets,"
    " 86400 as open_age_seconds_sum from (values (date '2026-10-02'), (date '2026-10-03'))"
    " as days (local_date)",
    "fct_open_intervals": "select * from (values"
    " ('t2', date '2026-10-02', date '2026-10-03'), ('t2', date '2026-10-03', date '2026-10-04'))"
    " as intervals (ticket_key, from_date, to_date)",
    "kpi_dictionary": """
        select
            kpi_id, unit, anchor, direction, 'service' as kpi_group,
            'name' as name_en, '名称' as name_zh, 'a / b' as formula_en, 'a ÷ b' as formula_zh,
            '{"semantic_model": "' || model || '", "fact": "fct_' || model || '"}' as definition
        from (
            values
                ('tickets_created', 'count', 'cre', 'neutral', 'tickets'),
                ('csat_score', 'rate', 'rated', 'up', 'surveys'),
                ('first_response_time', 'seconds', 'cre', 'down', 'tickets')
        ) as kpis (kpi_id, unit, anchor, direction, model)
    """,
    "kpi_values": KPI_VALUES,
    "kpi_daily": f"select 'created' as anchor, date '2026-10-01' as local_date, {DIMENSIONS},"
    f" 'g' as agent_key, 2 as tickets_created, {BUILD}",
    "kpi_overview_daily": f"select 'created' as anchor, date '2026-10-01' as local_date,"
    f" {DIMENSIONS}, 2 as tickets_created, {BUILD}",
    "kpi_contacts_hourly": f"select date '2026-10-01' as local_date, 8 as hour, {DIMENSIONS},"
    f" 1 as contacts_inbound, {BUILD}",
    "kpi_sla_daily": f"select date '2026-10-01' as local_date, {DIMENSIONS},"
    f" 1 as sla_targets_decided, 1 as sla_targets_achieved, {BUILD}",
    "kpi_backlog_daily": f"select local_date, {DIMENSIONS}, 1 as open_tickets, {BUILD}"
    " from (values (date '2026-10-02'), (date '2026-10-03')) as days (local_date)",
    "kpi_open_tickets": f"select 't2' as ticket_key, '2' as ticket_id, {DIMENSIONS},"
    f" 86400 as age_seconds, {BUILD}",
    "kpi_ticket_durations": f"select 't1' as ticket_key, {DIMENSIONS}, {BUILD}",
    "kpi_forecast_accuracy": "select 'day' as period_type, 'phone' as channel, 1 as horizon_week",
    "kpi_forecast_half_hourly": "select 'phone' as channel, date '2026-10-01' as local_date,"
    " true as is_ahead, 2.5 as forecast_count, 1.0 as forecast_low, 4.0 as forecast_high,"
    " null::bigint as actual_count",
    "kpi_staffing_half_hourly": "select 'hotline' as skill, date '2026-10-01' as local_date,"
    " 1 as required_agents",
    "kpi_staffing_what_if": "select 'hotline' as skill, date '2026-10-01' as local_date,"
    " 18 as half_hour, unnest(range(-2, 3)) as agents_added, 0.8 as predicted_service_level,"
    " 0.1 as predicted_abandoned_share",
    "load_health": "select 'f1' as file_id, 8 as seen, 5 as loaded, 0 as quarantined,"
    " 3 as duplicate, 0 as skipped",
}

# Tables without a query of their own: sound rows and breaks are derived from their suites.
DERIVED = [suite for suite in load_suites("published") if suite.table not in TABLES]


def write_published_tables(file: Path) -> None:
    types = declared_types()
    derived = {suite.table: sound_table(suite, types[suite.table]) for suite in DERIVED}
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema published")
        for name, query in (TABLES | derived).items():
            connection.execute(f"create table published.{name} as {query}")


def _set(table: str, assignment: str, where: str = "true") -> str:
    return f"update published.{table} set {assignment} where {where}"


def _again(table: str) -> str:
    return f"insert into published.{table} from published.{table} limit 1"


def _empty(table: str) -> str:
    return f"delete from published.{table}"


# table: {rule: the statement that breaks it}
_BREAKS: dict[str, dict[str, str]] = {
    "dim_accounts": {
        "row_count_to_be_between": _empty("dim_accounts"),
        "account_key_be_unique": _again("dim_accounts"),
        "as_of_at_not_be_null": _set("dim_accounts", "as_of_at = null"),
    },
    "dim_agents": {
        "agent_key_be_unique": _again("dim_agents"),
        "team_name_not_be_null": _set("dim_agents", "team_name = null"),
    },
    "dim_teams": {
        "team_key_be_unique": _again("dim_teams"),
        "team_name_not_be_null": _set("dim_teams", "team_name = null"),
    },
    "dim_channels": {
        "channel_be_unique": _again("dim_channels"),
        "name_zh_not_be_null": _set("dim_channels", "name_zh = null"),
    },
    "dim_customers": {
        "customer_key_be_unique": _again("dim_customers"),
        "keys_and_dates_only": "alter table published.dim_customers add column email varchar",
    },
    "dim_dates": {
        "date_day_be_unique": _again("dim_dates"),
        "no_day_missing": "delete from published.dim_dates where date_day = '2026-05-05'",
        "covers_the_data": "delete from published.dim_dates where date_day >= '2026-10-02'",
    },
    "fct_tickets": {
        "row_count_to_be_between": _empty("fct_tickets"),
        "ticket_key_be_unique": _again("fct_tickets"),
        "source_ids_unique": _set("fct_tickets", "ticket_id = '1'"),
        "created_at_not_be_null": _set("fct_tickets", "created_at = null"),
        "created_date_not_be_null": _set("fct_tickets", "created_date = null"),
        "channel_not_be_null": _set("fct_tickets", "channel = null"),
        "team_name_not_be_null": _set("fct_tickets", "team_name = null"),
        "shop_not_be_null": _set("fct_tickets", "shop = null"),
        "priority_be_in_set": _set("fct_tickets", "priority = 'P1'"),
        "status_be_in_set": _set("fct_tickets", "status = 'on-hold'"),
        "all_statuses_recognised": _set("fct_tickets", "status = 'unknown'", "in_p2"),
        "all_channels_recognised": _set("fct_tickets", "channel = 'unknown'"),
        "business_within_calendar": _set("fct_tickets", "on_hold_business_seconds = 3601"),
        "durations_not_negative": _set("fct_tickets", "agent_wait_calendar_seconds = -1"),
        "counts_not_negative": _set("fct_tickets", "customer_reopen_count = 2"),
        "first_response_not_before_creation": _set(
            "fct_tickets", "first_response_at = created_at - interval 1 second"
        ),
        "solves_in_order": _set(
            "fct_tickets", "last_solved_at = first_solved_at - interval 1 hour"
        ),
        "full_resolution_not_below_first": _set(
            "fct_tickets", "full_resolution_calendar_seconds = 3599"
        ),
        "solved_tickets_have_a_solve": _set("fct_tickets", "last_solved_at = null"),
        "populations_nested": _set("fct_tickets", "in_p3 = false", "in_p4"),
        "one_touch_consistent": _set("fct_tickets", "is_one_touch = true"),
        "nothing_after_as_of": _set("fct_tickets", "created_at = timestamp '2026-10-03 08:00:01'"),
    },
    "fct_status_intervals": {
        "intervals_unique": _again("fct_status_intervals"),
        "intervals_run_forward": _set(
            "fct_status_intervals", "ended_at = started_at - interval 1 second"
        ),
        "intervals_do_not_overlap": _set(
            "fct_status_intervals", "started_at = timestamp '2026-10-01 12:59'", "interval_no = 2"
        ),
    },
    "fct_messages": {
        "message_key_be_unique": _again("fct_messages"),
        "sent_at_not_be_null": _set("fct_messages", "sent_at = null"),
        "author_type_be_in_set": _set("fct_messages", "author_type = 'robot'"),
        "tickets_exist": _set("fct_messages", "ticket_key = 't7'"),
        "no_text_published": "alter table published.fct_messages add column body varchar",
    },
    "fct_turns": {
        "turn_key_be_unique": _again("fct_turns"),
        "answers_after_questions": _set("fct_turns", "answered_at = timestamp '2026-10-01 07:59'"),
        "waits_sound": _set("fct_turns", "wait_business_seconds = 3601"),
        "answered_turns_have_their_moment": _set("fct_turns", "answered_at = null"),
        "tickets_exist": _set("fct_turns", "ticket_key = 't7'"),
    },
    "fct_contacts": {
        "contact_key_be_unique": _again("fct_contacts"),
        "started_hour_be_between": _set("fct_contacts", "started_hour = 24"),
        "started_weekday_be_between": _set("fct_contacts", "started_weekday = 0"),
        "started_date_not_be_null": _set("fct_contacts", "started_date = null"),
    },
    "fct_sla_targets": {
        "sla_target_key_be_unique": _again("fct_sla_targets"),
        "metric_be_in_set": _set("fct_sla_targets", "metric = 'reply_time'"),
        "sla_status_be_in_set": _set("fct_sla_targets", "sla_status = 'missed'"),
        "verdict_is_one": _set("fct_sla_targets", "is_breached = true"),
        "targets_positive": _set("fct_sla_targets", "target_seconds = 0"),
        "breach_not_before_start": _set(
            "fct_sla_targets", "breached_at = timestamp '2026-10-01 07:59'"
        ),
    },
    "fct_surveys": {
        "survey_key_be_unique": _again("fct_surveys"),
        "sentiment_be_in_set": _set("fct_surveys", "sentiment = 'great'"),
        "judgement_is_one": _set("fct_surveys", "is_dissatisfied = true"),
        "answers_dated": _set("fct_surveys", "answered_at = timestamp '2026-10-01 13:59'"),
    },
    "fct_backlog_days": {
        "open_tickets_be_between": _set("fct_backlog_days", "open_tickets = -1"),
        "open_age_seconds_sum_be_between": _set("fct_backlog_days", "open_age_seconds_sum = -1"),
        "last_day_equals_open_tickets": _set(
            "fct_backlog_days", "open_tickets = 2", "local_date = '2026-10-03'"
        ),
        "every_day_equals_what_entered_less_what_left": _set(
            "fct_backlog_days", "open_tickets = 2", "local_date = '2026-10-02'"
        ),
    },
    "fct_open_intervals": {
        "intervals_have_days": _set("fct_open_intervals", "to_date = from_date"),
        "intervals_do_not_overlap": _set("fct_open_intervals", "to_date = date '2026-10-05'"),
    },
    "kpi_dictionary": {
        "kpi_id_be_unique": _again("kpi_dictionary"),
        "named_in_both_languages": _set("kpi_dictionary", "name_zh = ''"),
        "direction_be_in_set": _set("kpi_dictionary", "direction = 'higher'"),
    },
    "kpi_values": {
        "row_count_to_be_between": _empty("kpi_values"),
        "one_value_a_cell": _again("kpi_values"),
        "period_type_be_in_set": _set("kpi_values", "period_type = 'decade'"),
        "unit_value_not_be_null": _set("kpi_values", "unit_value = null"),
        "kpis_known": _set("kpi_values", "kpi_id = 'csat'", "kpi_id = 'csat_score'"),
        "kpis_with_data_have_values": "delete from published.kpi_values"
        " where kpi_id = 'csat_score'",
        "rates_between_0_and_1": _set("kpi_values", "numerator = 3", "kpi_id = 'csat_score'"),
        "ratios_equal_their_parts": _set("kpi_values", "value = 0.51", "kpi_id = 'csat_score'"),
        "no_value_without_base": _set("kpi_values", "denominator = 0", "kpi_id = 'csat_score'"),
        "intervals_hold_their_rate": _set("kpi_values", "value_low = 0.6"),
        "durations_not_negative": _set(
            "kpi_values", "value = -1", "kpi_id = 'first_response_time'"
        ),
        "channels_add_up_to_the_total": _set(
            "kpi_values", "value = 1", "kpi_id = 'tickets_created' and grain = 'channel'"
        ),
    },
    "kpi_daily": {
        "anchor_not_be_null": _set("kpi_daily", "anchor = null"),
        "agent_key_not_be_null": _set("kpi_daily", "agent_key = null"),
    },
    "kpi_overview_daily": {
        "one_row_a_cell": _again("kpi_overview_daily"),
        "local_date_not_be_null": _set("kpi_overview_daily", "local_date = null"),
        "build_id_not_be_null": _set("kpi_overview_daily", "build_id = null"),
        "created_tickets_equal_the_facts": _set("kpi_overview_daily", "tickets_created = 3"),
        "no_person_can_be_read": "alter table published.kpi_sla_daily"
        " add column assignee_id varchar",
    },
    "kpi_contacts_hourly": {
        "contacts_equal_the_facts": _set("kpi_contacts_hourly", "contacts_inbound = 2"),
        "hour_be_between": _set("kpi_contacts_hourly", "hour = 24"),
    },
    "kpi_sla_daily": {
        "achieved_within_decided": _set("kpi_sla_daily", "sla_targets_achieved = 2"),
        "decided_equal_the_facts": _set("kpi_sla_daily", "sla_targets_decided = 2"),
    },
    "kpi_backlog_daily": {
        "backlog_equals_the_facts": "delete from published.kpi_backlog_daily"
        " where local_date = '2026-10-03'",
    },
    "kpi_open_tickets": {
        "ticket_key_be_unique": _again("kpi_open_tickets"),
        "every_open_ticket_listed": _empty("kpi_open_tickets"),
        "age_seconds_be_between": _set("kpi_open_tickets", "age_seconds = -1"),
    },
    "kpi_ticket_durations": {
        "ticket_key_be_unique": _again("kpi_ticket_durations"),
        "build_id_not_be_null": _set("kpi_ticket_durations", "build_id = null"),
    },
    "kpi_forecast_accuracy": {
        "one_row_by_channel_and_horizon": _again("kpi_forecast_accuracy"),
        "horizon_week_be_between": _set("kpi_forecast_accuracy", "horizon_week = 6"),
    },
    "kpi_forecast_half_hourly": {
        "bounds_hold_the_forecast": _set("kpi_forecast_half_hourly", "forecast_low = 5"),
        "nothing_has_come_ahead": _set("kpi_forecast_half_hourly", "actual_count = 3"),
    },
    "kpi_staffing_half_hourly": {
        "agents_equal_the_facts": _set("kpi_staffing_half_hourly", "required_agents = 2"),
    },
    "kpi_staffing_what_if": {
        "five_cases_a_slot": "delete from published.kpi_staffing_what_if where agents_added = 2",
        "shares_between_0_and_1": _set("kpi_staffing_what_if", "predicted_service_level = 1.5"),
    },
    "load_health": {"record_counts_balance": _set("load_health", "seen = 9")},
}

# check name: the statement that breaks it
BREAKS = {f"{table}_{rule}": sql for table, rules in _BREAKS.items() for rule, sql in rules.items()}
