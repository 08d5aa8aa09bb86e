"""What native code fails at unforeseen is read one by one, and nothing of it is lost."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipelines.ingest.columnar import blocks, database
from pipelines.ingest.contracts import SourceContract
from pipelines.ingest.tables import text_rows
from tests.columnar_world import Outcome, outcome, table_outcome

ROWS = 3000


def contract(suffix: str, **entity: Any) -> SourceContract:
    columns = {"id": "id", "subject": "text"}
    tickets = {"title": "Tickets", "files": ["*"], "key": ["id"], "columns": columns, **entity}
    return SourceContract.model_validate(
        {
            "source": "desk",
            "title": {"en": "Desk", "zh": "客服"},
            "time_zone": "UTC",
            "extensions": [suffix],
            "entities": {"tickets": tickets},
        }
    )


def of_lines(*, at_once: bool) -> Outcome:
    lines = [json.dumps({"id": n, "subject": f"secret {n}"}) for n in range(ROWS)]
    return outcome(contract(".ndjson"), "a.ndjson", "\n".join(lines).encode(), at_once=at_once)


def of_table(*, at_once: bool) -> Outcome:
    lines = ["id,subject", *(f"{n},secret {n}" for n in range(ROWS))]
    known = contract(".csv", table={})
    return table_outcome(known, "a.csv", "\n".join(lines).encode(), at_once=at_once)


@pytest.fixture(params=[of_lines, of_table])
def read(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(blocks, "BLOCK_SIZE", 16_000)
    monkeypatch.setattr(text_rows, "BLOCK_SIZE", 8_000)
    monkeypatch.setattr(text_rows, "BATCH_ROWS", 100)
    return request.param


def failing(error: Exception, calls: Callable[[int], bool]) -> Callable[..., Any]:
    """Rows cannot be completed at some of the calls, one of which is made for each block.

    Other queries are made by threads in no fixed order, and some of their errors are answered.
    """
    run, made = database.Database.run, iter(range(1_000_000))

    def fail(self: Any, query: str, **relations: Any) -> Any:
        if "landing" in relations and calls(next(made)):
            raise error
        return run(self, query, **relations)

    return fail


@pytest.mark.parametrize(
    "error",
    [
        duckdb.InternalException("secret"),
        pa.ArrowInvalid("secret"),
        UnicodeDecodeError("utf-8", b"secret", 0, 1, "secret"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_block_at_which_native_code_fails_is_read_one_by_one(
    read: Callable[..., Outcome],
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    whole = read(at_once=True)
    monkeypatch.setattr(database.Database, "run", failing(error, lambda call: call == 2))
    with caplog.at_level(logging.WARNING):
        found = read(at_once=True)

    assert found == read(at_once=False)
    assert 0 < found.at_once < whole.at_once
    assert "are read one by one" in caplog.text
    assert "secret" not in caplog.text


def test_a_file_at_which_native_code_always_fails_is_read_one_by_one(
    read: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = duckdb.FatalException("the database has been invalidated")
    monkeypatch.setattr(database.Database, "run", failing(error, lambda _: True))
    found = read(at_once=True)

    assert found == read(at_once=False)
    assert (found.at_once, len(found.rows)) == (0, ROWS)


def test_an_error_of_our_own_stops_the_load(
    read: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database.Database, "run", failing(KeyError("ours"), lambda _: True))

    with pytest.raises(KeyError, match="ours"):
        read(at_once=True)
