"""The PDF of a report, set by Typst inside this process: no browser, no network."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.errors import HelpmartError
from pipelines.reports.content import Report
from pipelines.reports.render.fonts import find_typefaces
from pipelines.reports.render.layout import lay_out
from pipelines.reports.render.registry import figures_in
from pipelines.reports.render.spoken import Voice

TEMPLATE = Path(__file__).with_name("report.typ")


def typeset(report: Report, voice: Voice, folders: list[Path]) -> bytes:
    """The finished file; equal reports give equal bytes, since its date is that of the data.

    Args:
        report: What is said.
        voice: In which language.
        folders: With fonts, beside the system's.

    Raises:
        HelpmartError: A font is missing, or Typst refuses the document.
    """
    import typst

    draft = json.dumps(lay_out(report, voice, ""), ensure_ascii=False)
    faces = find_typefaces(draft, folders)
    tree = lay_out(report, voice, ", ".join(faces.families))
    figures = {figure.id: figure.value for figure in figures_in(report)}
    # Typst's own types do not know of files in memory yet, though its manual does.
    files: Any = {
        "main.typ": TEMPLATE.read_bytes(),
        "report.json": _json(tree),
        "families.json": _json(list(faces.families)),
        "figures.json": _json(figures),
    }
    try:
        made = typst.compile(
            files,
            format="pdf",
            font_paths=faces.fonts,
            timestamp=_stamp(report.data_as_of),
        )
    except typst.TypstError as error:
        raise HelpmartError(
            what="the report could not be set",
            where=str(TEMPLATE),
            why=error.message,
            remedy="this is a fault of the template: report it with the period and language",
        ) from error
    return bytes(made)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _stamp(at: datetime | None) -> datetime | None:
    from datetime import UTC

    return at.replace(tzinfo=UTC) if at is not None else None
