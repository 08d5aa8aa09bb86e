"""How dbt's nodes are named in the asset graph: key = schema, table; group = layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dagster import AssetKey
from dagster_dbt import DagsterDbtTranslator


class LayerTranslator(DagsterDbtTranslator):
    """Sources become the raw assets that landing materialises; models carry their layer."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return AssetKey(
                ["raw", f"{dbt_resource_props['source_name']}__{dbt_resource_props['name']}"]
            )
        alias = dbt_resource_props.get("alias") or dbt_resource_props["name"]
        return AssetKey([dbt_resource_props["schema"], alias])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The folder directly below `models/` (or `seeds`)."""
        folders = [str(folder) for folder in dbt_resource_props["fqn"][1:-1]]
        return folders[0] if folders else f"{dbt_resource_props['resource_type']}s"
