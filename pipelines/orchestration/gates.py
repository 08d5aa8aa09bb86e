"""The two borders as blocking asset checks: GX says what is valid, Dagster what happens then."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.orchestration import steps
from pipelines.orchestration.assets import CANDIDATE_KEY

if TYPE_CHECKING:
    from pipelines.quality.results import Border, CheckResult
    from pipelines.quality.suites import Suite


def border_gate(border: "Border", suites: Sequence["Suite"]) -> dg.AssetChecksDefinition:
    """One op that runs every suite of `border`; one blocking check per checked table.

    Raw tables are assets of their own; published ones are checked as parts of the candidate.
    """
    specs = {
        suite.table: dg.AssetCheckSpec(
            name=f"{suite.table}_valid",
            asset=CANDIDATE_KEY if border == "published" else ["raw", suite.table],
            description=suite.meaning,
            blocking=True,
        )
        for suite in suites
    }

    @dg.multi_asset_check(
        name=f"check_{border}",
        specs=list(specs.values()),
        required_resource_keys={"journal"},
    )
    def check_border(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        by_table: dict[str, list[CheckResult]] = defaultdict(list)
        for result in steps.run_gate(context.resources.journal, border).results:
            by_table[result.table].append(result)
        for table, spec in specs.items():
            yield _verdict(spec, by_table[table])

    return check_border


def _verdict(spec: dg.AssetCheckSpec, results: Sequence["CheckResult"]) -> dg.AssetCheckResult:
    missed = [result for result in results if not result.success]
    blocked = any(result.blocks for result in missed)
    return dg.AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=not missed,
        severity=dg.AssetCheckSeverity.ERROR if blocked else dg.AssetCheckSeverity.WARN,
        metadata={
            "expectations": len(results),
            "missed": [f"{result.expectation} {result.column}".strip() for result in missed],
        },
    )
