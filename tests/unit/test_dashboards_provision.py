"""Provisioning does nothing when nothing has changed, and hands out passwords once."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.dashboards.access.policies import load_policies
from pipelines.dashboards.access.worked_out import Access, work_out_access
from pipelines.dashboards.bundle import Datasets
from pipelines.dashboards.environment import (
    KEY_BYTES,
    KEY_NAMES,
    METADATA_FILE,
    superset_environment,
)
from pipelines.dashboards.sync import provision as module
from pipelines.dashboards.sync.provision import provision
from pipelines.errors import HelpmartError
from pipelines.settings import Settings, load_settings
from tests.unit.dashboard_worlds import dataset

TREE = {"metadata.yaml": "type: assets\n"}
KNOWN: Datasets = {(name, "en"): dataset(name) for name in load_policies().open_to_all}


@pytest.fixture
def applied(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Superset's process replaced by one that only leaves a database behind."""
    calls: list[dict[str, Any]] = []

    def run(
        given: Settings, tree: dict[str, str], access: dict[str, Any], changed: list[str]
    ) -> dict[str, Any]:
        calls.append({"tree": tree, "changed": changed, **access})
        (given.paths.superset / METADATA_FILE).touch()
        return {"seconds": {"start": 1.0}, "removed": [], "differences": []}

    publish_something(settings)
    monkeypatch.setattr(module, "_run", run)
    monkeypatch.setattr(module, "build_bundle", bundle)
    return calls


def bundle(settings: Settings) -> tuple[dict[str, str], Access]:
    """A tree without a dashboard, and the people of this installation."""
    return dict(TREE), work_out_access(settings, [], KNOWN)


def publish_something(settings: Settings) -> None:
    settings.paths.published_file.parent.mkdir(parents=True)
    settings.paths.published_file.touch()


def test_without_a_published_build_it_says_what_to_do(settings: Settings) -> None:
    with pytest.raises(HelpmartError, match="nothing to show") as caught:
        provision(settings)
    assert "helpmart run" in caught.value.remedy


def test_a_second_run_changes_nothing(settings: Settings, applied: list[Any]) -> None:
    assert provision(settings).changed
    second = provision(settings)
    assert (second.changed, second.new_passwords, len(applied)) == (False, (), 1)


def test_passwords_are_given_out_once_and_kept_for_the_owner_alone(
    settings: Settings, applied: list[Any]
) -> None:
    given = dict(provision(settings).new_passwords)
    assert set(given) == {"admin", "analyst", "executive"}
    for user, password in given.items():
        path = settings.paths.secrets / f"superset_password_{user}"
        assert path.read_text() == password
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_user_of_the_file_gets_a_password_and_loses_it_with_the_place(
    settings: Settings, applied: list[Any]
) -> None:
    provision(settings)
    settings.users_path.write_text(
        "users: [{username: eve, first_name: E, last_name: Ve, email: e@x.example, role: Analyst}]"
    )
    ((user, password),) = provision(settings).new_passwords
    assert (user, applied[-1]["users"][-1]["password"]) == ("eve", password)
    settings.users_path.unlink()
    assert provision(settings).changed
    assert applied[-1]["former_users"] == ["eve"]
    assert not (settings.paths.secrets / "superset_password_eve").exists()
    assert not provision(settings).changed


@pytest.mark.parametrize("lost", [METADATA_FILE, module.RECORD_FILE])
def test_what_was_lost_is_brought_again(settings: Settings, applied: list[Any], lost: str) -> None:
    provision(settings)
    (settings.paths.superset / lost).unlink()
    assert provision(settings).changed


def test_a_changed_bundle_is_brought(
    settings: Settings, applied: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    provision(settings)
    changed = TREE | {"charts/a.yaml": "a: 1\n"}
    monkeypatch.setattr(module, "build_bundle", lambda given: (changed, bundle(given)[1]))
    assert provision(settings).changed
    assert [call["changed"] for call in applied] == [["metadata.yaml"], ["charts/a.yaml"]]


def test_another_release_of_superset_brings_every_file_again(
    settings: Settings, applied: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    provision(settings)
    monkeypatch.setattr(module, "version", lambda _name: "99")
    assert provision(settings).changed
    assert applied[-1]["changed"] == list(TREE)


def test_changed_roles_are_brought(
    settings: Settings, applied: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    provision(settings)
    roles = tmp_path / "roles.yml"
    roles.write_text(module.ROLES_FILE.read_text() + "# changed\n")
    monkeypatch.setattr(module, "ROLES_FILE", roles)
    assert provision(settings).changed


def test_force_undoes_edits_although_nothing_changed(
    settings: Settings, applied: list[Any]
) -> None:
    provision(settings)
    assert provision(settings, force=True).changed
    assert applied[-1]["changed"] == list(TREE)


def test_a_process_that_fails_is_told_with_its_log(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_something(settings)
    monkeypatch.setattr(module, "build_bundle", bundle)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(HelpmartError, match="dashboards were not imported") as caught:
        provision(settings)
    assert caught.value.where.endswith("superset-apply.log")


def test_signing_keys_are_long_and_private(settings: Settings, applied: list[Any]) -> None:
    provision(settings)
    for name in KEY_NAMES:
        path = settings.paths.secrets / name
        assert len(path.read_text()) >= KEY_BYTES
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_superset_process_gets_every_setting(settings: Settings) -> None:
    environment = superset_environment(settings.model_copy(update={"superset_port": 8123}))
    assert environment["HELPMART_SUPERSET_PORT"] == "8123"
    assert environment["HELPMART_HOME"] == str(settings.home)
    assert environment["TZ"] == "UTC"
    assert "HELPMART_LDAP" not in environment


def test_a_superset_process_reads_the_very_same_settings(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Structures go by JSON, or the other process would stop at its start."""
    known = settings.model_copy(
        update={"account_zones": {"zendesk/x": "Asia/Tokyo"}, "wall_screen": ("overview",)}
    )
    for name, value in superset_environment(known).items():
        if name.startswith("HELPMART_"):
            monkeypatch.setenv(name, value)
    assert load_settings() == known


def test_roles_that_cannot_be_read_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "roles.yml"
    path.write_text("roles: {Executive: {meanig: x}}")
    with pytest.raises(HelpmartError, match="roles of Superset") as caught:
        load_policies(path)
    assert caught.value.where == str(path)


def test_executives_get_no_permission_to_query_or_to_edit() -> None:
    role = load_policies().roles["Executive"]
    given = {name for name, _thing in role.add}
    assert not given & {"can_sqllab", "can_execute_sql_query", "database_access", "can_explore"}
