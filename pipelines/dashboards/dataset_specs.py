"""The YAML of datasets: which published tables charts read, and what is said about their columns.

What belongs here: reading `superset/assets/datasets/*.yml` and `labels.yml`. What does not: types
and formulas, which `datasets` takes from dbt and from the semantic layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self, TypeVar

import yaml
from pydantic import Field, ValidationError, model_validator

from pipelines.dashboards.aggregates import Aggregate
from pipelines.dashboards.words import ASSETS_FOLDER, Language, Strict, Text
from pipelines.errors import ExitCode, HelpmartError

DatabaseKey = Literal["published", "health"]
Direction = Literal["up", "down", "neutral"]
OF_KPI = "of_kpi"
File = TypeVar("File", bound=Strict)


class Calculated(Strict):
    """A column that Superset works out from published ones of the same row."""

    type: str
    expression: str | Text
    label: Text

    def sql(self, language: Language) -> str:
        return self.expression if isinstance(self.expression, str) else self.expression.of(language)


class Ordered(Strict):
    """The number by which the members of a text column are put in order, and the largest one."""

    by: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    most: int = Field(ge=1, le=100)


class MeasureSpec(Strict):
    """A finished value as published: one column under one aggregate.

    `low` and `high` are the columns of its interval, `line` that of the line inside it, unless it
    is the value's own. With unit `of_kpi` the chart's `where` names the KPI, and unit and direction
    are that KPI's. A running share goes through the members by the number in `order_by`,
    a sole value is that of the only member of `of`.
    """

    column: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    aggregate: Aggregate
    unit: str = Field(description="a unit of the semantic layer, or of_kpi")
    direction: Direction = "neutral"
    label: Text
    note: Text | None = None
    low: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    high: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    line: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    order_by: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    of: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")

    @model_validator(mode="after")
    def _by_where_it_means_something(self) -> Self:
        if (self.order_by is not None) != (self.aggregate == "running_share"):
            raise ValueError("a running share, and nothing else, needs order_by")
        if (self.of is not None) != (self.aggregate == "sole"):
            raise ValueError("a sole value, and nothing else, needs `of`")
        return self


class DatasetSpec(Strict):
    """One entry of a file in `superset/assets/datasets`.

    Attributes:
        twin: two tables, `<name>_en` and `<name>_zh`; of `headings` the table itself and
            `<name>_zh`, which differ in what the page says alone; else one in both languages.
        keys: the columns that make a row unique; a chart of measures has to settle each.
        stands_for: a name to the key of which it has one each, such as kpi_name: kpi_id.
        ordered: text columns that also come as `<column>_in_order`, which sorts by a number.
        one_of: columns of which every chart shows one member, since rows of several are the same
            thing told twice.
        newest: holds the newest day alone, which the period of a page does not narrow down.
        settles: what a `where` on a mark settles as well, for example is_latest: [period_start].
    """

    database: DatabaseKey = "published"
    twin: bool | Literal["headings"]
    time: str | None = None
    keys: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    newest: bool = False
    settles: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    stands_for: dict[str, str] = Field(default_factory=dict)
    labels: dict[str, Text] = Field(default_factory=dict)
    ordered: dict[str, Ordered] = Field(default_factory=dict)
    calculated: dict[str, Calculated] = Field(default_factory=dict)
    measures: dict[str, MeasureSpec] = Field(default_factory=dict)


class _DatasetFile(Strict):
    datasets: dict[str, DatasetSpec]


class _LabelFile(Strict):
    labels: dict[str, Text]


def load_dataset_specs(folder: Path = ASSETS_FOLDER) -> dict[str, DatasetSpec]:
    """Every dataset by name.

    Raises:
        HelpmartError: a file cannot be read, or two files describe one dataset.
    """
    specs: dict[str, DatasetSpec] = {}
    for path in sorted((folder / "datasets").glob("*.yml")):
        found = _read(path, _DatasetFile).datasets
        twice = sorted(specs.keys() & found.keys())
        if twice:
            raise _unreadable(path, f"{', '.join(twice)} stands in another file too")
        specs |= found
    return specs


def load_labels(folder: Path = ASSETS_FOLDER) -> Mapping[str, Text]:
    """What columns are called unless a dataset says otherwise."""
    return _read(folder / "labels.yml", _LabelFile).labels


def _read(path: Path, kind: type[File]) -> File:
    try:
        return kind.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError, OSError) as error:
        raise _unreadable(path, str(error)) from error


def _unreadable(path: Path, why: str) -> HelpmartError:
    return HelpmartError(
        what="a list of datasets cannot be read",
        where=str(path),
        why=why,
        remedy="correct the file; docs/add-a-dashboard.md lists what a dataset may say",
        exit_code=ExitCode.USAGE,
    )
