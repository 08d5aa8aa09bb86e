"""A small raw layer in which everything is right, and one way to break each of its rules.

A source has a module of its own with a `CASE`, or shares one with `CASES`; all are listed here.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.ingest.contracts import METADATA_COLUMNS, load_contracts
from tests.integration.raw_worlds import (
    agent_reports,
    calendars,
    calls,
    chatwoot,
    commerce,
    event_log,
    freshdesk,
    intercom,
    ledger,
    plans,
    qidian,
    qiyu,
    servicenow,
    udesk,
    workforce,
    zammad,
    zendesk,
    zendesk_csv,
)
from tests.integration.raw_worlds.case import STAMP, RawCase

CASES = [
    calendars.CASE,
    *agent_reports.CASES,
    *calls.CASES,
    *commerce.CASES,
    *plans.CASES,
    *workforce.CASES,
    chatwoot.CASE,
    event_log.CASE,
    freshdesk.CASE,
    intercom.CASE,
    qidian.CASE,
    qiyu.CASE,
    servicenow.CASE,
    udesk.CASE,
    zammad.CASE,
    zendesk.CASE,
    zendesk_csv.CASE,
]
# check name: the statement that breaks it
BREAKS = ledger.BREAKS | {name: text for case in CASES for name, text in case.breaks.items()}


def write_raw_tables(file: Path) -> None:
    """The tables of `pipelines.quality.raw_layer`, filled by hand."""
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema raw")
        for case in CASES:
            _write_source(connection, case)
        connection.execute(
            "create table raw.helpmart__files (file_id varchar, name varchar, source varchar,"
            " account_id varchar, entity varchar, status varchar, run_id varchar, seen bigint,"
            " loaded bigint, quarantined bigint, duplicate bigint, skipped bigint,"
            " rows_in_raw bigint, is_in_ledger boolean, is_dismissed boolean)"
        )
        connection.execute(f"insert into raw.helpmart__files values {ledger.FILES}")


def _write_source(connection: duckdb.DuckDBPyConnection, case: RawCase) -> None:
    for name, entity in load_contracts()[case.source].entities.items():
        columns = [*entity.columns, *METADATA_COLUMNS]
        typed = ", ".join(f'"{column}" varchar' for column in columns)
        connection.execute(f'create table raw."{case.source}__{name}" ({typed})')
        for number, record in enumerate(case.records.get(name, [])):
            row = record | {
                "_account_id": "default",
                "_version_at": STAMP,
                "_row_hash": f"hash-{number}",
                "_file_id": "f1",
                "_record_no": str(number + 1),
            }
            names = ", ".join(f'"{column}"' for column in row)
            places = ", ".join("?" * len(row))
            connection.execute(
                f'insert into raw."{case.source}__{name}" ({names}) values ({places})',
                list(row.values()),
            )
