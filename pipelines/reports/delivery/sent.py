"""What was sent to whom: claimed before it is handed over, so that a crash never sends it twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

State = Literal["sending", "sent", "failed"]
SCHEMA = """
create table if not exists mails (
    mail_key text primary key,
    address text not null,
    subject text not null,
    build_id text not null,
    state text not null check (state in ('sending', 'sent', 'failed')),
    detail text not null default '',
    changed_at text not null
);
create table if not exists alerts (
    alert_key text primary key,
    told_at text not null
);
"""


@dataclass(frozen=True)
class Mail:
    """One line of the log."""

    mail_key: str
    address: str
    subject: str
    build_id: str
    state: State
    detail: str
    changed_at: str


class SentLog:
    """The log of one installation; every call is a transaction of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def claim(self, mail_key: str, address: str, subject: str, build_id: str, at: datetime) -> bool:
        """Whether this process may send it: nobody has, or an attempt failed for sure.

        A mail that stays `sending` was cut off while it was handed over. It may have arrived, so
        it is not sent again until somebody says so.
        """
        with closing(self._open()) as connection, connection:
            changed = connection.execute(
                "insert into mails values (?, ?, ?, ?, 'sending', '', ?)"
                " on conflict (mail_key) do update set state = 'sending', detail = '',"
                " build_id = excluded.build_id, changed_at = excluded.changed_at"
                " where mails.state = 'failed'",
                (mail_key, address, subject, build_id, at.isoformat()),
            )
            return changed.rowcount == 1

    def settle(self, mail_key: str, state: State, at: datetime, detail: str = "") -> None:
        """Write down how it ended."""
        with closing(self._open()) as connection, connection:
            connection.execute(
                "update mails set state = ?, detail = ?, changed_at = ? where mail_key = ?",
                (state, detail, at.isoformat(), mail_key),
            )

    def state(self, mail_key: str) -> State | None:
        """How far a mail came; None where it was never begun."""
        with closing(self._open()) as connection:
            row = connection.execute(
                "select state from mails where mail_key = ?", (mail_key,)
            ).fetchone()
        return row[0] if row else None

    def mails(self) -> list[Mail]:
        """All of them, newest first."""
        with closing(self._open()) as connection:
            rows = connection.execute(
                "select * from mails order by changed_at desc, mail_key"
            ).fetchall()
        return [Mail(*row) for row in rows]

    def allow_again(self, address: str, at: datetime) -> int:
        """Let mails to an address that were cut off be sent again; gives back how many."""
        with closing(self._open()) as connection, connection:
            changed = connection.execute(
                "update mails set state = 'failed', detail = 'to be sent again', changed_at = ?"
                " where address = ? and state = 'sending'",
                (at.isoformat(), address),
            )
            return changed.rowcount

    def claim_alert(self, alert_key: str, at: datetime) -> bool:
        """Whether the alert is new."""
        with closing(self._open()) as connection, connection:
            changed = connection.execute(
                "insert into alerts values (?, ?) on conflict do nothing",
                (alert_key, at.isoformat()),
            )
            return changed.rowcount == 1

    def forget_alert(self, alert_key: str) -> None:
        """One that nobody could be told is told the next time."""
        with closing(self._open()) as connection, connection:
            connection.execute("delete from alerts where alert_key = ?", (alert_key,))

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=30)
        connection.executescript(SCHEMA)
        return connection
