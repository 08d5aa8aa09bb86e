"""A draft contract and draft staging models as text, for a person to correct."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pipelines.ingest.drafts.guessing import (
    Guess,
    filled_columns,
    guesses,
    likely_key,
    null_texts,
)
from pipelines.ingest.drafts.sampling import SEARCHED_ROWS, Sample

_EXPLAINED = "docs/sources/contract.md"


@dataclass(frozen=True)
class Draft:
    """The files of a new source by their paths in the project."""

    files: dict[str, str]
    notes: tuple[str, ...]


def draft_of(sample: Sample, source: str, entity: str) -> Draft:
    """The draft of a source with one entity."""
    columns = guesses(sample)
    unique = likely_key(sample, columns)
    key = unique or filled_columns(sample, columns) or [columns[0].name]
    staging = f"dbt_project/models/staging/{source}"
    notes = [f"{guess.header}: {note}" for guess in columns for note in guess.notes]
    if not unique:
        notes.append("no column tells the rows of the sample apart: choose the key")
    if any(guess.naive for guess in columns):
        notes.append("stamps have no offset: say in `time_zone` where their clock stands")
    if len(sample.encodings) > 1:
        notes.append(f"the text also fits {', '.join(sample.encodings[1:])}")
    return Draft(
        {
            f"pipelines/sources/{source}.yml": _contract(sample, source, entity, columns, key),
            f"{staging}/_{source}__sources.yml": _sources(source, entity),
            f"{staging}/stg_{source}__{entity}.sql": _staging(source, entity, columns, key),
        },
        tuple(notes),
    )


def _contract(
    sample: Sample, source: str, entity: str, columns: list[Guess], key: list[str]
) -> str:
    suffix = PurePosixPath(sample.name.lower().removesuffix(".gz")).suffix
    chinese = any("一" <= letter <= "鿿" for name in sample.header for letter in name)
    naive = any(guess.naive for guess in columns)
    lines = [
        f"# A draft from {sample.name}: read every line. {_EXPLAINED} explains the keys.",
        f"source: {source}",
        f"title: {{en: {_text(source)}, zh: {_text(source)}}}",
        f"time_zone: {'Asia/Shanghai' if naive and chinese else 'UTC'}",
        f"extensions: [{suffix}]",
    ]
    if sample.encodings and not sample.encodings[0].startswith(("utf-8", "utf-16", "utf-32")):
        lines.append(f"encodings: [utf-8, {sample.encodings[0]}]")
    nulls = null_texts(sample)
    if nulls:
        lines.append(f"nulls: {_text(nulls)}")
    lines += [
        "entities:",
        f"  {entity}:",
        f"    title: {_text(f'Rows of {sample.name}')}",
        f"    table: {_layout(sample)}",
        f"    key: [{', '.join(key)}]",
        "    columns:",
        *(f"      {guess.name}: {_column(guess, guess.name in key)}" for guess in columns),
    ]
    return "\n".join(lines) + "\n"


def _layout(sample: Sample) -> str:
    options: dict[str, Any] = {}
    if sample.delimiter != ",":
        options["delimiter"] = sample.delimiter
    if sample.header_row >= SEARCHED_ROWS - 1:
        options["search_rows"] = 2 * SEARCHED_ROWS
    if sample.sheet:
        options["sheets"] = [sample.sheet]
    return _flow(options)


def _column(guess: Guess, required: bool) -> str:
    options = dict(guess.options)
    if required:
        options["required"] = True
    if guess.header.lower() != guess.name:
        options["aliases"] = [guess.header]
    note = f"  # {'; '.join(guess.notes)}" if guess.notes else ""
    return f"{_flow(options)}{note}"


def _sources(source: str, entity: str) -> str:
    place = f"{{{{ var('raw_root') }}}}/{source}/{{name}}/*.parquet"
    return f"""version: 2

sources:
  - name: {source}
    description: >
      Exports as landed: one Parquet file per accepted file and entity, every declared column as
      text, load metadata in columns that begin with an underscore.
    schema: raw_{source}
    config:
      external_location: "read_parquet('{place}', union_by_name = true)"
    tables:
      - name: {entity}
        description: One row per landed version of a row of the export.
"""


def _staging(source: str, entity: str, columns: list[Guess], key: list[str]) -> str:
    chosen = ", ".join(repr(name) for name in key)
    read = "\n".join(f"        '{guess.name}'," for guess in columns)
    lands = ",\n".join(f"    {_expression(guess)}" for guess in columns)
    # A draft in a file, which nothing runs before a person has read it.
    return f"""with

source as (

    {{{{ newest_versions(source('{source}', '{entity}'), [{chosen}], [
{read}
    ]) }}}}

)

select
    '{source}' as source_system,
    _account_id as account_id,
{lands}
from source
"""  # noqa: S608


_CASTS = {
    "int": "bigint",
    "decimal": "double",
    "rate": "double",
    "date": "date",
}


def _expression(guess: Guess) -> str:
    kind, name = guess.options["type"], guess.name
    if kind == "timestamp":
        return f"{{{{ utc_timestamp('{name}') }}}} as {name}"
    if kind == "bool":
        return f"{name} = 'true' as {name}"
    if kind == "duration":
        return f"cast({name} as bigint) as {name.removesuffix('_s')}_seconds"
    return f"cast({name} as {_CASTS[kind]}) as {name}" if kind in _CASTS else name


def _flow(options: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {_text(value)}" for name, value in options.items()) + "}"


def _text(value: Any) -> str:
    """A value as YAML reads it: JSON, but for plain words."""
    if isinstance(value, str) and value.replace("_", "").isalnum() and value.isascii():
        return value if not value.isdecimal() else json.dumps(value)
    return json.dumps(value, ensure_ascii=False)
