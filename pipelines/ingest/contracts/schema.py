"""The shape of a contract as JSON Schema, for editors and other programs.

docs/sources/contract.schema.json is this text; `helpmart source schema` prints it.
"""

from __future__ import annotations

import json
from typing import Any, get_args

from pipelines.ingest.contracts.columns import ColumnType
from pipelines.ingest.contracts.sources import SourceContract

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def contract_schema() -> str:
    """The schema as indented text."""
    schema: dict[str, Any] = SourceContract.model_json_schema(by_alias=True)
    kinds = schema["$defs"]
    kinds["Column"] = _or_short(kinds["Column"], {"enum": list(get_args(ColumnType))})
    kinds["Alias"] = _or_short(kinds["Alias"], {"type": "string", "minLength": 1})
    ordered = {"$schema": DIALECT, "title": "A helpmart source contract", **schema}
    ordered["title"] = "A helpmart source contract"
    return json.dumps(ordered, indent=2, ensure_ascii=False) + "\n"


def _or_short(full: dict[str, Any], short: dict[str, Any]) -> dict[str, Any]:
    """A piece that may be written out or as one word."""
    return {"anyOf": [short, full], "description": full.pop("description", "")}
