"""Runs the suites of `expectations/` and says what each of them found.

Here: reading the suites, running them with Great Expectations, the result type, the result pages.
Not here: what valid data means (`expectations/`) and what a failure leads to (orchestration).
"""
