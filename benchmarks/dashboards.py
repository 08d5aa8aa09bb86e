"""How fast the pages of the dashboards get their data from Superset; see benchmarks/README.md."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import duckdb

from pipelines.console import print_line, print_table
from pipelines.dashboards.environment import password_name, read_secret
from pipelines.dashboards.serve import address_of, is_up
from pipelines.settings import Settings, load_settings
from tests.superset_client import Person

# What a browser opens to one server at a time.
CONNECTIONS = 6
SEED = 5


@dataclass(frozen=True)
class Tab:
    """One page of a dashboard: its name and the numbers of its charts."""

    name: str
    charts: tuple[int, ...]


@dataclass(frozen=True)
class Seen:
    """What a viewer waited for: the whole page, and each chart, in seconds."""

    tab: Tab
    seconds: float
    charts: dict[int, float]


def sign_in(settings: Settings, viewer: int) -> Person:
    """A viewer of its own, from an address of its own: requests are limited by address."""
    person = Person(address_of(settings), source=f"127.0.1.{viewer + 1}")
    answer = person.sign_in("analyst", read_secret(settings, password_name("analyst")))
    if answer.status_code != HTTPStatus.FOUND:
        raise RuntimeError(f"nobody could sign in: {answer.status_code}")
    return person


def pages(person: Person) -> list[Tab]:
    """Every page of every English dashboard, as Superset lays it out."""
    found = []
    listed = person.get("/api/v1/dashboard/?q=(page_size:100)").json()["result"]
    for slug in sorted(board["slug"] for board in listed if not board["slug"].endswith("-zh")):
        shown = person.get(f"/api/v1/dashboard/{slug}").json()["result"]
        nodes = json.loads(shown["position_json"])
        tabs = [key for key in nodes if key.startswith("TAB-")] or ["ROOT_ID"]
        for key in tabs:
            charts = tuple(charts_below(nodes, key))
            if charts:
                title = nodes[key].get("meta", {}).get("text", "")
                found.append(Tab(f"{slug} {title}".strip(), charts))
    return found


def charts_below(nodes: dict[str, Any], key: str) -> Iterable[int]:
    """The charts that stand below a node of a dashboard's layout."""
    node = nodes[key]
    if node["type"] == "CHART":
        yield node["meta"]["chartId"]
    for child in node.get("children", ()):
        yield from charts_below(nodes, child)


def questions(person: Person, tabs: list[Tab]) -> dict[int, dict[str, Any]]:
    """What a dashboard sends for each of its charts, but for the dashboard's own filters."""
    found = {}
    for chart in {chart for tab in tabs for chart in tab.charts}:
        stored = person.get(f"/api/v1/chart/{chart}").json()["result"]["query_context"]
        found[chart] = json.loads(stored) | {"force": True}
    return found


def ask(person: Person, question: dict[str, Any]) -> tuple[float, list[str]]:
    """Seconds until a chart's data were there, past every cache, and the SQL that was run."""
    begun = time.perf_counter()
    answer = person.send("POST", "/api/v1/chart/data", question)
    seconds = time.perf_counter() - begun
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{question['form_data']}: {answer.status_code} {answer.text[:300]}")
    return seconds, [result["query"] for result in answer.json()["result"]]


def view(
    settings: Settings,
    tabs: list[Tab],
    asked: dict[int, dict[str, Any]],
    pause: float,
    viewer: int,
) -> list[Seen]:
    """One viewer opens every page once, in an order of its own, and reads each for a while."""
    person = sign_in(settings, viewer)
    chance = random.Random(SEED + viewer)  # noqa: S311
    order = chance.sample(tabs, len(tabs))
    seen = []
    with ThreadPoolExecutor(CONNECTIONS) as connections:
        for tab in order:
            time.sleep(chance.uniform(0, 2 * pause))
            begun = time.perf_counter()
            answers = list(
                connections.map(partial(ask, person), (asked[chart] for chart in tab.charts))
            )
            seconds = time.perf_counter() - begun
            taken = {chart: answer[0] for chart, answer in zip(tab.charts, answers, strict=True)}
            seen.append(Seen(tab, seconds, taken))
    return seen


def bare(
    settings: Settings, person: Person, tabs: list[Tab], asked: dict[int, dict[str, Any]]
) -> dict[str, float]:
    """Seconds of a page's queries, one after the other, in DuckDB alone."""
    taken = {}
    with duckdb.connect(str(settings.paths.published_file), read_only=True) as published:
        for tab in tabs:
            statements = [sql for chart in tab.charts for sql in ask(person, asked[chart])[1]]
            taken[tab.name] = sum(_seconds(published, sql) for sql in statements)
    return taken


def _seconds(connection: duckdb.DuckDBPyConnection, statement: str) -> float:
    begun = time.perf_counter()
    try:
        connection.execute(statement).fetchall()
    except duckdb.CatalogException:  # a table of the file about loads, which is another database
        return 0.0
    return time.perf_counter() - begun


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a served installation (default: this one)")
    parser.add_argument("--viewers", type=int, default=4)
    parser.add_argument("--pause", type=float, default=0, help="mean seconds between two pages")
    parser.add_argument("--slowest", type=int, default=10, help="pages to list")
    arguments = parser.parse_args()
    settings = Settings(home=arguments.home) if arguments.home else load_settings()
    if not is_up(settings):
        raise SystemExit(f"nothing answers at {address_of(settings)}: run `helpmart up` first")
    person = sign_in(settings, arguments.viewers)
    tabs = pages(person)
    asked = questions(person, tabs)
    alone = bare(settings, person, tabs, asked)
    with ThreadPoolExecutor(arguments.viewers) as viewers:
        seen = [
            each
            for found in viewers.map(
                partial(view, settings, tabs, asked, arguments.pause), range(arguments.viewers)
            )
            for each in found
        ]
    waits = [each.seconds for each in seen]
    charts = [seconds for each in seen for seconds in each.charts.values()]
    print_line(
        f"{len(tabs)} pages, {len(charts)} charts asked by {arguments.viewers} viewers at once."
    )
    rows = [
        {"what": "page", "p50 s": percentile(waits, 0.5), "p95 s": percentile(waits, 0.95)},
        {"what": "chart", "p50 s": percentile(charts, 0.5), "p95 s": percentile(charts, 0.95)},
        {
            "what": "queries of a page, bare",
            "p50 s": percentile(list(alone.values()), 0.5),
            "p95 s": percentile(list(alone.values()), 0.95),
        },
    ]
    print_table(_rounded(rows), ["what", "p50 s", "p95 s"], empty="", title="Waiting")
    slowest = sorted(seen, key=lambda each: -each.seconds)[: arguments.slowest]
    found = [
        {"page": each.tab.name, "charts": len(each.charts), "s": each.seconds}
        | {"bare s": alone[each.tab.name], "slowest chart s": max(each.charts.values())}
        for each in slowest
    ]
    print_table(_rounded(found), list(found[0]), empty="", title="Slowest pages")


def _rounded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {key: round(value, 3) if isinstance(value, float) else value for key, value in row.items()}
        for row in rows
    ]


if __name__ == "__main__":
    main()
