"""Why a KPI is what it is: the records behind one of its cells, each with its role and reason.

What belongs here: choosing a cell and reading its KPI's view `kpi_explained_<group>`. What does
not: roles and reasons, which these views derive from the semantic layer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings
from pipelines.transform.months import add_months
from pipelines.transform.published_file import (
    SCHEMA,
    did_you_mean,
    find_kpi,
    open_published,
    read_dictionary,
)

if TYPE_CHECKING:
    import duckdb

ROLES = ("numerator", "denominator_only", "excluded")
GRAINS = (
    "total", "agent", "channel", "team", "priority", "shop", "topic", "queue", "cause", "platform",
    "course", "category", "scorecard", "segment", "skill", "policy", "source",
)  # fmt: skip


@dataclass(frozen=True)
class Period:
    """A day, ISO week, month or quarter with its first day and the first day after it."""

    kind: str
    start: date
    end: date


@dataclass(frozen=True)
class Explained:
    """One cell of a KPI and the records behind it.

    `counts` has a row per part, role and reason: records, what they add to numerator and
    denominator. `records` are those of the asked-for role, at most as many as asked for; `cell` is
    None where no record of the kind falls into the period.
    """

    kpi_id: str
    period: Period
    grain: str
    member: str
    cell: dict[str, Any] | None
    counts: list[dict[str, Any]]
    records: list[dict[str, Any]]


def explain(
    settings: Settings,
    kpi_id: str,
    *,
    period: str,
    by: str = "total",
    role: str | None = None,
    limit: int | None = None,
) -> Explained:
    """The records of one cell of the published build.

    Args:
        settings: Which installation.
        kpi_id: An id of the dictionary.
        period: 2026-09-14, 2026-W37, 2026-09 or 2026-Q3.
        by: `total`, or a grain and its member: `channel=chat`. An agent is a person_key.
        role: Only records of this one of `ROLES`; all where it is None.
        limit: At most so many records; all where it is None.

    Raises:
        HelpmartError: An unknown KPI, period, grain or role.
    """
    span = parse_period(period)
    grain, member = _grain(by)
    if role is not None and role not in ROLES:
        raise _usage(f"{role!r} is no role", f"known are {', '.join(ROLES)}")
    with open_published(settings) as connection:
        kpi = find_kpi(read_dictionary(connection), kpi_id)
        cell = _cell(connection, kpi_id, span, grain, member)
        _select(connection, _view(connection, kpi.group), kpi_id, span, grain, member)
        counts = _rows(
            connection,
            "select part, role, reason, any_value(name_en) as reason_en, any_value(name_zh) as"
            " reason_zh, count(*) as records, sum(numerator_part) as numerator,"
            " sum(denominator_part) as denominator from chosen group by part, role, reason"
            " order by part, role desc, records desc, reason",
        )
        wanted = "where role = ?" if role else ""
        last = f"limit {int(limit)}" if limit is not None else ""
        records = _rows(
            connection,
            "select part, role, reason, record_label, record_url, local_date, numerator_part,"  # noqa: S608
            f" denominator_part from chosen {wanted}"
            f" order by part, role desc, reason, local_date, record_label {last}",
            [role] if role else [],
        )
    return Explained(kpi_id, span, grain, member, cell, counts, records)


def parse_period(text: str) -> Period:
    """A day, week, month or quarter as people write it."""
    for pattern, read in _PERIODS:
        found = re.fullmatch(pattern, text)
        if not found:
            continue
        try:
            return read(*(int(part) for part in found.groups()))
        except ValueError as error:
            raise _usage(f"{text!r} is no period", str(error)) from error
    raise _usage(f"{text!r} is no period", "write 2026-09-14, 2026-W37, 2026-09 or 2026-Q3")


def _day(year: int, month: int, day: int) -> Period:
    start = date(year, month, day)
    return Period("day", start, start + timedelta(days=1))


def _week(year: int, week: int) -> Period:
    start = date.fromisocalendar(year, week, 1)
    return Period("week", start, start + timedelta(days=7))


def _month(year: int, month: int) -> Period:
    start = date(year, month, 1)
    return Period("month", start, add_months(start, 1))


def _quarter(year: int, quarter: int) -> Period:
    start = date(year, quarter * 3 - 2, 1)
    return Period("quarter", start, add_months(start, 3))


_PERIODS = (
    (r"(\d{4})-(\d{2})-(\d{2})", _day),
    (r"(\d{4})-W(\d{1,2})", _week),
    (r"(\d{4})-(\d{2})", _month),
    (r"(\d{4})-Q([1-4])", _quarter),
)


def _grain(by: str) -> tuple[str, str]:
    grain, equals, member = by.partition("=")
    grain = grain.strip()
    if grain == "total" and not equals:
        return "total", "total"
    if grain not in GRAINS:
        raise _usage(f"{grain!r} is no grain", did_you_mean(grain, GRAINS))
    if not equals:
        raise _usage(f"{by!r} names no member", f"write {grain}=<member>")
    return grain, member.strip()


def _cell(
    connection: duckdb.DuckDBPyConnection, kpi_id: str, span: Period, grain: str, member: str
) -> dict[str, Any] | None:
    rows = _rows(
        connection,
        f"select value, numerator, denominator, n, value_low, value_high, maturity, target_value,"  # noqa: S608
        f" attainment, is_partial from {SCHEMA}.kpi_values where kpi_id = ? and period_type = ?"
        " and period_start = ? and grain = ? and unit_value = ?",
        [kpi_id, span.kind, span.start, grain, member],
    )
    return rows[0] if rows else None


def _view(connection: duckdb.DuckDBPyConnection, group: str) -> str:
    """The records of that group of KPIs; composites are made of other values and have none."""
    name = f"kpi_explained_{group}"
    known = "select 1 from duckdb_views() where schema_name = ? and view_name = ?"
    if connection.execute(known, [SCHEMA, name]).fetchone():
        return f"{SCHEMA}.{name}"
    return f"(select * from {SCHEMA}.kpi_explained_demand where false)"  # noqa: S608


def _select(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    kpi_id: str,
    span: Period,
    grain: str,
    member: str,
) -> None:
    """The chosen records, kept for the questions that follow: the view is long to bind."""
    condition, parameters = "true", [span.end, kpi_id, span.start, span.end]
    if grain == "agent":
        condition = "coalesce(people.person_key, 'unknown') = ?"
        parameters.append(member)
    elif grain != "total":
        condition = f'explained."{grain}" = ?'
        parameters.append(member)
    # A snapshot's period is represented by its last day; only known grains are written in.
    connection.execute(
        f"""
        create temporary table chosen as
        select explained.*, labels.name_en, labels.name_zh
        from {view} as explained
        left join {SCHEMA}.dim_accounts as accounts
            on accounts.source_system = explained.source_system
            and accounts.account_id = explained.account_id
        left join {SCHEMA}.dim_agents as people
            on people.source_system = explained.source_system
            and people.account_id = explained.account_id
            and people.agent_id = explained.agent_id
        left join {SCHEMA}.dim_labels as labels
            on labels.kind = 'exclusion_reason' and labels.member = explained.reason
        where (not explained.is_snapshot or explained.local_date = least(?::date - 1, as_of_date))
            and explained.kpi_id = ? and explained.local_date >= ? and explained.local_date < ?
            and {condition}
        """,  # noqa: S608
        parameters,
    )


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None
) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, parameters or [])
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _usage(what: str, why: str) -> HelpmartError:
    return HelpmartError(
        what=what,
        why=why,
        remedy="`helpmart kpi explain --help` shows what may be asked",
        exit_code=ExitCode.USAGE,
    )
