"""The period a dashboard opens with: the last full weeks of the published data.

Superset's own ranges ("last quarter") count from the wall clock and show an empty dashboard when
the data end earlier. A dashboard's YAML therefore says `auto`, and the range is filled in when the
dashboard is read, from the file being served: right after a publish and after a roll-back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from helpmart_superset import snapshot
from helpmart_superset.locked_duckdb import LOCKED_CONFIG

AUTO = "helpmart: last full weeks"
MOST_WEEKS = 13
WEEK = timedelta(days=7)

FULL_WEEKS = """
    select min(period_start), max(period_start)
    from published.kpi_values
    where period_type = 'week' and not is_partial
"""
ALL_DAYS = "select min(local_date), max(local_date) from published.kpi_overview_daily"


@dataclass(frozen=True)
class Period:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d} : {self.end:%Y-%m-%d}"


def last_full_weeks(first_week: date, last_week: date) -> Period:
    """At most 13 weeks, and few enough that the period before them lies in the data too."""
    weeks = (last_week - first_week) // WEEK + 1
    kept = max(1, min(MOST_WEEKS, weeks // 2))
    end = last_week + WEEK
    return Period(end - kept * WEEK, end)


def current_period() -> Period | None:
    """The default period of the file being served; None when nothing has been published."""
    path = snapshot.real_path(snapshot.PUBLISHED)
    return _period_of(path) if path.is_file() else None


@lru_cache(maxsize=4)
def _period_of(path: Path) -> Period | None:
    with duckdb.connect(str(path), read_only=True, config=dict(LOCKED_CONFIG)) as connection:
        weeks = connection.execute(FULL_WEEKS).fetchone()
        if weeks and weeks[0] is not None:
            return last_full_weeks(_as_date(weeks[0]), _as_date(weeks[1]))
        days = connection.execute(ALL_DAYS).fetchone()
    if not days or days[0] is None:
        return None
    return Period(_as_date(days[0]), _as_date(days[1]) + timedelta(days=1))


def _as_date(value: Any) -> date:
    return value.date() if hasattr(value, "date") else value


def fill_in(json_metadata: str) -> str:
    """The dashboard's settings with the period in place of its marker."""
    if AUTO not in json_metadata:
        return json_metadata
    period = current_period()
    return json_metadata.replace(AUTO, str(period) if period else "No filter")
