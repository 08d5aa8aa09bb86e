"""What Superset is to be told about people: users, roles, row rules and readers, as one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipelines.dashboards.access.policies import Policies, load_policies
from pipelines.dashboards.access.rows import (
    dashboard_readers,
    refuse_leaks,
    role_datasets,
    row_rules,
    rows_role,
)
from pipelines.dashboards.access.users import Person, find_rows, load_people
from pipelines.dashboards.bundle import Datasets
from pipelines.dashboards.spec import Dashboard
from pipelines.settings import Settings


@dataclass(frozen=True)
class Access:
    """The request less passwords, and names in `users.yml` that the published build lacks."""

    users: tuple[dict[str, Any], ...]
    rows_roles: tuple[str, ...]
    row_rules: tuple[dict[str, Any], ...]
    role_datasets: Mapping[str, Sequence[str]]
    dashboard_readers: Mapping[str, Sequence[str]]
    missing: tuple[str, ...] = ()

    @property
    def usernames(self) -> tuple[str, ...]:
        return tuple(user["username"] for user in self.users)

    def request(self, passwords: Mapping[str, str], former_users: Sequence[str]) -> dict[str, Any]:
        """All of it for Superset's process."""
        users = [{**user, "password": passwords[user["username"]]} for user in self.users]
        return {
            "users": users,
            "former_users": list(former_users),
            "rows_roles": list(self.rows_roles),
            "row_rules": list(self.row_rules),
            "role_datasets": dict(self.role_datasets),
            "dashboard_readers": dict(self.dashboard_readers),
        }


def work_out_access(
    settings: Settings, dashboards: Sequence[Dashboard], datasets: Datasets
) -> Access:
    """Who may see what in this installation.

    Raises:
        HelpmartError: the users cannot be read, or a declaration would show rows to a stranger.
    """
    policies = load_policies()
    refuse_leaks(dashboards, datasets, policies, settings.wall_screen)
    people = load_people(settings, policies)
    found = find_rows(settings, people, policies)
    return Access(
        users=tuple(_users(policies, people)),
        rows_roles=tuple(rows_role(username) for username in found.rows),
        row_rules=tuple(asdict(rule) for rule in row_rules(datasets, found.rows, policies)),
        role_datasets=role_datasets(datasets, policies),
        dashboard_readers=dashboard_readers(dashboards, datasets, policies, settings.wall_screen),
        missing=found.missing,
    )


def _users(policies: Policies, people: Sequence[Person]) -> list[dict[str, Any]]:
    built_in = [
        user.model_dump() | {"email": user.email, "roles": list(user.roles)}
        for user in policies.users
    ]
    named = [
        {
            "username": person.username,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
            "roles": [
                person.role,
                *([rows_role(person.username)] if person.role in policies.fenced else []),
            ],
        }
        for person in people
    ]
    return [*built_in, *named]
