"""The suites of `expectations/`: what valid data means, read strictly.

A suite belongs to one table and says whose it is and why it matters. Each expectation has the name
and arguments of Great Expectations, a severity and a reason. Reading suites imports no engine.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal, Self, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.errors import ExitCode, HelpmartError
from pipelines.quality.results import Severity
from pipelines.settings import PROJECT_ROOT

SuiteBorder = Literal["raw", "published"]

EXPECTATIONS_FOLDER = PROJECT_ROOT / "expectations"
ROWS = "unexpected_rows_expectation"

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)]
Reason = Annotated[str, Field(min_length=10)]
# Offending rows are shown by these columns alone, so no column that names a person may be one.
KeyColumn = Annotated[
    str,
    Field(
        pattern=r"^(id|number|grain|date_day|_file_id|_account_id|(\w+_)?(id|key|no|date|start|type))$"
    ),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expectation(_Part):
    """One rule. A rule over whole rows needs a name; others are named by column and rule."""

    expectation: Name
    kwargs: dict[str, Any] = Field(default_factory=dict)
    severity: Severity
    why: Reason
    name: Name | None = None

    @model_validator(mode="after")
    def _rows_rule_is_named_and_bound(self) -> Self:
        if self.expectation != ROWS:
            return self
        if self.name is None:
            raise ValueError("a rule over whole rows needs a `name`")
        fields = {field for _, field, _, _ in Formatter().parse(self.query) if field is not None}
        if fields != {"batch"}:
            raise ValueError("unexpected_rows_query must read from {batch} and no other field")
        return self

    @property
    def query(self) -> str:
        return str(self.kwargs.get("unexpected_rows_query", ""))

    @property
    def column(self) -> str | None:
        """The column or columns that the rule is about, if it names any."""
        named = self.kwargs.get("column") or self.kwargs.get("column_list")
        return ", ".join(named) if isinstance(named, list) else named

    @property
    def rule(self) -> str:
        """The rule's name within its table: `status_be_in_set`, `ledger_balances`."""
        if self.name:
            return self.name
        short = re.sub(
            r"^expect_(column_values|column|compound_columns|table)_(to_)?", "", self.expectation
        )
        subject = re.sub(r"\W+", "_", self.column) + "_" if self.column else ""
        return f"{subject}{short}"


class Suite(_Part):
    """All rules of one table."""

    table: Name
    owner: Annotated[str, Field(min_length=3)]
    meaning: Reason
    keys: tuple[KeyColumn, ...] = ()
    expectations: tuple[Expectation, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [item.rule for item in self.expectations]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two expectations are called {name!r}; give one a `name`")
        return self

    def check_name(self, item: Expectation) -> str:
        return f"{self.table}_{item.rule}"


class _SuiteFile(_Part):
    suites: tuple[Suite, ...] = Field(min_length=1)


def load_suites(border: str, folder: Path = EXPECTATIONS_FOLDER) -> list[Suite]:
    """The suites of one border, by table.

    Raises:
        HelpmartError: a file does not follow the shape, or two suites claim one table.
    """
    if border not in get_args(SuiteBorder):
        raise ValueError(f"no border {border!r}")
    suites: dict[str, Suite] = {}
    for file in sorted((folder / border).glob("*.yml")):
        for suite in _read(file):
            if suite.table in suites:
                raise _invalid(file, f"{suite.table}: another file has a suite for this table")
            suites[suite.table] = suite
    if not suites:
        raise _invalid(folder / border, "there is no suite, so nothing would be checked")
    return [suites[table] for table in sorted(suites)]


def _read(file: Path) -> tuple[Suite, ...]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        return _SuiteFile.model_validate(content).suites
    except yaml.YAMLError as error:
        raise _invalid(file, str(error)) from error
    except ValidationError as error:
        found = [
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
            for item in error.errors()[:3]
        ]
        raise _invalid(file, "; ".join(found)) from error


def _invalid(file: Path, why: str) -> HelpmartError:
    return HelpmartError(
        what="a suite of expectations cannot be read",
        where=str(file),
        why=why,
        remedy="follow expectations/README.md",
        exit_code=ExitCode.SETUP_BROKEN,
    )
