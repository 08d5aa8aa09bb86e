"""Great Expectations, and nothing else of it anywhere in the project.

Importing this module imports no engine: that takes seconds and happens once, at the first
validation. Rules are first judged without any detail; only those that failed are run again for a
count and for the keys of a few offending rows.
"""

from __future__ import annotations

import importlib
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import ExitCode, HelpmartError
from pipelines.quality.suites import ROWS, Expectation, Suite

SAMPLE_SIZE = 5


@dataclass(frozen=True)
class Verdict:
    """What the engine said of one expectation."""

    success: bool
    observed: str = "as expected"
    unexpected_count: int = 0
    sample_keys: tuple[str, ...] = ()


PASSED = Verdict(success=True)


class Engine:
    """Judges suites against the tables of one DuckDB file, opened read-only."""

    def __init__(self, schema: str, source: Any, context: Any) -> None:
        self._schema = schema
        self._source = source
        self._context = context

    def judge(self, suite: Suite) -> list[Verdict]:
        """One verdict for each expectation of the suite, in its order.

        Raises:
            HelpmartError: an expectation could not be evaluated; that is a defect of the suite or
                of the engine, and says nothing about the data.
        """
        whole = self._source.add_query_asset(
            name=suite.table,
            query=f'select * from "{self._schema}"."{suite.table}"',  # noqa: S608  own YAML
        ).add_batch_definition_whole_table("all rows")
        plain = self._run(whole, suite, suite.expectations, {"result_format": "BOOLEAN_ONLY"})
        failed = [item for item in suite.expectations if not plain[item.rule]["success"]]
        detailed = self._run(whole, suite, failed, self._detail(suite)) if failed else {}
        return [
            self._explain(suite, item, detailed[item.rule]["result"]) if item in failed else PASSED
            for item in suite.expectations
        ]

    def _detail(self, suite: Suite) -> dict[str, Any]:
        """How to ask again: counts, and of offending rows the keys that the table itself has."""
        detail: dict[str, Any] = {
            "result_format": "SUMMARY",
            "partial_unexpected_count": SAMPLE_SIZE,
        }
        columns = self._query(f'select * from "{self._schema}"."{suite.table}" limit 0').keys()  # noqa: S608
        keys = [key for key in suite.keys if key in columns]
        return detail | ({"unexpected_index_column_names": keys} if keys else {})

    def _query(self, query: str) -> Any:
        # Through the engine's own connection: one process may not open a file in two ways.
        with self._source.get_engine().connect() as connection:
            return connection.exec_driver_sql(query).freeze()()

    def _run(
        self,
        batch: Any,
        suite: Suite,
        items: Sequence[Expectation],
        result_format: dict[str, Any],
    ) -> dict[str, Any]:
        import great_expectations as gx

        name = f"{suite.table} {result_format['result_format']}"
        expectations = [_build(suite, item) for item in items]
        wanted = self._context.suites.add(gx.ExpectationSuite(name, expectations=expectations))
        definition = self._context.validation_definitions.add(
            gx.ValidationDefinition(name=name, data=batch, suite=wanted)
        )
        found = {}
        for result in definition.run(result_format=result_format).results:
            plain = result.to_json_dict()
            rule = plain["expectation_config"]["meta"]["rule"]
            _refuse_exception(suite, rule, plain["exception_info"])
            found[rule] = plain
        return found

    def _explain(self, suite: Suite, item: Expectation, result: dict[str, Any]) -> Verdict:
        if item.expectation == ROWS:
            count = int(result["observed_value"])
            keys = self._offending_keys(suite, item)
            return Verdict(False, f"{count} unexpected rows", count, keys)
        if "unexpected_count" in result:
            count = int(result["unexpected_count"])
            rows = result.get("element_count")
            observed = (
                f"{count} of {rows} rows unexpected" if rows else f"{count} unexpected values"
            )
            return Verdict(False, observed, count, _keys_of(suite, result))
        value = result.get("observed_value")
        shown = f"observed {value}" if isinstance(value, int | float) else "not as expected"
        return Verdict(False, shown)

    def _offending_keys(self, suite: Suite, item: Expectation) -> tuple[str, ...]:
        table = f'"{self._schema}"."{suite.table}"'
        query = item.query.strip().rstrip(";").format(batch=table)
        rows = self._query(f"select * from ({query}) limit {SAMPLE_SIZE}").mappings()  # noqa: S608
        return tuple(text for row in rows if (text := _key_text(suite, dict(row))))


def preload() -> None:
    """Begin to import the engine beside whatever comes next; without it the first gate waits.

    The import takes seconds of one core, while landing leaves one idle for much of its time.
    """
    threading.Thread(target=_import, name="import the checks' engine", daemon=True).start()


def _import() -> Any:
    # No usage statistics leave the machine; the library reads this when it is imported.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    return importlib.import_module("great_expectations")


@contextmanager
def open_engine(file: Path, schema: str, *, threads: int, memory_limit: str) -> Iterator[Engine]:
    """An engine over `file`; when the block ends, the file is free again for a writer."""
    gx = _import()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    # The switches are needed: duckdb-engine's cursor is its connection, so that the pool's
    # rollback on return closes the result before Great Expectations has read it.
    source = context.data_sources.add_sql(
        "helpmart",
        connection_string=f"duckdb:///{file}",
        create_temp_table=False,
        kwargs={
            "pool_reset_on_return": None,
            "connect_args": {
                "read_only": True,
                "config": {"threads": threads, "memory_limit": memory_limit},
            },
        },
    )
    try:
        yield Engine(schema, source, context)
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()


def _build(suite: Suite, item: Expectation) -> Any:
    import great_expectations.expectations as library

    name = "".join(part.capitalize() for part in item.expectation.split("_"))
    expectation = getattr(library, name, None)
    if expectation is None:
        raise _broken(suite, item.rule, f"there is no expectation {item.expectation!r}")
    try:
        return expectation(**item.kwargs, meta={"rule": item.rule})
    except ValueError as error:
        raise _broken(suite, item.rule, str(error)) from error


def _refuse_exception(suite: Suite, rule: str, info: dict[str, Any]) -> None:
    """Great Expectations reports its own errors as data that failed; they are not."""
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if entry.get("raised_exception"):
            raise _broken(suite, rule, str(entry.get("exception_message")).splitlines()[0])


def _keys_of(suite: Suite, result: dict[str, Any]) -> tuple[str, ...]:
    rows = result.get("partial_unexpected_index_list") or []
    return tuple(text for row in rows[:SAMPLE_SIZE] if (text := _key_text(suite, row)))


def _key_text(suite: Suite, row: dict[str, Any]) -> str:
    return ", ".join(f"{key}={row[key]}" for key in suite.keys if key in row)


def _broken(suite: Suite, rule: str, why: str) -> HelpmartError:
    return HelpmartError(
        what="a check itself broke; it says nothing about the data",
        where=f"expectations: {suite.table}, {rule}",
        why=why,
        remedy="mend the expectation, or the model that renamed what it reads",
        exit_code=ExitCode.SETUP_BROKEN,
    )
