"""The raw layer of a simulated service centre, multiplied: as many tickets as a machine can build.

Simulating and landing millions of tickets takes longer than building them. Each copy has ids of its
own for tickets, their records and their customers; agents, teams and policies are shared.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

COPIES = "copies_of_"
# Ids of an export have 14 digits at most, so copies do not meet.
STEP = 10**15
# By entity: columns that are moved, and those that are moved where they name a customer.
OWN = {
    "tickets": ["id"],
    "ticket_audits": ["id", "ticket_id"],
    "audit_events": ["id", "ticket_id", "audit_id"],
    "comments": ["id", "ticket_id", "audit_id"],
    "metric_events": ["id", "ticket_id"],
    "ticket_metrics": ["id", "ticket_id"],
    "satisfaction_ratings": ["id", "ticket_id"],
    "users": [],
}
OF_CUSTOMERS = {
    "tickets": ["requester_id", "submitter_id"],
    "ticket_audits": ["author_id"],
    "audit_events": ["audit_author_id", "author_id"],
    "comments": ["author_id"],
    "satisfaction_ratings": ["requester_id"],
    "users": ["id"],
}
ONLY = {"users": "role = 'end-user'"}
# What tells of a merge or a follow-up names the other ticket in JSON.
NAMED_TICKET = r'("ticket_ids?": ?\[?)(\d+)'
IN_JSON = {"tickets": ["via"], "ticket_audits": ["via"], "comments": ["via"]}


def multiply(raw: Path, times: int) -> None:
    """Put `times` - 1 copies beside each file of a Zendesk account that has none yet."""
    folder = raw / "zendesk"
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        users = connection.read_parquet(f"{folder}/users/*.parquet", union_by_name=True)
        users.filter(ONLY["users"]).select("id").distinct().create("customers")
        copies = connection.query(f"from range(1, {times}) as copies (copy)")
        for entity in OWN:
            for file in sorted((folder / entity).glob("*.parquet")):
                target = file.with_name(COPIES + file.name)
                if file.name.startswith(("_", COPIES)) or target.exists():
                    continue
                unfinished = target.with_suffix(".unfinished")
                connection.read_parquet(str(file)).filter(ONLY.get(entity, "true")).cross(
                    copies
                ).select(f"* exclude (copy) replace ({', '.join(_moved(entity))})").write_parquet(
                    str(unfinished), compression="zstd"
                )
                unfinished.rename(target)


def _moved(entity: str) -> list[str]:
    changes = [f"{_plus(column)} as {column}" for column in OWN[entity]]
    changes += [
        f"case when {column} in (from customers) then {_plus(column)} else {column} end as {column}"
        for column in OF_CUSTOMERS.get(entity, ())
    ]
    # JSON names a ticket by a number, so a copy's digit goes before zeros.
    return changes + [
        f"regexp_replace({column}, '{NAMED_TICKET}', '\\1' || copy || lpad("
        f"regexp_extract({column}, '{NAMED_TICKET}', 2), 15, '0')) as {column}"
        for column in IN_JSON.get(entity, ())
    ]


def _plus(column: str) -> str:
    return f"cast(try_cast({column} as bigint) + copy * {STEP} as varchar)"
