"""The console script `helpmart`: parses, calls, prints."""

from __future__ import annotations

import sys

import typer

from pipelines.commands import doctor, files, kpi, publish, report, run, serve, source

app = typer.Typer(
    name="helpmart",
    help="Helpdesk exports in, audited KPIs and published dashboards out.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(run.demo)
app.command()(run.run)
app.command()(run.load)
app.command()(run.build)
app.add_typer(publish.publish_app, name="publish")
app.command()(serve.up)
app.command()(serve.down)
app.command()(publish.status)
app.command()(doctor.doctor)
app.command()(files.files)
app.add_typer(files.quarantine_app, name="quarantine")
app.add_typer(source.source_app, name="source")
app.add_typer(kpi.kpi_app, name="kpi")
app.add_typer(report.report_app, name="report")
app.add_typer(serve.dashboards_app, name="dashboards")


def main() -> None:
    """Run a command; every failure ends in a sentence, a remedy and a documented exit code."""
    try:
        app()
    except Exception as error:  # noqa: BLE001 - the one place where nothing may escape
        sys.exit(_report(error))


def _report(error: Exception) -> int:
    from pipelines.console import report_crash, report_error
    from pipelines.errors import HelpmartError
    from pipelines.settings import PROJECT_ROOT

    if isinstance(error, HelpmartError):
        return report_error(error)
    return report_crash(error, PROJECT_ROOT / "var" / "logs")
