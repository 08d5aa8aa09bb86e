"""The rules for datasets: columns that are published, and no formula beside the semantic layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipelines.dashboards.aggregates import SINGLE, UNIT_KEYS
from pipelines.dashboards.dataset_specs import OF_KPI, MeasureSpec
from pipelines.dashboards.datasets import KPI_COLUMN, Dataset
from pipelines.dashboards.expressions import refusals
from pipelines.dashboards.findings import Problem, unknown
from pipelines.dashboards.words import Language

# Sums of them mean nothing: a share of a whole is no sum of the shares of its parts.
NOT_SUMMED = frozenset({"rate", "share", "ratio", "score", OF_KPI})


def dataset_problems(datasets: Mapping[tuple[str, Language], Dataset]) -> Iterator[Problem]:
    """All findings about the datasets alone."""
    for dataset in datasets.values():
        where = f"dataset {dataset.table}"
        if not dataset.columns:
            yield Problem(where, "dbt publishes no such table")
            continue
        yield from _column_problems(where, dataset)
        for name, calculated in dataset.calculated.items():
            for reason in refusals(calculated.sql(dataset.language)):
                yield Problem(
                    where,
                    f"calculated column {name} {reason}; a KPI has its one"
                    " formula in the semantic layer",
                )
        for name, measure in dataset.spec.measures.items():
            yield from _measure_problems(f"{where}, measure {name}", name, measure, dataset)


def _column_problems(where: str, dataset: Dataset) -> Iterator[Problem]:
    spec = dataset.spec
    settled = {key for keys in spec.settles.values() for key in keys}
    named: dict[str, Iterable[str]] = {
        "labelled column": spec.labels,
        "ordered column": spec.ordered,
        "ordering column": [order.by for order in spec.ordered.values()],
        "key": spec.keys,
        "name of a key": spec.stands_for,
        "named key": spec.stands_for.values(),
        "mark": spec.settles,
        "settled column": sorted(settled),
    }
    for kind, names in named.items():
        for name in names:
            yield from unknown(where, kind, name, dataset.columns)
    for name in sorted(dataset.calculated.keys() & dataset.columns.keys()):
        yield Problem(where, f"calculated column {name} hides the published one")
    if spec.time is not None:
        yield from time_problems(where, spec.time, dataset)


def time_problems(where: str, name: str, dataset: Dataset) -> Iterator[Problem]:
    """Whether a time column is a published date or timestamp."""
    if name not in dataset.columns:
        yield from unknown(where, "time column", name, dataset.columns)
    elif not dataset.columns[name].is_time:
        yield Problem(where, f"{name} is {dataset.columns[name].type}, not a date or a timestamp")


def _measure_problems(
    where: str, name: str, measure: MeasureSpec, dataset: Dataset
) -> Iterator[Problem]:
    from pipelines.transform.semantic import UNITS

    for column in (
        measure.column,
        measure.low,
        measure.high,
        measure.line,
        measure.order_by,
        measure.of,
    ):
        if column is not None:
            yield from unknown(where, "published column", column, dataset.columns)
    yield from unknown(where, "unit", measure.unit, UNITS | {OF_KPI})
    if measure.unit == OF_KPI and KPI_COLUMN not in dataset.columns:
        yield Problem(where, f"takes its unit from {KPI_COLUMN}, which the table lacks")
    if measure.aggregate == "sum" and measure.unit in NOT_SUMMED:
        yield Problem(where, f"sums a {measure.unit}, which has no meaning")
    if measure.aggregate == "widest" and not set(dataset.spec.keys) >= UNIT_KEYS:
        yield Problem(where, f"needs {' and '.join(sorted(UNIT_KEYS))} among the keys")
    if measure.aggregate in SINGLE and not dataset.spec.keys:
        yield Problem(where, "needs the `keys` of the dataset, so that no two values are mixed")
    if name in dataset.metrics and dataset.metrics[name].time is not None:
        yield Problem(where, "has the name of a metric of the semantic layer")
