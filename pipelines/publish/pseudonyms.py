"""Keyed pseudonyms in place of agents, and no figures of few people, before readers see a file.

What belongs here: rewriting the copy that is being published, all tables alike, so that pages,
exports, mails and reports have nothing else to show. The working warehouse keeps the names: it is
private, and settings may change. What is left out, and why, is in docs/security.md.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import HelpmartError
from pipelines.ingest.parsing.values.pseudonyms import installation_key
from pipelines.publish.stamp import SCHEMA
from pipelines.quality.results import CheckResult
from pipelines.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ID_COLUMNS = frozenset(
    {"assignee_id", "first_assignee_id", "closer_id", "actor_id", "submitter_id", "author_id"}
)
NAME_COLUMNS = frozenset({"agent_name", "person_name"})
GRAINS = {"grain", "unit_value"}
EVERYBODY = "(select value from staff)"
NAMES = "(select value from staff where kind = 'name')"
SMALL = "(select team_name from small_teams)"
WITHHELD, MASK = "withheld", "***"
KEY_LENGTH = 12  # of every key that dbt makes; other texts in a column of keys stay
# A nickname of few letters would be found inside innocent words, one of Chinese signs would not.
FOUND_WITHIN = re.compile(r"[\u4e00-\u9fff]{2}|\S\s\S|[^\W\d_].{3,}\d|\d.{3,}[^\W\d_]")

STAFF = """
create temp table staff as
with people as (
    select agent_id as value, 'id' as kind from published.dim_agents where not is_bot
    union
    select agent_name, 'name' from published.dim_agents where not is_bot
    union
    select person_name, 'name' from published.dim_agents where not is_bot
    union
    select person_name, 'name' from published.dim_people where not is_bot
)
select value, min(kind) as kind
from people
where value not in ('unknown', 'none', '-1', 'System', '')
group by value
"""
SMALL_TEAMS = """
create temp table small_teams as
select team_name
from (
    select team_name, person_key from published.dim_people where not is_bot
    union
    select team_name, person_key from published.dim_agents where not is_bot
)
where team_name not in ('unknown', 'withheld')
group by team_name
having count(distinct person_key) < $smallest
"""
SMALL_FIGURES = {
    "kpi_values": """
        delete from published.kpi_values
        where
            kpi_id in (select kpi_id from published.kpi_dictionary where kpi_group = 'people')
            and (
                coalesce(n, 0) < $smallest
                or grain = 'agent'
                or (grain = 'team' and unit_value in (select team_name from small_teams))
            )
    """,
    # The parts of a split add up, so that leaving one out would tell it.
    "kpi_change_drivers": """
        delete from published.kpi_change_drivers
        where
            $smallest > 0
            and kpi_id in (select kpi_id from published.kpi_dictionary where kpi_group = 'people')
    """,
    "kpi_changes": """
        delete from published.kpi_changes
        where
            kpi_id in (select kpi_id from published.kpi_dictionary where kpi_group = 'people')
            and (grain <> 'total' or least(coalesce(n, 0), coalesce(base_n, 0)) < $smallest)
    """,
    "fct_employee_survey": """
        delete from published.fct_employee_survey
        where
            least(respondent_count, answer_count) < $smallest
            or team_name in (select team_name from small_teams)
    """,
}
# Of a person, days become years, and what few people share is withheld.
GENERAL_PEOPLE = """
create or replace table published.dim_people as
select * replace (
    case when count(*) over (partition by department) < {smallest}
        then '{withheld}' else department end as department,
    case when count(*) over (partition by level) < {smallest}
        then '{withheld}' else level end as level,
    case when count(*) over (partition by role) < {smallest}
        then '{withheld}' else role end as role,
    date_trunc('year', hired_date)::date as hired_date,
    date_trunc('year', left_date)::date as left_date
)
from published.dim_people
order by person_key
"""


@dataclass(frozen=True)
class Replaced:
    """How many names and ids were replaced, and how many rows of few people left out."""

    people: int
    small_teams: int
    rows_removed: int


def pseudonymise(file: Path, key: bytes, smallest_group: int) -> Replaced:
    """Rewrite a file that nobody reads yet; of what was replaced no byte stays in it.

    Raises:
        HelpmartError: a name is still found somewhere, so the file must not be shown.
    """
    import duckdb

    with duckdb.connect(str(file)) as connection:
        tables = _text_columns(connection)
        _define_keyed(connection, key)
        connection.execute(STAFF)
        connection.execute(SMALL_TEAMS, {"smallest": smallest_group})
        removed = 0
        for table in SMALL_FIGURES.keys() & tables.keys():
            removed += _number(connection, SMALL_FIGURES[table], {"smallest": smallest_group})
        connection.execute(GENERAL_PEOPLE.format(smallest=smallest_group, withheld=WITHHELD))
        within = _found_within(connection)
        # What holds nobody before stays as it is, so only what was rewritten is looked at again.
        left = [
            f"{table}.{column}"
            for table, columns in tables.items()
            for column in _rewrite(connection, table, columns, within)
            if not column.endswith("_key") and _is_named(connection, table, column, within)
        ]
        people = _number(connection, "select count(*) from staff")
        teams = _number(connection, "select count(*) from small_teams")
    refuse_names(left)
    _write_anew(file)
    return Replaced(people, teams, removed)


def refuse_names(columns: Sequence[str]) -> None:
    """Raise where agents would still be named."""
    if columns:
        raise HelpmartError(
            what="the build is not published: agents would be named although pseudonyms are on",
            where=", ".join(columns[:5]),
            why="a name or id of the table of agents is still found there",
            remedy="report these columns; agent_pseudonyms = false publishes names",
        )


def _define_keyed(connection: DuckDBPyConnection, key: bytes) -> None:
    """keyed(text): 64 hexadecimal digits that nobody works out without the installation's key.

    Hashed twice like an HMAC, which DuckDB lacks; both halves are HMACs of that key.
    """
    inner, outer = _halves(key)
    connection.execute(f"create temp macro keyed(v) as sha256('{outer}' || sha256('{inner}' || v))")
    connection.execute(
        "create temp macro keyed_key(v) as"
        f" left(to_base64(unhex(keyed('key ' || v))), {KEY_LENGTH})"
    )
    connection.execute("create temp macro shown_id(v) as 'agent-' || left(keyed('id ' || v), 12)")
    connection.execute(
        "create temp macro shown_name(v) as 'Agent ' || upper(left(keyed('name ' || v), 8))"
    )


def _halves(key: bytes) -> tuple[str, str]:
    inner, outer = (
        hmac.new(key, f"agents, {half}".encode(), hashlib.sha256).hexdigest()
        for half in ("inner", "outer")
    )
    return inner, outer


def shown_id(key: bytes, agent_id: str) -> str:
    """What a published table holds in place of an agent's id."""
    inner, outer = _halves(key)
    within = hashlib.sha256(f"{inner}id {agent_id}".encode()).hexdigest()
    return f"agent-{hashlib.sha256(f'{outer}{within}'.encode()).hexdigest()[:12]}"


