"""Runs the dbt project in this process, from raw, into fresh warehouse files.

dbt is imported on first use: that alone takes seconds. A full build deletes the two database files
first, so what it leaves is a function of raw and settings and of nothing else.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings
from pipelines.transform.broken_rules import broken_rules
from pipelines.transform.dbt_session import MANIFEST, parsed_manifest, run_dbt, write_artifacts
from pipelines.transform.left_out import leave_out, recall, remember
from pipelines.transform.profile import PROJECT_DIR

BUILD_ID_VARIABLE = "HELPMART_BUILD_ID"
GOOD_STATUSES = frozenset({"success", "pass", "skipped", "warn", "no-op"})
TEST_KINDS = frozenset({"test", "unit_test"})
MESSAGES_SHOWN = 5

OnNode = Callable[["NodeResult"], None]


@dataclass(frozen=True)
class NodeResult:
    """What became of one seed, model or test."""

    unique_id: str
    kind: str
    name: str
    schema: str
    status: str
    seconds: float
    message: str = ""

    @property
    def failed(self) -> bool:
        return self.status not in GOOD_STATUSES

    @property
    def is_relation(self) -> bool:
        """True for what leaves a table or view behind: a seed or a model, not a test."""
        return self.kind not in TEST_KINDS


@dataclass(frozen=True)
class DbtResult:
    """One dbt build. `seconds` is wall time, start-up and parsing included."""

    build_id: str
    nodes: tuple[NodeResult, ...]
    seconds: float

    @property
    def success(self) -> bool:
        return not self.failures

    @property
    def failures(self) -> tuple[NodeResult, ...]:
        return tuple(node for node in self.nodes if node.failed)

    @property
    def model_seconds(self) -> float:
        """The time of all models added up, as the warehouse's own share of a run."""
        return sum(node.seconds for node in self.nodes if node.kind == "model")

    def node(self, schema: str, name: str) -> NodeResult | None:
        """The seed or model of that name, if this build had it."""
        for node in self.nodes:
            if node.kind not in TEST_KINDS and (node.schema, node.name) == (schema, name):
                return node
        return None

    def summary(self) -> str:
        models = sum(node.kind == "model" for node in self.nodes)
        tests = sum(node.kind in TEST_KINDS for node in self.nodes)
        return f"{models} models and {tests} tests in {self.seconds:.1f} s"

    def raise_on_failure(self) -> None:
        """Raise what a user should read if a model or a test failed."""
        failures = self.failures
        if not failures:
            return
        shown = "; ".join(f"{node.name}: {node.message}" for node in failures[:MESSAGES_SHOWN])
        only_tests = all(node.kind in TEST_KINDS for node in failures)
        raise HelpmartError(
            what=f"{len(failures)} of {len(self.nodes)} dbt nodes failed",
            where=", ".join(node.unique_id for node in failures[:MESSAGES_SHOWN]),
            why=shown,
            remedy="the statement that failed is in logs/dbt/dbt.log of the state folder",
            exit_code=ExitCode.GATE_FAILED if only_tests else ExitCode.FAILED,
        )


def build(
    settings: Settings,
    *,
    build_id: str = "unversioned",
    select: str | None = None,
    on_node: OnNode | None = None,
) -> DbtResult:
    """Build seeds and models and run the data tests; a failing node is reported, not raised.

    Views that read nothing that ever landed are left out, selected or not (`left_out`).

    Args:
        settings: Where raw lies and where the warehouse goes.
        build_id: Written into every published table.
        select: A dbt selection; then the existing warehouse files are built upon.
        on_node: Told about every node as it finishes.
    """
    started = time.monotonic()
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    if select is None:
        _remove_warehouse(settings)
    else:
        arguments += ["--select", *select.split()]
    known = recall(settings, PROJECT_DIR)
    left_out = leave_out(settings, known)
    if left_out:
        arguments += ["--exclude", *left_out]
    manifest = parsed_manifest(settings, PROJECT_DIR, known.version)
    nodes = _invoke(settings, arguments, build_id=build_id, on_node=on_node, manifest=manifest)
    built = [node.unique_id for node in nodes if node.is_relation and not node.failed]
    remember(settings, known, load_manifest(settings), built)
    return DbtResult(build_id, tuple(nodes), time.monotonic() - started)


def run_unit_tests(settings: Settings) -> DbtResult:
    """Run dbt's unit tests, which belong to development, on an installation that has been built."""
    started = time.monotonic()
    nodes = _invoke(settings, ["test", "--select", "test_type:unit"])
    return DbtResult("unversioned", tuple(nodes), time.monotonic() - started)


def load_manifest(settings: Settings) -> dict[str, Any]:
    """dbt's manifest of the project as it is now, parsed again only after a change."""
    path = write_artifacts(settings, PROJECT_DIR) / MANIFEST
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


def _remove_warehouse(settings: Settings) -> None:
    for database in (settings.paths.warehouse_file, settings.paths.serving_file):
        for path in (database, database.with_name(database.name + ".wal")):
            path.unlink(missing_ok=True)


def _invoke(
    settings: Settings,
    arguments: list[str],
    *,
    build_id: str = "unversioned",
    on_node: OnNode | None = None,
    manifest: Any = None,
) -> list[NodeResult]:
    """Run one dbt command, on a manifest that was parsed before if one is given."""
    nodes: list[NodeResult] = []

    def listen(event: Any) -> None:
        if event.info.name != "NodeFinished":
            return
        node = _node_result(event)
        nodes.append(node)
        if on_node is not None:
            on_node(node)

    outcome = run_dbt(
        settings,
        PROJECT_DIR,
        arguments,
        environment={BUILD_ID_VARIABLE: build_id},
        callbacks=[listen],
        manifest=manifest,
    )
    told = broken_rules(settings, getattr(outcome.result, "results", ()))
    return [replace(node, message=told.get(node.unique_id, node.message)) for node in nodes]


def _node_result(event: Any) -> NodeResult:
    info = event.data.node_info
    result = event.data.run_result
    return NodeResult(
        unique_id=info.unique_id,
        kind=info.resource_type,
        name=info.node_relation.alias or info.node_name,
        schema=info.node_relation.schema,
        status=result.status,
        seconds=result.execution_time,
        message=result.message,
    )
