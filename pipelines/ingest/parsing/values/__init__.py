"""One parser for each kind of value: what an export writes in, the one form that lands out.

A parser takes a text or a typed cell and gives text, or raises `RecordRejectedError` without a
field; whoever calls it knows the field. Nothing here knows of records, files or contracts.
"""
