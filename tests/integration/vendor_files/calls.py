"""Calls: Amazon Connect, Asterisk, and three kinds of sheets."""

from __future__ import annotations

import json
from datetime import time
from pathlib import Path
from typing import Any

from tests.integration.vendor_files import Rows, write_rows, write_text, write_workbook

PHONE = "13800138000"
EARLY = "2026-03-01T10:00:05Z"


def write(inbox: Path) -> None:
    records = [
        contact("c1", "10:00:00", LastUpdateTimestamp=EARLY, Queue=queue("Sales", 12), **caller()),
        contact("c1", "10:00:00", Queue=queue("Sales", 12), **caller(), **ada()),
        contact(
            "c2",
            "10:05:00",
            InitialContactId="c1",
            PreviousContactId="c1",
            InitiationMethod="TRANSFER",
            Queue=queue("Repairs", 3),
            Agent={"Username": "bo", "AgentInteractionDuration": 60},
        ),
        contact("c3", "11:00:00", Queue=queue("Sales", 45), Agent=None),
        contact("c4", "11:30:00", Queue=None, Agent=None, DisconnectReason="CUSTOMER_DISCONNECT"),
        contact("c5", "12:00:00", Channel="CHAT", Queue=queue("Sales", 1), **ada()),
    ]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    write_text(inbox / "amazon_connect/desk/ctr-2026-03-01.ndjson", lines)
    write_rows(inbox / "asterisk/pbx/Master.csv", MASTER)
    write_rows(inbox / "asterisk/pbx/cdr-custom.csv", CUSTOM)
    write_workbook(inbox / "call_sheet/centre/calls.xlsx", {"Sheet1": SHEET})
    write_text(inbox / "call_sheet/centre/outcomes.csv", OUTCOMES)
    write_text(inbox / "call_sheet/centre/call_log.csv", CALL_LOG, "gb18030")


def contact(contact_id: str, begun: str, **fields: Any) -> dict[str, Any]:
    return {
        "ContactId": contact_id,
        "Channel": "VOICE",
        "InitiationMethod": "INBOUND",
        "InitiationTimestamp": f"2026-03-01T{begun}Z",
        "DisconnectTimestamp": "2026-03-01T12:30:00Z",
        "DisconnectReason": "AGENT_DISCONNECT",
        "LastUpdateTimestamp": "2026-03-01T13:00:00Z",
        "Attributes": {"name": "canary", "phone": PHONE},
        **fields,
    }


def queue(name: str, seconds: int) -> dict[str, Any]:
    return {"Name": name, "EnqueueTimestamp": "2026-03-01T10:00:03Z", "Duration": seconds}


def caller() -> dict[str, Any]:
    return {"CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": PHONE}}


def ada() -> dict[str, Any]:
    return {
        "Agent": {
            "Username": "ada",
            "ConnectedToAgentTimestamp": "2026-03-01T10:00:15Z",
            "AgentInteractionDuration": 200,
            "CustomerHoldDuration": 30,
            "AfterContactWorkDuration": 40,
            "NumberOfHolds": 2,
        }
    }


