"""The benchmark of ingest measures every tool on every format, on files of a few rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import ingest
from benchmarks.ingest import FORMATS, WITHIN, read_in_this_process, write_file


@pytest.mark.parametrize("layout", FORMATS)
def test_every_tool_reads_the_files_that_are_made(tmp_path: Path, layout: str) -> None:
    path = tmp_path / f"events.{layout}"
    write_file(path, ingest.EVENTS, rows=300, tickets=100)
    for tool in WITHIN:
        figures = read_in_this_process(tool, path, "events")

        assert figures["seconds"] > 0
        assert figures["peak_mb"] > 0


def test_a_reading_that_loses_records_is_no_measurement(tmp_path: Path) -> None:
    path = tmp_path / "tickets.ndjson"
    path.write_text('{"id": 1}\n{"id": null}\n', encoding="utf-8")

    with pytest.raises(RuntimeError, match="2 seen, 1 loaded"):
        read_in_this_process("helpmart", path, "tickets")
