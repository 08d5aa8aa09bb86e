"""Dagster's entry point, and nothing else: `dagster … -m pipelines.definitions`."""

from __future__ import annotations

import dagster as dg

from pipelines.orchestration.build import build_definitions
from pipelines.settings import load_settings


@dg.definitions
def defs() -> dg.Definitions:
    """The whole asset graph for the installation that the environment names."""
    return build_definitions(load_settings())
