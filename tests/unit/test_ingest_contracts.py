"""Contracts are strict, and say what may have been meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from pipelines.errors import ExitCode, HelpmartError
from pipelines.ingest.contracts import (
    METADATA_COLUMNS,
    Alias,
    Column,
    Entity,
    SkipRule,
    SourceContract,
    TableLayout,
    load_contracts,
    read_contract,
)
from pipelines.ingest.parsing.rejections import FILE_REASONS, RECORD_REASONS
from pipelines.settings import PROJECT_ROOT

CONTRACT = """
source: desk
title: {en: Desk, zh: 客服}
time_zone: UTC
extensions: [.json]
entities:
  tickets:
    title: Tickets
    wrappers: [ticket]
    key: [id]
    columns:
      id: {type: id, required: true}
      created_at: timestamp
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "desk.yml"
    path.write_text(text, encoding="utf-8")
    return path


def error_of(folder: Path, text: str) -> HelpmartError:
    with pytest.raises(HelpmartError) as caught:
        read_contract(write(folder, text))
    assert caught.value.exit_code == ExitCode.SETUP_BROKEN
    return caught.value


def test_the_contracts_of_the_project_can_be_read() -> None:
    zendesk = load_contracts()["zendesk"]

    assert {"tickets", "comments", "ticket_audits", "audit_events"} <= zendesk.entities.keys()
    assert zendesk.wrappers["ticket"] == "tickets"
    assert zendesk.collections["metric_sets"] == "ticket_metrics"
    assert not any(set(METADATA_COLUMNS) & set(spec.columns) for spec in zendesk.entities.values())


def test_a_bare_type_name_stands_for_a_column(tmp_path: Path) -> None:
    contract = read_contract(write(tmp_path, CONTRACT))

    assert contract.entities["tickets"].columns["created_at"].type == "timestamp"
    assert contract.entities["tickets"].required == {"id"}


@pytest.mark.parametrize(
    ("written", "mistyped", "meant"),
    [
        ("time_zone: UTC", "time_zne: UTC", "time_zone"),
        ("wrappers: [ticket]", "wraper: [ticket]", "wrappers"),
        ("required: true", "requird: true", "required"),
    ],
)
def test_an_unknown_key_is_refused_with_what_may_be_meant(
    tmp_path: Path, written: str, mistyped: str, meant: str
) -> None:
    error = error_of(tmp_path, CONTRACT.replace(written, mistyped))

    assert mistyped.split(":", maxsplit=1)[0] in error.why
    assert f"did you mean {meant!r}" in error.why


def test_a_key_that_is_no_column_is_refused(tmp_path: Path) -> None:
    error = error_of(tmp_path, CONTRACT.replace("key: [id]", "key: [ident]"))

    assert "'ident' is no column of it" in error.why


def test_a_wrapper_of_two_entities_is_refused(tmp_path: Path) -> None:
    twice = CONTRACT + (
        "  calls: {title: Calls, wrappers: [ticket], key: [id], columns: {id: id}}\n"
    )

    assert "wrapper 'ticket' comes more than once" in error_of(tmp_path, twice).why


def test_a_child_of_no_entity_is_refused(tmp_path: Path) -> None:
    child = CONTRACT + "    children: {notes: {entity: ticket, link: {id: id}}}\n"

    assert "did you mean 'tickets'" in error_of(tmp_path, child).why


def test_text_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    assert error_of(tmp_path, "source: [").where.endswith("desk.yml")


def test_an_unknown_time_zone_is_refused(tmp_path: Path) -> None:
    assert "Mars/Base" in error_of(tmp_path, CONTRACT.replace("UTC", "Mars/Base")).why


def test_a_contract_under_another_name_than_its_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, CONTRACT.replace("source: desk", "source: other"))

    with pytest.raises(HelpmartError, match="another name than its file"):
        load_contracts(tmp_path)


PAGES = PROJECT_ROOT / "docs" / "sources"


def test_the_page_of_zendesk_names_every_entity() -> None:
    page = (PAGES / "zendesk.md").read_text(encoding="utf-8")

    assert {n for n in load_contracts()["zendesk"].entities if f"`{n}`" not in page} == set()


def test_the_pages_name_every_reason() -> None:
    pages = "".join((PAGES / f"{name}.md").read_text("utf-8") for name in ("contract", "zendesk"))

    assert {n for n in (*FILE_REASONS, *RECORD_REASONS) if f"`{n}`" not in pages} == set()


@pytest.mark.parametrize("piece", [SourceContract, Entity, TableLayout, SkipRule, Column])
def test_the_page_of_contracts_names_every_key(piece: type[BaseModel]) -> None:
    page = (PAGES / "contract.md").read_text(encoding="utf-8")

    assert {name for name in piece.model_fields if f"`{name}`" not in page} == set()


