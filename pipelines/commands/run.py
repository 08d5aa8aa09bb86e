"""`demo`, `run`, `load`, `build`: everything that moves data towards the published file."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.options import Home, Json, settings_for

if TYPE_CHECKING:
    from pipelines.ingest.inbox import InboxState
    from pipelines.orchestration.run import RunOutcome
    from pipelines.settings import Settings


class Size(StrEnum):
    """How large a company the demo simulates."""

    S = "S"
    M = "M"
    L = "L"


Force = Annotated[bool, typer.Option("--force", help="Run although nothing has changed")]
SETTLE_POLL_SECONDS = 0.5


def run(home: Home = None, force: Force = False, json: Json = False) -> None:
    """Run the daily job: land, check, build, check, publish, import dashboards."""
    from pipelines.console import print_json

    settings = settings_for(home)
    outcome = run_job(settings, force=force)
    if json:
        print_json({"state": "unchanged"} if outcome is None else outcome)
    exit_by(settings, outcome)


def load(home: Home = None, json: Json = False) -> None:
    """Land the inbox's complete files in archive, raw layer and ledger; build nothing."""
    import uuid

    from pipelines.commands.files import show_files
    from pipelines.console import TerminalReporter
    from pipelines.ingest.load import load_inbox
    from pipelines.ingest.lock import run_lock

    settings = settings_for(home)
    wait_for_settling_files(settings)
    run_id = str(uuid.uuid4())
    reporter = TerminalReporter()
    with run_lock(settings):
        reporter.step("Landing files")
        load_inbox(settings, run_id=run_id, progress=reporter.detail)
        reporter.finish()
    show_files(settings, run_id=run_id, as_json=json)


def build(
    home: Home = None,
    select: Annotated[
        str | None, typer.Option(help="dbt selection, for example 'fct_tickets+'")
    ] = None,
    json: Json = False,
) -> None:
    """Build the models and run their tests in the working warehouse; publish nothing."""
    from pipelines.console import TerminalReporter, print_json, print_line
    from pipelines.ingest.export import export_for_dbt
    from pipelines.ingest.lock import run_lock
    from pipelines.ingest.schema_files import ensure_schema_files
    from pipelines.transform.dbt_runner import build as build_models

    settings = settings_for(home)
    reporter = TerminalReporter()
    with run_lock(settings):
        reporter.step("Building the warehouse")
        ensure_schema_files(settings)
        export_for_dbt(settings)
        result = build_models(
            settings, select=select, on_node=lambda node: reporter.detail(node.name)
        )
        reporter.finish()
    result.raise_on_failure()
    if json:
        print_json(result)
    else:
        print_line(result.summary())


def demo(
    home: Home = None,
    size: Annotated[
        Size, typer.Option(help="About 6,000 contacts (S), 100,000 (M) or 2 million (L)")
    ] = Size.S,
    seed: Annotated[int, typer.Option(help="Another seed is another world")] = 7,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Open the pages when done")
    ] = True,
) -> None:
    """Simulate a company's service, load its exports, publish, and serve the dashboards."""
    from pipelines.commands.serve import serve_until_stopped
    from pipelines.console import print_line
    from pipelines.simulate.drop import ensure_demo

    settings = settings_for(home)
    if ensure_demo(settings, size=size.value, seed=seed):
        print_line("A simulated company has written its exports into the inbox.")
    outcome = run_job(settings)
    if outcome is not None and (outcome.state != "published" or outcome.error):
        exit_by(settings, outcome)
    if serve:
        serve_until_stopped(settings)
    else:
        print_line("Published. `helpmart up` (or `make demo`) serves the dashboards.")


def run_job(settings: Settings, *, force: bool = False) -> RunOutcome | None:
    """Run the daily job unless neither files nor code changed since the last publish."""
    from pipelines.console import TerminalReporter, print_line
    from pipelines.orchestration.changes import nothing_new
    from pipelines.orchestration.run import run_daily_load

    has_files = bool(wait_for_settling_files(settings).ready)
    if not has_files:
        _require_something_to_load(settings)
    unchanged = None if force or has_files else nothing_new(settings)
    if unchanged:
        print_line(f"Nothing new since build {unchanged}; `helpmart run --force` builds anyway.")
        return None
    reporter = TerminalReporter()
    reporter.step("Starting")
    try:
        return run_daily_load(settings, reporter)
    finally:
        reporter.finish()


def _require_something_to_load(settings: Settings) -> None:
    """Stop where the inbox is empty and always was."""
    from pipelines.errors import ExitCode, HelpmartError
    from pipelines.ingest.ledger import Ledger

    with Ledger(settings.paths.ledger) as ledger:
        known = bool(ledger.known_files())
    if not known:
        raise HelpmartError(
            what="there is nothing to load",
            where=str(settings.paths.inbox),
            why="the inbox is empty and no file was ever loaded",
            remedy="drop exports into inbox/<source>/<account>/, such as inbox/zendesk/acme/; "
            "`helpmart demo` simulates some",
            exit_code=ExitCode.NOT_FOUND,
        )


def wait_for_settling_files(settings: Settings) -> InboxState:
    """Give files that were dropped a moment ago the time to prove that they are complete.

    Returns:
        What is in the inbox then.
    """
    import time

    from pipelines.console import print_line
    from pipelines.ingest.inbox import ready_files

    deadline = time.monotonic() + 2 * settings.quiet_seconds
    inbox = ready_files(settings)
    if inbox.settling:
        print_line(
            f"{len(inbox.settling)} files arrived less than {settings.quiet_seconds:.0f} s ago; "
            "waiting until they are complete."
        )
    while inbox.settling and time.monotonic() < deadline:
        time.sleep(SETTLE_POLL_SECONDS)
        inbox = ready_files(settings)
    for file in inbox.settling:
        print_line(f"still being written, left for the next run: {file.path}")
    return inbox


def exit_by(settings: Settings, outcome: RunOutcome | None) -> None:
    """Say how a run ended; anything but a whole success is an error with its exit code."""
    from pipelines.console import print_line
    from pipelines.errors import ExitCode, HelpmartError

    if outcome is None:
        return
    if outcome.state == "published" and outcome.error:
        raise HelpmartError(
            what=f"build {outcome.build_id} was published, but a step after it failed",
            where=str(settings.paths.logs),
            why=outcome.error,
            remedy="readers see the new numbers; mend the cause, then `helpmart dashboards import` "
            "or `helpmart report send`",
        )
    if outcome.state == "published":
        print_line(f"Published build {outcome.build_id} in {outcome.seconds:.0f} s.")
        return
    if outcome.state == "gate_failed":
        raise HelpmartError(
            what=f"{len(outcome.failed_checks)} checks failed; nothing was published",
            where=str(settings.paths.data_docs / "index.html"),
            why="; ".join(outcome.failed_checks[:5]),
            remedy="`helpmart status` names the checks; readers still see the last good build",
            exit_code=ExitCode.GATE_FAILED,
        )
    raise HelpmartError(
        what="the run broke; nothing was published",
        where=str(settings.paths.logs),
        why=outcome.error,
        remedy="`helpmart doctor` looks for causes; then run `helpmart run` again",
    )
