"""Shows an older build again and tells readers so."""

from __future__ import annotations

from pipelines.publish.builds import (
    Build,
    Clock,
    choose_rollback,
    read_build,
    show_build,
    utc_now,
)
from pipelines.publish.health import write_health
from pipelines.publish.load_runs import LoadRun
from pipelines.settings import Settings


def rollback(settings: Settings, build_id: str | None = None, *, clock: Clock = utc_now) -> Build:
    """Show the build named, or the newest one older than the shown one; the next load goes on.

    Raises:
        HelpmartError: there is no such build, or it cannot be read; nothing has changed then.
    """
    at = clock()
    folder = choose_rollback(settings.paths, build_id)
    build = read_build(folder, is_current=True)
    show_build(settings.paths, folder)
    run = LoadRun(
        run_id=f"rollback-{at:%Y%m%dT%H%M%SZ}",
        started_at=at,
        finished_at=clock(),
        state="rolled_back",
    )
    write_health(settings, run=run, clock=clock)
    return build
