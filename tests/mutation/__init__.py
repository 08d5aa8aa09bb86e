"""Mutation of the KPI models: small errors are planted in their SQL, and the tests have to notice.

`python -m tests.mutation` runs it; docs/mutation.md says what it found.
"""
