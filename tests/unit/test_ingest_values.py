"""Every way of writing a value that exports are known to have, and the one form that lands."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.ingest.contracts import Column
from pipelines.ingest.parsing.cells import cell_reader
from pipelines.ingest.parsing.columns import Place, column_reader
from pipelines.ingest.parsing.rejections import RecordRejectedError
from pipelines.ingest.parsing.values.moments import LocalTime, joined_parts
from pipelines.ingest.parsing.values.pseudonyms import installation_key, normalised, pseudonymiser

KEY = b"k" * 32
CHINA = Place(
    LocalTime(ZoneInfo("Asia/Shanghai")),
    frozenset({"-", "--", "N/A", "延迟统计"}),
    pseudonym_key=KEY,
)


def cell(value: Any, place: Place = CHINA, **column: Any) -> str | None:
    reader = cell_reader(Column.model_validate(column), place)
    return reader[type(value)](value)


def from_json(value: Any, place: Place = CHINA, **column: Any) -> str | None:
    reader = column_reader(Column.model_validate(column), place)
    return reader[type(value)](value)


def reason(read: Callable[[], object]) -> str:
    with pytest.raises(RecordRejectedError) as caught:
        read()
    return caught.value.reason


@pytest.mark.parametrize(
    ("written", "landed"),
    [
        ('="12345678"', "12345678"),
        ('="2026-01-01"', "2026-01-01"),
        ("\t12345", "12345"),
        ("'00123", "00123"),
        ("00123", "00123"),
        ("12345678901234567890", "12345678901234567890"),
        (" A-1 ", "A-1"),
        (536365.0, "536365"),
        (42, "42"),
        ('=""', None),
        ("--", None),
        (" - ", None),
        ("", None),
        (None, None),
    ],
)
def test_an_id_lands_in_full_without_guards(written: Any, landed: str | None) -> None:
    assert cell(written, type="id") == landed


@pytest.mark.parametrize("written", ["1.03006E+13", "1E+13", 1.03006e15, 1.5])
def test_an_id_that_a_spreadsheet_rounded_is_refused(written: Any) -> None:
    assert reason(lambda: cell(written, type="id")) == "id_in_scientific_notation"


@pytest.mark.parametrize(
    ("written", "landed"),
    [
        ("hello, 世界", "hello, 世界"),
        ("  kept  ", "  kept  "),
        ('="a ""b"""', 'a "b"'),
        ("=SUM(A1)", "=SUM(A1)"),
        (98.0, "98"),
        (1e-05, "0.00001"),
        (True, "true"),
        (datetime(2026, 1, 31, 8), "2026-01-31 08:00:00"),
        (date(2026, 1, 31), "2026-01-31"),
        (time(8, 30), "08:30:00"),
        ("延迟统计", None),
    ],
)
def test_a_text_lands_as_it_is(written: Any, landed: str | None) -> None:
    assert cell(written, type="text") == landed


@pytest.mark.parametrize(
    ("written", "whole", "decimal"),
    [
        ("1,234", "1234", "1234"),
        ("-12", "-12", "-12"),
        ("+7", "7", "7"),
        ("007", "7", "7"),
        ("0", "0", "0"),
        ("3.0", "3", "3"),
        (3.0, "3", "3"),
        (3, "3", "3"),
        (" 12 ", "12", "12"),
        ("1e3", "1000", "1000"),
        ("1,234.50", None, "1234.5"),
        ("1.1933", None, "1.1933"),
        (1.1933, None, "1.1933"),
        (".5", None, "0.5"),
        ("-0.0", "0", "0"),
        ("1,23", None, None),
        ("1.2.3", None, None),
        ("12a", None, None),
        ("٣", None, None),
        pytest.param("+" + "9" * 5000, "9" * 5000, "9" * 5000, id="thousands of digits"),
    ],
)
def test_numbers_land_in_one_form(written: Any, whole: str | None, decimal: str | None) -> None:
    for kind, landed in (("int", whole), ("decimal", decimal)):
        if landed is None:
            assert reason(lambda kind=kind: cell(written, type=kind)) == "bad_type"
        else:
            assert cell(written, type=kind) == landed


