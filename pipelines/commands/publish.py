"""`publish list | rollback` and `status`: what readers see, and how it came there."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.options import Home, Json, settings_for

publish_app = typer.Typer(help="Published builds", no_args_is_help=True)


@publish_app.command("list")
def list_published(home: Home = None, json: Json = False) -> None:
    """The builds that are kept, newest first; one of them is current."""
    from pipelines.console import as_jsonable, print_json, print_table
    from pipelines.publish import list_builds

    rows = as_jsonable(list_builds(settings_for(home)))
    if json:
        print_json(rows)
        return
    columns = ["build_id", "is_current", "built_at", "data_as_of", "size_bytes"]
    print_table(rows, columns, empty="Nothing has been published yet: run `helpmart run`.")


@publish_app.command("rollback")
def rollback_published(
    build_id: Annotated[
        str | None, typer.Argument(help="The build to show (default: the one before the current)")
    ] = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Show readers an earlier build again; takes less than a second."""
    from pipelines.console import print_json, print_line
    from pipelines.ingest.lock import run_lock
    from pipelines.publish import rollback

    settings = settings_for(home)
    with run_lock(settings):
        build = rollback(settings, build_id)
    if json:
        print_json(build)
    else:
        print_line(f"Readers now see build {build.build_id}.")


def status(home: Home = None, json: Json = False) -> None:
    """What readers see, how fresh it is, and how the last run went."""
    from pipelines.console import as_jsonable, print_json, print_pairs
    from pipelines.status import read_status

    facts = as_jsonable(read_status(settings_for(home)))
    if json:
        print_json(facts)
    else:
        print_pairs((name.replace("_", " "), value) for name, value in facts.items())