# The order of cdr_csv: a queue that rang two agents, one that nobody answered, and a call out. The
# server wrote its own time.
CALLER = f'"Canary" <{PHONE}>'
OUT = "SIP/trunk/13900139000"
MASTER: Rows = [
    ["", PHONE, "600", "ext-queues", CALLER, "SIP/trunk-00000001", "SIP/2001-00000002", "Queue",
     "support,t,,,300", "2026-03-01 09:00:00", "", "2026-03-01 09:00:20", 20, 0, "NO ANSWER",
     "DOCUMENTATION", "1772326800.1", ""],
    ["", PHONE, "600", "ext-queues", CALLER, "SIP/trunk-00000001", "SIP/2002-00000003", "Queue",
     "support,t,,,300", "2026-03-01 09:00:20", "2026-03-01 09:00:30", "2026-03-01 09:02:30", 130,
     120, "ANSWERED", "DOCUMENTATION", "1772326800.1", ""],
    ["", PHONE, "600", "ext-queues", CALLER, "SIP/trunk-00000005", "SIP/2001-00000006", "Queue",
     "support,t,,,300", "2026-03-01 10:00:00", "0000-00-00 00:00:00", "2026-03-01 10:00:40", 40, 0,
     "NO ANSWER", "DOCUMENTATION", "1772330400.5", ""],
    ["", "2001", "13900139000", "from-internal", '"Ada" <2001>', "SIP/2001-00000009",
     f"{OUT}-0000000a", "Dial", f"{OUT},300", "2026-03-01 11:00:00", "2026-03-01 11:00:08",
     "2026-03-01 11:01:08", 68, 60, "ANSWERED", "DOCUMENTATION", "1772334000.9", ""],
]  # fmt: skip

# The order of cdr_custom's example begins with the caller's text.
CUSTOM: Rows = [
    [CALLER, PHONE, "2003", "from-pstn", "SIP/trunk-00000011", "SIP/2003-00000012", "Dial",
     "SIP/2003,30", "2026-03-01 12:00:00", "", "2026-03-01 12:00:30", 30, 0, "BUSY",
     "DOCUMENTATION", "", "1772337600.17", ""],
]  # fmt: skip

# The date is a text beside a time cell; nobody answered the second call.
SHEET: Rows = [
    [
        "Call Id",
        "Agent",
        "Date",
        "Time",
        "Topic",
        "Answered (Y/N)",
        "Resolved",
        "Speed of answer in seconds",
        "AvgTalkDuration",
        "Satisfaction rating",
    ],
    ["ID0001", "Diane", "2026-03-01", time(9, 12, 58), "Admin", "Y", "N", 109, time(0, 2, 23), 3],
    ["ID0002", "Becky", "2026-03-01", time(9, 30, 0), "Payment", "N", "N", "", "", ""],
    ["ID0003", "Diane", "2026-03-01", time(9, 40, 0), "Payment", "Y", "Y", 20, time(0, 1, 0), 5],
]

# The second call runs over midnight, and no column says so.
OUTCOMES = f"""\
Call Date,Call Time,Time Answered,Time Ended,Agent ID,Call Outcome,Caller ID,Customer name
2026-03-01,10:00:00,10:00:20,10:03:20,A7,Completed,{PHONE},Canary
2026-03-01,23:59:50,00:00:10,00:05:10,A7,Transferred,,Canary
2026-03-01,11:00:00,,11:01:00,A8,Hung up,,Canary
2026-03-01,12:00:00,,,A8,Something else,,Canary
"""

CALL_LOG = f"""\
call_uuid,call_type,caller,callee,call_queue,user_id,start_stamp,queue_stamp,answer_stamp,\
end_stamp,end_type,duration,wait_duration,queue_duration,evaluation_value
u1,1,{PHONE},4008001234,售后,1001,2026-03-01 09:00:00,2026-03-01 09:00:10,2026-03-01 09:00:40,\
2026-03-01 09:03:40,2,220,40,30,2
u2,1,{PHONE},4008001234,售后,,2026-03-01 10:00:00,2026-03-01 10:00:10,0000-00-00 00:00:00,\
2026-03-01 10:01:00,2,60,0,0,0
u3,2,4008001234,13900139000,,1002,2026-03-01 11:00:00,0000-00-00 00:00:00,2026-03-01 11:00:12,\
2026-03-01 11:02:12,1,132,12,0,3
u4,1,{PHONE},4008001234,,,2026-03-01 12:00:00,0,0,2026-03-01 12:00:09,2,9,0,0,
u5,1,{PHONE},4008001234,售后,1001,2026-03-01 13:00:00,2026-03-01 13:00:01,2026-03-01 13:00:05,\
2026-03-01 13:01:05,1,65,5,4,1
"""
