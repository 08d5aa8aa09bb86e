"""Roles and built-in users as `superset/policies/roles.yml` declares them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from pipelines.dashboards.environment import SUPERSET_FOLDER
from pipelines.errors import ExitCode, HelpmartError

ROLES_FILE = SUPERSET_FOLDER / "policies" / "roles.yml"
ADMIN = "Admin"
WALL_SCREEN = "Wall screen"

Permission = Annotated[tuple[str, str], "permission and the thing it is on"]
Rows = Literal["all", "team", "own"]


class Role(BaseModel):
    """One role: what it starts from, less `drop`, plus `add`.

    Attributes:
        rows: of a dataset with teams or agents: all rows, those of the user's teams, or the user's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    meaning: str
    rows: Rows = "all"
    copy_of_set: str | None = None
    copy_of_roles: tuple[str, ...] = ()
    drop: tuple[Permission, ...] = ()
    add: tuple[Permission, ...] = ()

    @property
    def is_fenced(self) -> bool:
        return self.rows != "all"


class User(BaseModel):
    """One user who exists from the start, with a generated first password."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    username: str
    first_name: str
    last_name: str
    roles: tuple[str, ...]

    @property
    def email(self) -> str:
        return f"{self.username}@helpmart.invalid"


class Policies(BaseModel):
    """All of `roles.yml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: dict[str, Role]
    users: tuple[User, ...]
    dashboard_roles: tuple[str, ...]
    open_to_all: dict[str, str]

    @model_validator(mode="after")
    def _known_roles(self) -> Self:
        named = {*self.dashboard_roles, *(role for user in self.users for role in user.roles)}
        unknown = named - {*self.roles, ADMIN}
        if unknown:
            raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
        return self

    @model_validator(mode="after")
    def _fences_hold(self) -> Self:
        """Row-level security does not hold in SQL Lab, nor for charts on tables of one's own."""
        for name, role in self.roles.items():
            loose = sorted(_reach(self.roles, role) & UNFENCED) if role.is_fenced else []
            if loose:
                raise ValueError(f"{name} sees its own rows only and may not have {loose[0]}")
        return self

    @property
    def fenced(self) -> dict[str, Role]:
        """Roles that see some rows only."""
        return {name: role for name, role in self.roles.items() if role.is_fenced}


# Permissions and role templates under which row-level security can be walked around.
UNFENCED = frozenset(
    {
        "Admin",
        "Alpha",
        "Gamma",
        "sql_lab",
        "all_database_access",
        "all_datasource_access",
        "can_execute_sql_query",
        "can_sqllab",
        "database_access",
        "schema_access",
    }
)


def _reach(roles: dict[str, Role], role: Role) -> set[str]:
    """Names of permissions and templates that a role has, by way of other roles too."""
    return set(_reached(roles, role))


def _reached(roles: dict[str, Role], role: Role) -> Iterator[str]:
    yield from (name for name, _thing in role.add)
    for other in role.copy_of_roles:
        yield other
        if other in roles:
            yield from _reached(roles, roles[other])


def load_policies(path: Path = ROLES_FILE) -> Policies:
    """The policies, or an error that names the line's key."""
    try:
        return Policies.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise HelpmartError(
            what="the roles of Superset cannot be read",
            where=str(path),
            why=str(error),
            remedy="compare the file with its last committed version",
            exit_code=ExitCode.SETUP_BROKEN,
        ) from error
