"""`source add | schema`: a draft of a contract from a sample, and the shape of all contracts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.options import Json

if TYPE_CHECKING:
    from pipelines.ingest.drafts.writing import Draft

source_app = typer.Typer(help="Contracts of sources", no_args_is_help=True)


@source_app.command("add")
def add_source(
    file: Annotated[Path, typer.Argument(help="A sample: .csv, .tsv, .txt, .xlsx, .xls, .parquet")],
    name: Annotated[
        str | None, typer.Option("--name", help="Of the source (default: after the file)")
    ] = None,
    entity: Annotated[str, typer.Option("--entity", help="What one row is")] = "records",
    into: Annotated[
        Path | None, typer.Option("--into", help="Write the files below this folder, not here")
    ] = None,
    json: Json = False,
) -> None:
    """Look at a sample and draft a contract and its staging model; nothing is loaded."""
    from pipelines.console import print_json, print_line
    from pipelines.ingest.drafts.guessing import column_name
    from pipelines.ingest.drafts.sampling import sample_of
    from pipelines.ingest.drafts.writing import draft_of

    source = column_name(name or re.sub(r"\..*$", "", file.name), 0)
    draft = draft_of(sample_of(file), source, column_name(entity, 0))
    written = _write(draft, into) if into else []
    if json:
        print_json({"files": draft.files, "notes": draft.notes, "written": written})
        return
    if not into:
        for name_of_file, text in draft.files.items():
            print_line(f"--- {name_of_file}")
            print_line(text)
    for path in written:
        print_line(f"wrote {path}")
    for note in draft.notes:
        print_line(f"look at: {note}")


@source_app.command("schema")
def print_schema() -> None:
    """The shape of a contract as JSON Schema, for editors."""
    import sys

    from pipelines.ingest.contracts.schema import contract_schema

    sys.stdout.write(contract_schema())


def _write(draft: Draft, folder: Path) -> list[Path]:
    from pipelines.errors import ExitCode, HelpmartError

    paths = {folder / name: text for name, text in draft.files.items()}
    for path in paths:
        if path.exists():
            raise HelpmartError(
                "A draft never replaces a file",
                where=str(path),
                why="there is one already",
                remedy="remove it, or choose another --name or --into",
                exit_code=ExitCode.USAGE,
            )
    for path, text in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(paths)
