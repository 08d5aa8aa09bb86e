"""People of an installation: `users.yml` of its state folder, and the published rows they own.

A lead names teams, an agent names his or her id in a system. Both are looked up in the published
build, so that a name that matches nobody is told and opens nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.dashboards.access.policies import ADMIN, WALL_SCREEN, Policies
from pipelines.errors import ExitCode, HelpmartError
from pipelines.publish.pseudonyms import shown_agent
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

TEAMS = """
select distinct team_name
from (
    select team_name from published.dim_teams
    union all
    select team_name from published.dim_people
    union all
    select team_name from published.dim_agents
)
where team_name != 'unknown'
"""
PERSONS = """
select distinct person_key
from published.dim_agents
where
    agent_id in ($agent_id, $pseudonym)
    and source_system = coalesce($source, source_system)
    and account_id = coalesce($account, account_id)
"""


class Person(BaseModel):
    """One entry of `users.yml`.

    Attributes:
        teams: the teams of a lead, as the published tables name them.
        agent: an agent's id or number of employee, alone or as source/account/id.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    username: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{1,63}$")
    first_name: str = Field(min_length=1, max_length=64)
    last_name: str = Field(min_length=1, max_length=64)
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=320)
    role: str
    teams: tuple[str, ...] = ()
    agent: str | None = Field(default=None, min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    users: tuple[Person, ...]


@dataclass(frozen=True)
class Rows:
    """The rows that are a user's: of teams, or of persons; neither means none at all."""

    teams: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundRows:
    """The rows of each user with a fence, and what could not be found."""

    rows: dict[str, Rows]
    missing: tuple[str, ...]


def load_people(settings: Settings, policies: Policies) -> tuple[Person, ...]:
    """The people of `users.yml`; nobody where there is no such file.

    Raises:
        HelpmartError: the file cannot be read, or an entry contradicts its role.
    """
    path = settings.users_path
    if not path.is_file():
        return ()
    try:
        people = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).users
    except (ValidationError, yaml.YAMLError) as error:
        raise _refused(path, str(error)) from error
    problems = _problems(people, policies)
    if problems:
        raise _refused(path, "; ".join(problems))
    return people


def _problems(people: Sequence[Person], policies: Policies) -> list[str]:
    found = []
    taken = {user.username.casefold() for user in policies.users}
    addresses: set[str] = set()
    for person in people:
        name = person.username
        if name.casefold() in taken:
            found.append(f"{name} stands there twice, or is a user of helpmart's own")
        if person.email.casefold() in addresses:
            found.append(f"{name}: somebody else has the address {person.email}")
        taken.add(name.casefold())
        addresses.add(person.email.casefold())
        found += [f"{name}: {problem}" for problem in _contradictions(person, policies)]
    return found


def _contradictions(person: Person, policies: Policies) -> list[str]:
    known = (policies.roles.keys() | {ADMIN}) - {WALL_SCREEN}
    if person.role not in known:
        return [f"there is no role {person.role}; known are {', '.join(sorted(known))}"]
    rows = "all" if person.role == ADMIN else policies.roles[person.role].rows
    wanted = {"all": (False, False), "team": (True, False), "own": (False, True)}[rows]
    if (bool(person.teams), bool(person.agent)) == wanted:
        return []
    needs = {"all": "neither teams nor agent", "team": "teams and no agent", "own": "agent alone"}
    return [f"a {person.role} has {needs[rows]}"]


def _refused(path: Path, why: str) -> HelpmartError:
    return HelpmartError(
        what="the list of users cannot be used",
        where=str(path),
        why=why,
        remedy="correct the file; docs/security.md shows one entry of each role",
        exit_code=ExitCode.USAGE,
    )


def find_rows(settings: Settings, people: Sequence[Person], policies: Policies) -> FoundRows:
    """Which published teams and persons each fenced user stands for."""
    import duckdb

    fenced = [person for person in people if person.role in policies.fenced]
    if not fenced:
        return FoundRows({}, ())
    rows, missing = {}, []
    with duckdb.connect(str(settings.paths.published_file.resolve()), read_only=True) as connection:
        known = {team for (team,) in connection.execute(TEAMS).fetchall()}
        for person in fenced:
            if person.agent is None:
                rows[person.username], lost = _team_rows(person, known)
            else:
                rows[person.username], lost = _own_rows(settings, connection, person.agent)
            missing += [f"{person.username}: {what}" for what in lost]
    return FoundRows(rows, tuple(missing))


def _team_rows(person: Person, known: Collection[str]) -> tuple[Rows, list[str]]:
    lost = [f"no published team is called {team}" for team in person.teams if team not in known]
    return Rows(teams=tuple(sorted(set(person.teams) & set(known)))), lost


def _own_rows(
    settings: Settings, connection: duckdb.DuckDBPyConnection, agent: str
) -> tuple[Rows, list[str]]:
    parts = agent.split("/", maxsplit=2)
    source, account, agent_id = parts if len(parts) == 3 else (None, None, agent)  # noqa: PLR2004
    names = {"agent_id": agent_id, "source": source, "account": account}
    pseudonym = shown_agent(settings, agent_id)
    found = connection.execute(PERSONS, names | {"pseudonym": pseudonym}).fetchall()
    if len(found) == 1:
        return Rows(persons=(found[0][0],)), []
    if found:
        return Rows(), [f"{agent} is {len(found)} persons; write source/account/id"]
    return Rows(), [f"no published agent has the id {agent}"]
