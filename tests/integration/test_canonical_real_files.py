"""Real exports of complaints and order lines, through the real ingest, row for row."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest.ledger import FileRow
from pipelines.settings import PROJECT_ROOT, Settings
from tests.dbt_sql import materialise
from tests.ingest_world import files, load

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"


def loaded(settings: Settings, real: Path, source: str) -> FileRow:
    """The ledger row of a real file that was dropped into the inbox."""
    folder = settings.paths.inbox / source / "open_data"
    folder.mkdir(parents=True)
    shutil.copyfile(real, folder / real.name)
    load(settings)
    [row] = files(settings)
    return row


def staged(settings: Settings, source: str, entity: str) -> duckdb.DuckDBPyConnection:
    """The staging model over what landed, as table `staged`."""
    con = duckdb.connect()
    raw = settings.paths.raw / source / entity / "*.parquet"
    con.execute(
        f"create table {source}__{entity} as from read_parquet('{raw}', union_by_name = true)"
    )
    con.execute(
        "create table complaint_status_aliases as"
        f" from read_csv('{SEEDS / 'complaint_status_aliases.csv'}', header = true)"
    )
    materialise(con, f"stg_{source}__{entity}")
    con.execute(f"create view staged as from stg_{source}__{entity}")
    return con


def test_service_requests_with_line_breaks_inside_of_quotes(
    settings: Settings, shared_data: Path
) -> None:
    real = shared_data / "nyc_311" / "311_Service_Requests.csv"
    row = loaded(settings, real, "nyc_311")

    assert len(real.read_text("utf-8").splitlines()) == 2955
    assert (row.loaded, row.quarantined, row.duplicate) == (1000, 0, 0)
    con = staged(settings, "nyc_311", "requests")
    assert con.execute("""
        select
            count(*),
            count(closed_at),
            count(*) filter (where closed_at = received_at),
            count(due_at),
            count(*) filter (where status = 'unknown')
        from staged
    """).fetchone() == (1000, 292, 6, 16, 0)
    newest = "select received_at from staged where complaint_id = '60879417'"
    assert str(con.execute(newest).fetchall()[0][0]) == "2024-04-16 07:03:15"


def test_consumer_complaints_with_month_first_dates_and_blanks(
    settings: Settings, shared_data: Path
) -> None:
    row = loaded(settings, shared_data / "cfpb" / "Consumer_Complaints.csv", "cfpb")

    assert (row.loaded, row.quarantined, row.duplicate) == (349, 0, 0)
    con = staged(settings, "cfpb", "complaints")
    assert con.execute("""
        select
            count(*),
            count(*) filter (where is_timely),
            count(*) filter (where is_disputed),
            count(*) filter (where not is_disputed),
            count(*) filter (where status = 'open')
        from staged
    """).fetchone() == (349, 349, 41, 0, 69)
    dates = "select received_at, sent_to_owner_at from staged where complaint_id = '2105601'"
    assert [str(at) for at in con.execute(dates).fetchall()[0]] == [
        "2016-09-12 04:00:00",
        "2016-09-14 04:00:00",
    ]


@pytest.mark.timeout(300)
def test_order_lines_of_a_sheet_that_claims_ten_times_as_many(
    settings: Settings, shared_data: Path
) -> None:
    real = shared_data / "online_retail" / "online_retail.xlsx"
    row = loaded(settings, real, "order_lines")

    assert row.loaded + row.duplicate == 50_999
    assert row.quarantined == 0
    con = staged(settings, "order_lines", "lines")
    (count, cancelled, takes_back) = con.execute("""
        select
            count(*),
            count(*) filter (where is_cancellation),
            count(*) filter (where is_cancellation and quantity >= 0)
        from staged
    """).fetchall()[0]
    assert count == row.loaded
    assert cancelled > 0
    assert takes_back == 0
    codes = con.execute("select product_id from staged where order_id = '536365'").fetchall()
    assert {"85123A", "71053"} <= {code for (code,) in codes}
