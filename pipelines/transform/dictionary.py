"""Writes the KPI dictionary into the docs: `python -m pipelines.transform.dictionary docs`."""

from __future__ import annotations

import sys
from pathlib import Path

from pipelines.settings import load_settings
from pipelines.transform.dbt_runner import load_manifest
from pipelines.transform.semantic import Kpi, Language, dictionary_markdown, kpis_from_manifest

PAGES: dict[Language, str] = {"en": "kpis.md", "zh": "kpis.zh.md"}


def write_pages(folder: Path, kpis: list[Kpi]) -> list[Path]:
    """One page a language; their paths."""
    written = []
    for language, name in PAGES.items():
        path = folder / name
        path.write_text(dictionary_markdown(kpis, language), encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    definitions = kpis_from_manifest(load_manifest(load_settings()))
    for page in write_pages(Path(sys.argv[1]), definitions):
        print(page)
