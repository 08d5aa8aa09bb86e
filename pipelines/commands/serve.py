"""`up`, `down` and `dashboards`: the pages that people open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.options import Home, Json, settings_for

if TYPE_CHECKING:
    from pipelines.settings import Settings

dashboards_app = typer.Typer(help="Dashboards as code", no_args_is_help=True)


def up(
    home: Home = None,
    detach: Annotated[
        bool, typer.Option("--detach", help="Leave the pages running and come back")
    ] = False,
) -> None:
    """Serve Superset, Dagster's page (read-only) and the schedules, on loopback."""
    settings = settings_for(home)
    if detach:
        _announce(settings)
    else:
        serve_until_stopped(settings)


def down(home: Home = None) -> None:
    """Stop what `up --detach` started."""
    from pipelines.console import print_line
    from pipelines.services import stop_all

    stopped = stop_all(settings_for(home))
    print_line(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def serve_until_stopped(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM, then stop every process that was started here."""
    import signal
    import threading

    from pipelines.console import print_line
    from pipelines.services import stop_all

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        _announce(settings)
        print_line("Press Ctrl-C to stop.")
        stop.wait()
    finally:
        stop_all(settings)


def _announce(settings: Settings) -> None:
    from pipelines.console import print_line, print_pairs
    from pipelines.services import start_all

    served = start_all(settings, tell=print_line)
    print_line()
    print_pairs(served.addresses)
    if served.new_passwords:
        print_line()
        print_line("Passwords, shown this once (kept in the secrets folder, readable by you only):")
        print_pairs(served.new_passwords)


@dashboards_app.command("check")
def check_dashboards(home: Home = None, json: Json = False) -> None:
    """Prove dashboard -> chart -> dataset -> column -> metric, without a server."""
    from pipelines.console import print_json, print_line
    from pipelines.dashboards.check import check

    report = check(settings_for(home))
    if json:
        print_json(report)
    else:
        print_line(report.summary())
    report.raise_on_problems()


@dashboards_app.command("import")
def import_dashboards(home: Home = None, json: Json = False) -> None:
    """Bring Superset in step with the folder `superset/`."""
    from pipelines.console import print_json, print_line
    from pipelines.dashboards.sync.provision import provision

    outcome = provision(settings_for(home))
    if json:
        print_json({"changed": outcome.changed, "missing": outcome.missing})
    else:
        for line in outcome.missing:
            print_line(f"users.yml: {line}")
        print_line("Dashboards imported." if outcome.changed else "No change.")


@dashboards_app.command("export")
def export_dashboards(
    folder: Annotated[Path, typer.Argument(help="A new folder, or one of an earlier export")],
    home: Home = None,
    json: Json = False,
) -> None:
    """Write the charts and dashboards that people built in Superset as files with a stable diff."""
    from pipelines.console import print_json, print_line
    from pipelines.dashboards.sync.export import export

    files = export(settings_for(home), folder)
    if json:
        print_json({"files": files})
    else:
        print_line(f"{len(files)} files in {folder}." if files else "Nobody built anything yet.")
