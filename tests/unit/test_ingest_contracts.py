"""Contracts are strict, and say what may have been meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import ExitCode, HelpmartError
from pipelines.ingest.contracts import (
    METADATA_COLUMNS,
    Column,
    Entity,
    SourceContract,
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

    assert "belongs to more than one entity" in error_of(tmp_path, twice).why


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


def test_the_page_of_the_source_names_every_entity_key_and_reason() -> None:
    page = (PROJECT_ROOT / "docs" / "sources" / "zendesk.md").read_text(encoding="utf-8")
    named = {
        *load_contracts()["zendesk"].entities,
        *SourceContract.model_fields,
        *Entity.model_fields,
        *Column.model_fields,
        *FILE_REASONS,
        *RECORD_REASONS,
    }

    assert {name for name in named if f"`{name}`" not in page} == set()
