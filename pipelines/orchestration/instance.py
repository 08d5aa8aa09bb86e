"""The Dagster instance of one installation: presets that recover by themselves.

Why each preset is there: docs/decisions/0005-dagster-presets.md.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from dagster import DagsterInstance

    from pipelines.settings import Settings


def instance_config(settings: Settings) -> dict[str, object]:
    """The content of `dagster.yaml`."""
    return {
        "telemetry": {"enabled": False},
        "event_log_storage": {
            "module": "pipelines.orchestration.event_log",
            "class": "OpenSqliteEventLogStorage",
            "config": {"base_dir": str(settings.paths.dagster / "history" / "runs")},
        },
        "concurrency": {
            "pools": {"default_limit": 1, "granularity": "run"},
            "runs": {"max_concurrent_runs": 1},
        },
        "run_monitoring": {
            "enabled": True,
            "poll_interval_seconds": 10,
            "start_timeout_seconds": 180,
            "max_runtime_seconds": settings.max_runtime_seconds,
            "free_slots_after_run_end_seconds": 5,
        },
        "run_retries": {
            "enabled": True,
            "max_retries": 1,
            "retry_on_asset_or_op_failure": False,
        },
    }


def write_instance_config(settings: Settings) -> Path:
    """Write `dagster.yaml` if it differs from what it should be; give back DAGSTER_HOME."""
    home = settings.paths.dagster
    home.mkdir(parents=True, exist_ok=True)
    target = home / "dagster.yaml"
    text = yaml.safe_dump(instance_config(settings), sort_keys=True)
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        target.write_text(text, encoding="utf-8")
    return home


def dagster_environment(settings: Settings) -> dict[str, str]:
    """The environment in which Dagster's own processes serve this installation."""
    return {
        **os.environ,
        "DAGSTER_HOME": str(write_instance_config(settings)),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "HELPMART_HOME": str(settings.home),
        "TZ": "UTC",
    }


def open_instance(settings: Settings) -> DagsterInstance:
    """The instance as an object; the caller closes it by using it as a context manager."""
    from dagster import DagsterInstance

    return DagsterInstance.from_config(str(write_instance_config(settings)))
