"""Small serving files and checks for the tests of publishing."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.publish import Published, publish
from pipelines.quality.results import CheckResult, Severity
from pipelines.settings import Settings

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def build_id(number: int) -> str:
    return f"20261120T{number // 3600:02d}{number // 60 % 60:02d}{number % 60:02d}Z-{number:06x}"


def check(name: str = "fct_tickets_ticket_key_unique", **changes: object) -> CheckResult:
    values: dict[str, object] = {
        "border": "published",
        "table": "fct_tickets",
        "name": name,
        "expectation": "expect_column_values_to_be_unique",
        "column": "ticket_key",
        "severity": "critical",
        "success": True,
        "observed": "0 unexpected",
        "unexpected_count": 0,
        "why": "a ticket counted twice inflates every KPI",
        "owner": "data",
    }
    return CheckResult(**(values | changes))  # type: ignore[arg-type]


def failed(severity: Severity = "critical", name: str = "fct_tickets_status_known") -> CheckResult:
    return check(
        name, success=False, severity=severity, unexpected_count=3, observed="3 unexpected"
    )


def write_serving(settings: Settings, build: str, *, tickets: int = 10) -> Path:
    """A serving file as the models leave it: two tables that carry the build, and a view."""
    file = settings.paths.serving_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema published")
        connection.execute(
            "create table published.dim_accounts as"
            " select 'zendesk' as source_system, timestamp '2026-10-31 08:00' as as_of_at"
        )
        connection.execute(
            "create table published.fct_tickets as"
            " select 't' || i as ticket_key from range(?) as r (i)",
            [tickets],
        )
        connection.execute(
            "create table published.kpi_values as select ?::varchar as build_id, 1.0 as value",
            [build],
        )
        connection.execute(
            "create view published.kpi_values_zh as select * from helpmart.published.kpi_values"
        )
    return file


def publish_number(settings: Settings, number: int, *, tickets: int = 10) -> Published:
    build = build_id(number)
    write_serving(settings, build, tickets=tickets)
    return publish(
        settings, build_id=build, run_id=f"run-{number}", checks=[check()], clock=lambda: NOON
    )


def seen_hash(settings: Settings) -> str:
    """Of the very bytes that a reader would open now."""
    return hashlib.sha256(settings.paths.published_file.read_bytes()).hexdigest()
