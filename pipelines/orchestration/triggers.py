"""What starts the daily job without anybody: a schedule, and a sensor on the inbox."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.ingest.inbox import InboxFile
    from pipelines.settings import Settings

JOB_NAME = "daily_load"
SENSOR_SECONDS = 30


def daily_job() -> dg.UnresolvedAssetJobDefinition:
    """Everything from files to dashboards, in one process: each heavy library loads once."""
    return dg.define_asset_job(
        JOB_NAME,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        description="Land, check, build, check, publish.",
    )


def daily_schedule(
    settings: Settings, job: dg.UnresolvedAssetJobDefinition
) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name="load_daily",
        job=job,
        cron_schedule=settings.schedule_cron,
        execution_timezone=settings.schedule_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


def inbox_sensor(settings: Settings, job: dg.UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """Starts a run when complete files lie in the inbox; a file still being written waits."""

    @dg.sensor(
        name="load_on_arrival",
        job=job,
        minimum_interval_seconds=SENSOR_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def load_on_arrival() -> dg.RunRequest | dg.SkipReason:
        from pipelines.ingest.inbox import ready_files

        found = ready_files(settings)
        if found.ready:
            return dg.RunRequest(run_key=fingerprint(found.ready))
        if found.settling:
            return dg.SkipReason(f"{len(found.settling)} files are still being written")
        return dg.SkipReason("no new files")

    return load_on_arrival


def fingerprint(files: Sequence[InboxFile]) -> str:
    """Equal for the same set of files in the same state, so that one drop starts one run."""
    parts = sorted(f"{file.path}|{file.size}|{file.mtime_ns}" for file in files)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
