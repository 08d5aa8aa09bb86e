"""Reports as files: one for each language and format, named by what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pipelines.reports.content import Report
from pipelines.reports.render.html import as_html
from pipelines.reports.render.pdf import typeset
from pipelines.reports.render.spoken import Voice
from pipelines.settings import Settings
from pipelines.transform.semantic import Language

Format = Literal["pdf", "html"]
FORMATS: tuple[Format, ...] = ("pdf", "html")


def voice_of(settings: Settings, language: Language) -> Voice:
    """The language, with instants in the installation's zone."""
    return Voice(language, settings.zone)


def render(settings: Settings, report: Report, language: Language, kind: Format) -> bytes:
    """The report as the bytes of a file."""
    voice = voice_of(settings, language)
    if kind == "html":
        return as_html(report, voice).encode()
    folders = [settings.report_font_folder] if settings.report_font_folder else []
    return typeset(report, voice, folders)


def write_files(
    settings: Settings,
    report: Report,
    folder: Path,
    languages: Iterable[Language],
    kinds: Iterable[Format],
) -> list[Path]:
    """Write each file whole or not at all; gives back where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    kinds = tuple(kinds)
    for language in languages:
        for kind in kinds:
            path = folder / f"{file_stem(report)}-{language}.{kind}"
            fresh = path.with_name(f".{path.name}")
            fresh.write_bytes(render(settings, report, language, kind))
            fresh.replace(path)
            written.append(path)
    return written


def file_stem(report: Report) -> str:
    """Kind, period and member; what file systems dislike in a member becomes a dash."""
    parts = ["report", report.period.kind, report.period.name]
    if not report.scope.is_whole:
        member = re.sub(r"[^\w.-]+", "-", report.scope_name.en).strip("-.")
        parts += [report.scope.grain, member or "member"]
    return "-".join(parts)
