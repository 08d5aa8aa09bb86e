"""ServiceNow, sound, and one way to break each rule on it."""

from __future__ import annotations

from functools import partial

from tests.integration.raw_worlds.case import RawCase, set_in

RECORDS = {
    "incidents": [{"number": "INC1", "incident_state": "7"}],
    "incident_audit": [{"number": "INC1", "incident_state": "Active"}],
}

_set = partial(set_in, "servicenow")

BREAKS = {
    "servicenow__incidents_states_known": _set("incidents", "incident_state = '9'"),
    "servicenow__incident_audit_states_known": _set("incident_audit", "incident_state = 'Parked'"),
}

CASE = RawCase("servicenow", RECORDS, BREAKS)