def shown_agent(settings: Settings, agent_id: str) -> str:
    """What this installation publishes in place of an agent's id."""
    return shown_id(installation_key(settings.paths.secrets), agent_id)


def without_samples(checks: Sequence[CheckResult]) -> list[CheckResult]:
    """Results without the ids of the rows that they are about."""
    return [replace(check, sample_keys=()) for check in checks]


def _text_columns(connection: DuckDBPyConnection) -> dict[str, list[str]]:
    rows = connection.execute(
        "select table_name, column_name from duckdb_columns()"
        " join duckdb_tables() using (database_name, schema_name, table_name)"
        " where schema_name = ? and data_type = 'VARCHAR' order by table_name, column_index",
        [SCHEMA],
    ).fetchall()
    tables: dict[str, list[str]] = {}
    for table, column in rows:
        tables.setdefault(table, []).append(column)
    return tables


def _found_within(connection: DuckDBPyConnection) -> str:
    """A pattern of the names and logins that are looked for inside longer texts, longest first."""
    rows = connection.execute("select value from staff order by length(value) desc, value")
    values = [value for (value,) in rows.fetchall() if FOUND_WITHIN.search(value)]
    return "|".join(re.escape(value) for value in values) or "$^"


def _rewrite(
    connection: DuckDBPyConnection, table: str, columns: Sequence[str], within: str
) -> list[str]:
    """One update of all columns of a table that need it; their names."""
    sets = dict(_identities(columns))
    for column in columns:
        if column not in sets and _is_named(connection, table, column, within):
            masked = f"regexp_replace({column}, $within, '{MASK}', 'g')"
            sets[column] = _if(f"{column} in {NAMES}", f"shown_name({column})", masked)
    if not sets:
        return []
    parameters = {"within": within} if any("$within" in made for made in sets.values()) else {}
    assigned = ", ".join(f'"{column}" = {made}' for column, made in sets.items())
    connection.execute(f'update {SCHEMA}."{table}" set {assigned}', parameters)  # noqa: S608
    return list(sets)


def _identities(columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What becomes of columns whose name says that they hold a person, a key or a person's team."""
    known = set(columns)
    for column in columns:
        if column.endswith("_key"):
            is_key = f"length({column}) = {KEY_LENGTH}"
            yield column, _if(is_key, f"keyed_key({column})", column)
        elif column == "unit_value" and known >= GRAINS:
            yield column, _if("grain = 'agent'", f"keyed_key({column})", column)
        elif column.endswith("agent_id") or column in ID_COLUMNS:
            yield column, _if(f"{column} in {EVERYBODY}", f"shown_id({column})", column)
        elif column in NAME_COLUMNS and "person_key" in known:
            yield column, _if(f"{column} in {EVERYBODY}", "shown_name(person_key)", column)
        elif column == "team_name" and "person_key" in known:
            yield column, _if(f"{column} in {SMALL}", f"'{WITHHELD}'", column)


def _if(condition: str, then: str, otherwise: str) -> str:
    return f"case when {condition} then {then} else {otherwise} end"


def _is_named(connection: DuckDBPyConnection, table: str, column: str, within: str) -> bool:
    """Whether a name stands in a column, or a name or login within its texts."""
    query = (
        f'select count(*) from (select distinct "{column}" as value from {SCHEMA}."{table}")'  # noqa: S608
        " where value in (select value from staff where kind = 'name')"
        " or regexp_matches(value, $within)"
    )
    return _number(connection, query, {"within": within}) > 0


def _number(
    connection: DuckDBPyConnection, query: str, parameters: dict[str, object] | None = None
) -> int:
    row = connection.execute(query, parameters).fetchone()
    return int(row[0]) if row else 0


def _write_anew(file: Path) -> None:
    """The same database in a file without the blocks that updates leave behind."""
    import duckdb

    folder = file.parent / f".{file.name}.anew"
    folder.mkdir()
    fresh = folder / file.name  # views name the database by its file's stem
    with duckdb.connect() as connection:
        connection.execute(f"attach '{_quoted(file)}' as old (read_only)")
        connection.execute(f"attach '{_quoted(fresh)}' as fresh")
        connection.execute("copy from database old to fresh")
    fresh.replace(file)
    folder.rmdir()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
