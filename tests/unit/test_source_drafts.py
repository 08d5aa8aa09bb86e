"""A draft of a contract from a sample is a contract, and the sample loads under it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import HelpmartError
from pipelines.ingest.contracts import SOURCES_FOLDER, load_contracts, read_contract
from pipelines.ingest.contracts.schema import contract_schema
from pipelines.ingest.drafts.sampling import sample_of
from pipelines.settings import PROJECT_ROOT, Settings
from tests.ingest_world import drop, files, load
from tests.table_world import workbook

SAMPLE = """\
客服报表 2026-01
编号;Ticket;Open since;Closed;Due;Waited (s);平均接待时长;应答率;Vip;Buyer mail;Score;Note
1001;A-1;2026-01-05 08:00:00;17/01/2026 08:30;2026-01-06;27.77;8分48秒;95.2%;Y;a@example.com;4.5;x
1002;A-2;2026-01-06 08:00:00;--;2026-01-07;12;12秒;100%;N;b@example.com;-3;
1003;A-3;2026-01-07 08:00:00;18/01/2026 09:30;2026-01-08;0;1:05;--;Y;c@example.com;1,200;z
"""


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def drafted(path: Path, folder: Path) -> Path:
    """The contract that `source add` writes."""
    result = CliRunner().invoke(
        app, ["source", "add", str(path), "--name", "shop", "--into", str(folder)]
    )
    assert result.exit_code == 0, result.output
    return folder / "pipelines" / "sources" / "shop.yml"


def loads_whole(contract_file: Path, path: Path, home: Path) -> int:
    """The rows that land of a sample under its own draft; none may be set aside."""
    contract = read_contract(contract_file)
    settings = Settings(home=home, quiet_seconds=0)
    drop(settings, path.name, path.read_bytes(), folder="shop")
    load(settings, contracts={"shop": contract})
    [row] = files(settings)
    assert row.quarantined == 0, row
    return row.loaded


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_table_is_drafted_with_types_of_its_columns(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(SAMPLE, encoding=encoding)

    written = drafted(path, tmp_path / "draft")

    contract = read_contract(written)
    [entity] = contract.entities.values()
    assert entity.table
    assert (entity.table.delimiter, entity.key) == (";", ("column_1",))
    assert contract.time_zone == "Asia/Shanghai"
    assert contract.nulls == ("--",)
    assert contract.encodings[-1] == ("gb18030" if encoding == "gb18030" else "utf-8")
    kinds = {name: column.type for name, column in entity.columns.items()}
    assert kinds == {
        "column_1": "id",
        "ticket": "text",
        "open_since": "timestamp",
        "closed": "timestamp",
        "due": "date",
        "waited_s": "duration",
        "column_7": "duration",
        "column_8": "rate",
        "vip": "bool",
        "buyer_mail": "text",
        "score": "decimal",
        "note": "text",
    }
    assert entity.columns["closed"].formats == ("%d/%m/%Y %H:%M",)
    assert entity.columns["waited_s"].unit == "s"
    assert entity.columns["column_7"].unit == "text"
    assert entity.columns["buyer_mail"].pseudonym == "customer"
    assert loads_whole(written, path, tmp_path / "home") == 3


def test_a_workbook_is_drafted_from_its_first_sheet_with_rows(tmp_path: Path) -> None:
    path = tmp_path / "sample.xlsx"
    moment = (datetime(2026, 1, 5, 8), "yyyy-mm-dd hh:mm")
    rows = [["Name", "At", "Count"], ["a", moment, 1], ["a", moment, 2], ["b", moment, None]]
    path.write_bytes(workbook(Empty=[], Data=rows))

    written = drafted(path, tmp_path / "draft")

    [entity] = read_contract(written).entities.values()
    assert entity.table
    assert entity.table.sheets == ("Data",)
    assert [column.type for column in entity.columns.values()] == ["text", "timestamp", "int"]
    assert entity.key == ("name", "at")
    assert loads_whole(written, path, tmp_path / "home") == 3


def test_a_date_that_can_be_read_two_ways_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text("id,day\n1,05/01/2026\n2,06/01/2026\n")

    result = invoke("source", "add", str(path), "--json")

    document = json.loads(result.output)
    assert "day: fits %m/%d/%Y as well" in document["notes"]
    assert set(document["files"]) == {
        "pipelines/sources/sample.yml",
        "dbt_project/models/staging/sample/_sample__sources.yml",
        "dbt_project/models/staging/sample/stg_sample__records.sql",
    }
    sources = yaml.safe_load(
        document["files"]["dbt_project/models/staging/sample/_sample__sources.yml"]
    )
    assert sources["sources"][0]["tables"][0]["name"] == "records"
    staging = document["files"]["dbt_project/models/staging/sample/stg_sample__records.sql"]
    assert "newest_versions(source('sample', 'records'), ['id'], [" in staging
    assert "cast(day as date) as day" in staging


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.json", b"{}", "no text table, workbook or Parquet file"),
        ("a.csv", b"", "it has no row"),
        ("a.xlsx", b"PK", "no readable workbook"),
    ],
)
def test_a_file_of_which_no_draft_can_be_made_is_told(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(HelpmartError) as caught:
        sample_of(path)

    assert why in caught.value.why


def test_a_draft_never_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(SAMPLE)
    written = drafted(path, tmp_path)
    before = written.read_text()

    result = CliRunner().invoke(
        app, ["source", "add", str(path), "--name", "shop", "--into", str(tmp_path)]
    )

    assert isinstance(result.exception, HelpmartError)
    assert written.read_text() == before


def test_the_published_schema_is_that_of_the_code() -> None:
    published = (PROJECT_ROOT / "docs" / "sources" / "contract.schema.json").read_text("utf-8")

    assert published == contract_schema()
    assert invoke("source", "schema").output == published


@pytest.mark.parametrize("source", sorted(load_contracts()))
def test_every_contract_fits_the_published_schema(source: str) -> None:
    document = yaml.safe_load((SOURCES_FOLDER / f"{source}.yml").read_text("utf-8"))
    # An editor reads YAML 1.2, where only true and false are truth values, and no key is one.
    text = json.dumps(document, default=str).replace('"True":', '"true":')

    jsonschema.validate(json.loads(text), json.loads(contract_schema()))


def test_the_schema_refuses_what_the_contract_refuses() -> None:
    document = yaml.safe_load((SOURCES_FOLDER / "zendesk.yml").read_text("utf-8"))
    document["time_zne"] = document.pop("time_zone")

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(json.dumps(document)), json.loads(contract_schema()))


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("cfpb/Consumer_Complaints.csv", 349),
        ("servicenow_demo/incidents_REST.csv", 67),
        ("nyc_311/311_Service_Requests.csv", 1000),
    ],
)
def test_real_exports_load_whole_under_their_drafts(
    shared_data: Path, tmp_path: Path, name: str, rows: int
) -> None:
    path = shared_data / name

    assert loads_whole(drafted(path, tmp_path / "draft"), path, tmp_path / "home") == rows


def test_a_draft_is_careful_with_reserved_words_leading_zeros_and_people(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("Ticket,From,Zip\n1,Ann Bell,00501\n2,Bo Day,10001\n", encoding="utf-8")
    contract_file = drafted(path, tmp_path)

    columns = read_contract(contract_file).entities["records"].columns
    assert list(columns) == ["ticket", "from_value", "zip"]
    assert columns["zip"].type == "id"
    assert 'from_value: {type: text, aliases: ["From"]}  # may name a person' in (
        contract_file.read_text(encoding="utf-8")
    )
    assert loads_whole(contract_file, path, tmp_path / "home") == 2
