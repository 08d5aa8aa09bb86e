"""Statutory days of the countries that landed calendars name, as rows for dbt.

What belongs here: which countries, and the shape of the two tables. What does not: the days.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.ingest.calendars.statutory import known_years, statutory_days

if TYPE_CHECKING:
    from pipelines.settings import Settings

_DECLARED = """
    select distinct upper(holiday_country), coalesce(upper(holiday_subdivision), '')
    from read_parquet($files, union_by_name = true)
    where holiday_country is not null
    order by all
"""


class StatutoryTables(NamedTuple):
    """`days`: grain country, subdivision, date. `years`: those of which the days are known, so
    that a year without data can be told from a year without holidays."""

    days: list[dict[str, Any]]
    years: list[dict[str, Any]]


def statutory_tables(settings: Settings) -> StatutoryTables:
    """The statutory days of all countries that landed calendars name.

    Raises:
        HelpmartError: a country or a part of one is unknown, or the libraries disagree.
    """
    tables = StatutoryTables([], [])
    for country, subdivision in _declared_countries(settings.paths.raw / "calendars" / "calendars"):
        place = {"country": country, "subdivision": subdivision}
        tables.days.extend(
            {**place, "date": day.date, "kind": day.kind, "name": day.name}
            for day in statutory_days(country, subdivision)
        )
        tables.years.extend({**place, "year": year} for year in known_years(country))
    return tables


def _declared_countries(folder: Path) -> list[tuple[str, str]]:
    import duckdb

    files = [str(path) for path in sorted(folder.glob("*.parquet"))]
    if not files:
        return []
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(_DECLARED, {"files": files}).fetchall()
    return [(country, subdivision) for country, subdivision in rows]
