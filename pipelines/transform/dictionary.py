"""Writes the KPI pages of the docs: `python -m pipelines.transform.dictionary docs`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.settings import load_settings
from pipelines.transform import catalogue
from pipelines.transform.dbt_runner import load_manifest
from pipelines.transform.semantic import Kpi, Language, dictionary_markdown, kpis_from_manifest

PAGES: dict[Language, str] = {"en": "kpis.md", "zh": "kpis.zh.md"}


def write_pages(folder: Path, kpis: list[Kpi], manifest: Mapping[str, Any]) -> list[Path]:
    """The dictionary, one page a language, and the catalogue; their paths."""
    pages = {name: dictionary_markdown(kpis, language) for language, name in PAGES.items()}
    pages[catalogue.PAGE] = catalogue.catalogue_markdown(manifest, kpis)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


if __name__ == "__main__":
    parsed = load_manifest(load_settings())
    for page in write_pages(Path(sys.argv[1]), kpis_from_manifest(parsed), parsed):
        print(page)
