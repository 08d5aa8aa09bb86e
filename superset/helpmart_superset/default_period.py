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

from sqlalchemy import create_engine

from helpmart_superset import locked_duckdb, snapshot

AUTO = "helpmart: last full weeks"
MOST_WEEKS = 13
WEEK = timedelta(days=7)

FULL_WEEKS = """
    select min(period_start)::date, max(period_start)::date
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
    url, params = locked_duckdb.locked(path)
    with create_engine(url, **params).connect() as connection:
        first, last = connection.execute(FULL_WEEKS).fetchone()
        if first is not None:
            return last_full_weeks(first, last)
        first, last = connection.execute(ALL_DAYS).fetchone()
    return Period(first, last + timedelta(days=1)) if first is not None else None


def fill_in(json_metadata: str) -> str:
    """The dashboard's settings with the period in place of its marker."""
    if AUTO not in json_metadata:
        return json_metadata
    period = current_period()
    return json_metadata.replace(AUTO, str(period) if period else "No filter")
