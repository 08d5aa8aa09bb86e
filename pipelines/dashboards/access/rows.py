"""Row-level security as code: which rows of which dataset a fenced user sees.

Superset holds the clauses; a dataset without a clause shows a fenced user nothing, which the
security manager in `superset/helpmart_superset/access.py` sees to. Clauses are literal SQL, made
here from names that the published build knows: Jinja in SQL stays off. Decision 0022.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.dashboards.access.policies import WALL_SCREEN, Policies, Role
from pipelines.dashboards.access.users import Rows
from pipelines.dashboards.bundle import Datasets, identify
from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.spec import Dashboard, MemberFilter
from pipelines.dashboards.words import LANGUAGES, Language
from pipelines.errors import ExitCode, HelpmartError

TEAM_COLUMNS = ("team_name", "team")
PERSON_COLUMNS = ("person_key", "agent_key", "agent_id", "assignee_id")
NAME_COLUMNS = ("agent_name", "person_name", "agent", "closer_id")
PLACE = {"source_system", "account_id"}
GRAINS = {"grain", "unit_value"}
OPEN_TO_ALL = "helpmart: open to all"
GROUP = "helpmart rows"
ROWS_ROLE_PREFIX = "Rows of "
ALL_ROWS = "1 = 1"


@dataclass(frozen=True)
class RowRule:
    """One filter of Superset: members of `roles` see rows of `datasets` for which `clause` holds.

    Attributes:
        datasets: their lasting identifiers.
    """

    name: str
    roles: tuple[str, ...]
    clause: str
    datasets: tuple[str, ...]


def rows_role(username: str) -> str:
    """The role without permissions that carries one user's rows."""
    return f"{ROWS_ROLE_PREFIX}{username}"


def has_rows_for(dataset: Dataset, role: Role, policies: Policies) -> bool:
    """Whether a dataset can be shown to a role: whole, or by a clause."""
    if not role.is_fenced or dataset.name in policies.open_to_all:
        return True
    person, team = person_column(dataset.columns), team_column(dataset.columns)
    is_by_grain = dataset.columns.keys() >= GRAINS
    if role.rows == "own":
        return bool(person) or is_by_grain
    return bool(person or team) or is_by_grain


def team_column(columns: Collection[str]) -> str | None:
    """The column that holds a team's name."""
    return next((name for name in TEAM_COLUMNS if name in columns), None)


def person_column(columns: Collection[str]) -> str | None:
    """The column that leads to a person; an id means somebody only within its account."""
    keys = PERSON_COLUMNS if set(columns) >= PLACE else PERSON_COLUMNS[:2]
    return next((name for name in keys if name in columns), None)


def row_rules(datasets: Datasets, rows: Mapping[str, Rows], policies: Policies) -> list[RowRule]:
    """Every rule of an installation: what all may see, then each user's, equal clauses together."""
    fenced = tuple(policies.fenced)
    opened = sorted(
        {
            identify("dataset", dataset.table)
            for dataset in datasets.values()
            if dataset.name in policies.open_to_all
        }
    )
    rules = [RowRule(OPEN_TO_ALL, fenced, ALL_ROWS, tuple(opened))]
    for username, own in sorted(rows.items()):
        by_clause: dict[str, set[str]] = {}
        for dataset in datasets.values():
            clause = clause_for(dataset.columns, own)
            if clause and dataset.name not in policies.open_to_all:
                by_clause.setdefault(clause, set()).add(identify("dataset", dataset.table))
        role = rows_role(username)
        rules += [
            RowRule(f"helpmart: {role} {number}", (role,), clause, tuple(sorted(tables)))
            for number, (clause, tables) in enumerate(sorted(by_clause.items()), start=1)
        ]
    return rules


def clause_for(columns: Collection[str], rows: Rows) -> str | None:
    """The condition under which a row is one of these; none where the columns cannot tell."""
    parts = [*_team_parts(columns, rows), *_person_parts(columns, rows)]
    return " or ".join(parts) or None


def _team_parts(columns: Collection[str], rows: Rows) -> Iterator[str]:
    if not rows.teams:
        return
    column = team_column(columns)
    if column:
        yield f"{column} in ({_literals(rows.teams)})"
    elif set(columns) >= GRAINS:
        yield f"(grain = 'team' and unit_value in ({_literals(rows.teams)}))"


