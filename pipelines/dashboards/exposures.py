"""dbt's exposures of the dashboards, so that lineage reaches from a raw record to a page.

The file is generated; a test keeps it in step with the dashboards.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from pipelines.dashboards.dataset_specs import DatasetSpec, load_dataset_specs
from pipelines.dashboards.datasets import table_of
from pipelines.dashboards.spec import Dashboard, MemberFilter, load_dashboards
from pipelines.dashboards.words import LANGUAGES, Language
from pipelines.settings import PROJECT_ROOT

EXPOSURES_FILE = PROJECT_ROOT / "dbt_project" / "models" / "exposures.yml"
HEADER = "# Generated from superset/assets by pipelines.dashboards.exposures; do not edit.\n"


def exposures_text() -> str:
    """What the file has to hold for the dashboards of the project."""
    specs = load_dataset_specs()
    exposures = [
        _exposure(dashboard, language, specs)
        for dashboard in load_dashboards()
        for language in LANGUAGES
    ]
    document = {"version": 2, "exposures": exposures}
    return HEADER + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def write_exposures(path: Path = EXPOSURES_FILE) -> None:
    """Bring the file in step."""
    path.write_text(exposures_text(), encoding="utf-8")


def _exposure(
    dashboard: Dashboard, language: Language, specs: dict[str, DatasetSpec]
) -> dict[str, object]:
    tables = sorted(_tables(dashboard, language, specs))
    slug = dashboard.slug_of(language)
    return {
        "name": slug.replace("-", "_"),
        "label": dashboard.title.of(language),
        "type": "dashboard",
        "maturity": "high",
        "url": f"http://127.0.0.1:8088/superset/dashboard/{slug}/",
        "description": dashboard.description.of(language),
        "owner": {"name": dashboard.owner, "email": "service-operations@helpmart.invalid"},
        "depends_on": [f"ref('{table}')" for table in tables],
    }


def _tables(
    dashboard: Dashboard, language: Language, specs: dict[str, DatasetSpec]
) -> Iterable[str]:
    names = {chart.dataset for chart in dashboard.charts()}
    names |= {item.dataset for item in dashboard.filters if isinstance(item, MemberFilter)}
    for name in names:
        if specs[name].database == "published":
            yield table_of(name, specs[name], language)


if __name__ == "__main__":
    write_exposures()