def test_the_example_of_the_page_is_a_contract(tmp_path: Path) -> None:
    page = (PAGES / "contract.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]

    contract = read_contract(write(tmp_path, example))

    table = contract.tables["tickets"].table
    assert table is not None
    assert table.skip[0].values == ("合计", "Total")


TABLE = """
source: desk
title: {en: Desk, zh: 客服}
time_zone: UTC
extensions: [.csv]
encodings: [GB18030]
nulls: ["", -1]
entities:
  tickets:
    title: Tickets
    table: {skip: [{column: id, values: [No, 1]}]}
    key: [id]
    columns:
      id: {type: id, aliases: [Ticket ID, {name: Ticket, from: 2026-01-01}]}
      closed: {type: bool, true: [Y, Yes, on], false: [N, No, off]}
      waited: {type: duration, unit: text}
"""


def test_texts_of_cells_stay_texts_whatever_yaml_makes_of_them(tmp_path: Path) -> None:
    contract = read_contract(write(tmp_path, TABLE))

    entity = contract.entities["tickets"]
    assert contract.encodings == ("gb18030",)
    assert contract.nulls == ("", "-1")
    assert entity.columns["closed"].true == ("Y", "Yes", "on")
    assert entity.columns["closed"].false == ("N", "No", "off")
    assert entity.table
    assert entity.table.skip[0].values == ("No", "1")


def test_a_dated_alias_holds_from_its_first_day_to_the_day_before_its_last(tmp_path: Path) -> None:
    aliases = "aliases: [{name: n, from: 2026-01-02, until: 2026-01-04}]"
    text = TABLE.replace("closed: {type: bool, true", "closed: {type: bool, " + aliases + ", true")
    [alias] = read_contract(write(tmp_path, text)).entities["tickets"].columns["closed"].aliases

    days = [day for day in range(1, 6) if alias.holds_on(date(2026, 1, day))]

    assert days == [2, 3]
    assert not alias.holds_on(None)
    assert Alias(name="n").holds_on(None)


@pytest.mark.parametrize(
    ("written", "broken", "why"),
    [
        ("unit: text", "unit: days", "'s', 'min', 'h', 'ms' or 'text'"),
        (", unit: text", "", "a duration needs `unit`"),
        ("type: id,", "type: id, unit: s,", "`unit` is for duration, this column is id"),
        ("type: id,", "type: rate,", "a rate needs `scale`"),
        ("type: id,", "type: int, pseudonym: customer,", "`pseudonym` is for id or text"),
        ("type: id,", "type: id, pseudonym_when: a,", "limits a `pseudonym`, and there is none"),
        ("type: id,", "type: id, mask: '(',", "is no regular expression"),
        ("type: id,", "type: date, formats: [isoo],", "'isoo' is neither one of excel_serial, iso"),
        ("type: id,", "type: time, formats: [iso],", "patterns such as %H:%M"),
        ("type: id,", "type: timestamp, parts: [Date],", "joins two columns or more"),
        ("type: id,", "type: id, from_name: 'a(b)',", "has no group (?P<value>…)"),
        ("type: id,", "type: id, from_name: '(',", "is no regular expression"),
        (
            "type: id,",
            "type: id, from_sheet: true, from_title: '(?P<value>x)',",
            "only one of from_name, from_sheet and from_title",
        ),
        ("[N, No, off]", "[N, Y]", "the truth value 'Y' comes more than once"),
        ("[GB18030]", "[gb18031]", "'gb18031' is no text encoding"),
        ("[GB18030]", "[hex]", "'hex' is no text encoding"),
        ("column: id", "colum: id", "did you mean 'column'?"),
        ("column: id", "column: ident", "'ident' is no column of it"),
        (", values: [No, 1]", "", "`column` and `values` of a skip rule belong together"),
        ("column: id, values: [No, 1]", "reason: odd", "either `column` with `values`, or"),
        ("skip:", "delimiter: ';;', skip:", "';;' is not one character"),
        ("skip:", "serch_rows: 3, skip:", "did you mean 'search_rows'?"),
        ("Ticket, from:", "Ticket, form:", "did you mean 'from'?"),
        ("    key:", "    wrappers: [ticket]\n    key:", "`wrappers` is for JSON"),
        ("waited:", "closed:", "the key 'closed' comes twice"),
        ("    key:", "    time_zone: Mars/Base\n    key:", "Mars/Base"),
    ],
)
def test_a_mistake_in_a_table_is_refused_with_its_reason(
    tmp_path: Path, written: str, broken: str, why: str
) -> None:
    assert written in TABLE

    assert why in error_of(tmp_path, TABLE.replace(written, broken)).why


def test_a_value_from_the_name_of_a_file_belongs_to_tables(tmp_path: Path) -> None:
    column = "created_at: {type: date, from_name: '(?P<value>.*)'}"

    error = error_of(tmp_path, CONTRACT.replace("created_at: timestamp", column))

    assert "'created_at' is taken from a name, sheet or title: no `table`" in error.why


def test_what_a_file_says_by_its_name_is_part_of_the_file() -> None:
    chitu = load_contracts()["chitu"]
    of_a_day = "chitu/tmall/自定义报表_客服_默认_2026-04-20至2026-04-20.xlsx"
    of_a_week = "chitu/tmall/自定义报表_客服_默认_2026-04-20至2026-04-26.xlsx"

    assert chitu.values_in_name(of_a_day) == ("report_date=2026-04-20",)
    assert chitu.values_in_name(of_a_week) == ()
    assert load_contracts()["zendesk"].values_in_name("zendesk/tickets_2026-04-20.json") == ()


SHEETS = ("call_sheet", "chitu", "hotline", "order_lines", "quality", "surveys", "workforce")


@pytest.mark.parametrize("source", SHEETS)
def test_the_page_of_a_sheet_names_every_column_and_its_headers(source: str) -> None:
    page = (PROJECT_ROOT / "docs" / "sources" / f"{source}.md").read_text(encoding="utf-8")
    missing = {
        name
        for entity in load_contracts()[source].entities.values()
        for column_name, column in entity.columns.items()
        for name in (f"`{column_name}`", *(alias.name for alias in column.aliases))
        if name not in page
    }
    assert missing == set()
