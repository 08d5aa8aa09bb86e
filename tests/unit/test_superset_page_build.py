"""A page keeps to one build while others are published, and only to one it was really given."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from pipelines.dashboards.environment import SUPERSET_FOLDER

sys.path.insert(0, str(SUPERSET_FOLDER))
from helpmart_superset import page_build, snapshot

OLD, NEW = "20261120T000000Z-000001", "20261121T000000Z-000002"
DASHBOARD = 7
CHART = f"/chart?dashboard_id={DASHBOARD}"
REFRESH = f"{CHART}&force=true"


def publish(home: Path, build: str, number: int) -> None:
    """Show a build, and its state of the data."""
    show(home, "builds", build, "helpmart.duckdb", "create table t (i int)")
    tell(home, build, number)


def tell(home: Path, build: str, number: int) -> None:
    """Only the state of the data, which speaks of a build."""
    status = f"create table load_status as select '{build}' as build_id"
    show(home, "health", f"{number:08d}", "health.duckdb", status)


def show(home: Path, kind: str, name: str, file: str, sql: str) -> None:
    folder = home / kind / name
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / file)) as connection:
        connection.execute(sql)
    link = home / ("current" if kind == "builds" else "health/current")
    work = home / "link"
    work.symlink_to(folder)
    work.replace(link)


@pytest.fixture
def reader(tmp_path: Path) -> FlaskClient:
    """A browser at a server that only says which build it reads."""
    app = Flask("pages")
    app.secret_key = "of the test"
    app.config["HELPMART_FILES"] = {
        snapshot.PUBLISHED: tmp_path / "current" / "helpmart.duckdb",
        snapshot.HEALTH: tmp_path / "health" / "current" / "health.duckdb",
    }
    app.before_request(page_build.keep_to_opened_build)
    app.after_request(page_build.name_build)

    @app.get("/dashboard")
    def dashboard() -> Response:
        page_build.show_as_described()
        response = Response(snapshot.snapshot_id())
        page_build.note_opened_build(response, DASHBOARD)
        return response

    @app.get("/chart")
    def chart() -> str:
        return snapshot.snapshot_id()

    @app.get("/nothing")
    def nothing() -> str:
        return ""

    publish(tmp_path, OLD, 1)
    return app.test_client()


def test_an_open_page_reads_the_build_it_was_opened_with(
    reader: FlaskClient, tmp_path: Path
) -> None:
    reader.get("/dashboard")
    publish(tmp_path, NEW, 2)
    answer = reader.get(CHART)
    assert answer.text == f"{OLD}.00000001"
    assert answer.headers["Helpmart-Build"] == OLD
    assert reader.get("/chart?dashboard_id=8").text == f"{NEW}.00000002"
    assert reader.get("/chart").text == f"{NEW}.00000002"


def test_a_page_opened_anew_reads_the_newest(reader: FlaskClient, tmp_path: Path) -> None:
    reader.get("/dashboard")
    publish(tmp_path, NEW, 2)
    reader.get("/dashboard")
    assert reader.get(CHART).text == f"{NEW}.00000002"


def test_a_refreshed_page_keeps_to_the_newest_from_then_on(
    reader: FlaskClient, tmp_path: Path
) -> None:
    reader.get("/dashboard")
    publish(tmp_path, NEW, 2)
    assert reader.get(REFRESH).text == f"{NEW}.00000002"
    assert reader.get(CHART).text == f"{NEW}.00000002"


def test_until_the_state_of_the_data_speaks_of_a_new_build_pages_open_on_the_one_before(
    reader: FlaskClient, tmp_path: Path
) -> None:
    show(tmp_path, "builds", NEW, "helpmart.duckdb", "create table t (i int)")
    assert reader.get("/dashboard").text == f"{OLD}.00000001"
    tell(tmp_path, NEW, 2)
    assert reader.get("/dashboard").text == f"{NEW}.00000002"


@pytest.mark.parametrize("lost", [f"builds/{OLD}/helpmart.duckdb", "health/00000001/health.duckdb"])
def test_a_page_whose_build_is_gone_reads_the_newest(
    reader: FlaskClient, tmp_path: Path, lost: str
) -> None:
    reader.get("/dashboard")
    publish(tmp_path, NEW, 2)
    (tmp_path / lost).unlink()
    assert reader.get(CHART).text == f"{NEW}.00000002"


@pytest.mark.parametrize("note", [f"{OLD}.00000001", f"{OLD}.00000001.aaaaaa.bbbb", ""])
def test_nobody_chooses_a_build(reader: FlaskClient, tmp_path: Path, note: str) -> None:
    publish(tmp_path, NEW, 2)
    reader.set_cookie(f"helpmart_build_{DASHBOARD}", note)
    assert reader.get(CHART).text == f"{NEW}.00000002"


def test_a_note_ends_with_the_session(
    reader: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.get("/dashboard")
    publish(tmp_path, NEW, 2)
    monkeypatch.setattr(page_build, "SECONDS", -1)
    assert reader.get(CHART).text == f"{NEW}.00000002"


def test_an_answer_without_data_names_no_build(reader: FlaskClient) -> None:
    assert "Helpmart-Build" not in reader.get("/nothing").headers
