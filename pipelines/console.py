"""How helpmart talks on a terminal: tables, JSON, progress and errors. No other module prints."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO

from pipelines.errors import ExitCode, HelpmartError

PIPE_WIDTH = 10_000  # a line a row for grep and friends; a terminal folds instead


def as_jsonable(value: Any) -> Any:
    """Dataclasses, stamps and paths as plain JSON values; stamps are UTC ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return as_jsonable(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): as_jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_jsonable(item) for item in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def print_json(value: Any) -> None:
    """One JSON document on standard output, for scripts."""
    sys.stdout.write(json.dumps(as_jsonable(value), ensure_ascii=False, indent=2) + "\n")


def print_table(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, empty: str, title: str = ""
) -> None:
    """Rows under headers, or one sentence that says why there are none."""
    if not rows:
        print_line(empty)
        return
    from rich.console import Console
    from rich.table import Table

    watched = sys.stdout.isatty()
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        numeric = all(isinstance(row.get(column), (int, float, type(None))) for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    Console(width=None if watched else PIPE_WIDTH, highlight=False).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_cell(item)}" for name, item in value.items()) or "—"
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value) or "—"
    return str(value)


def print_pairs(pairs: Iterable[tuple[str, Any]]) -> None:
    """A short list of facts, names aligned."""
    shown = [(name, _cell(value)) for name, value in pairs]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        print_line(f"{name:<{width}}  {value}")


def print_line(text: str = "") -> None:
    """A line on standard output at once, so that it keeps its place among the progress."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class TerminalReporter:
    """Progress of a run: a line a step with its time; on a terminal also what it is at."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._started: datetime | None = None
        self._live = self._stream.isatty()

    def step(self, name: str) -> None:
        self._close()
        self._started = datetime.now(UTC)
        self._stream.write(f"{name} … " if not self._live else f"{name} …")
        self._stream.flush()

    def detail(self, text: str) -> None:
        if self._live:
            self._stream.write(f"\r\x1b[K  {text[:100]}")
            self._stream.flush()

    def finish(self) -> None:
        """End the last step's line."""
        self._close()

    def _close(self) -> None:
        if self._started is None:
            return
        seconds = (datetime.now(UTC) - self._started).total_seconds()
        self._stream.write(("\r\x1b[K  done, " if self._live else "") + f"{seconds:.1f} s\n")
        self._stream.flush()
        self._started = None


def report_error(error: HelpmartError) -> int:
    """Say what went wrong and what to do; give back the exit code."""
    sys.stderr.write(f"error: {error}\n")
    return int(error.exit_code)


def report_crash(error: BaseException, logs: Path) -> int:
    """Write the traceback to the log and say where; a user never meets a bare traceback."""
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / "helpmart.log"
    stamp = datetime.now(UTC).isoformat(timespec="seconds")
    with log.open("a", encoding="utf-8") as stream:
        stream.write(
            f"{stamp} {' '.join(sys.argv)}\n{''.join(traceback.format_exception(error))}\n"
        )
    return report_error(
        HelpmartError(
            what=f"something in helpmart broke: {type(error).__name__}",
            why=str(error).splitlines()[0] if str(error) else "",
            where=str(log),
            remedy="run `helpmart doctor`; if it finds nothing, report the log's last entry",
            exit_code=ExitCode.FAILED,
        )
    )


def quiet_libraries() -> None:
    """Keep the libraries' own chatter off the terminal; their warnings still reach the logs."""
    logging.getLogger().setLevel(logging.ERROR)
    for name in ("dagster", "dbt", "great_expectations", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
