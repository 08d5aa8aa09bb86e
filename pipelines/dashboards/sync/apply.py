"""Run inside Superset's process: migrate, permissions, users, assets, prune, compare.

One process does it all, since each start of Superset costs 7 to 10 seconds. Started by
`provision`; reads a request file and writes an answer file.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml

from pipelines.dashboards.access import grants
from pipelines.dashboards.access.policies import load_policies
from pipelines.dashboards.bundle import DATABASES, Tree
from pipelines.dashboards.sync.trees import read_tree

T = TypeVar("T")
Documents = dict[str, dict[str, dict[str, Any]]]
METADATA = "metadata.yaml"
# Ten times as fast as the one in Python, and as safe.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def main(request_file: Path, answer_file: Path) -> None:
    """Do what the request says and leave the answer beside it."""
    request = json.loads(request_file.read_text(encoding="utf-8"))
    answer = apply(Path(request["bundle"]), request["access"], request["changed"])
    answer_file.write_text(json.dumps(answer), encoding="utf-8")


def apply(bundle: Path, access: dict[str, Any], changed: list[str]) -> dict[str, Any]:
    """Bring Superset's database to what the bundle and the policies say.

    Only the `changed` files are imported; all of them if Superset then differs from the bundle.
    """
    seconds: dict[str, float] = {}

    def timed(step: str, action: Callable[[], T]) -> T:
        started = time.monotonic()
        result = action()
        seconds[step] = round(time.monotonic() - started, 2)
        return result

    app = timed("start", _create_app)
    with app.app_context():
        policies = load_policies()
        contents = read_tree(bundle)
        timed("migrate", _migrate)
        timed("permissions", _sync_permissions)
        timed("users", lambda: grants.sync_users(policies, access))
        documents = timed("read", lambda: _parsed(contents))
        timed("import", lambda: _import(contents, changed))
        removed = timed("prune", lambda: _prune(documents))
        timed("roles", lambda: grants.sync_roles(policies, access, _databases()))
        timed("rows", lambda: grants.sync_rows(access["row_rules"]))
        differences = timed("compare", lambda: _differences(documents))
        if differences and len(changed) < len(contents):
            timed("import of everything", lambda: _import(contents, list(contents)))
            differences = timed("second compare", lambda: _differences(documents))
        differences += grants.row_differences(access["row_rules"])
    return {"seconds": seconds, "removed": removed, "differences": differences}


def _create_app() -> Any:
    from superset.app import create_app

    return create_app()


def _migrate() -> None:
    import flask_migrate  # type: ignore[import-untyped,unused-ignore]
    import superset

    flask_migrate.upgrade(directory=str(Path(superset.__file__).parent / "migrations"))


def _sync_permissions() -> None:
    from superset.extensions import appbuilder, security_manager

    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()


def _import(contents: Tree, changed: list[str]) -> None:
    """Import files of the bundle; what they refer to may be there already."""
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.extensions import security_manager
    from superset.utils.core import override_user

    if not changed:
        return
    files = {name: contents[name] for name in {METADATA, *changed}}
    with override_user(security_manager.find_user(username="admin")):
        ImportAssetsCommand(files, sparse=len(files) < len(contents)).run()


def _models() -> list[tuple[str, Any]]:
    """Folder of the bundle and Superset's model, dependants first."""
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.core import Database
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice

    return [
        ("dashboards/", Dashboard),
        ("charts/", Slice),
        ("datasets/", SqlaTable),
        ("databases/", Database),
    ]


def _parsed(contents: Tree) -> Documents:
    """The documents by folder and identifier."""
    documents: Documents = {folder: {} for folder, _model in _models()}
    for name, text in contents.items():
        folder = f"{name.partition('/')[0]}/"
        if folder in documents:
            document = yaml.load(text, Loader=LOADER)  # noqa: S506  libyaml's safe loader
            documents[folder][str(document["uuid"])] = document
    return documents


def _prune(documents: Documents) -> list[str]:
    """Delete what an earlier bundle brought and this one lacks; people's own work stays."""
    from superset.extensions import db

    removed = []
    for folder, model in _models():
        managed = db.session.query(model.id, model.uuid).filter_by(is_managed_externally=True)
        gone = [number for number, uuid in managed if str(uuid) not in documents[folder]]
        for row in db.session.query(model).filter(model.id.in_(gone)):
            removed.append(f"{folder}{row}")
            db.session.delete(row)
    db.session.commit()
    return removed


def _databases() -> dict[str, str]:
    """What permissions on each database are called, by its key."""
    from superset.extensions import db
    from superset.models.core import Database

    return {
        key: db.session.query(Database).filter_by(database_name=name).one().perm
        for key, name in DATABASES.items()
    }


def _differences(documents: Documents) -> list[str]:
    """What Superset holds otherwise than the bundle says, after the import."""
    from superset.extensions import db

    found = []
    for folder, model in _models():
        rows = {str(row.uuid): row for row in db.session.query(model)}
        for uuid, document in documents[folder].items():
            if uuid not in rows:
                found.append(f"{folder}{uuid} is missing")
            else:
                found += [f"{folder}{line}" for line in COMPARE[folder](rows[uuid], document)]
    return found


def _compare_chart(row: Any, document: dict[str, Any]) -> Iterator[str]:
    ours = {k: v for k, v in document["params"].items() if k not in ("datasource", "dashboards")}
    theirs = json.loads(row.params)
    for key, value in ours.items():
        if theirs.get(key) != value:
            yield f"{row.slice_name}: {key} is {theirs.get(key)!r}, not {value!r}"


def _compare_dashboard(row: Any, document: dict[str, Any]) -> Iterator[str]:
    charts = {
        node["meta"]["uuid"]
        for node in document["position"].values()
        if isinstance(node, dict) and node.get("type") == "CHART"
    }
    shown = {str(chart.uuid) for chart in row.slices}
    if shown != charts:
        yield f"{row.slug}: {len(shown)} charts, not {len(charts)}"


def _compare_dataset(row: Any, document: dict[str, Any]) -> Iterator[str]:
    ours = {metric["metric_name"]: metric["expression"] for metric in document["metrics"]}
    theirs = {metric.metric_name: metric.expression for metric in row.metrics}
    if ours != theirs:
        yield f"{row.table_name}: metrics {sorted(theirs)}, not {sorted(ours)}"


def _compare_database(row: Any, document: dict[str, Any]) -> Iterator[str]:
    if row.sqlalchemy_uri != document["sqlalchemy_uri"]:
        yield f"{row.database_name}: {row.sqlalchemy_uri}, not {document['sqlalchemy_uri']}"


COMPARE: dict[str, Callable[[Any, dict[str, Any]], Iterator[str]]] = {
    "dashboards/": _compare_dashboard,
    "charts/": _compare_chart,
    "datasets/": _compare_dataset,
    "databases/": _compare_database,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
