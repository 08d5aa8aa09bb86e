"""One record, one row of text, or the field because of which there is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipelines.ingest.contracts import SourceContract, load_contracts
from pipelines.ingest.parsing.rejections import RecordRejectedError, masked
from pipelines.ingest.parsing.rows import ReceivedFile, Row, RowBuilder, hashed_text
from tests.ingest_world import CREATED, comment, ticket

RECEIVED = ReceivedFile(
    "2026-03-01T00:00:00.000000Z", "2026-03-02T00:00:00.000000Z", pseudonym_key=b"k" * 32
)


def builder(entity: str = "tickets") -> RowBuilder:
    return RowBuilder(load_contracts()["zendesk"], entity, RECEIVED)


def build(record: dict[str, Any], entity: str = "tickets") -> dict[str, str | None]:
    build_row = builder(entity)
    row = build_row.build(record, 1)
    return dict(zip(build_row.spec.columns, row.values, strict=True))


def row_of(record: dict[str, Any], entity: str = "tickets") -> Row:
    return builder(entity).build(record, 1)


def refusal(record: dict[str, Any], entity: str = "tickets") -> RecordRejectedError:
    with pytest.raises(RecordRejectedError) as caught:
        builder(entity).build(record, 1)
    return caught.value


def test_values_land_as_text_and_ids_in_full() -> None:
    row = build(
        ticket(
            2**53 + 1,
            is_public=True,
            has_incidents=False,
            tags=["vip", "退款"],
            via={"channel": "email"},
            generated_timestamp=1767600000,
            subject=None,
        )
    )

    assert row["id"] == "9007199254740993"
    assert (row["is_public"], row["has_incidents"]) == ("true", "false")
    assert row["tags"] == '["vip","退款"]'
    assert row["via"] == '{"channel":"email"}'
    assert row["generated_timestamp"] == "1767600000"
    assert row["subject"] is None


@pytest.mark.parametrize(
    ("written", "landed"),
    [
        ("2026-01-05T08:00:00Z", "2026-01-05T08:00:00Z"),
        ("2026-01-05T09:00:00+01:00", "2026-01-05T08:00:00Z"),
        ("2026-01-05T08:00:00", "2026-01-05T08:00:00Z"),
        ("2026-01-05T08:00:00.5Z", "2026-01-05T08:00:00.500000Z"),
        (1767600000, "2026-01-05T08:00:00Z"),
    ],
)
def test_stamps_land_in_utc(written: object, landed: str) -> None:
    assert build(ticket(created_at=written))["created_at"] == landed


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "missing_required"),
        ({"id": " "}, "missing_required"),
        ({"status": ""}, "missing_required"),
        ({"id": "1.03006E+13"}, "id_in_scientific_notation"),
        ({"group_id": 1.03006e13}, "id_in_scientific_notation"),
        ({"assignee_id": True}, "bad_type"),
        ({"created_at": "05/01/2026 8:00"}, "bad_type"),
        ({"created_at": "2026-02-30T08:00:00Z"}, "bad_type"),
        ({"updated_at": ["2026-01-05T08:00:00Z"]}, "bad_type"),
        ({"created_at": 10**18}, "bad_type"),
        ({"generated_timestamp": "soon"}, "bad_type"),
        ({"generated_timestamp": 10**18}, "bad_type"),
        ({"is_public": "yes"}, "bad_type"),
        ({"is_public": 1}, "bad_type"),
        ({"subject": {"en": "x"}}, "bad_type"),
        ({"created_at": "2026-03-02T00:00:01Z"}, "future_stamp"),
        ({"updated_at": "2031-01-01T00:00:00Z"}, "future_stamp"),
        ({"generated_timestamp": 1_900_000_000}, "future_stamp"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_its_field(
    change: dict[str, object], reason: str
) -> None:
    error = refusal(ticket() | change)

    assert (error.reason, error.field) == (reason, next(iter(change)))


def test_a_stamp_that_may_lie_ahead_is_not_refused() -> None:
    assert build(ticket(due_at="2031-01-01T00:00:00Z"))["due_at"] == "2031-01-01T00:00:00Z"


def test_a_refused_value_of_a_personal_column_is_not_told() -> None:
    error = refusal(ticket(subject=["call Ann Doe"]))

    assert "Ann" not in error.why


def test_a_whole_number_may_be_written_with_a_point_but_not_rounded() -> None:
    metrics = {"ticket_id": 1, "replies": 3.0}

    assert build(metrics, "ticket_metrics")["replies"] == "3"
    assert refusal(metrics | {"replies": 3.5}, "ticket_metrics").reason == "bad_type"


def test_holidays_need_plain_dates() -> None:
    holiday = {"id": 1, "start_date": "2026-01-01", "end_date": "2026-01-01"}

    assert build(holiday, "holidays")["end_date"] == "2026-01-01"
    assert refusal(holiday | {"end_date": "2026-13-01"}, "holidays").field == "end_date"


def test_an_added_key_lands_in_extra_and_a_removed_optional_one_as_null() -> None:
    row = row_of(ticket(mood="calm"))

    assert json.loads(row.extra or "") == {"mood": "calm"}
    assert build(ticket())["priority"] is None
    assert row_of(ticket()).extra is None


def test_reordered_keys_are_the_same_row() -> None:
    record = ticket(priority="low", mood="calm", weather="fine")

    assert row_of(record).row_hash == row_of(dict(reversed(record.items()))).row_hash
    assert row_of(record).row_hash != row_of(record | {"priority": "high"}).row_hash


def test_what_does_not_land_does_not_make_another_row() -> None:
    assert row_of(ticket(raw_subject="a")).row_hash == row_of(ticket(raw_subject="b")).row_hash
    assert row_of(ticket(mood="calm")).row_hash != row_of(ticket(mood="cross")).row_hash
    assert row_of(ticket(group_id=7)).row_hash == row_of(ticket(group_id="7")).row_hash


def test_rows_are_told_apart_whatever_their_values_hold() -> None:
    texts = [None, "", "a", "\x1f", "\x1b", "\x1bn", "\x1bs", "\x1be", "a\x1f", "\x1fa"]
    pairs = [(one, other) for one in texts for other in texts]

    assert len({hashed_text(pair) for pair in pairs}) == len(pairs)


def test_the_version_is_the_newest_of_the_version_fields() -> None:
    assert row_of(ticket()).version_at == "2026-01-05T08:00:00.000000Z"
    later = ticket(generated_timestamp=1767603600)
    assert row_of(later).version_at == "2026-01-05T09:00:00.000000Z"


def test_a_record_without_a_version_takes_its_parents_or_the_files() -> None:
    note = comment(ticket_id=1)

    assert builder("comments").build(note, 1, "2026-01-09").version_at == "2026-01-09"
    assert row_of(note, "comments").version_at == RECEIVED.extracted_at


def test_a_customer_lands_without_name_address_or_undeclared_keys() -> None:
    person = {"id": 5, "name": "Ann Doe", "email": "ann@example.com", "nickname": "Ann"}
    for role in ({"role": "end-user"}, {"role": None}, {}):
        row = row_of({**person, **role}, "users")
        assert "Ann" not in str(row)
        assert "ann@" not in str(row)
    assert build({**person, "role": "agent"}, "users")["name"] == "Ann Doe"


def test_people_in_via_and_their_places_never_land() -> None:
    sender = {"address": "ann@example.com", "name": "Ann Doe"}
    via = {"channel": "email", "source": {"from": sender, "rel": "merge"}}
    note = comment(ticket_id=1, via=via, metadata={"system": {"ip_address": "203.0.113.9"}})
    row = row_of(note, "comments")

    assert "Ann" not in str(row)
    assert "203.0.113.9" not in str(row)
    assert (
        build(note, "comments")["via"] == '{"channel":"email","source":{"from":{},"rel":"merge"}}'
    )


def test_an_incremental_event_reads_like_an_audit() -> None:
    event = {"id": 3, "ticket_id": 1, "timestamp": 1767600000, "updater_id": 7}
    row = build(event, "ticket_audits")

    assert (row["created_at"], row["author_id"]) == (CREATED, "7")


def audit_event(**changes: object) -> dict[str, str | None]:
    links = {"audit_id": 3, "ticket_id": 1, "audit_created_at": CREATED, "event_no": 1}
    return build({**links, **changes}, "audit_events")


def test_the_changed_field_of_an_incremental_event_is_the_key_beside_the_previous_value() -> None:
    row = audit_event(id=9, event_type="Change", status="open", previous_value="new", via="Rule")

    assert (row["type"], row["field_name"]) == ("Change", "status")
    assert (row["value"], row["previous_value"]) == ("open", "new")


def test_a_changed_list_lands_as_json_and_its_differences_are_no_fields() -> None:
    row = audit_event(
        event_type="Change",
        tags=["a", "b"],
        previous_value=["a"],
        added_tags=["b"],
        removed_tags=[],
    )

    assert (row["field_name"], row["value"], row["previous_value"]) == (
        "tags",
        '["a","b"]',
        '["a"]',
    )


def test_an_event_with_a_field_name_or_several_candidates_is_left_as_it_is() -> None:
    named = audit_event(type="Change", field_name="status", value="open", mood="calm")
    unclear = audit_event(event_type="Create", status="new", priority="low")

    assert (named["field_name"], named["value"]) == ("status", "open")
    assert unclear["field_name"] is None


def test_a_value_nested_beyond_what_can_be_written_is_refused() -> None:
    deep: list[object] = []
    for _ in range(400):
        deep = [deep]

    assert refusal(ticket(custom_fields=deep)).reason == "bad_type"


def test_a_masked_sample_has_the_shape_and_none_of_the_content() -> None:
    assert masked('{"email":"ann@例.com","id":42}') == '{"xxxxx":"xxx@x.xxx","xx":99}'
    assert len(masked("x" * 10_000)) < 300


def test_a_stamp_of_two_columns_is_none_where_one_of_them_is_empty() -> None:
    contract = SourceContract.model_validate(
        {
            "source": "shifts",
            "title": {"en": "Shifts", "zh": "排班"},
            "time_zone": "Asia/Shanghai",
            "extensions": [".json"],
            "entities": {
                "shifts": {
                    "title": "Shifts",
                    "key": ["id"],
                    "columns": {
                        "id": "id",
                        "at": {
                            "type": "timestamp",
                            "parts": ["day", "clock"],
                            "formats": ["%Y-%m-%d %H:%M"],
                        },
                    },
                }
            },
        }
    )
    rows = RowBuilder(contract, "shifts", RECEIVED)

    assert rows.build({"id": 1, "day": "2026-03-01", "clock": "09:00"}, 1).values == [
        "1",
        "2026-03-01T01:00:00Z",
    ]
    assert rows.build({"id": 2, "day": "2026-03-01", "clock": ""}, 2).values == ["2", None]
    assert rows.build({"id": 3, "day": None, "clock": None}, 3).values == ["3", None]
