"""Statutory days for the business calendars that an installation declares for itself.

What belongs here: which dates a country closes or works, and handing them to dbt. What does not:
working hours, which land from the source `calendars` like any other fact.
"""
