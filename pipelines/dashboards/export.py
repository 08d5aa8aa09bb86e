"""Writes what people built in Superset to a folder; runs in a Superset process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipelines.dashboards.environment import METADATA_FILE, superset_environment
from pipelines.dashboards.exported import FOLDERS, Tree, stable_tree
from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import PROJECT_ROOT, Settings

MOST_SECONDS = 300
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
    log = settings.paths.logs / "superset-export.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    answer = settings.paths.superset / ".export.json"
    answer.unlink(missing_ok=True)
    with log.open("wb") as output:
        subprocess.run(
            [sys.executable, "-m", "pipelines.dashboards.export", str(answer)],
            env=superset_environment(settings),
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=MOST_SECONDS,
            check=False,
        )
    if not answer.is_file():
        raise HelpmartError(
            what="the dashboards were not exported",
            where=str(log),
            why="Superset ended without an answer",
            remedy="read the end of that log",
            exit_code=ExitCode.FAILED,
        )
    tree: Tree = json.loads(answer.read_text(encoding="utf-8"))
    answer.unlink()
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
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


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
