"""Killed publications and busy readers: what is shown is always one whole build."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.publish import current_build, list_builds
from pipelines.publish.builds import build_folders, show_build
from pipelines.settings import PROJECT_ROOT, Settings
from tests.integration.publish_worlds import (
    build_id,
    publish_number,
    seen_hash,
    write_serving,
)

PUBLISH = """
import sys
from pathlib import Path
from pipelines.publish import publish
from pipelines.settings import Settings
from tests.integration.publish_worlds import NOON, check
publish(
    Settings(home=Path(sys.argv[1])), build_id=sys.argv[2], run_id="killed", checks=[check()],
    clock=lambda: NOON,
)
"""

# Reads four tables through one connection, again and again, as a dashboard's query does.
READ = """
import json, sys, time
from pathlib import Path
import duckdb

link, stop = Path(sys.argv[1]), Path(sys.argv[2])
tally = {"reads": 0, "failed": 0, "torn": 0, "builds": 0}
builds = set()
print("reading", flush=True)
while not stop.exists():
    try:
        file = str(link.resolve())
        with duckdb.connect(file, read_only=True, config={"threads": 1}) as connection:
            info = connection.execute("select build_id from published.build_info").fetchall()
            values = connection.execute("select build_id from published.kpi_values").fetchall()
            twin = connection.execute("select build_id from published.kpi_values_zh").fetchall()
            rows = connection.execute("select count(*) from published.fct_tickets").fetchone()
    except duckdb.Error as error:
        tally["failed"] += 1
        print(error, file=sys.stderr)
        continue
    tally["reads"] += 1
    tally["torn"] += not info == values == twin or rows != (int(info[0][0][-6:], 16),)
    builds.add(info[0][0])
    time.sleep(0.02)  # a reader that draws too; four that only read leave the publisher no core
tally["builds"] = len(builds)
print(json.dumps(tally))
"""


def run_publisher(settings: Settings, number: int, fault: str) -> int:
    environment = os.environ | {"HELPMART_FAULT": fault}
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH, str(settings.home), build_id(number)],
        cwd=PROJECT_ROOT,
        env=environment,
        check=False,
        capture_output=True,
    )
    return done.returncode


@pytest.mark.parametrize(
    ("fault", "shown_after", "leftovers"),
    [("build_copied", 1, 1), ("build_renamed", 1, 0), ("link_swapped", 2, 0)],
)
def test_a_killed_publication_leaves_a_whole_build_and_the_next_one_works(
    settings: Settings, fault: str, shown_after: int, leftovers: int
) -> None:
    publish_number(settings, 1)
    first = seen_hash(settings)
    write_serving(settings, build_id(2), tickets=99)

    assert run_publisher(settings, 2, fault) == -signal.SIGKILL

    shown = current_build(settings)
    assert shown is not None
    assert shown.build_id == build_id(shown_after)
    assert (seen_hash(settings) == first) is (shown_after == 1)
    hidden = [path for path in settings.paths.builds.iterdir() if path.name.startswith(".")]
    assert len(hidden) == leftovers

    publish_number(settings, 3)
    shown = current_build(settings)
    assert shown is not None
    assert shown.build_id == build_id(3)
    assert all(not path.name.startswith(".") for path in settings.paths.published.rglob("*"))


@pytest.mark.parametrize("fault", ["build_copied", "build_renamed", "link_swapped"])
def test_the_killed_publication_itself_may_be_repeated(settings: Settings, fault: str) -> None:
    write_serving(settings, build_id(2), tickets=99)
    assert run_publisher(settings, 2, fault) == -signal.SIGKILL
    assert run_publisher(settings, 2, "") == 0
    assert [(build.build_id, build.is_current) for build in list_builds(settings)] == [
        (build_id(2), True)
    ]


def start_reader(settings: Settings, stop: Path) -> subprocess.Popen[str]:
    reader = subprocess.Popen(
        [sys.executable, "-c", READ, str(settings.paths.published_file), str(stop)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "reading\n"
    return reader


def test_a_hundred_swaps_under_four_readers_fail_and_tear_no_read(
    settings: Settings, tmp_path: Path
) -> None:
    publish_number(settings, 1, tickets=1)
    stop = tmp_path / "stop"
    readers = [start_reader(settings, stop) for _ in range(4)]
    swaps = 0
    try:
        for number in range(2, 28):
            publish_number(settings, number, tickets=number)
            for folder in build_folders(settings.paths)[2::-1]:
                show_build(settings.paths, folder)
                swaps += 1
            swaps += 1
    finally:
        stop.touch()
        said = [reader.communicate(timeout=60) for reader in readers]
    tallies = [json.loads(out) for out, _ in said]
    total = {key: sum(tally[key] for tally in tallies) for key in tallies[0]}
    print(swaps, total)
    assert swaps >= 100
    assert (total["failed"], total["torn"]) == (0, 0), [err for _, err in said]
    assert min(tally["reads"] for tally in tallies) > 25
    assert total["builds"] > 40
