"""Run inside Superset's process: users, roles, dashboard readers and row filters as requested.

What belongs here: writing to Superset's database what `provision` worked out. Deciding who sees
what belongs to the other modules of this package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.dashboards.access.policies import Policies, Role
from pipelines.dashboards.access.rows import GROUP

DATASET_ACCESS = "datasource_access"
Request = Mapping[str, Any]


def sync_users(policies: Policies, request: Request) -> None:
    """Create who is missing, correct roles and names, close who left the list.

    Passwords that people changed are left alone.
    """
    from superset.extensions import security_manager

    for name in (*policies.roles, *request["rows_roles"]):
        security_manager.add_role(name)
    for user in request["users"]:
        roles = [security_manager.find_role(role) for role in user["roles"]]
        known = security_manager.find_user(username=user["username"])
        if known is None:
            security_manager.add_user(
                user["username"],
                user["first_name"],
                user["last_name"],
                user["email"],
                roles,
                password=user["password"],
            )
        elif _differs(known, user):
            known.roles, known.active = roles, True
            known.first_name, known.last_name = user["first_name"], user["last_name"]
            known.email = user["email"]
            security_manager.update_user(known)
    for username in request["former_users"]:
        known = security_manager.find_user(username=username)
        if known is not None and known.active:
            known.roles, known.active = [], False
            security_manager.update_user(known)


def _differs(known: Any, user: Mapping[str, Any]) -> bool:
    names = ("first_name", "last_name", "email")
    return (
        not known.active
        or {role.name for role in known.roles} != set(user["roles"])
        or any(getattr(known, name) != user[name] for name in names)
    )


def sync_roles(policies: Policies, request: Request, databases: dict[str, str]) -> None:
    """Permissions of every role, and the readers of every managed dashboard."""
    from superset.extensions import db, security_manager
    from superset.models.dashboard import Dashboard

    for name, role in policies.roles.items():
        found = security_manager.find_role(name)
        found.permissions = [
            *_permissions(security_manager, role, databases),
            *_dataset_permissions(request["role_datasets"].get(name, ())),
        ]
    for name in request["rows_roles"]:
        security_manager.find_role(name).permissions = []
    for uuid, readers in request["dashboard_readers"].items():
        dashboard = db.session.query(Dashboard).filter_by(uuid=uuid).one()
        dashboard.roles = [security_manager.find_role(name) for name in readers]
        dashboard.published = True
    db.session.commit()


def _dataset_permissions(uuids: Sequence[str]) -> Iterator[Any]:
    from superset.connectors.sqla.models import SqlaTable
    from superset.extensions import db, security_manager

    for dataset in db.session.query(SqlaTable).filter(SqlaTable.uuid.in_(uuids)):
        yield security_manager.add_permission_view_menu(DATASET_ACCESS, dataset.perm)


def _permissions(manager: Any, role: Role, databases: dict[str, str]) -> Iterator[Any]:
    wanted = set(getattr(manager, role.copy_of_set)) if role.copy_of_set else set()
    for other in role.copy_of_roles:
        wanted |= {
            (p.permission.name, p.view_menu.name)
            for p in manager.find_role(other).permissions
            if p.permission.name != DATASET_ACCESS  # each role is given its own
        }
    wanted -= set(role.drop)
    declared = {(name, thing.format(**databases)) for name, thing in role.add}
    for name, thing in sorted(wanted | declared):
        found = manager.find_permission_view_menu(name, thing)
        if found is not None:
            yield found
        elif (name, thing) in declared:
            raise LookupError(f"roles.yml adds {name} on {thing}, which Superset does not know")


def sync_rows(rules: Sequence[Mapping[str, Any]]) -> None:
    """The row filters of ours are exactly these; filters that an administrator made stay."""
    from superset.connectors.sqla.models import RowLevelSecurityFilter, SqlaTable
    from superset.extensions import db, security_manager

    kept = {
        row.name: row for row in db.session.query(RowLevelSecurityFilter).filter_by(group_key=GROUP)
    }
    for rule in rules:
        row = kept.pop(rule["name"], None) or RowLevelSecurityFilter(name=rule["name"])
        row.description = "from helpmart; changed by its next import"
        row.filter_type, row.group_key, row.clause = "Regular", GROUP, rule["clause"]
        row.roles = [security_manager.find_role(name) for name in rule["roles"]]
        row.tables = db.session.query(SqlaTable).filter(SqlaTable.uuid.in_(rule["datasets"])).all()
        db.session.add(row)
    for row in kept.values():
        db.session.delete(row)
    db.session.commit()


def row_differences(rules: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the stored filters hold otherwise than the rules say."""
    from superset.connectors.sqla.models import RowLevelSecurityFilter
    from superset.extensions import db

    stored = {
        row.name: (
            row.clause,
            sorted(role.name for role in row.roles),
            sorted(str(table.uuid) for table in row.tables),
        )
        for row in db.session.query(RowLevelSecurityFilter).filter_by(group_key=GROUP)
    }
    wanted = {
        rule["name"]: (rule["clause"], sorted(rule["roles"]), sorted(rule["datasets"]))
        for rule in rules
    }
    names = sorted(stored.keys() | wanted.keys())
    return [f"row filter {name}" for name in names if stored.get(name) != wanted.get(name)]
