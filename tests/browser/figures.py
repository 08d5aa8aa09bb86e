"""Three figures of each dashboard, worked out again from the published facts by SQL of our own.

The SQL knows nothing of the charts' datasets, metrics or views: it counts tickets, contacts,
answers, reviews. `{start}` and `{end}` are the period a dashboard opens with, `{month}` and
`{next}` the newest month with every day and the one after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
EVERY = "*"


@dataclass(frozen=True)
class Figure:
    """One figure of a chart.

    Attributes:
        slug: the dashboard.
        chart: by its id in the dashboard's file.
        column: of what the chart got, summed; EVERY for all series, none for how many rows it got.
        sql: the same from the facts.
        newest: only the row that is newest by the chart's time.
    """

    slug: str
    chart: str
    column: str | None
    sql: str
    newest: bool = False

    def of(self, rows: Sequence[Row], beside: Sequence[str]) -> float:
        """The figure in what the chart got.

        Args:
            rows: what it got.
            beside: its columns that are no measures; the first is the time where it has one.
        """
        if self.column is None:
            return float(len(rows))
        kept = [row for row in rows if self.column == EVERY or row[self.column] is not None]
        if self.newest:
            kept = [max(kept, key=lambda row: row[beside[0]])]
        columns = [self.column] if self.column != EVERY else [*rows[0].keys() - set(beside)]
        return float(sum(row[column] or 0 for row in kept for column in columns))


def _period(column: str) -> str:
    return f"{column} >= date '{{start}}' and {column} < date '{{end}}'"


def _week(column: str) -> str:
    return f"{column} >= date '{{end}}' - 7 and {column} < date '{{end}}'"


def _month(column: str) -> str:
    return f"{column} >= date '{{month}}' and {column} < date '{{next}}'"


def _count(table: str, *conditions: str) -> str:
    return _of("count(*)", table, *conditions)


def _share(flag: str, table: str, *conditions: str) -> str:
    return _of(f"avg(({flag})::int)", table, *conditions)


def _of(what: str, table: str, *conditions: str) -> str:
    where = f" where {' and '.join(conditions)}" if conditions else ""
    return f"select {what} from published.{table}{where}"


def _scorecard(kind: str) -> str:
    return (
        _of(
            "score",
            "fct_scorecards",
            f"scorecard = 'balanced' and grain = 'total' and period_type = '{kind}'",
            "next_period_start <= as_of_date and score is not null",
        )
        + " order by period_start desc limit 1"
    )


SESSIONS, SURVEYS, COSTS = "fct_bot_sessions", "fct_surveys", "fct_costs"
RATED = "kind = 'csat' and is_answered"
JUDGED = "is_active_before and is_matured"
LAST_DAY = "local_date = date '{end}' - 1"
COST_SHARE = "sum(amount) filter (is_service) / sum(amount)"
ITEMS = (
    "scorecard = 'balanced' and grain = 'total' and period_type = 'quarter'",
    "next_period_start <= as_of_date",
    "period_start = (select max(period_start) from published.fct_scorecards where"
    " scorecard = 'balanced' and grain = 'total' and period_type = 'quarter'"
    " and next_period_start <= as_of_date and score is not null)",
)
CONTACTS = _count("fct_contacts", _period("started_date"))
CREATED = _count("fct_tickets", "in_p2", _period("created_date"))
# As a page writes durations: milliseconds of whole seconds, from an hour on of whole minutes.
MEDIAN_WAIT = (
    "select case when wait < 3600 then round(wait) * 1000 else round(wait / 60.0) * 60000 end"
    " from ("
    + _of(
        "median(first_response_calendar_seconds) as wait",
        "fct_tickets",
        "in_p6",
        _period("created_date"),
    )
    + ")"
)
BREACHES = _count("fct_sla_targets", "in_p2 and is_breached", _period("breached_date"))
BEFORE = "answered_date >= date '{month}' - interval 1 month and answered_date < date '{month}'"
CHANGE = (
    f"select 100 * (({_share('is_satisfied', SURVEYS, RATED, _month('answered_date'))})"
    f" - ({_share('is_satisfied', SURVEYS, RATED, BEFORE)}))"
)

FIGURES = [
    Figure(
        "backlog", "open", "backlog_open", _of("sum(open_tickets)", "fct_backlog_days", LAST_DAY)
    ),
    Figure(
        "backlog",
        "stale",
        "stale_rate",
        _of("sum(stale_tickets) / sum(described_tickets)", "fct_backlog_snapshots", LAST_DAY),
    ),
    Figure(
        "backlog",
        "quiet_tickets",
        None,
        _count("fct_tickets", "in_p2 and status not in ('solved', 'closed')"),
    ),
    Figure("balanced-scorecard", "score", "value", _scorecard("quarter")),
    Figure("balanced-scorecard", "items", None, _count("fct_scorecard_items", *ITEMS)),
    Figure(
        "balanced-scorecard", "items", "weight", _of("sum(weight)", "fct_scorecard_items", *ITEMS)
    ),
    Figure(
        "bots",
        "resolved",
        "bot_resolution_rate",
        _share("is_resolved", SESSIONS, "in_p2 and is_matured", _period("started_date")),
    ),
    Figure(
        "bots",
        "handed_over",
        "bot_handoff_rate",
        _share("is_handed_over", SESSIONS, "in_p2", _period("started_date")),
    ),
    Figure(
        "bots",
        "silent",
        "bot_silent_close_rate",
        _share("is_silent", SESSIONS, "in_p2", _period("started_date")),
    ),
    Figure(
        "commerce-effect", "cost_share", "value", _of(COST_SHARE, COSTS, _month("cost_date")), True
    ),
    Figure(
        "commerce-effect",
        "repeat",
        "value",
        _share("is_repeat_buyer", "fct_customer_months", "is_buyer", _month("month_date")),
        True,
    ),
    Figure(
        "commerce-effect",
        "retention",
        "value",
        _share(
            "not is_churned",
            "fct_customer_months",
            JUDGED,
            "month_date = (select max(month_date) from published.fct_customer_months where "
            f"{JUDGED} and {_period('month_date')})",
        ),
        True,
    ),
    Figure(
        "complaints",
        "complaints",
        "complaint_count",
        _count("fct_complaints", _period("received_date")),
    ),
    Figure(
        "complaints",
        "resolved",
        "complaint_resolution_rate",
        _share("is_solved_in_time", "fct_complaints", "is_matured", _period("received_date")),
    ),
    Figure(
        "complaints",
        "rate",
        "own_value",
        f"select ({_count('fct_complaints', _month('received_date'))})"
        f" / ({_count('fct_contacts', _month('started_date'))})",
    ),
    Figure(
        "customer-voice",
        "csat_band",
        "own_value",
        _share("is_satisfied", SURVEYS, RATED, _week("answered_date")),
        True,
    ),
    Figure("customer-voice", "topics", "contacts", CONTACTS),
    Figure(
        "customer-voice",
        "posts",
        EVERY,
        _count("fct_mentions", "is_negative", _period("posted_date")),
    ),
    Figure(
        "customers",
        "customers_by_spending",
        "retention_rate_n",
        _count("fct_customer_months", JUDGED, _period("month_date")),
    ),
    Figure(
        "customers",
        "customers_by_region",
        "retention_rate_n",
        _count("fct_customer_months", JUDGED, _period("month_date")),
    ),
    Figure(
        "customers",
        "churn",
        "value",
        _share(
            "is_churned",
            "fct_customer_months",
            JUDGED,
            "month_date = (select max(month_date) from published.fct_customer_months where "
            f"{JUDGED} and {_period('month_date')})",
        ),
        True,
    ),
    Figure(
        "daily-operations",
        "created",
        "tickets_created",
        _count("fct_tickets", "in_p2 and created_date = date '{end}' - 1"),
        True,
    ),
    Figure("daily-operations", "created_against_solved", "tickets_created", CREATED),
    Figure("daily-operations", "contacts_by_hour", "contacts_inbound", CONTACTS),
    Figure("data-trust", "records_by_source", "seen", _of("sum(seen)", "fct_load_files")),
    Figure(
        "data-trust",
        "differences",
        "value",
        _share("not is_reconciled", "fct_reconciliations", _month("created_date")),
    ),
    Figure(
        "data-trust",
        "unmapped",
        "value",
        _share("is_unmapped", "fct_ticket_mappings", _month("created_date")),
    ),
    Figure(
        "executive-overview",
        "csat",
        "value",
        _share("is_satisfied", SURVEYS, RATED, _month("answered_date")),
        True,
    ),
    Figure(
        "executive-overview",
        "sla",
        "value",
        _share("is_achieved", "fct_sla_targets", "in_p2 and is_decided", _month("deadline_date")),
        True,
    ),
    Figure(
        "executive-overview",
        "cost_share",
        "value",
        _of(COST_SHARE, COSTS, _month("cost_date")),
        True,
    ),
    Figure("metric-catalogue", "dictionary", None, _count("kpi_dictionary")),
    Figure("metric-catalogue", "drivers", None, _count("dim_kpi_tree")),
    Figure("metric-catalogue", "weights", "weight", _of("sum(weight)", "kpi_weights")),
    Figure(
        "people-and-training",
        "attrition_by_month",
        "value",
        _of(
            "sum(is_leaver::int) / sum(headcount)",
            "fct_headcount_months",
            "month_date = (select max(month_date) from published.fct_headcount_months)",
        ),
        True,
    ),
    Figure(
        "people-and-training", "benefits", "amount", _of("sum(amount)", "fct_training_benefits")
    ),
    Figure(
        "people-and-training",
        "effects",
        "trained_count",
        _of("sum(trained_count)", "fct_training_effects"),
    ),
    Figure(
        "quality",
        "qa",
        "own_value",
        _of("avg(score)", "fct_qa_reviews", "not is_deleted", _month("reviewed_date")),
        True,
    ),
    Figure(
        "quality",
        "auto",
        "own_value",
        _of("avg(score)", "fct_auto_qa_reviews", "is_reviewed", _month("closed_date")),
        True,
    ),
    Figure(
        "quality",
        "error_rate",
        "own_value",
        _share("has_service_error", "fct_qa_reviews", "not is_deleted", _month("reviewed_date")),
        True,
    ),
    Figure(
        "resolution",
        "fcr",
        "fcr_rate",
        _share(
            "is_first_contact_7d",
            "fct_episodes",
            "in_p6 and is_matured_7d",
            _period("started_date"),
        ),
    ),
    Figure(
        "resolution",
        "repeat",
        "repeat_inquiry_rate",
        _share("is_repeat", "fct_episodes", _period("started_date")),
    ),
    Figure("resolution", "paths", "moves", _count("fct_team_moves", _period("moved_date"))),
    Figure(
        "responsiveness",
        "first_waits",
        "turn_count",
        _count("fct_turns", "in_p2 and is_answered and is_first_turn", _period("answered_date")),
    ),
    Figure(
        "responsiveness",
        "waits",
        "turn_count",
        _count("fct_turns", "in_p2 and is_answered", _period("answered_date")),
    ),
    Figure(
        "responsiveness",
        "load_and_answers",
        "valid_sessions",
        _count("fct_ticket_responses", "is_valid_session", _period("created_date")),
    ),
    Figure("review-pack", "actions", None, _count("fct_actions")),
    Figure("review-pack", "score", "own_value", _scorecard("month")),
    Figure(
        "review-pack",
        "baselines",
        None,
        _count(
            "fct_target_periods",
            "period_type = 'month' and period_start = date '{month}'",
            "grain = 'total' and baseline_gap is not null",
        ),
    ),
    Figure(
        "service-levels",
        "attainment",
        "sla_attainment_rate",
        _share("is_achieved", "fct_sla_targets", "in_p2 and is_decided", _period("deadline_date")),
    ),
    Figure("service-levels", "breaches", "sla_breach_count", BREACHES),
    Figure("service-levels", "breached_tickets", None, BREACHES),
    Figure("service-overview", "first_response", "first_response_time_p50", MEDIAN_WAIT),
    Figure(
        "service-overview",
        "csat",
        "csat_score",
        _share("is_satisfied", SURVEYS, RATED, _period("answered_date")),
    ),
    Figure("service-overview", "contacts_by_channel", "contacts_inbound", CONTACTS),
    Figure(
        "staffing",
        "needed_against_rostered",
        "needed",
        _of("sum(required_agents) / 2", "fct_staffing_half_hours", "is_ahead"),
    ),
    Figure(
        "staffing",
        "needed_against_rostered",
        "rostered",
        _of("sum(rostered_agents) / 2", "fct_staffing_half_hours", "is_ahead"),
    ),
    Figure(
        "staffing",
        "forecast_and_actual",
        "came",
        _of("sum(actual_count)", "kpi_forecast_daily_en", "channel = 'Phone'"),
    ),
    Figure(
        "team-and-agent",
        "score_by_team",
        "value",
        _of(
            "sum(score)",
            "fct_scorecards",
            "scorecard = 'performance' and grain = 'team'",
            "period_type = 'month' and period_start = date '{month}'",
        ),
    ),
    Figure(
        "team-and-agent",
        "score_by_team",
        None,
        _of(
            "count(distinct unit_value)",
            "fct_scorecards",
            "scorecard = 'performance' and grain = 'team' and score is not null",
            "period_type = 'month' and period_start = date '{month}'",
        ),
    ),
    Figure(
        "team-and-agent",
        "attainment_by_team",
        "value",
        _of(
            "sum(value)",
            "fct_composite_cells",
            "kpi_id = 'target_attainment' and grain = 'team'",
            "period_type = 'month' and period_start = date '{month}'",
        ),
    ),
    Figure("what-changed", "bridge", "amount", CHANGE),
    Figure("what-changed", "relations", None, _count("kpi_relations", "period_type = 'all'")),
    Figure("what-changed", "members", "member_effect", CHANGE),
]
