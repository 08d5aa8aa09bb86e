"""Twenty people open a page again and again while a hundred builds are published.

Each build has a ticket more than the one before, so that the build a chart was read from shows in
its figure, beside what the answer's header and the page's own first line say.
"""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import duckdb
import pytest

from pipelines.dashboards.datasets import load_datasets
from pipelines.dashboards.kinds.base import Chart
from pipelines.dashboards.spec import load_dashboards
from pipelines.dashboards.titles import chart_title
from pipelines.publish import new_build_id
from pipelines.settings import Settings
from tests.superset_client import Person
from tests.superset_world import SupersetWorld, free_port, publish_demo, serving, show

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]

READERS, BUILDS = 20, 100
PAUSE = 2.5  # mean seconds between two pages, as in benchmarks.dashboards
SEED = 7
SLUG = "service-overview"
COUNTED, BANNER = "Tickets created", "State of the data"
STATEMENT_SECONDS = 60
STAMPED = """
    select table_name from duckdb_columns() join duckdb_tables()
    using (database_name, schema_name, table_name)
    where schema_name = 'published' and column_name = 'build_id'
"""


@dataclass
class Tally:
    """What the readers met; `loads` are pages that came whole, by the build they showed."""

    loads: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)


@dataclass
class Page:
    """A dashboard as a browser opens it: its number; name and question of each chart."""

    number: int
    questions: list[tuple[str, Any]]


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[SupersetWorld]:
    """An installation of its own, since other tests count on what theirs has published."""
    settings = Settings(
        home=tmp_path_factory.mktemp("readers"), quiet_seconds=0, superset_port=free_port()
    )
    publish_demo(settings)
    with serving(settings, pytestconfig, STATEMENT_SECONDS) as world:
        yield world


def test_a_hundred_publishes_under_twenty_readers_fail_and_mix_no_page(
    world: SupersetWorld,
) -> None:
    page = opened_page(world)
    people = [sign_in(world, number) for number in range(READERS)]
    created = {shown_build(world): tickets_created(world)}
    tally, stop = Tally(), threading.Event()
    begun = time.monotonic()
    with ThreadPoolExecutor(READERS) as readers:
        reading = [
            readers.submit(
                read_until, stop, random.Random(SEED + number), person, page, created, tally
            )
            for number, person in enumerate(people)
        ]
        try:
            for _ in range(BUILDS):
                publish_with_one_ticket_more(world.settings, created)
        finally:
            stop.set()
        for each in reading:
            each.result()
    builds = len(set(tally.loads))
    print(
        f"{len(created) - 1} builds and {len(tally.loads)} pages of {len(page.questions)} charts"
        f" in {time.monotonic() - begun:.0f} s; {builds} builds were seen"
    )
    assert (tally.failed, tally.mixed) == ([], [])
    assert len(created) == BUILDS + 1
    assert len(tally.loads) >= 2 * READERS
    assert builds >= 10


def read_until(
    stop: threading.Event,
    chance: random.Random,
    person: Person,
    page: Page,
    created: dict[str, int],
    tally: Tally,
) -> None:
    """Open the page again and again until the last build is out, and once more then."""
    while not stop.wait(chance.uniform(0, 2 * PAUSE)):
        read_page(person, page, created, tally)
    read_page(person, page, created, tally)


def read_page(person: Person, page: Page, created: dict[str, int], tally: Tally) -> None:
    """Open the page and ask for each of its charts, as a browser does."""
    answer = person.get(f"/api/v1/dashboard/{SLUG}")
    if answer.status_code != HTTPStatus.OK:
        tally.failed.append(f"page: {answer.status_code} {answer.text[:200]}")
        return
    said: set[str] = set()
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, question in page.questions:
        path = f"/api/v1/chart/data?dashboard_id={page.number}"
        answer = person.send("POST", path, question)
        if answer.status_code != HTTPStatus.OK:
            tally.failed.append(f"{name}: {answer.status_code} {answer.text[:200]}")
            return
        said.add(answer.headers["Helpmart-Build"])
        rows[name] = answer.json()["result"][0]["data"]
    build = max(said)
    (figure,) = rows[COUNTED][0].values()
    if len(said) == 1 and build in str(rows[BANNER]) and figure == created[build]:
        tally.loads.append(build)
    else:
        tally.mixed.append(f"{sorted(said)} {rows[BANNER]} {figure}")


def publish_with_one_ticket_more(settings: Settings, created: dict[str, int]) -> None:
    """Another build, and the sentence about it."""
    started = datetime.now(UTC)
    build = new_build_id(started)
    with duckdb.connect(str(settings.paths.serving_file)) as connection:
        for (table,) in connection.execute(STAMPED).fetchall():
            connection.execute(f"update published.{table} set build_id = ?", [build])
        connection.execute(
            "update published.kpi_overview_daily set tickets_created = tickets_created + 1"
            " where rowid ="
            " (select min(rowid) from published.kpi_overview_daily where tickets_created > 0)"
        )
    created[build] = max(created.values()) + 1
    show(settings, build, str(uuid.uuid4()), started)


def opened_page(world: SupersetWorld) -> Page:
    person = world.person("analyst")
    number = person.get(f"/api/v1/dashboard/{SLUG}").json()["result"]["id"]
    (board,) = (board for board in load_dashboards() if board.slug == SLUG)
    rows = (board.header, *board.tabs[0].rows)
    datasets = load_datasets(world.settings)
    shown = {
        chart_title(chart, datasets[chart.dataset, "en"])
        for row in rows
        for chart in row.cells
        if isinstance(chart, Chart)
    }
    questions = []
    for chart in world.charts(SLUG):
        if chart["slice_name"] not in shown:
            continue
        stored = person.get(f"/api/v1/chart/{chart['id']}").json()["result"]["query_context"]
        question = json.loads(stored)
        # Whoever may see dashboards alone says on which one the chart stands.
        question["form_data"] |= {"slice_id": chart["id"], "dashboardId": number}
        questions.append((chart["slice_name"], question))
    names = [name for name, _ in questions]
    assert (names.count(COUNTED), names.count(BANNER)) == (1, 1)
    return Page(number, questions)


def sign_in(world: SupersetWorld, number: int) -> Person:
    """A reader from an address of its own: signing in is limited by address."""
    person = Person(world.address, source=f"127.0.3.{number + 1}")
    assert person.sign_in("executive", world.password("executive")).status_code == HTTPStatus.FOUND
    return person


def shown_build(world: SupersetWorld) -> str:
    ((build,),) = world.published("select build_id from published.build_info")
    return str(build)


def tickets_created(world: SupersetWorld) -> int:
    ((count,),) = world.published(
        "select sum(tickets_created)::bigint from published.kpi_overview_daily"
    )
    assert isinstance(count, int)
    return count
