"""Dagster's events on connections that stay: the same records, and few files kept open."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from dagster import AssetMaterialization, DagsterEvent, DagsterEventType, EventLogEntry
from dagster._core.events import StepMaterializationData
from dagster._core.storage.event_log import SqliteEventLogStorage

from pipelines.orchestration import event_log
from pipelines.orchestration.event_log import MOST_OPEN, OpenSqliteEventLogStorage
from pipelines.orchestration.instance import open_instance
from pipelines.settings import Settings


def stored(run_id: str, number: int) -> EventLogEntry:
    event = DagsterEvent(
        event_type_value=DagsterEventType.ASSET_MATERIALIZATION.value,
        job_name="daily_load",
        event_specific_data=StepMaterializationData(AssetMaterialization(f"table_{number}")),
    )
    return EventLogEntry(
        error_info=None,
        level=20,
        user_message="",
        run_id=run_id,
        timestamp=time.time(),
        dagster_event=event,
    )


def test_an_installation_uses_it(tmp_path: Path) -> None:
    with open_instance(Settings(home=tmp_path)) as instance:
        assert isinstance(instance.event_log_storage, OpenSqliteEventLogStorage)


def test_dagsters_own_storage_reads_the_same_events(tmp_path: Path) -> None:
    ours = OpenSqliteEventLogStorage(str(tmp_path))
    for number in range(5):
        ours.store_event(stored("run", number))
    keys = sorted(key.to_user_string() for key in ours.all_asset_keys())
    ours.dispose()

    theirs = SqliteEventLogStorage(str(tmp_path))
    assert len(theirs.get_records_for_run("run").records) == 5
    assert sorted(key.to_user_string() for key in theirs.all_asset_keys()) == keys
    assert keys == [f"table_{number}" for number in range(5)]


def test_a_database_is_opened_once_and_old_ones_are_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    create = event_log.create_engine
    monkeypatch.setattr(
        event_log,
        "create_engine",
        lambda url, **options: made.append(url) or create(url, **options),
    )
    storage = OpenSqliteEventLogStorage(str(tmp_path))
    for number in range(10):
        storage.store_event(stored("run", number))
    assert len(made) == len(set(made)) == 2  # the run's own and the index

    for run in range(2 * MOST_OPEN):
        storage.store_event(stored(f"run {run}", run))
    assert len(storage._open) == MOST_OPEN
    storage.dispose()
    assert not storage._open
