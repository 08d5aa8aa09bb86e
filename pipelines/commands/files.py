"""`files` and `quarantine`: what became of every record of every file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.options import Home, Json, settings_for

if TYPE_CHECKING:
    from pipelines.ingest.ledger import FileRow
    from pipelines.settings import Settings

COUNTS = ("seen", "loaded", "quarantined", "duplicate", "skipped")
FILE_COLUMNS = [
    "name",
    "entity",
    "status",
    "seen",
    "loaded",
    "quarantined",
    "duplicate",
    "skipped",
    "reasons",
    "drift",
]
quarantine_app = typer.Typer(help="Records that could not be used, and why", no_args_is_help=True)


def files(home: Home = None, json: Json = False) -> None:
    """Every file: seen = loaded + quarantined + duplicate + skipped."""
    show_files(settings_for(home), run_id=None, as_json=json)


def show_files(settings: Settings, *, run_id: str | None, as_json: bool) -> None:
    """Print the ledger's files, those of one run or all."""
    from pipelines.console import as_jsonable, print_json, print_line, print_table
    from pipelines.ingest.ledger import Ledger

    with Ledger(settings.paths.ledger) as ledger:
        rows = [row for row in ledger.files() if run_id in (None, row.run_id)]
    if as_json:
        print_json(rows)
        return
    shown = [
        {**values, "drift": _drift(row)}
        for row, values in zip(rows, as_jsonable(rows), strict=True)
    ]
    print_table(shown, FILE_COLUMNS, empty=_no_files(settings, run_id))
    if rows:
        totals = {name: sum(getattr(row, name) for row in rows) for name in COUNTS}
        print_line()
        print_line(
            f"{totals['seen']:,} records seen = {totals['loaded']:,} loaded + "
            f"{totals['quarantined']:,} quarantined + {totals['duplicate']:,} duplicate + "
            f"{totals['skipped']:,} skipped"
        )


def _drift(row: FileRow) -> str:
    """In which columns a table differs from its contract; `--json` tells each decision."""
    kinds = dict.fromkeys(found.kind for found in row.drift)
    return "; ".join(
        f"{kind}: {', '.join(found.column for found in row.drift if found.kind == kind)}"
        for kind in kinds
    )


def _no_files(settings: Settings, run_id: str | None) -> str:
    if run_id is None:
        return f"No files yet: drop exports into {settings.paths.inbox}"
    return "No new files."


@quarantine_app.command("list")
def list_quarantine(home: Home = None, json: Json = False) -> None:
    """Files with records in quarantine, by reason."""
    from pipelines.console import as_jsonable, print_json, print_table
    from pipelines.ingest.ledger import Ledger

    settings = settings_for(home)
    with Ledger(settings.paths.ledger) as ledger:
        rows = [row for row in ledger.files() if row.quarantined]
    if json:
        print_json(rows)
        return
    columns = ["file_id", "name", "entity", "quarantined", "reasons", "dismissed"]
    print_table(as_jsonable(rows), columns, empty="Nothing is in quarantine.")


@quarantine_app.command("show")
def show_quarantine(
    file_id: Annotated[str, typer.Argument(help="File id, or the beginning of one")],
    home: Home = None,
    json: Json = False,
) -> None:
    """Each record of a file that is in quarantine: place, field, reason, remedy."""
    from pipelines.console import as_jsonable, print_json, print_table
    from pipelines.ingest.quarantine import quarantined_records

    rows = quarantined_records(settings_for(home), file_id)
    if json:
        print_json(rows)
        return
    columns = ["record_no", "entity", "field", "reason", "remedy", "sample"]
    print_table(as_jsonable(rows), columns, empty="No record of this file is in quarantine.")


@quarantine_app.command("replay")
def replay_quarantine(
    file_id: Annotated[
        str | None, typer.Argument(help="Only this file (default: all with quarantined records)")
    ] = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Read the archived files again under today's contract and load what is now valid."""
    import uuid

    from pipelines.ingest.lock import run_lock
    from pipelines.ingest.replay import replay

    settings = settings_for(home)
    run_id = str(uuid.uuid4())
    with run_lock(settings):
        replay(settings, file_id, run_id=run_id)
    show_files(settings, run_id=run_id, as_json=json)


@quarantine_app.command("dismiss")
def dismiss_quarantine(
    file_id: Annotated[str, typer.Argument(help="File id, or the beginning of one")],
    reason: Annotated[str, typer.Option(help="Why its records will be done without")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Count them again")] = False,
    home: Home = None,
) -> None:
    """Do without the quarantined records of a file, so that they no longer hold up publishing."""
    from pipelines.console import print_line
    from pipelines.errors import ExitCode, HelpmartError
    from pipelines.ingest.lock import run_lock
    from pipelines.ingest.quarantine import dismiss_file

    if bool(reason.strip()) == undo:
        raise HelpmartError(
            "A dismissal needs a reason" if not undo else "Taking a dismissal back needs no reason",
            where="--reason",
            why="whoever asks later why records are missing finds it in the ledger",
            remedy='helpmart quarantine dismiss FILE --reason "test data of the vendor"',
            exit_code=ExitCode.USAGE,
        )
    settings = settings_for(home)
    with run_lock(settings):
        count = dismiss_file(settings, file_id, reason.strip())
    state = "count again" if undo else "are dismissed; `helpmart run` goes on without them"
    print_line(f"{count:,} quarantined records {state}.")
