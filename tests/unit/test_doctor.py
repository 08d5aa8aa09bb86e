"""`helpmart doctor`: for each check, a set-up in which exactly that check speaks up."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from pipelines import doctor
from pipelines.settings import Settings


def finding(check: doctor.Check, settings: Settings) -> doctor.Finding:
    return doctor._guarded(check, settings)


def test_a_sound_empty_installation_has_nothing_broken(settings: Settings) -> None:
    settings.superset_port = settings.dagster_port = free_port()
    broken = [item for item in doctor.examine(settings) if item.state == "broken"]
    assert broken == []


def test_an_old_python_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "sys", SimpleNamespace(version_info=(3, 9, 0)))
    assert finding(doctor.check_python, settings).state == "broken"


def test_a_package_that_is_not_the_locked_one_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = doctor._installed
    monkeypatch.setattr(
        doctor, "_installed", lambda name: "1.0.0" if name == "duckdb" else real(name)
    )
    found = finding(doctor.check_environment, settings)
    assert found.state == "broken"
    assert "duckdb 1.0.0" in found.cause


def test_a_missing_package_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    real = doctor._installed
    monkeypatch.setattr(
        doctor, "_installed", lambda name: None if name == "dagster" else real(name)
    )
    assert "dagster missing" in finding(doctor.check_environment, settings).cause


def test_a_state_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    found = finding(doctor.check_home, Settings(home=tmp_path / "home"))
    assert found.state == "broken"
    assert "--home" in found.remedy


def test_a_state_folder_without_write_access_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_writable", lambda folder: False)
    assert finding(doctor.check_home, settings).state == "broken"


def test_a_full_disk_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        doctor, "shutil", SimpleNamespace(disk_usage=lambda _: SimpleNamespace(free=10**6))
    )
    assert finding(doctor.check_disk, settings).state == "broken"


def test_secrets_that_others_may_read_are_named(settings: Settings) -> None:
    settings.paths.secrets.mkdir(parents=True, mode=0o700)
    secret = settings.paths.secrets / "superset_key"
    secret.write_text("x")
    secret.chmod(0o644)
    found = finding(doctor.check_secrets, settings)
    assert found.state == "broken"
    assert "superset_key" in found.cause


def test_a_damaged_ledger_is_named_with_the_way_back(settings: Settings) -> None:
    settings.home.mkdir(parents=True)
    settings.paths.ledger.write_bytes(b"not a database, but long enough to look like one" * 40)
    found = finding(doctor.check_ledger, settings)
    assert found.state == "broken"
    assert "archive" in found.remedy


def test_a_link_to_a_build_that_is_gone_is_named(settings: Settings) -> None:
    settings.paths.published.mkdir(parents=True)
    settings.paths.current_link.symlink_to("builds/gone")
    found = finding(doctor.check_published, settings)
    assert found.state == "broken"
    assert "rollback" in found.remedy


def test_files_that_no_contract_claims_are_named(settings: Settings) -> None:
    stray = settings.paths.inbox / "holiday_photos" / "beach.jpg"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"jpeg")
    found = finding(doctor.check_inbox, settings)
    assert found.state == "warning"
    assert "beach.jpg" in found.cause


def test_a_package_marker_that_hides_superset_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "superset").mkdir()
    (tmp_path / "superset" / "__init__.py").write_text("")
    monkeypatch.setattr(doctor, "PROJECT_ROOT", tmp_path)
    assert finding(doctor.check_superset_package, settings).state == "broken"


def test_a_last_run_that_failed_is_named(settings: Settings) -> None:
    from datetime import UTC, datetime

    from pipelines.ingest.ledger import Ledger

    settings.home.mkdir(parents=True)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with Ledger(settings.paths.ledger) as ledger:
        ledger.record_run(
            run_id="r", started_at=now, finished_at=now, state="failed", build_id="", error="boom"
        )
    found = finding(doctor.check_last_run, settings)
    assert found.state == "warning"
    assert "boom" in found.cause


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_another_program_holds_is_named(settings: Settings, taken_port: int) -> None:
    settings.superset_port = taken_port
    found = finding(doctor.check_ports, settings)
    assert found.state == "broken"
    assert str(taken_port) in found.cause


@pytest.mark.parametrize("check", [doctor.check_contracts, doctor.check_expectations])
def test_unreadable_definitions_are_a_finding_and_no_crash(
    check: doctor.Check, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> object:
        raise ValueError("line 3: unknown key 'colums'")

    monkeypatch.setattr("pipelines.ingest.contracts.load_contracts", fail)
    monkeypatch.setattr("pipelines.quality.suites.load_suites", fail)
    found = finding(check, settings)
    assert found.state == "broken"
    assert "colums" in found.cause


def test_every_check_has_a_remedy_when_it_is_not_ok(settings: Settings) -> None:
    shutil.rmtree(settings.home, ignore_errors=True)
    assert all(item.remedy for item in doctor.examine(settings) if item.state != "ok")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_directory_in_half_is_named(settings: Settings) -> None:
    settings.sign_in = "ldap"
    found = finding(doctor.check_sign_in, settings)
    assert found.state == "broken"
    assert "[ldap]" in found.cause


def test_a_user_whose_team_is_not_published_is_named(
    settings: Settings,
) -> None:
    settings.paths.published_file.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.paths.published_file)) as connection:
        connection.execute(
            "create schema published;"
            "create table published.dim_teams (team_name text);"
            "create table published.dim_people (team_name text);"
            "create table published.dim_agents (team_name text)"
        )
    settings.users_path.write_text(
        "users: [{username: lea, first_name: L, last_name: Li, email: l@x.example, role: Lead,"
        " teams: [Nowhere]}]"
    )
    found = finding(doctor.check_sign_in, settings)
    assert found.state == "warning"
    assert "no published team is called Nowhere" in found.cause
