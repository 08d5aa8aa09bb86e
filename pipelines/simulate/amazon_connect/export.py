"""Contact records as NDJSON, in UTC; some are delivered twice, some again in a newer version.

A contact may be delivered while the agent still works after the call: that first version lacks the
after-contact work and is followed by the final one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from pipelines.simulate.company import Day
from pipelines.simulate.company.contacts import Call
from pipelines.simulate.company.staff import HOTLINE
from pipelines.simulate.output.exporting import Export, stamp
from pipelines.simulate.output.lines import LineFile
from pipelines.simulate.output.periods import Period

Record = dict[str, Any]
ENTITY = "contacts"
DELIVERED_TWICE_EVERY = 61
DELIVERED_EARLY_EVERY = 23
FINAL_DELIVERY_AFTER = 90
# Seconds within which a call should be answered, and of giving up so soon that it does not count.
ANSWER_WITHIN = 20
SHORT_ABANDON = 5
ARN = "arn:aws:connect:eu-west-2:111122223333:instance/9f7e5c1a"
REASONS = {
    "customer": "CUSTOMER_DISCONNECT",
    "agent": "AGENT_DISCONNECT",
    "transfer": "AGENT_DISCONNECT",
}


class Defect(NamedTuple):
    """A line that no loader may accept, and why."""

    line: bytes
    reason: str


DEFECTS = (
    Defect(b'{"ContactId":"bad-1","InitiationTimestamp":"2026-01-\n', "not_json"),
    Defect(
        b'{"ContactId":null,"InitiationTimestamp":"2026-01-05T08:00:00Z",'
        b'"LastUpdateTimestamp":"2026-01-05T08:05:00Z"}\n',
        "missing_required",
    ),
    Defect(
        b'{"ContactId":"bad-3","InitiationTimestamp":"05/01/2026 08:00",'
        b'"LastUpdateTimestamp":"2026-01-05T08:05:00Z"}\n',
        "bad_type",
    ),
)


class AmazonConnectExport(Export):
    """Writes a file a period."""

    source = "amazon_connect"

    def begin(self, period: Period) -> None:
        self._file = LineFile(self.folder, f"contacts_{period.label}.ndjson.gz")
        self._written = 0

    def take(self, day: Day) -> None:
        for call in day.calls:
            self._count_true(call)
            self._deliver(call)

    def end(self, period: Period) -> None:
        for defect in self.defects(self._file.name, ENTITY, DEFECTS):
            self._file.write_line(defect.line)
            self.accounting.refuse(self._file.name, ENTITY, defect.reason)
        self._file.close()
        self.date_file(self._file.name, period.exported_at)

    def _deliver(self, call: Call) -> None:
        self._written += 1
        record = contact_record(call)
        is_early = self._written % DELIVERED_EARLY_EVERY == 0 and call.employee is not None
        if self.dirt and is_early:
            early = contact_record(call)
            early["Agent"] |= {
                "AfterContactWorkDuration": 0,
                "AfterContactWorkEndTimestamp": None,
            }
            early["LastUpdateTimestamp"] = stamp(call.ended_at + 1)
            self._write(early, is_new=True)
        self._write(record, is_new=True)
        if self.dirt and self._written % DELIVERED_TWICE_EVERY == 0:
            self._write(record, is_new=False)

    def _write(self, record: Record, *, is_new: bool) -> None:
        self._file.write(record)
        for entity in (ENTITY, "endpoints"):
            count = self.accounting.load if is_new else self.accounting.repeat
            count(self._file.name, entity)

    def _count_true(self, call: Call) -> None:
        self.count(
            ENTITY,
            rows=1,
            answered=call.is_answered,
            abandoned=call.is_abandoned,
            ended_in_menu=call.queued_at is None,
            transfer_legs=call.previous_leg is not None,
            talk_seconds=call.talk,
            hold_seconds=call.hold,
            after_work_seconds=call.after_work,
            queue_seconds_answered=call.queue_seconds if call.is_answered else 0,
            queue_seconds_abandoned=call.queue_seconds if call.is_abandoned else 0,
            answered_in_time=call.is_answered and call.queue_seconds <= ANSWER_WITHIN,
            abandoned_late=call.is_abandoned and call.queue_seconds >= SHORT_ABANDON,
        )
        self.count("endpoints", rows=1)


def contact_record(call: Call) -> Record:
    """The final version of a contact."""
    is_transfer = call.previous_leg is not None
    return {
        "AWSAccountId": "111122223333",
        "AWSContactTraceRecordFormatVersion": "2017-03-10",
        "ContactId": call.contact_id,
        "InitialContactId": call.first_leg,
        "PreviousContactId": call.previous_leg,
        "NextContactId": call.next_leg,
        "Channel": "VOICE",
        "InitiationMethod": "TRANSFER" if is_transfer else "INBOUND",
        "InitiationTimestamp": stamp(call.initiated_at),
        "ConnectedToSystemTimestamp": stamp(call.initiated_at),
        "DisconnectTimestamp": stamp(call.ended_at),
        "DisconnectReason": REASONS[call.ended_by]
        if call.queued_at is not None
        else "CONTACT_FLOW_DISCONNECT",
        "LastUpdateTimestamp": stamp(call.ended_at + call.after_work + FINAL_DELIVERY_AFTER),
        "TransferCompletedTimestamp": stamp(call.ended_at) if call.next_leg else None,
        "Queue": None if call.queued_at is None else _queue(call),
        "Agent": None if call.employee is None else _agent(call),
        "AgentConnectionAttempts": int(call.is_answered),
        "CustomerEndpoint": {
            "Address": call.need.person.phone,
            "Type": "TELEPHONE_NUMBER",
        },
        "SystemEndpoint": {"Address": _line(call), "Type": "TELEPHONE_NUMBER"},
        "Attributes": {"language": call.need.person.language, "menu": call.need.topic},
        "InstanceARN": ARN,
        "Recording": None,
    }


def _line(call: Call) -> str:
    return "+864008001234" if call.crew is HOTLINE else "+442071230000"


def _queue(call: Call) -> Record:
    assert call.queued_at is not None
    return {
        "ARN": f"{ARN}/queue/{call.crew.code}",
        "Name": call.crew.name,
        "EnqueueTimestamp": stamp(call.queued_at),
        "DequeueTimestamp": stamp(call.queued_at + call.queue_seconds),
        "Duration": call.queue_seconds,
    }


def _agent(call: Call) -> Record:
    assert call.employee is not None
    assert call.answered_at is not None
    return {
        "ARN": f"{ARN}/agent/{call.employee.login}",
        "Username": call.employee.login,
        "ConnectedToAgentTimestamp": stamp(call.answered_at),
        "AgentInteractionDuration": call.talk,
        "CustomerHoldDuration": call.hold,
        "NumberOfHolds": call.holds,
        "LongestHoldDuration": call.hold if call.holds <= 1 else call.hold // 2 + 1,
        "AfterContactWorkDuration": call.after_work,
        "AfterContactWorkStartTimestamp": stamp(call.ended_at),
        "AfterContactWorkEndTimestamp": stamp(call.ended_at + call.after_work),
        "HierarchyGroups": None,
        "RoutingProfile": {"Name": call.crew.name, "ARN": f"{ARN}/routing-profile/1"},
    }
