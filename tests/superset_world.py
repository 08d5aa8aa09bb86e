"""One served Superset for all tests of a run, on a small simulated centre that was really loaded.

Migrating Superset's database is the slowest part, so an earlier run's database and passwords are
kept beside pytest's cache, by the lock's hash, and taken up again.
"""

from __future__ import annotations

import hashlib
import shutil
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.dashboards import serve
from pipelines.dashboards.environment import METADATA_FILE, password_name, read_secret
from pipelines.dashboards.sync.provision import provision
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.simulate.drop import DEMO_USERS
from tests.integration.publish_worlds import check
from tests.superset_client import Person

TICKETS = 1500
STATEMENT_SECONDS = 3


@dataclass
class SupersetWorld:
    """An installation with a published build whose dashboards are being served."""

    settings: Settings
    address: str
    people: dict[str, Person] = field(default_factory=dict)

    def password(self, username: str) -> str:
        return read_secret(self.settings, password_name(username))

    def person(self, username: str) -> Person:
        """Somebody who is signed in, once a run: signing in is rate-limited."""
        if username not in self.people:
            person = Person(self.address)
            answer = person.sign_in(username, self.password(username))
            assert answer.status_code == 302, answer.text[:500]
            self.people[username] = person
        return self.people[username]

    @cached_property
    def databases(self) -> dict[str, int]:
        """Superset's numbers of the databases, by name."""
        rows = self.person("admin").get("/api/v1/database/").json()["result"]
        return {row["database_name"]: row["id"] for row in rows}

    def dataset(self, table: str) -> int:
        """Superset's number of the dataset on a published table."""
        wanted = f"(filters:!((col:table_name,opr:eq,value:{table})))"
        answer = self.person("admin").get(f"/api/v1/dataset/?q={wanted}")
        (row,) = answer.json()["result"]
        return int(row["id"])

    def charts(self, slug: str) -> list[dict[str, Any]]:
        """The charts of a dashboard as its readers get them."""
        answer = self.person("executive").get(f"/api/v1/dashboard/{slug}/charts")
        rows: list[dict[str, Any]] = answer.json()["result"]
        return rows

    def published(self, query: str) -> list[tuple[object, ...]]:
        """Rows of the file that readers see."""
        path = str(self.settings.paths.published_file.resolve())
        with duckdb.connect(path, read_only=True) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="session")
def superset_world(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[SupersetWorld]:
    """Simulated, loaded, built, published, provisioned, served."""
    settings = Settings(
        home=tmp_path_factory.mktemp("superset"), quiet_seconds=0, superset_port=free_port()
    )
    publish_demo(settings)
    with serving(settings, pytestconfig, STATEMENT_SECONDS) as world:
        yield world


@contextmanager
def serving(
    settings: Settings, pytestconfig: pytest.Config, statement_seconds: int
) -> Iterator[SupersetWorld]:
    """An installation that has published, with the users of the demo and Superset up."""
    shutil.copyfile(DEMO_USERS, settings.users_path)
    kept = Path(pytestconfig.cache.mkdir("superset")) / _lock_hash()
    _take_up(settings, kept)
    provision(settings)
    _keep(settings, kept)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HELPMART_STATEMENT_SECONDS", str(statement_seconds))
        served = serve.start(settings)
    try:
        yield SupersetWorld(settings, served.address)
    finally:
        serve.stop(settings)


def publish_demo(settings: Settings) -> None:
    """Load a simulated export and publish it; dbt's tests are the only gate."""
    from pipelines.ingest.export import export_for_dbt
    from pipelines.ingest.load import load_inbox
    from pipelines.ingest.schema_files import ensure_schema_files
    from pipelines.publish import new_build_id
    from pipelines.simulate import write_demo
    from pipelines.transform.dbt_runner import build

    started, run_id = datetime.now(UTC), str(uuid.uuid4())
    write_demo(settings.paths.inbox / "zendesk" / "northwind", settings.home, tickets=TICKETS)
    ensure_schema_files(settings)
    load_inbox(settings, run_id=run_id)
    export_for_dbt(settings)
    build_id = new_build_id(started)
    build(settings, build_id=build_id).raise_on_failure()
    show(settings, build_id, run_id, started)


def show(settings: Settings, build_id: str, run_id: str, started: datetime) -> None:
    """Publish a finished build with a check that held, and the state of the data."""
    from pipelines.publish import LoadRun, LoadStep, publish, write_health

    checks = [check("dbt_tests")]
    publish(settings, build_id=build_id, run_id=run_id, checks=checks)
    ended = datetime.now(UTC)
    steps = (LoadStep("build_warehouse", started, ended, is_done=True),)
    run = LoadRun(run_id, started, ended, "published", steps=steps)
    write_health(settings, run=run, checks=checks)


def _lock_hash() -> str:
    return hashlib.sha256((PROJECT_ROOT / "requirements.lock").read_bytes()).hexdigest()[:16]


def _take_up(settings: Settings, kept: Path) -> None:
    if (kept / METADATA_FILE).is_file():
        settings.paths.superset.mkdir(parents=True)
        shutil.copy2(kept / METADATA_FILE, settings.paths.superset)
        _copy_secrets(kept / "secrets", settings.paths.secrets)


def _keep(settings: Settings, kept: Path) -> None:
    if not kept.is_dir():
        work = kept.with_name(f"{kept.name}.{uuid.uuid4()}")
        work.mkdir()
        shutil.copy2(settings.paths.superset / METADATA_FILE, work)
        _copy_secrets(settings.paths.secrets, work / "secrets")
        work.rename(kept)


def _copy_secrets(source: Path, target: Path) -> None:
    """Those of Superset: the key of the pseudonyms belongs to what was loaded."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in source.glob("superset_*"):
        shutil.copy2(path, target)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
