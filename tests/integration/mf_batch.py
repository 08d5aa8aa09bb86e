"""Many queries of MetricFlow in one process: `python -m tests.integration.mf_batch ASKED TOLD`.

What belongs here: what the command `mf query` does with a question, for a list of them; starting
the command costs more than most of its answers. ASKED is a JSON list of objects with `metrics`
and `group_by`; TOLD gets one list of rows a query, each by column, with dates as text.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from pipelines.settings import load_settings
from pipelines.transform.metricflow import metricflow_environment


def answer(queries: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The rows of each query, from the published build of the installation in the environment."""
    os.environ.update(metricflow_environment(load_settings()))
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    configuration = CLIConfiguration()
    configuration.setup()
    found = []
    for query in queries:
        request = MetricFlowQueryRequest.create(
            metric_names=query["metrics"], group_by_names=query["group_by"]
        )
        table = configuration.mf.query(mf_request=request).result_df
        assert table is not None
        found.append([dict(zip(table.column_names, row, strict=True)) for row in table.rows])
    return found


if __name__ == "__main__":
    questions, answers = (Path(each) for each in sys.argv[1:3])
    rows = answer(json.loads(questions.read_bytes()))
    answers.write_text(json.dumps(rows, default=str), encoding="utf-8")
