"""The published file as those see it who ask it about KPIs: opened to read, with its dictionary.

What belongs here: opening, definitions by id, and what to say when there is no such thing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings
from pipelines.transform.semantic import Kpi, kpi_from_dictionary

if TYPE_CHECKING:
    import duckdb

SCHEMA = "published"


@contextmanager
def open_published(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The current build, read-only; refused where nothing has been published."""
    import duckdb

    file = settings.paths.published_file
    if not file.is_file():
        raise HelpmartError(
            what="there is no published build to ask",
            where=str(file),
            remedy="run `helpmart run` first",
            exit_code=ExitCode.NOT_FOUND,
        )
    connection = duckdb.connect(str(file.resolve()), read_only=True)
    try:
        yield connection
    finally:
        connection.close()


def read_dictionary(connection: duckdb.DuckDBPyConnection) -> dict[str, Kpi]:
    """Every KPI and variant of the build, by id."""
    found = connection.execute(f"select * from {SCHEMA}.kpi_dictionary order by kpi_id")  # noqa: S608
    names = [column[0] for column in found.description]
    kpis = (kpi_from_dictionary(dict(zip(names, row, strict=True))) for row in found.fetchall())
    return {kpi.id: kpi for kpi in kpis}


def find_kpi(kpis: Mapping[str, Kpi], kpi_id: str) -> Kpi:
    """The KPI of that id; refused with the nearest names."""
    if kpi_id in kpis:
        return kpis[kpi_id]
    raise HelpmartError(
        what=f"no KPI is called {kpi_id!r}",
        why=did_you_mean(kpi_id, kpis),
        remedy="`helpmart kpi list` names them all",
        exit_code=ExitCode.NOT_FOUND,
    )


def did_you_mean(word: str, known: Collection[str]) -> str:
    """A question that names the nearest of the known words, or nothing."""
    close = get_close_matches(word, sorted(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(close)}?" if close else ""
