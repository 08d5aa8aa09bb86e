"""Renders single dbt models to plain SQL, so that a test can run them on tables of its own.

Only what the models use is known: `ref`, `source`, `var`, `config` and dispatched macros.
References become bare table names, sources `<source>__<table>`.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2

from pipelines.settings import PROJECT_ROOT

DBT = PROJECT_ROOT / "dbt_project"
MACRO_FOLDERS = ("changes", "clock", "dialect", "kpi")
VARIABLES = {
    "reporting_zone": "Asia/Shanghai",
    "deadline_horizon_days": 400,
    "as_of": "",
    "change_months": 24,
    "change_members": 50,
    "paradox_share": 0.95,
    "anomaly_weeks": 8,
    "anomaly_least_weeks": 5,
    "anomaly_least_records": 5,
    "relation_least_records": 5,
    "relation_least_freedom": 30,
    "headline_kpis": ["csat_score", "reopen_rate"],
    "daily_kpis": ["tickets_created", "unreplied_rate"],
    "agent_kpis": ["csat_score", "reopen_rate"],
    "mood_good_from": 0.0,
    "mood_fair_from": -0.2,
    "highlight_count": 5,
    "highlight_least_records": 10,
}


def rendered(model: str) -> str:
    """The SQL of one model or one data test of the project."""
    (path,) = [*(DBT / "models").rglob(f"{model}.sql"), *(DBT / "tests").glob(f"{model}.sql")]
    return _environment().from_string(path.read_text("utf-8")).render()


def rendered_macro(name: str, *arguments: Any) -> str:
    """The SQL that a macro of the project makes of its arguments."""
    macro: Any = _environment().globals[name]
    return str(macro(*arguments))


def materialise(con: duckdb.DuckDBPyConnection, *models: str) -> None:
    """Build each model as a table of that name, in the order given."""
    for model in models:
        con.execute(f"create or replace table {model} as {rendered(model)}")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(  # SQL needs no escaping
        undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"]
    )
    macros: dict[str, Any] = {}
    environment.globals.update(
        ref=lambda name: name,
        source=lambda source, table: f"{source}__{table}",
        var=VARIABLES.__getitem__,
        adapter=SimpleNamespace(dispatch=lambda name, _package: macros[f"duckdb__{name}"]),
        config=lambda **_settings: "",
        env_var=lambda _name, default: default,
        execute=True,
        **{"return": lambda value: value},
    )
    folders = [DBT / "macros", *(DBT / "macros" / name for name in MACRO_FOLDERS)]
    text = "\n".join(path.read_text("utf-8") for f in folders for path in sorted(f.glob("*.sql")))
    module = environment.from_string(text).module
    macros |= {name: value for name, value in vars(module).items() if not name.startswith("_")}
    environment.globals.update(macros)
    return environment
