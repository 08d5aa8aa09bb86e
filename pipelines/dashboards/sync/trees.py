"""A tree of YAML files, as Superset imports and exports them: path to text."""

from __future__ import annotations

from pathlib import Path

from pipelines.dashboards.bundle import Tree


def read_tree(folder: Path) -> Tree:
    """The YAML files below a folder, keyed by path within it."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.yaml"))
    }


def write_tree(tree: Tree, folder: Path) -> None:
    """The tree as files below a folder; other files there are left alone."""
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