def test_numbers_of_json_stay_as_they_are_written() -> None:
    assert from_json("1.50", type="decimal") == "1.50"
    assert from_json("-1", type="int", nulls=["-1"]) is None
    assert from_json(-1, type="int", nulls=["-1"]) is None
    assert reason(lambda: from_json("1,234", type="int")) == "bad_type"
    assert cell(-1.0, type="int", nulls=["-1"]) is None


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("00:01:35", 95),
        ("1:35", 95),
        ("112:30:15", 405015),
        ("-00:01:00", -60),
        ("00:00:01.5", 2),
        ("8分48秒", 528),
        ("12分3秒", 723),
        ("12秒", 12),
        ("1小时2分", 3720),
        ("1天2小时", 93600),
        ("12s", 12),
        ("1 h 5 min", 3900),
        ("1h5m", 3900),
        ("1 hour 5 minutes", 3900),
        ("2 days, 1 hour and 3 minutes", 176580),
        ("1 day, 2:03:04", 93784),
        ("2 days 03:04:05", 183845),
        ("-1 day, 23:59:00", -60),
        ("500 ms", 1),
        ("-12s", -12),
        (time(0, 2, 23), 143),
        (timedelta(days=4, seconds=43200), 388800),
        (datetime(1900, 1, 4, 12), 388800),
        (datetime(1900, 3, 1), 61 * 86400),
    ],
)
def test_a_duration_that_says_its_unit_lands_as_whole_seconds(written: Any, seconds: int) -> None:
    assert cell(written, type="duration", unit="text") == str(seconds)
    assert cell(written, type="duration", unit="h") == str(seconds)


@pytest.mark.parametrize(
    ("written", "unit", "seconds"),
    [
        ("27.77", "s", 28),
        (27.77, "s", 28),
        ("1,200", "s", 1200),
        ("0.5", "s", 1),
        ("95", "min", 5700),
        ("7.25", "h", 26100),
        (-3, "h", -10800),
        ("1499", "ms", 1),
    ],
)
def test_a_bare_duration_is_in_the_unit_of_the_contract(
    written: Any, unit: str, seconds: int
) -> None:
    assert cell(written, type="duration", unit=unit) == str(seconds)
    assert from_json(written, type="duration", unit=unit) == str(seconds)


@pytest.mark.parametrize(
    "written",
    ["95", "27.77", 95, 0.00165509, "1:75", "0:60:00", "12 parsecs", "s", "-", "1:2:3:4", "8分x秒"],
)
def test_a_duration_without_a_unit_or_form_is_refused(written: Any) -> None:
    place = Place(LocalTime(UTC))

    assert reason(lambda: cell(written, place, type="duration", unit="text")) == "bad_type"


@pytest.mark.parametrize(
    "written",
    ["1E400", pytest.param("9" * 5000, id="digits"), pytest.param("9" * 5000 + ":00", id="clock")],
)
def test_a_duration_that_no_clock_shows_is_refused(written: Any) -> None:
    assert reason(lambda: cell(written, type="duration", unit="s")) == "bad_type"


def test_a_moment_of_this_century_is_no_duration() -> None:
    moment = datetime(2026, 1, 31)

    assert reason(lambda: cell(moment, type="duration", unit="text")) == "bad_type"


@pytest.mark.parametrize(
    ("written", "scale", "landed"),
    [
        ("95.2%", "percent", "0.952"),
        ("95.2%", "fraction", "0.952"),
        ("95.2％", "percent", "0.952"),
        ("95.2", "percent", "0.952"),
        (95.2, "percent", "0.952"),
        ("0.952", "fraction", "0.952"),
        (0.952, "fraction", "0.952"),
        ("100%", "percent", "1"),
        (1, "fraction", "1"),
        ("0", "percent", "0"),
        ("1 %", "fraction", "0.01"),
        ("--", "percent", None),
    ],
)
def test_a_rate_lands_from_zero_to_one(written: Any, scale: str, landed: str | None) -> None:
    assert cell(written, type="rate", scale=scale) == landed


@pytest.mark.parametrize(
    ("written", "scale"),
    [
        ("95.2", "fraction"),
        ("101", "percent"),
        ("-1%", "percent"),
        ("?", "percent"),
        ("%", "percent"),
    ],
)
def test_a_rate_out_of_its_bounds_is_refused(written: str, scale: str) -> None:
    assert reason(lambda: cell(written, type="rate", scale=scale)) == "bad_type"


def test_a_rate_may_be_more_than_one_where_the_contract_says_so() -> None:
    assert cell("119.33%", type="rate", scale="percent", max=Decimal(2)) == "1.1933"


@pytest.mark.parametrize(
    ("written", "landed"),
    [
        ("Y", "true"),
        ("y", "true"),
        ("是", "true"),
        ("TRUE", "true"),
        (True, "true"),
        (1.0, "true"),
        ("N", "false"),
        ("否", "false"),
        (0, "false"),
        ("--", None),
    ],
)
def test_a_truth_value_has_the_texts_of_its_contract(written: Any, landed: str | None) -> None:
    options = {"type": "bool", "true": ["Y", "是", "1"], "false": ["N", "否", "0"]}

    assert cell(written, **options) == landed
    assert reason(lambda: cell("perhaps", **options)) == "bad_type"


