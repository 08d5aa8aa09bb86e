"""The sheets of workbooks and Parquet files, read in a child process within limits.

Whatever becomes of the child, this process lives on and the file is refused with what happened.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson

from pipelines.ingest.parsing.rejections import FileRejectedError
from pipelines.ingest.parsing.streams import Limits
from pipelines.ingest.tables.delimited import MAX_FIELD
from pipelines.ingest.tables.rows import Cells, RowBatch, RowFault, Sheet, TableKind

CHILD = Path(__file__).with_name("child.py")
MAX_FRAME = 256 << 20
WAIT_SECONDS = 10
# Arrow's own allocator asks for far more addresses than it uses, which the limit would refuse.
ENVIRONMENT = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2", "LC_ALL": "C.UTF-8"}
_READERS: dict[str, Callable[[Any], Any]] = {
    "d": datetime.fromisoformat,
    "D": date.fromisoformat,
    "t": time.fromisoformat,
    "l": lambda microseconds: timedelta(microseconds=microseconds),
}
_TOO_LONG = "x"


@contextmanager
def guarded_sheets(kind: TableKind, path: Path, limits: Limits) -> Iterator[Iterator[Sheet]]:
    """The sheets of a file, to be taken one after another while the block lasts.

    Raises:
        FileRejectedError: it is damaged, hostile, or needs more memory or time than it may.
    """
    command = [sys.executable, "-I", str(CHILD), kind, str(path)]
    command += [str(limits.child_memory), str(limits.child_seconds), str(MAX_FIELD)]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
    ) as process:
        try:
            yield _sheets(_Frames(process, limits))
        finally:
            process.kill()
            process.wait(WAIT_SECONDS)


class _Frames:
    """What the child tells, one value after another; the last one can be put back."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits) -> None:
        self._process = process
        self._limits = limits
        self._returned: dict[str, Any] | None = None

    def next(self) -> dict[str, Any]:
        """The next value.

        Raises:
            FileRejectedError: the child gave up or was ended.
        """
        if self._returned is not None:
            returned, self._returned = self._returned, None
            return returned
        line = self._line()
        if not line.endswith(b"\n"):
            raise FileRejectedError("unreadable_table", self._end())
        frame: dict[str, Any] = orjson.loads(line)
        if "error" in frame:
            raise FileRejectedError("unreadable_table", frame["error"])
        return frame

    def _line(self) -> bytes:
        """One line of the child's, which is ended if it is silent for too long."""
        assert self._process.stdout is not None
        watch = threading.Timer(self._limits.child_silence, self._process.kill)
        watch.start()
        try:
            return self._process.stdout.readline(MAX_FRAME)
        finally:
            watch.cancel()

    def put_back(self, frame: dict[str, Any]) -> None:
        self._returned = frame

    def _end(self) -> str:
        """Why there is no more to read."""
        code = self._process.wait(WAIT_SECONDS)
        limits = self._limits
        if -code == signal.SIGXCPU:
            return f"reading it took over {limits.child_seconds} seconds"
        if -code == signal.SIGKILL:
            return f"its reader was silent for {limits.child_silence} seconds, or was ended"
        cause = f"signal {-code}" if code < 0 else f"exit code {code}"
        return (
            f"its reader ended with {cause}; it may use {limits.child_memory >> 20} MiB of memory"
        )


def _sheets(frames: _Frames) -> Iterator[Sheet]:
    while "end" not in (frame := frames.next()):
        if "sheet" in frame:
            yield Sheet(frame["sheet"], _batches(frames))


def _batches(frames: _Frames) -> Iterator[RowBatch]:
    while "rows" in (frame := frames.next()):
        yield from _with_faults(frame["n"], frame["rows"])
    frames.put_back(frame)


def _with_faults(numbers: list[int], rows: list[Cells]) -> Iterator[RowBatch]:
    """Rows with typed cells; a row with a cell that is too long is a fault."""
    batch = RowBatch()
    for number, cells in zip(numbers, rows, strict=True):
        typed = [_typed(cell) if type(cell) is dict else cell for cell in cells]
        if any(cell is _TYPED_TOO_LONG for cell in typed):
            why = f"a cell has over {MAX_FIELD} characters"
            batch.fault = RowFault(number, "record_too_large", why, "")
            yield batch
            batch = RowBatch()
        else:
            batch.numbers.append(number)
            batch.rows.append(typed)
    yield batch


_TYPED_TOO_LONG = object()


def _typed(cell: dict[str, Any]) -> Any:
    [(mark, value)] = cell.items()
    return _TYPED_TOO_LONG if mark == _TOO_LONG else _READERS[mark](value)
