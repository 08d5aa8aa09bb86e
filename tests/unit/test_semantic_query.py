"""Questions to a published file: what is answered, and what is refused with a hint."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest

from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings
from pipelines.transform.kpi_query import query, show_kpi, wilson_interval
from pipelines.transform.metricflow import main, metricflow_environment

TEXTS = (
    "catalogue", "kpi_group", "name_en", "name_zh", "description", "formula_en", "formula_zh",
    "direction", "anchor", "clock", "population", "attribution", "null_rule", "owner",
)  # fmt: skip


def measure(name: str, expr: str, fact: str = "fct_surveys", **other: Any) -> dict[str, Any]:
    return {
        "type": "simple",
        "fill_nulls_with": other.pop("fill", None),
        "measure": {
            "name": name, "fact": fact, "agg": "sum", "expr": expr, "time": "day", "event": "rated",
            "percentile": None, "is_snapshot": False, "meta": {}, **other,
        },
    }  # fmt: skip


DEFINITIONS = {
    "csat_score": ("rate", {
        "type": "ratio",
        "numerator": measure("good", "case when is_good then 1 else 0 end"),
        "denominator": measure("rated", "1"),
    }),
    "wait_p50": ("seconds", measure("wait", "seconds", agg="percentile", percentile=0.5)),
    "net_flow": ("count", {
        "type": "derived", "expr": "came - went",
        "inputs": {
            "came": measure("came", "1", fill=0),
            "went": measure("went", "1", fact="fct_solves", fill=0),
        },
    }),
    "backlog_open": ("count", measure("open", "tickets", fact="fct_backlog", is_snapshot=True)),
}  # fmt: skip


@pytest.fixture
def installation(settings: Settings) -> Settings:
    folder = settings.paths.builds / "one"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "helpmart.duckdb")) as connection:
        connection.execute("create schema published")
        columns = ", ".join(f"'x' as {name}" for name in TEXTS)
        rows = " union all ".join(
            f"select '{kpi_id}' as kpi_id, {columns}, '{unit}' as unit,"
            f" $json${json.dumps(tree)}$json$ as definition"
            for kpi_id, (unit, tree) in DEFINITIONS.items()
        )
        connection.execute(f"create table published.kpi_dictionary as {rows}")
        connection.execute(
            "create table published.fct_surveys as select * from (values"
            " ('chat', date '2026-01-05', true, 10), ('chat', date '2026-01-06', false, 30),"
            " ('email', date '2026-02-03', true, 50)) as rows (channel, day, is_good, seconds)"
        )
        connection.execute(
            "create table published.fct_solves as"
            " select 'chat' as channel, date '2026-03-01' as day"
        )
        connection.execute(
            "create table published.fct_backlog as"
            " select *, 'zendesk' as source_system from (values"
            " ('a', 'chat', date '2026-01-30', 7), ('a', 'chat', date '2026-01-31', 2),"
            " ('a', 'email', date '2026-01-30', 4), ('b', 'email', date '2026-01-20', 1))"
            " as rows (account_id, channel, day, tickets)"
        )
    settings.paths.current_link.symlink_to(folder)
    return settings


def test_a_total_is_one_row_with_its_parts_and_interval(installation: Settings) -> None:
    (row,) = query(installation, "csat_score")
    assert (row["numerator"], row["denominator"]) == (2, 3)
    assert row["value"] == pytest.approx(2 / 3)
    assert row["value_low"] < row["value"] < row["value_high"]


def test_periods_and_members_make_rows_of_their_own(installation: Settings) -> None:
    rows = query(installation, "csat_score", by=["channel"], period="month")
    found = [(row["period_start"].isoformat(), row["channel"], row["value"]) for row in rows]
    assert found == [("2026-01-01", "chat", 0.5), ("2026-02-01", "email", 1.0)]


def test_days_and_conditions_narrow_the_answer(installation: Settings) -> None:
    chosen = {"date_from": "2026-01-06", "date_to": "2026-02-03"}
    (both,) = query(installation, "csat_score", **chosen)
    (chat,) = query(installation, "csat_score", where=["channel=chat"], **chosen)
    (either,) = query(installation, "csat_score", where=["channel=chat", "channel=email"], **chosen)
    assert (both["denominator"], chat["denominator"], either["denominator"]) == (2, 1, 2)


def test_nothing_to_divide_by_gives_null_and_no_interval(installation: Settings) -> None:
    (row,) = query(installation, "csat_score", where=["channel=fax"])
    assert (row["value"], row["value_low"], row["value_high"]) == (None, None, None)


def test_a_percentile_is_interpolated_and_says_how_many(installation: Settings) -> None:
    (row,) = query(installation, "wait_p50", where=["channel=chat"])
    assert (row["value"], row["n"]) == (20.0, 2)


def test_facts_of_two_anchors_meet_in_one_row_even_if_one_side_is_empty(
    installation: Settings,
) -> None:
    rows = query(installation, "net_flow", period="month")
    assert [row["value"] for row in rows] == [2.0, 1.0, -1.0]


def test_a_snapshot_is_that_of_each_accounts_last_day(installation: Settings) -> None:
    assert query(installation, "backlog_open")[0]["value"] == 3
    assert query(installation, "backlog_open", where=["channel=chat"])[0]["value"] == 2


def test_members_without_a_part_in_the_last_snapshot_have_no_backlog(
    installation: Settings,
) -> None:
    rows = query(installation, "backlog_open", by=["account_id"], where=["channel=email"])
    assert [(row["account_id"], row["value"]) for row in rows] == [("b", 1.0)]


def test_a_value_in_a_condition_is_never_read_as_sql(installation: Settings) -> None:
    (row,) = query(installation, "csat_score", where=["channel=' or 1=1 --"])
    assert row["value"] is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": ["chanel"]}, "did you mean channel"),
        ({"by": ["1; drop table x"]}, "broken down"),
        ({"where": ["chanel=chat"]}, "did you mean channel"),
        ({"where": ["chat"]}, "channel=web"),
        ({"period": "fortnight"}, "quarter"),
        ({"date_from": "01/02/2026"}, "2026-01-31"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_a_hint(
    installation: Settings, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(HelpmartError, match=said) as caught:
        query(installation, "csat_score", **asked)
    assert caught.value.exit_code is ExitCode.USAGE


def test_an_unknown_kpi_is_refused_with_the_nearest_one(installation: Settings) -> None:
    with pytest.raises(HelpmartError, match="did you mean csat_score") as caught:
        show_kpi(installation, "csat_scor")
    assert caught.value.exit_code is ExitCode.NOT_FOUND


def test_without_a_published_build_there_is_nothing_to_ask(settings: Settings) -> None:
    with pytest.raises(HelpmartError, match="no published build") as caught:
        query(settings, "csat_score")
    assert caught.value.exit_code is ExitCode.NOT_FOUND


def test_metricflow_needs_a_build_and_a_known_command(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(HelpmartError, match="nothing to read"):
        metricflow_environment(installation)
    manifest = installation.paths.dbt_target / "semantic_manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{}", encoding="utf-8")
    monkeypatch.setenv("HELPMART_HOME", str(installation.home))
    for name in metricflow_environment(installation):
        monkeypatch.setenv(name, "")
    with pytest.raises(SystemExit, match="query"):
        main(["tutorialize"])


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_wilson_interval_is_the_one_that_newcombe_published_in_1998(
    hits: int, cases: int, low: float, high: float
) -> None:
    assert wilson_interval(hits, cases) == pytest.approx((low, high), abs=5e-5)