@pytest.mark.parametrize(
    ("written", "formats", "landed"),
    [
        ("2026-01-31T08:00:00Z", [], "2026-01-31T08:00:00Z"),
        ("2026-01-31T08:00:00+01:00", [], "2026-01-31T07:00:00Z"),
        ("2016-04-28T11:19:34 -10:00", [], "2016-04-28T21:19:34Z"),
        ("2016-02-29 01:16:00", [], "2016-02-28T17:16:00Z"),
        ("2017-11-14 21:45:08 UTC", [], "2017-11-14T21:45:08Z"),
        ("2024-04-16T03:03:15.000", [], "2024-04-15T19:03:15Z"),
        ("2026-01-31T08:00:00.250Z", [], "2026-01-31T08:00:00.250000Z"),
        ("29/2/2016 01:16", ["%d/%m/%Y %H:%M"], "2016-02-28T17:16:00Z"),
        ("09/12/2016", ["%m/%d/%Y"], "2016-09-11T16:00:00Z"),
        ("2026年1月5日 8:03", ["%Y年%m月%d日 %H:%M"], "2026-01-05T00:03:00Z"),
        ("Jan 5, 2026 08:03 AM", ["%b %d, %Y %I:%M %p"], "2026-01-05T00:03:00Z"),
        ("2026-01-05  08:03", ["%Y-%m-%d %H:%M"], "2026-01-05T00:03:00Z"),
        ("2026-01-05", ["%d.%m.%Y", "%Y-%m-%d"], "2026-01-04T16:00:00Z"),
        ("1767600000", ["unix_s"], "2026-01-05T08:00:00Z"),
        (1767600000, ["unix_s"], "2026-01-05T08:00:00Z"),
        ("1767600000123", ["unix_ms"], "2026-01-05T08:00:00.123000Z"),
        (1767600000123.0, ["unix_ms"], "2026-01-05T08:00:00.123000Z"),
        ("45000.5", ["excel_serial"], "2023-03-15T04:00:00Z"),
        (42370.3445023148, ["excel_serial"], "2016-01-01T00:16:05Z"),
        (datetime(2026, 1, 31, 8), [], "2026-01-31T00:00:00Z"),
        (datetime(2026, 1, 31, 8), ["%d/%m/%Y"], "2026-01-31T00:00:00Z"),
        (datetime(2026, 1, 31, 8, 0, 0, 999999), [], "2026-01-31T00:00:01Z"),
        (date(2026, 1, 31), [], "2026-01-30T16:00:00Z"),
        ('="2016-02-29 01:16:00"', [], "2016-02-28T17:16:00Z"),
        ("-", [], None),
    ],
)
def test_a_stamp_lands_in_utc(written: Any, formats: list[str], landed: str | None) -> None:
    assert cell(written, type="timestamp", formats=formats) == landed


@pytest.mark.parametrize(
    ("written", "formats"),
    [
        ("13/12/2016", ["%m/%d/%Y"]),
        ("2016-02-29", ["%m/%d/%Y"]),
        ("2015-02-29 01:00:00", []),
        ("20260131", []),
        ("1767600000", []),
        (1767600000, []),
        ("1e9", ["unix_s"]),
        ("9" * 30, ["unix_ms"]),
        ("1" * 30, ["excel_serial"]),
        ("29/2/2016", ["%d/%m/%Y %H:%M"]),
    ],
)
def test_a_stamp_that_fits_no_format_is_refused(written: Any, formats: list[str]) -> None:
    assert reason(lambda: cell(written, type="timestamp", formats=formats)) == "bad_type"


def test_stamps_of_json_take_formats_too() -> None:
    assert from_json(1767600000123, type="timestamp", formats=["unix_ms"]) == (
        "2026-01-05T08:00:00.123000Z"
    )
    assert from_json("2026-01-05 08:03", type="timestamp", formats=["%Y-%m-%d %H:%M"]) == (
        "2026-01-05T00:03:00Z"
    )
    assert from_json("5.1.2026", type="date", formats=["%d.%m.%Y"]) == "2026-01-05"
    assert from_json("8:03", type="time") == "08:03:00"
    assert reason(lambda: from_json(17, type="timestamp", formats=["iso"])) == "bad_type"


@pytest.mark.parametrize(
    ("policy", "landed"),
    [("earlier", "2025-10-26T00:30:00Z"), ("later", "2025-10-26T01:30:00Z"), ("quarantine", None)],
)
def test_the_hour_that_comes_twice_is_read_by_the_policy(policy: Any, landed: str | None) -> None:
    place = Place(LocalTime(ZoneInfo("Europe/Berlin"), policy))

    if landed is None:
        assert (
            reason(lambda: cell("2025-10-26 02:30:00", place, type="timestamp")) == "ambiguous_time"
        )
    else:
        assert cell("2025-10-26 02:30:00", place, type="timestamp") == landed
        assert from_json("2025-10-26T02:30:00", place, type="timestamp") == landed
    # The hour that is left out in spring is no such hour, and reads one way under every policy.
    assert cell("2025-03-30 02:30:00", place, type="timestamp") == "2025-03-30T01:30:00Z"
    assert cell("2025-07-01 02:30:00", place, type="timestamp") == "2025-07-01T00:30:00Z"


