"""From bytes to typed rows: streams, JSON documents, unwrapping, columns, and what is refused.

What belongs here: pure reading and judging of one file. What does not: where files come from, where
rows go, and any memory of other files.
"""
