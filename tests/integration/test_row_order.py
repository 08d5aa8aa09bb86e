"""No model may depend on the order of its rows: a late file must lead to what a rebuild leads to.

Sums of doubles do so in their last digits, so models take them with `exact_sum` (decision 25). Here
every statement of the company's build is bound and its aggregates are read from the plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.text.dbt_plugin import register
from pipelines.transform.dbt_runner import load_manifest
from pipelines.transform.warehouse import opened_warehouse
from tests.integration.company_world import CompanyWorld

pytestmark = pytest.mark.xdist_group("company")

FRACTIONS = {"DOUBLE", "FLOAT"}
# Aggregates that add up what they are given; least and greatest, ranks and quantiles do not.
ADDING = {
    *("sum", "sum_no_overflow", "fsum", "kahan_sum", "sumkahan", "product"),
    *("avg", "mean", "favg", "geomean", "geometric_mean", "entropy", "skewness", "kurtosis"),
    *("kurtosis_pop", "var_samp", "var_pop", "variance", "stddev", "stddev_samp", "stddev_pop"),
    *("sem", "corr", "covar_samp", "covar_pop", "regr_avgx", "regr_avgy", "regr_intercept"),
    *("regr_r2", "regr_slope", "regr_sxx", "regr_sxy", "regr_syy"),
}


def adding_up(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """Aggregates of a query that add up fractions in the order in which their rows come."""
    found = connection.execute("select json_serialize_plan($1)", [sql]).fetchone()
    assert found is not None
    plan = json.loads(found[0])
    assert not plan["error"], plan.get("error_message")
    return [
        f"{name}({', '.join(argument.get('alias', '') for argument in node['children'])})"
        for node in _nodes(plan)
        if (name := _aggregate(node)) in ADDING
        and not node.get("order_bys")
        and FRACTIONS & {argument["id"] for argument in node["arguments"]}
    ]


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        # What is in there belongs to functions of lists, whose order is their own.
        tree = [value for key, value in tree.items() if key != "function_data"]
    if isinstance(tree, list):
        for branch in tree:
            yield from _nodes(branch)


def _aggregate(node: dict[str, Any]) -> str | None:
    """The aggregate's name; ranks and neighbours of a window have none."""
    if node.get("expression_class") not in {"BOUND_AGGREGATE", "BOUND_WINDOW"}:
        return None
    return str(node["qname"]["path"][-1]) if "qname" in node else None


def _hollow_copy(settings: Settings, manifest: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Tables without rows in place of all that models read: plans over files cannot be read."""
    copy = duckdb.connect()
    register(copy)
    copy.execute("attach ':memory:' as warehouse; attach ':memory:' as helpmart; create schema raw")
    with opened_warehouse(settings) as built:
        register(built)
        tables = built.execute(
            "select table_catalog, table_schema, table_name from information_schema.tables"
            " where table_catalog in ('warehouse', 'helpmart')"
        ).fetchall()
        relations = {f'"{database}"."{schema}"."{name}"': None for database, schema, name in tables}
        for database, schema in {table[:2] for table in tables}:
            copy.execute(f'create schema if not exists "{database}"."{schema}"')
        for relation in relations:
            copy.execute(f"create table {relation} ({_columns(built, relation)})")
        for number, source in enumerate(manifest["sources"].values()):
            source["hollow"] = f"raw.source_{number}"
            columns = _columns(built, source["relation_name"])
            copy.execute(f"create table {source['hollow']} ({columns})")
    return copy


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    rows = connection.execute(f"describe select * from {relation}").fetchall()
    return ", ".join(f'"{row[0]}" {row[1]}' for row in rows)


def test_no_aggregate_adds_up_fractions_in_the_order_of_rows(company: CompanyWorld) -> None:
    manifest = load_manifest(company.settings)
    copy = _hollow_copy(company.settings, manifest)
    compiled = company.settings.paths.dbt_target / "compiled" / "helpmart"
    statements = {
        node["name"]: (compiled / node["original_file_path"]).read_text(encoding="utf-8")
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and (compiled / node["original_file_path"]).is_file()
    }
    for source in manifest["sources"].values():
        for name, sql in statements.items():
            statements[name] = sql.replace(source["relation_name"], source["hollow"])

    found = {name: adding_up(copy, sql.strip().rstrip(";")) for name, sql in statements.items()}

    print(f"{len(found)} statements")
    assert len(found) > 400
    assert {name: sums for name, sums in found.items() if sums} == {}


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("select sum(fraction) from t", ["sum(fraction)"]),
        ("select whole, avg(fraction) from t group by whole", ["avg(fraction)"]),
        ("select sum(fraction) over (partition by whole) from t", ["sum(fraction)"]),
        ("select corr(fraction, whole) from t", ["corr(fraction, )"]),
        ("select sum(fraction order by whole), max(fraction), median(fraction) from t", []),
        ("select sum(whole), avg(whole), sum(money), count(fraction) from t", []),
        ("select list_sum([fraction, fraction]) from t", []),
    ],
)
def test_what_depends_on_the_order_of_rows_is_told_from_what_does_not(
    sql: str, found: list[str]
) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t (fraction double, whole bigint, money decimal(9, 2))")
        assert adding_up(connection, sql) == found
