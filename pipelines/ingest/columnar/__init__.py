"""The quick way from lines of JSON to rows: whole blocks of records at once, in native code.

Sound, not complete: a record of which every value passes plain checks becomes exactly the row that
`parsing` would build, and every other one is handed to `parsing` with its line. So what lands, what
is refused and why is decided in one place. Nothing here knows a reason for a refusal.
"""
