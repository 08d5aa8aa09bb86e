"""The quick way from lines of JSON and rows of text to rows that land: whole blocks at once.

Sound, not complete: a record of which every value passes plain checks becomes exactly the row that
`parsing` would build, and every other one is handed to `parsing` with its line. So what lands, what
is refused and why is decided in one place. Nothing here knows a reason for a refusal.

`lines` and `batches` read JSON; `quoting`, `cells` and `tables` read delimited text.
"""