def _person_parts(columns: Collection[str], rows: Rows) -> Iterator[str]:
    members = _members(rows)
    column = person_column(columns)
    if not members:
        return
    if column == "person_key":
        yield f"person_key in ({members})"
    elif column == "agent_key":
        yield f"agent_key in ({_agents('agent_key', members)})"
    elif column:
        keys = _agents("source_system, account_id, agent_id", members)
        yield f"(source_system, account_id, {column}) in ({keys})"
    elif set(columns) >= GRAINS:
        yield f"(grain = 'agent' and unit_value in ({_agents('agent_key', members)}))"


def _members(rows: Rows) -> str:
    """SQL that lists the persons: those named, or the people of the teams."""
    if rows.persons:
        return _literals(rows.persons)
    if not rows.teams:
        return ""
    teams = _literals(rows.teams)
    return " union ".join(
        f"select person_key from published.{table} where team_name in ({teams})"  # noqa: S608
        for table in ("dim_people", "dim_agents")
    )


def _agents(columns: str, members: str) -> str:
    return f"select {columns} from published.dim_agents where person_key in ({members})"  # noqa: S608


def _literals(values: Iterable[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values))


def role_datasets(datasets: Datasets, policies: Policies) -> dict[str, list[str]]:
    """The datasets of which a fenced role may see the records behind a number."""
    return {
        name: sorted(
            {
                identify("dataset", dataset.table)
                for dataset in datasets.values()
                if has_rows_for(dataset, role, policies)
            }
        )
        for name, role in policies.fenced.items()
    }


def readers_of(dashboard: Dashboard, datasets: Datasets, policies: Policies) -> list[str]:
    """The roles that may open a dashboard: a fenced one only if every dataset has rows for it."""
    used = list(_datasets_of(dashboard, datasets))
    return [
        name
        for name in policies.dashboard_roles
        if all(has_rows_for(dataset, policies.roles[name], policies) for dataset in used)
    ]


def dashboard_readers(
    dashboards: Sequence[Dashboard],
    datasets: Datasets,
    policies: Policies,
    wall_screen: Collection[str],
) -> dict[str, list[str]]:
    """The readers of each dashboard by its lasting identifier."""
    return {
        identify("dashboard", dashboard.slug_of(language)): [
            *readers_of(dashboard, datasets, policies),
            *([WALL_SCREEN] if dashboard.slug_of(language) in wall_screen else []),
        ]
        for dashboard in dashboards
        for language in LANGUAGES
    }


def refuse_leaks(
    dashboards: Sequence[Dashboard],
    datasets: Datasets,
    policies: Policies,
    wall_screen: Collection[str] = (),
) -> None:
    """Raise what `access_problems` finds."""
    problems = list(access_problems(dashboards, datasets, policies, wall_screen))
    if problems:
        raise HelpmartError(
            what="somebody would see rows that are not theirs",
            where="superset/policies/roles.yml and the settings",
            why="; ".join(problems[:5]),
            remedy="take the name out, or the column out of the dataset; see docs/security.md",
            exit_code=ExitCode.USAGE,
        )


def access_problems(
    dashboards: Sequence[Dashboard],
    datasets: Datasets,
    policies: Policies,
    wall_screen: Collection[str] = (),
) -> Iterator[str]:
    """What would leak, or would be declared for nothing."""
    known = {dataset.name for dataset in datasets.values()}
    for name in policies.open_to_all:
        if name not in known:
            yield f"roles.yml: open_to_all names {name}, which is no dataset"
    for dataset in _english(datasets):
        named = (*PERSON_COLUMNS, *NAME_COLUMNS, *TEAM_COLUMNS)
        fence = next((name for name in named if name in dataset.columns), None)
        if fence and dataset.name in policies.open_to_all:
            yield f"roles.yml: {dataset.name} has the column {fence} and can't be open to all"
    slugs = {board.slug_of(language): board for board in dashboards for language in LANGUAGES}
    for slug in wall_screen:
        if slug not in slugs:
            yield f"setting wall_screen: there is no dashboard {slug}"
            continue
        for dataset in _datasets_of(slugs[slug], datasets):
            of_people = (*PERSON_COLUMNS, *NAME_COLUMNS)
            column = next((name for name in of_people if name in dataset.columns), None)
            if column:
                yield f"setting wall_screen: {slug} reads {dataset.name} with the column {column}"


def _english(datasets: Datasets) -> Iterator[Dataset]:
    language: Language = "en"
    yield from (dataset for (_name, spoken), dataset in datasets.items() if spoken == language)


def _datasets_of(dashboard: Dashboard, datasets: Datasets) -> Iterator[Dataset]:
    names = {chart.dataset for chart in dashboard.charts()}
    names |= {item.dataset for item in dashboard.filters if isinstance(item, MemberFilter)}
    yield from (dataset for dataset in _english(datasets) if dataset.name in names)