@pytest.mark.parametrize(
    ("written", "formats", "landed"),
    [
        ("2026-01-31", [], "2026-01-31"),
        ("2026.1.7", ["%Y.%m.%d"], "2026-01-07"),
        ("09/12/2016", ["%m/%d/%Y"], "2016-09-12"),
        ("2026-01-31T08:00:00", ["iso"], "2026-01-31"),
        (datetime(2026, 1, 31, 8), [], "2026-01-31"),
        (date(2026, 1, 31), [], "2026-01-31"),
        (45000.0, ["excel_serial"], "2023-03-15"),
    ],
)
def test_a_date_lands_as_a_date(written: Any, formats: list[str], landed: str) -> None:
    assert cell(written, type="date", formats=formats) == landed


@pytest.mark.parametrize(
    ("written", "landed"),
    [
        ("8:03", "08:03:00"),
        ("08:03:09", "08:03:09"),
        (time(8, 3), "08:03:00"),
        (timedelta(hours=8), "08:00:00"),
    ],
)
def test_a_time_of_day_lands_as_one(written: Any, landed: str) -> None:
    assert cell(written, type="time") == landed


def test_a_length_over_a_day_is_no_time_of_day() -> None:
    assert reason(lambda: cell(timedelta(days=2), type="time")) == "bad_type"


def test_a_date_and_a_time_are_joined() -> None:
    assert joined_parts(["09/12/2016", "08:30:00"]) == "09/12/2016 08:30:00"
    assert joined_parts([date(2026, 1, 31), time(8, 30)]) == datetime(2026, 1, 31, 8, 30)
    assert joined_parts([datetime(2026, 1, 31), timedelta(hours=8)]) == datetime(2026, 1, 31, 8)
    assert joined_parts([date(2026, 1, 31), "08:30"]) == "2026-01-31 08:30"
    assert joined_parts(["1/2/2026", time(8, 30)]) == "1/2/2026 08:30:00"


def test_a_pseudonym_is_the_same_for_the_same_person_and_tells_nothing() -> None:
    landed = cell("Bob@Example.com ", type="text", pseudonym="customer")

    assert landed == from_json("bob@example.com", type="text", pseudonym="customer")
    assert landed == pseudonymiser(KEY, "customer")("bob@example.com")
    assert landed is not None
    assert len(landed) == 32
    assert int(landed, 16)
    assert landed != pseudonymiser(KEY, "agent")("bob@example.com")
    assert landed != pseudonymiser(b"o" * 32, "customer")("bob@example.com")
    assert cell(13800138000.0, type="id", pseudonym="customer") == (
        cell("13800138000", type="id", pseudonym="customer")
    )
    assert cell("--", type="text", pseudonym="customer") is None


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        (" ＢＯＢ ", "bob"),
        ("+86 138-0013-8000", "8613800138000"),
        ("0086 138 0013 8000", "8613800138000"),
        ("13800138000", "13800138000"),
        ("a-123-4567", "a-123-4567"),
    ],
)
def test_what_names_a_person_is_compared_in_one_form(written: str, compared: str) -> None:
    assert normalised(written) == compared


def test_a_pseudonym_without_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match="needs the key"):
        cell("bob", Place(LocalTime(UTC)), type="text", pseudonym="customer")


def test_the_key_of_an_installation_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"

    key = installation_key(folder)

    assert len(key) == 32
    assert installation_key(folder) == key
    assert stat.S_IMODE((folder / "pseudonym.key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["pseudonym.key"]
    assert installation_key(tmp_path / "other") != key


def test_a_pseudonym_may_be_for_telephone_numbers_alone() -> None:
    limited = {"type": "text", "pseudonym": "customer", "pseudonym_when": r"^\+?\d{7,}$"}

    assert cell("2001", **limited) == "2001"
    assert cell("13800138000", **limited) == pseudonymiser(KEY, "customer")("13800138000")
    assert cell("", **limited) is None


def test_masked_pieces_of_a_text_do_not_land() -> None:
    masked = {"type": "text", "mask": r"\d{9,}"}

    assert cell("SIP/13800138000-0000001a", **masked) == "SIP/*-0000001a"
    assert from_json("Local/2001@queue", **masked) == "Local/2001@queue"
    assert cell("", **masked) is None
