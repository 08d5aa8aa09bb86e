"""The ledger beside the raw layer, balanced, and one way to break each rule on it."""

from __future__ import annotations

FILES = """
    ('f1', 'a.json', 'zendesk', 'acme', 'tickets', 'loaded', 'run', 8, 5, 0, 3, 0, 5, true, false),
    ('f2', 'a.json', 'zendesk', 'default', 'tickets', 'known', 'run', 0, 0, 0, 0, 0, 0, true, false)
"""

BREAKS = {
    "helpmart__files_record_counts_balance": "update raw.helpmart__files set seen = seen + 1",
    "helpmart__files_raw_rows_equal_loaded": "update raw.helpmart__files set rows_in_raw = 4"
    " where file_id = 'f1'",
    "helpmart__files_something_landed": "update raw.helpmart__files set rows_in_raw = 0",
    "helpmart__files_counts_not_negative": "update raw.helpmart__files set skipped = -1",
    "helpmart__files_quarantined_share_below_5_percent": "update raw.helpmart__files"
    " set seen = 12, quarantined = 4 where file_id = 'f1'",
    "helpmart__files_file_quarantined_share_below_5_percent": "update raw.helpmart__files"
    " set seen = 20, quarantined = 12 where file_id = 'f1'",
    "helpmart__files_files_readable": "insert into raw.helpmart__files values ('f3', 'b.zip',"
    " 'zendesk', 'default', '*', 'quarantined', 'run', 1, 0, 1, 0, 0, 0, true, false)",
    "helpmart__files_files_recognised": "update raw.helpmart__files set status = 'unrecognised'",
}
