"""The engine tells bad data from a broken check, shows keys alone, and lets the file go."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.errors import ExitCode, HelpmartError
from pipelines.ingest.ledger import FileRow, Ledger
from pipelines.ingest.schema_files import ensure_schema_files
from pipelines.publish import LoadRun, publish, write_health
from pipelines.quality.run import run_suites
from pipelines.quality.suites import Suite
from pipelines.settings import Settings
from tests.integration.gates import judge
from tests.integration.publish_worlds import (
    build_id,
    check,
    publish_number,
    seen_hash,
    write_serving,
)

CANARY = "canary@customer.invalid"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "helpmart.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema published")
        connection.execute(
            "create table published.people as"
            f" select i::varchar as ticket_id, '{CANARY}' as email, i as age from range(9) as r (i)"
        )
    return file


def suite(expectation: str, kwargs: dict[str, Any], **more: Any) -> Suite:
    return Suite.model_validate(
        {
            "table": "people",
            "owner": "tests",
            "meaning": "Somebody's personal data.",
            "keys": ["ticket_id"],
            "expectations": [
                {
                    "name": "rule",
                    "expectation": expectation,
                    "kwargs": kwargs,
                    "severity": "critical",
                    "why": "It is only a test.",
                }
            ],
        }
        | more
    )


ROWS = "select ticket_id, email from {batch} where age >= 2"


@pytest.mark.parametrize(
    ("expectation", "kwargs", "observed", "count"),
    [
        (
            "expect_column_values_to_be_unique",
            {"column": "email"},
            "9 of 9 rows unexpected",
            9,
        ),
        (
            "expect_column_values_to_be_in_set",
            {"column": "email", "value_set": ["nobody"]},
            "9 of 9 rows unexpected",
            9,
        ),
        ("unexpected_rows_expectation", {"unexpected_rows_query": ROWS}, "7 unexpected rows", 7),
        ("expect_column_max_to_be_between", {"column": "age", "max_value": 3}, "observed 8", 0),
        (
            "expect_column_distinct_values_to_be_in_set",
            {"column": "email", "value_set": ["nobody"]},
            "1 unexpected values",
            1,
        ),
        (
            "expect_column_most_common_value_to_be_in_set",
            {"column": "email", "value_set": ["nobody"]},
            "not as expected",
            0,
        ),
    ],
)
def test_a_failure_is_counted_and_shown_by_keys_alone(
    people: Path, expectation: str, kwargs: dict[str, Any], observed: str, count: int
) -> None:
    (verdict,) = judge(people, "published", [suite(expectation, kwargs)]).values()
    assert not verdict.success
    assert (verdict.observed, verdict.unexpected_count) == (observed, count)
    assert len(verdict.sample_keys) == (5 if "row" in observed else 0)
    assert all(key.startswith("ticket_id=") for key in verdict.sample_keys)
    assert CANARY not in repr(verdict)


def test_keys_that_the_table_lacks_are_left_out(people: Path) -> None:
    odd = suite(
        "expect_column_values_to_be_unique", {"column": "email"}, keys=["ticket_id", "shop_id"]
    )
    (verdict,) = judge(people, "published", [odd]).values()
    assert verdict.sample_keys[0].startswith("ticket_id=")


@pytest.mark.parametrize(
    ("expectation", "kwargs", "why"),
    [
        ("expect_column_values_to_be_unique", {"column": "nme"}, '"nme" in BatchData does not'),
        ("expect_column_values_to_be_unique", {"colum": "email"}, "extra fields not permitted"),
        ("expect_values_to_be_nice", {"column": "email"}, "no expectation 'expect_values_to"),
        (
            "unexpected_rows_expectation",
            {"unexpected_rows_query": "select agee from {batch}"},
            'column "agee" not found',
        ),
    ],
)
def test_a_check_that_breaks_is_an_error_of_ours_and_no_verdict(
    people: Path, expectation: str, kwargs: dict[str, Any], why: str
) -> None:
    with pytest.raises(HelpmartError, match="a check itself broke") as raised:
        judge(people, "published", [suite(expectation, kwargs)])
    assert why in raised.value.why
    assert raised.value.where == "expectations: people, rule"
    assert raised.value.exit_code is ExitCode.SETUP_BROKEN


def test_after_the_checks_the_file_is_free_for_its_writer(people: Path) -> None:
    judge(people, "published", [suite("expect_column_values_to_be_unique", {"column": "age"})])
    with duckdb.connect(str(people)) as connection:
        connection.execute("delete from published.people")


def write_suites(folder: Path, border: str, *suites: Suite) -> Path:
    (folder / border).mkdir(parents=True)
    plain = {"suites": [item.model_dump() for item in suites]}
    (folder / border / "suites.yml").write_text(json.dumps(plain), encoding="utf-8")
    return folder


TICKETS = suite(
    "expect_table_row_count_to_be_between", {"min_value": 50}, table="fct_tickets", keys=[]
)


def test_a_failing_gate_leaves_the_published_file_and_says_so(
    settings: Settings, tmp_path: Path
) -> None:
    folder = write_suites(tmp_path / "expectations", "published", TICKETS)
    publish_number(settings, 1, tickets=60)
    before = seen_hash(settings)
    write_serving(settings, build_id(2), tickets=7)

    found = run_suites(settings, "published", "run-2", folder=folder)
    assert not found.passed
    assert [result.observed for result in found.results] == ["observed 7"]
    assert "1 failed" in found.page.read_text(encoding="utf-8")
    with pytest.raises(HelpmartError, match="1 of 2 checks failed"):
        publish(settings, build_id=build_id(2), run_id="run-2", checks=[check(), *found.results])
    at = datetime(2026, 11, 21, tzinfo=settings.zone)
    run = LoadRun("run-2", at, at, "gate_failed")
    health = write_health(settings, run=run, checks=found.results)

    assert seen_hash(settings) == before
    assert health.message.state == "red"
    assert f"1 check; you see the build of 2026-11-20 12:00 (Asia/Shanghai) ({build_id(1)})" in (
        health.message.en
    )


def test_a_passing_gate_publishes(settings: Settings, tmp_path: Path) -> None:
    folder = write_suites(tmp_path / "expectations", "published", TICKETS)
    write_serving(settings, build_id(2), tickets=60)
    found = run_suites(settings, "published", "run-2", folder=folder)
    published = publish(settings, build_id=build_id(2), run_id="run-2", checks=found.results)
    assert published.build.checks == found.counts


def test_a_table_that_does_not_exist_is_no_passed_check(settings: Settings, tmp_path: Path) -> None:
    odd = TICKETS.model_copy(update={"table": "fct_ticket"})
    folder = write_suites(tmp_path / "expectations", "published", odd)
    with pytest.raises(HelpmartError, match="cannot be checked") as raised:
        run_suites(settings, "published", "run-1", folder=folder)
    assert raised.value.why == "the file does not exist"
    write_serving(settings, build_id(1))
    with pytest.raises(HelpmartError, match="cannot be checked") as raised:
        run_suites(settings, "published", "run-1", folder=folder)
    assert raised.value.why == "published has no fct_ticket"


def land(settings: Settings, entity: str, file_id: str, rows: int) -> None:
    folder = settings.paths.raw / "zendesk" / entity
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select i::varchar as id, '{file_id}' as _file_id from range({rows}) as r (i))"
            f" to '{folder / file_id}.parquet'"
        )


def file_row(file_id: str, **counts: int) -> FileRow:
    return FileRow(
        file_id=file_id,
        name=f"{file_id}.json",
        source="zendesk",
        account_id="default",
        entity="tickets",
        status="loaded",
        **counts,
    )


ACCOUNTS = suite(
    "unexpected_rows_expectation",
    {
        "unexpected_rows_query": "select file_id as _file_id from {batch}"
        " where loaded is distinct from rows_in_raw"
    },
    table="helpmart__files",
    keys=["_file_id"],
)


def test_the_raw_layer_is_held_against_the_ledger_file_by_file(
    settings: Settings, tmp_path: Path
) -> None:
    folder = write_suites(tmp_path / "expectations", "raw", ACCOUNTS)
    for file_id, rows in (("right", 3), ("short", 2), ("stray", 1)):
        land(settings, "tickets", file_id, rows)
    with Ledger(settings.paths.ledger) as ledger:
        for file_id, loaded in (("right", 3), ("short", 4), ("gone", 5)):
            ledger.commit_file([file_row(file_id, seen=loaded, loaded=loaded)], [])

    (result,) = run_suites(settings, "raw", "run-1", folder=folder).results
    assert set(result.sample_keys) == {"_file_id=short", "_file_id=stray", "_file_id=gone"}
    leftovers = [path.name for path in settings.paths.data_docs.parent.iterdir()]
    assert leftovers == ["data_docs"]


def test_a_source_is_judged_from_its_first_file_on(settings: Settings, tmp_path: Path) -> None:
    rows = suite("expect_table_row_count_to_be_between", {"min_value": 1}, table="zendesk__tickets")
    folder = write_suites(tmp_path / "expectations", "raw", rows)
    ensure_schema_files(settings)
    assert run_suites(settings, "raw", "run-1", folder=folder).results == []

    land(settings, "users", "any", 1)
    (result,) = run_suites(settings, "raw", "run-2", folder=folder).results
    assert result.blocks


def test_what_a_gate_found_can_be_kept_in_the_ledger(settings: Settings, tmp_path: Path) -> None:
    folder = write_suites(tmp_path / "expectations", "published", TICKETS)
    write_serving(settings, build_id(1), tickets=7)
    found = run_suites(settings, "published", "run-1", folder=folder)
    with Ledger(settings.paths.ledger) as ledger:
        ledger.record_checks("run-1", found.results)
        (kept,) = ledger.checks("run-1")
    assert (kept.name, kept.success, kept.blocks) == ("fct_tickets_rule", False, True)
