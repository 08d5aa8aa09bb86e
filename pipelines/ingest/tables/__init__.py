"""Tables: text files, workbooks and Parquet files, from bytes to records.

What belongs here: the encoding of a text, its rows, the header, which column of the file is which
of the contract, and what differs from it. What does not: the values in the cells
(`parsing.values`), and where rows go.

The seam: whatever the format, rows come as `RowBatch`es (`rows.py`), lists of cells with their row
numbers, from `delimited.row_batches` or `guarded.guarded_sheets`. `TableParser` alone takes them:
`Locator` finds the header and makes a `Binding` of it, and from then on `Binding.record` turns each
row into `dict[str, value]` for `RowBuilder`. Text may come as blocks of bytes too (`text_rows`),
once the header is found; `ingest.columnar` reads their plain rows and leaves the others as cells.
Reading by rows is the reference.
"""
