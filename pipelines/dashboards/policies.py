"""Roles and users as `superset/policies/roles.yml` declares them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.dashboards.environment import SUPERSET_FOLDER
from pipelines.errors import ExitCode, HelpmartError

ROLES_FILE = SUPERSET_FOLDER / "policies" / "roles.yml"

Permission = Annotated[tuple[str, str], "permission and the thing it is on"]


class Role(BaseModel):
    """One role: what it starts from, less `drop`, plus `add`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    meaning: str
    copy_of_set: str | None = None
    copy_of_roles: tuple[str, ...] = ()
    drop: tuple[Permission, ...] = ()
    add: tuple[Permission, ...] = ()


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
