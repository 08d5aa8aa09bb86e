"""The ledger: what became of every file and record, of every run and every check. SQLite.

What belongs here: the tables, and reading and writing them as dataclasses. A file's rows, its
quarantined records and its counts are written in one transaction, or not at all; the database
itself refuses counts that do not add up. What does not: deciding anything.
"""

from pipelines.ingest.ledger.ledger import Ledger
from pipelines.ingest.ledger.rows import CheckRow, FileRow, FileStatus, RunRow

__all__ = ["CheckRow", "FileRow", "FileStatus", "Ledger", "RunRow"]
