"""Writes what people built in Superset to a folder; runs in a Superset process of its own."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from pipelines.dashboards.bundle import Tree
from pipelines.dashboards.environment import METADATA_FILE
from pipelines.dashboards.sync.child import ask_superset
from pipelines.dashboards.sync.exported import FOLDERS, stable_tree
from pipelines.dashboards.sync.trees import write_tree
from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings

MARK = "metadata.yaml"


def export(settings: Settings, folder: Path) -> list[str]:
    """Bring `folder` in step with the charts and dashboards that people built; gives their files.

    Raises:
        HelpmartError: nothing was provisioned, the folder holds something else, or Superset failed;
            its log is named.
    """
    if not (settings.paths.superset / METADATA_FILE).is_file():
        raise HelpmartError(
            what="there is no Superset to export from",
            where=str(settings.paths.superset),
            why="the dashboards have not been imported yet",
            remedy="run `helpmart dashboards import` first",
            exit_code=ExitCode.NOT_FOUND,
        )
    _refuse_foreign(folder)
    with tempfile.TemporaryDirectory(dir=settings.paths.superset, prefix=".export-") as work:
        answer = Path(work) / "answer.json"
        tree: Tree = ask_superset(
            settings, "export", answer, failed="the dashboards were not exported"
        )
    write_export(tree, folder)
    return [name for name in tree if name != MARK]


def _refuse_foreign(folder: Path) -> None:
    """Files that are no export must not be taken for one and removed."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise HelpmartError(
            what="the folder holds something else than an export",
            where=str(folder),
            why=f"it is not empty and has no {MARK}",
            remedy="name a new or an empty folder",
            exit_code=ExitCode.USAGE,
        )


def write_export(tree: Tree, folder: Path) -> None:
    """The files of the export below `folder`; those of an earlier one that are gone are removed."""
    for part in FOLDERS:
        for path in (folder / part).glob("*.yaml"):
            if f"{part}/{path.name}" not in tree:
                path.unlink()
    write_tree(tree, folder)


def main(answer: Path) -> None:
    """Inside Superset: leave the tree as JSON."""
    from superset.app import create_app

    app: Any = create_app()
    with app.app_context():
        answer.write_text(json.dumps(_exported()), encoding="utf-8")


def _exported() -> Tree:
    from superset.commands.chart.export import ExportChartsCommand
    from superset.commands.dashboard.export import ExportDashboardsCommand
    from superset.connectors.sqla.models import SqlaTable
    from superset.extensions import db, security_manager
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice
    from superset.utils.core import override_user

    managed = {
        str(uuid)
        for model in (Dashboard, Slice, SqlaTable)
        for (uuid,) in db.session.query(model.uuid).filter_by(is_managed_externally=True)
    }
    files: dict[str, str] = {}
    with override_user(security_manager.find_user(username="admin")):
        for model, command in ((Slice, ExportChartsCommand), (Dashboard, ExportDashboardsCommand)):
            rows = db.session.query(model.id).filter(model.is_managed_externally.is_not(True))
            numbers = [number for (number,) in rows]
            if numbers:
                files |= {path: content() for path, content in command(numbers).run()}
    return stable_tree(files.items(), managed)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
