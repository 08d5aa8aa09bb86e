"""Runs the suites of one border and gives back what they found; nothing is stored but the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from pipelines.errors import ExitCode, HelpmartError
from pipelines.quality import raw_layer
from pipelines.quality.engine import Engine, Verdict, open_engine
from pipelines.quality.pages import write_page
from pipelines.quality.results import Border, CheckCounts, CheckResult, count_checks
from pipelines.quality.suites import EXPECTATIONS_FOLDER, Expectation, Suite, load_suites
from pipelines.settings import Settings


@dataclass(frozen=True)
class QualityResult:
    """Everything that one border's suites found, and the page on which a person reads it."""

    border: Border
    results: list[CheckResult]
    page: Path
    seconds: float

    @property
    def counts(self) -> CheckCounts:
        return count_checks(self.results)

    @property
    def passed(self) -> bool:
        """True unless a critical check failed."""
        return not self.counts.failed


def run_suites(
    settings: Settings,
    border: Border,
    run_id: str,
    *,
    folder: Path = EXPECTATIONS_FOLDER,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> QualityResult:
    """Judge every table of `border` and write the result page; storing results is the caller's.

    Raises:
        HelpmartError: a check itself broke, a checked table does not exist, or a suite is invalid.
    """
    suites = [suite for suite in load_suites(border, folder) if _applies(settings, border, suite)]
    started = perf_counter()
    results: list[CheckResult] = []
    with _engine(settings, border, suites) as engine:
        for suite in suites:
            verdicts = engine.judge(suite)
            results += [
                _result(border, suite, item, verdict)
                for item, verdict in zip(suite.expectations, verdicts, strict=True)
            ]
    page = write_page(
        settings.paths.data_docs,
        border=border,
        run_id=run_id,
        suites=suites,
        results=results,
        at=clock().astimezone(settings.zone),
    )
    return QualityResult(border, results, page, perf_counter() - started)


def _applies(settings: Settings, border: Border, suite: Suite) -> bool:
    """A source of which no file ever landed owes no rows and is not judged."""
    return border == "published" or raw_layer.has_landed(settings, suite.table)


@contextmanager
def _engine(settings: Settings, border: Border, suites: Sequence[Suite]) -> Iterator[Engine]:
    if border == "raw":
        with raw_layer.raw_database(settings) as file, _open(settings, file, "raw", suites) as raw:
            yield raw
        return
    with _open(settings, settings.paths.serving_file, "published", suites) as published:
        yield published


@contextmanager
def _open(settings: Settings, file: Path, schema: str, suites: Sequence[Suite]) -> Iterator[Engine]:
    _require_tables(file, schema, suites)
    with open_engine(
        file, schema, threads=settings.threads, memory_limit=settings.memory_limit
    ) as engine:
        yield engine


def _require_tables(file: Path, schema: str, suites: Sequence[Suite]) -> None:
    import duckdb

    if file.is_file():
        with duckdb.connect(str(file), read_only=True) as connection:
            found = connection.execute(
                "select table_name from information_schema.tables where table_schema = ?", [schema]
            ).fetchall()
        missing = sorted({suite.table for suite in suites} - {name for (name,) in found})
        if not missing:
            return
        why = f"{schema} has no {', '.join(missing)}"
    else:
        why = "the file does not exist"
    raise HelpmartError(
        what=f"the {schema} border cannot be checked",
        where=str(file),
        why=why,
        remedy="run the step before (`helpmart load`, `helpmart build`), then check again",
        exit_code=ExitCode.SETUP_BROKEN,
    )


def _result(border: Border, suite: Suite, item: Expectation, verdict: Verdict) -> CheckResult:
    return CheckResult(
        border=border,
        table=suite.table,
        name=suite.check_name(item),
        expectation=item.expectation,
        column=item.column,
        severity=item.severity,
        success=verdict.success,
        observed=verdict.observed,
        unexpected_count=verdict.unexpected_count,
        why=item.why,
        owner=suite.owner,
        sample_keys=verdict.sample_keys,
    )
