"""An export says the same bytes when nothing has changed, and holds no number or secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.dashboards.sync.export import export, write_export
from pipelines.dashboards.sync.exported import stable_tree
from pipelines.errors import HelpmartError
from pipelines.settings import Settings

CHARTS = {"aaaaaaaa-1": 31, "bbbbbbbb-2": 12}


def exported(numbers: dict[str, int], *, reverse: bool = False) -> list[tuple[str, str]]:
    """What Superset gives for one dashboard of two charts, under these numbers."""
    first, second = numbers.values()
    dashboard: dict[str, Any] = {
        "dashboard_title": "My own view",
        "uuid": "dddddddd-4",
        "position": {
            f"CHART-{uuid}": {"type": "CHART", "meta": {"uuid": uuid, "chartId": number}}
            for uuid, number in numbers.items()
        },
        "metadata": {
            "chart_configuration": {
                str(first): {
                    "id": first,
                    "crossFilters": {"scope": {"excluded": [first]}, "chartsInScope": [second]},
                }
            },
            "native_filter_configuration": [
                {"id": "NATIVE_FILTER-x", "scope": {"excluded": [second]}, "chartsInScope": [first]}
            ],
            "expanded_slices": {str(second): True},
            "timed_refresh_immune_slices": [first],
        },
    }
    files: list[tuple[str, Any]] = [
        ("metadata.yaml", {"version": "1.0.0", "timestamp": "2026-11-22T09:00:00"}),
        ("databases/helpmart.yaml", {"uuid": "e", "sqlalchemy_uri": "duckdb:////secret/path"}),
        ("datasets/helpmart/kpi.yaml", {"uuid": "managed", "table_name": "kpi"}),
        (f"dashboards/My_own_view_{first}.yaml", dashboard),
    ]
    for uuid, number in numbers.items():
        chart = {
            "slice_name": f"Chart {uuid[0]}",
            "uuid": uuid,
            "params": {
                "datasource": f"{number}__table",
                "slice_id": number,
                "metric": "csat_score",
            },
            "query_context": f'{{"datasource": {{"id": {number}}}}}',
        }
        files.append((f"charts/Chart_{number}.yaml", chart))
    texts = [(path, yaml.safe_dump(content)) for path, content in files]
    return texts[::-1] if reverse else texts


def test_two_exports_are_the_same_bytes_whatever_the_numbers() -> None:
    there = dict(zip(CHARTS, (4, 9), strict=True))
    one = stable_tree(exported(CHARTS), {"managed"})
    assert one == stable_tree(exported(there, reverse=True), {"managed"})
    assert list(one) == [
        "charts/chart_a_aaaaaaaa.yaml",
        "charts/chart_b_bbbbbbbb.yaml",
        "dashboards/my_own_view_dddddddd.yaml",
        "metadata.yaml",
    ]


def test_numbers_times_and_connections_stay_behind() -> None:
    texts = "".join(stable_tree(exported(CHARTS), {"managed"}).values())
    for left in ("31", "__table", "slice_id", "timestamp", "secret", "duckdb"):
        assert left not in texts
    assert "csat_score" in texts


def test_the_settings_of_a_dashboard_follow_its_charts() -> None:
    tree = stable_tree(exported(CHARTS), {"managed"})
    metadata = yaml.safe_load(tree["dashboards/my_own_view_dddddddd.yaml"])["metadata"]
    (first,) = metadata["chart_configuration"].values()
    assert list(metadata["chart_configuration"]) == ["1"]
    assert first["crossFilters"] == {"scope": {"excluded": [1]}, "chartsInScope": [2]}
    (item,) = metadata["native_filter_configuration"]
    assert (item["scope"]["excluded"], item["chartsInScope"]) == ([2], [1])
    assert (metadata["expanded_slices"], metadata["timed_refresh_immune_slices"]) == (
        {"2": True},
        [1],
    )


def test_a_dataset_that_people_built_is_exported() -> None:
    tree = stable_tree(exported(CHARTS), set())
    assert "datasets/kpi_managed.yaml" in tree


def test_what_is_gone_in_superset_is_gone_from_the_folder(tmp_path: Path) -> None:
    tree = stable_tree(exported(CHARTS), {"managed"})
    write_export(tree, tmp_path)
    (tmp_path / "README.md").write_text("mine")
    del tree["charts/chart_b_bbbbbbbb.yaml"]
    write_export(tree, tmp_path)
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {*tree, "README.md"}


def test_a_folder_with_something_else_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    settings.paths.superset.mkdir(parents=True)
    (settings.paths.superset / "superset.db").touch()
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(HelpmartError, match="holds something else"):
        export(settings, tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_without_superset_it_says_what_to_do(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(HelpmartError, match="no Superset to export from") as caught:
        export(settings, tmp_path / "out")
    assert "helpmart dashboards import" in caught.value.remedy
