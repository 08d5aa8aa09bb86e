"""What people built in Superset, as files that say the same when nothing has changed.

What belongs here: making an export stable. Numbers of objects differ between installations and are
counted anew, times are left out, keys are sorted, and connections with their secrets stay behind.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import yaml

from pipelines.dashboards.bundle import VERSION, Tree

Document = dict[str, Any]
FOLDERS = ("charts", "dashboards", "datasets")
METADATA = {"type": "assets", "version": VERSION}
OWN_NUMBERS = frozenset({"datasource", "slice_id", "dashboards", "dashboardId", "url_params"})


def stable_tree(exported: Iterable[tuple[str, str]], managed: Collection[str]) -> Tree:
    """The files to keep, by lasting names.

    Args:
        exported: path and text, as Superset's own export gives them.
        managed: identifiers of what the folder `superset/` brings, which is not exported again.
    """
    tree = {"metadata.yaml": _text(METADATA)}
    for path, text in exported:
        folder = path.split("/")[0]
        document = yaml.safe_load(text)
        if folder not in FOLDERS or document["uuid"] in managed:
            continue
        name = document.get("slice_name") or document.get("dashboard_title")
        name = re.sub(r"\W+", "_", name or document["table_name"]).strip("_").lower()
        tree[f"{folder}/{name}_{document['uuid'][:8]}.yaml"] = _text(_stable(folder, document))
    return dict(sorted(tree.items()))


def _text(document: Document) -> str:
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=True, width=100)
    return text


def _stable(folder: str, document: Document) -> Document:
    if folder == "charts":
        params = {k: v for k, v in document["params"].items() if k not in OWN_NUMBERS}
        return document | {"params": params, "query_context": None}
    if folder == "dashboards":
        return _renumbered(document)
    return document


def _renumbered(document: Document) -> Document:
    """A dashboard whose charts are numbered by their identifiers."""
    metas = [
        node["meta"]
        for node in document["position"].values()
        if isinstance(node, dict) and node.get("type") == "CHART"
    ]
    ordered = sorted(metas, key=lambda meta: str(meta["uuid"]))
    numbers = {meta["chartId"]: number for number, meta in enumerate(ordered, start=1)}
    for meta in metas:
        meta["chartId"] = numbers[meta["chartId"]]
    metadata = dict(document.get("metadata") or {})
    for key in ("timed_refresh_immune_slices",):
        metadata[key] = _known(metadata.get(key, []), numbers)
    for key in ("expanded_slices", "chart_configuration"):
        metadata[key] = {
            str(numbers[int(old)]): _scoped(value, numbers)
            for old, value in (metadata.get(key) or {}).items()
            if old.isdecimal() and int(old) in numbers
        }
    for key in ("global_chart_configuration", "native_filter_configuration"):
        if key in metadata:
            metadata[key] = _scoped(metadata[key], numbers)
    return document | {"metadata": metadata}


def _scoped(part: Any, numbers: Mapping[int, int]) -> Any:
    """A part of the settings with the numbers of charts replaced wherever it names charts."""
    if isinstance(part, list):
        return [_scoped(each, numbers) for each in part]
    if not isinstance(part, dict):
        return part
    changed = {key: _scoped(value, numbers) for key, value in part.items()}
    for key in ("excluded", "chartsInScope"):
        if isinstance(part.get(key), list):
            changed[key] = _known(part[key], numbers)
    if part.get("id") in numbers:
        changed["id"] = numbers[part["id"]]
    return changed


def _known(old: Iterable[int], numbers: Mapping[int, int]) -> list[int]:
    return sorted(numbers[each] for each in old if each in numbers)
