"""The chapters of a report, each a function from published cells to blocks."""
