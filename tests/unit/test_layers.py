"""Data flow one way: a layer reads itself and what lies directly before it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT

# What each package may import of the others. Orchestration and the commands tie all together.
ALLOWED = {
    "ingest": set(),
    "transform": set(),
    "quality": {"ingest"},
    "publish": {"quality", "ingest"},
    "dashboards": {"transform", "publish"},
    "reports": {"transform"},
    "simulate": set(),
    "text": set(),
}
BASE = {"settings", "directory", "errors", "faults", "processes"}
LAYERS = ["staging", "intermediate", "marts", "published"]
MODELS = PROJECT_ROOT / "dbt_project" / "models"
REF = re.compile(r"ref\(\s*['\"](\w+)['\"]\s*\)")
SOURCE = re.compile(r"\bsource\(\s*['\"](\w+)['\"]")


def imported_packages(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return {name.split(".")[1] for name in names if name.startswith("pipelines.")}


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_a_package_imports_only_what_lies_before_it(package: str) -> None:
    allowed = ALLOWED[package] | BASE | {package}
    strangers = {
        f"{path.name}: {name}"
        for path in (PROJECT_ROOT / "pipelines" / package).rglob("*.py")
        for name in imported_packages(path) - allowed
    }
    assert strangers == set()


def test_only_orchestration_knows_dagster() -> None:
    knowing = {
        path.relative_to(PROJECT_ROOT).parts[1]
        for path in (PROJECT_ROOT / "pipelines").rglob("*.py")
        if re.search(r"^\s*(import|from) dagster", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert knowing <= {"orchestration", "definitions.py"}


def model_layers() -> dict[str, str]:
    return {path.stem: path.relative_to(MODELS).parts[0] for path in MODELS.rglob("*.sql")}


def test_a_model_refers_only_to_its_own_layer_or_the_one_before() -> None:
    layers = model_layers()
    wrong = []
    for path in MODELS.rglob("*.sql"):
        layer = layers[path.stem]
        if layer not in LAYERS:
            continue
        near = {layer, LAYERS[max(LAYERS.index(layer) - 1, 0)]}
        text = path.read_text(encoding="utf-8")
        wrong += [
            f"{path.stem} ({layer}) -> {name} ({layers[name]})"
            for name in REF.findall(text)
            if name in layers and layers[name] not in near
        ]
        if SOURCE.search(text) and layer not in {"staging", "published"}:
            wrong.append(f"{path.stem} ({layer}) reads a source")
    assert wrong == []


def test_only_staging_knows_a_source_by_name() -> None:
    knowing = {
        path.stem
        for path in MODELS.rglob("*.sql")
        if "stg_" in path.read_text(encoding="utf-8")
        and path.relative_to(MODELS).parts[0] not in {"staging", "intermediate"}
    }
    assert knowing == set()


def test_no_model_asks_the_wall_clock() -> None:
    clock = re.compile(r"\b(now\(\)|current_timestamp|current_date|get_current_timestamp)", re.I)
    asking = {
        path.stem
        for path in MODELS.rglob("*.sql")
        if clock.search(path.read_text(encoding="utf-8"))
    }
    assert asking == set()


def test_the_superset_folder_does_not_hide_the_superset_package() -> None:
    assert not (PROJECT_ROOT / "superset" / "__init__.py").exists()
