"""The asset graph: raw entities, dbt models, the published build, the dashboards."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from pipelines.orchestration import steps
from pipelines.orchestration.translator import LayerTranslator

if TYPE_CHECKING:
    from pipelines.ingest.contracts import SourceContract
    from pipelines.settings import Settings
    from pipelines.transform.dbt_runner import DbtResult

WRITER_POOL = "warehouse_writer"
CANDIDATE_KEY = dg.AssetKey(["published", "candidate"])
BUILD_KEY = dg.AssetKey(["published", "build"])
REPORTS_KEY = dg.AssetKey(["reports", "mails"])
DASHBOARDS_KEY = dg.AssetKey(["superset", "dashboards"])
LEDGER_TABLES = ("files", "checks", "runs")


def raw_assets(contracts: Mapping[str, "SourceContract"]) -> dg.AssetsDefinition:
    """One op that lands every file; one asset per entity of every contract, and the ledger's."""
    specs = [
        dg.AssetSpec(
            ["raw", f"{source}__{name}"],
            group_name="raw",
            kinds={"parquet"},
            description=entity.title,
        )
        for source, contract in sorted(contracts.items())
        for name, entity in contract.entities.items()
    ]
    ledger = [
        dg.AssetSpec(
            ["raw", f"helpmart__{table}"],
            group_name="raw",
            kinds={"parquet"},
            description=f"The load ledger's {table}, for the models of load health.",
        )
        for table in LEDGER_TABLES
    ]

    @dg.multi_asset(
        name="land_files",
        specs=[*specs, *ledger],
        pool=WRITER_POOL,
        required_resource_keys={"journal"},
    )
    def land_files(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        report = steps.land_files(context.resources.journal)
        totals = report.totals_by_entity()
        for spec in specs:
            yield dg.MaterializeResult(
                asset_key=spec.key, metadata=dict(totals.get(spec.key.path[-1], {}))
            )
        for spec in ledger:
            yield dg.MaterializeResult(asset_key=spec.key)

    return land_files


def _build_results(
    result: "DbtResult", specs: list[dg.AssetSpec]
) -> Iterator[dg.MaterializeResult[Any]]:
    """In the order in which dbt finished, which Dagster asks for: parents before children."""
    wanted = {(spec.key.path[0], spec.key.path[-1]): spec.key for spec in specs}
    for node in result.nodes:
        key = wanted.get((node.schema, node.name)) if node.is_relation else None
        if key is not None and not node.failed:
            yield dg.MaterializeResult(asset_key=key, metadata={"seconds": round(node.seconds, 3)})


def dbt_assets(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """One op that runs dbt once, in this process; one asset per seed and model, and the candidate.

    The candidate stands for all published tables together. The gate checks it rather than each
    table: a blocking check on a fact would otherwise stand between that fact and the KPI tables
    that the same op builds from it.
    """
    specs = list(build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=LayerTranslator()))
    candidate = dg.AssetSpec(
        CANDIDATE_KEY,
        deps=[spec.key for spec in specs if spec.key.path[0] == "published"],
        group_name="published",
        kinds={"duckdb"},
        description="Every published table of this run, built and tested, not yet published.",
    )

    @dg.multi_asset(
        name="build_warehouse",
        specs=[spec.replace_attributes(skippable=True) for spec in (*specs, candidate)],
        pool=WRITER_POOL,
        required_resource_keys={"journal"},
    )
    def build_warehouse(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        result = steps.build_warehouse(context.resources.journal)
        yield from _build_results(result, specs)
        result.raise_on_failure()
        yield dg.MaterializeResult(asset_key=CANDIDATE_KEY)

    return build_warehouse


def publish_assets(settings: "Settings") -> dg.AssetsDefinition:
    """The published file: everything in it was checked before it became current."""
    freshness = dg.FreshnessPolicy.time_window(
        fail_window=timedelta(hours=settings.freshness_hours)
    )

    @dg.asset(
        key=BUILD_KEY,
        deps=[CANDIDATE_KEY],
        group_name="published",
        kinds={"duckdb"},
        pool=WRITER_POOL,
        freshness_policy=freshness,
        required_resource_keys={"journal"},
    )
    def publish_build(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        """The one immutable file that Superset, the reports and notebooks read."""
        build = steps.publish_build(context.resources.journal)
        return dg.MaterializeResult(
            metadata={"build_id": build.build_id, "data_as_of": str(build.data_as_of)}
        )

    return publish_build


def dashboard_assets(settings: "Settings") -> dg.AssetsDefinition:
    """The dashboards in Superset's own database, imported again only if the bundle changed."""

    @dg.asset(
        key=DASHBOARDS_KEY,
        deps=[BUILD_KEY],
        group_name="superset",
        kinds={"superset"},
        required_resource_keys={"journal"},
    )
    def import_dashboards(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        """Datasets, charts, dashboards and roles, as the folder `superset/` describes them."""
        outcome = steps.import_dashboards(context.resources.journal)
        return dg.MaterializeResult(metadata={"changed": outcome.changed})

    return import_dashboards


def report_assets() -> dg.AssetsDefinition:
    """The reports that are due by mail; upstream of it stands everything that may fail a load."""

    @dg.asset(
        key=REPORTS_KEY,
        deps=[BUILD_KEY],
        group_name="reports",
        kinds={"email"},
        required_resource_keys={"journal"},
    )
    def send_reports(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        """Each recipient's report with own rows only, once a period; alerts on thresholds."""
        outcomes = steps.send_reports(context.resources.journal)
        return dg.MaterializeResult(
            metadata={"sent": sum(each.ending == "sent" for each in outcomes)}
        )

    return send_reports
