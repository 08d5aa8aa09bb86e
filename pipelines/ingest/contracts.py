"""What a source's export looks like, read from `pipelines/sources/*.yml` and checked strictly.

What belongs here: the shape of a contract and its consistency. What does not: reading exports.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import ZoneName

SOURCES_FOLDER = Path(__file__).resolve().parent.parent / "sources"

# Ten times as quick where PyYAML was built with libyaml, and as safe.
_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

METADATA_COLUMNS = (
    "_extra",
    "_account_id",
    "_version_at",
    "_row_hash",
    "_file_id",
    "_record_no",
    "_extracted_at",
)

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=63)]
ColumnType = Literal["id", "int", "decimal", "text", "bool", "timestamp", "date", "json"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Part):
    """One column of an entity. In YAML a bare type name stands for `{type: name}`."""

    type: ColumnType
    required: bool = False
    pii: bool = False
    past: bool = Field(default=False, description="a stamp that cannot lie after the file came")
    aliases: tuple[str, ...] = Field(default=(), description="read when the column's key is absent")

    @model_validator(mode="before")
    @classmethod
    def _from_type_name(cls, value: object) -> object:
        return {"type": value} if isinstance(value, str) else value


class Child(_Part):
    """Records nested in a parent record, landed as rows of an entity of their own."""

    entity: Name
    link: dict[Name, Name] = Field(description="column of the child: column of the parent")
    position: Name | None = Field(default=None, description="column for the 1-based place in it")


class ChangedField(_Part):
    """How to read a change written as `{"status": "open", "previous_value": "new"}`."""

    name: Name
    value: Name
    when: dict[Name, tuple[str, ...]] = Field(description="only where a column has such a value")
    not_fields: tuple[str, ...] = ()


class PersonalData(_Part):
    """Columns that land only for records for which a column has one of the given values."""

    columns: tuple[Name, ...]
    kept_when: dict[Name, tuple[str, ...]]


class Entity(_Part):
    """One kind of record: how to find it in a file, and the columns it lands with."""

    title: str = Field(min_length=1)
    wrappers: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    files: tuple[str, ...] = Field(default=(), description="names of files of unwrapped records")
    key: tuple[Name, ...] = Field(min_length=1)
    version: tuple[Name, ...] = ()
    cadence: Literal["hourly", "daily", "weekly", "on_change"] = "daily"
    columns: dict[Name, Column] = Field(min_length=1)
    children: dict[str, Child] = Field(default_factory=dict)
    inherit: tuple[Name, ...] = Field(default=(), description="columns taken from the page")
    never_land: tuple[str, ...] = ()
    redact_keys: tuple[str, ...] = Field(default=(), description="removed inside nested values")
    personal: PersonalData | None = None
    changed_field: ChangedField | None = None

    @model_validator(mode="after")
    def _names_declared_columns(self) -> Self:
        named = [*self.key, *self.version, *self.inherit]
        if self.personal:
            named += [*self.personal.columns, *self.personal.kept_when]
        if self.changed_field:
            named += [self.changed_field.name, self.changed_field.value, *self.changed_field.when]
        for child in self.children.values():
            named += child.link.values()
        for name in named:
            if name not in self.columns:
                raise ValueError(f"{name!r} is no column of it{_suggestion(name, self.columns)}")
        return self

    @property
    def required(self) -> frozenset[str]:
        """Columns without which a record is quarantined: the declared ones and the key."""
        declared = {name for name, column in self.columns.items() if column.required}
        return frozenset(declared | set(self.key))


class SourceContract(_Part):
    """Everything ingest knows about one source."""

    source: Name
    title: dict[Literal["en", "zh"], str]
    time_zone: ZoneName
    extensions: tuple[str, ...] = Field(min_length=1)
    ignored_collections: tuple[str, ...] = ()
    entities: dict[Name, Entity] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for name, entity in self.entities.items():
            for child in entity.children.values():
                self._check_child(name, child)
        _refuse_repeats("wrapper", [w for e in self.entities.values() for w in e.wrappers])
        _refuse_repeats("collection", [c for e in self.entities.values() for c in e.collections])
        return self

    def _check_child(self, parent: str, child: Child) -> None:
        if child.entity not in self.entities:
            hint = _suggestion(child.entity, self.entities)
            raise ValueError(f"child {child.entity!r} of {parent} is no entity{hint}")
        columns = self.entities[child.entity].columns
        for name in [*child.link, *([child.position] if child.position else [])]:
            if name not in columns:
                hint = _suggestion(name, columns)
                raise ValueError(f"{name!r} is no column of {child.entity}{hint}")

    @cached_property
    def wrappers(self) -> dict[str, str]:
        """Entity by the key that wraps one record of it."""
        return {w: name for name, entity in self.entities.items() for w in entity.wrappers}

    @cached_property
    def collections(self) -> dict[str, str]:
        """Entity by the key that holds a list of its records."""
        return {c: name for name, entity in self.entities.items() for c in entity.collections}


def load_contracts(folder: Path = SOURCES_FOLDER) -> dict[str, SourceContract]:
    """The contracts of all sources by name, in the order of their file names."""
    contracts: dict[str, SourceContract] = {}
    for path in sorted(folder.glob("*.yml")):
        contract = read_contract(path)
        if contract.source != path.stem:
            raise HelpmartError(
                f"The contract of source {contract.source!r} has another name than its file",
                where=str(path),
                why="a contract is found by its file name",
                remedy=f"rename the file to {contract.source}.yml or change `source:`",
                exit_code=ExitCode.SETUP_BROKEN,
            )
        contracts[contract.source] = contract
    return contracts


def read_contract(path: Path) -> SourceContract:
    """One contract; a mistake in it is an error that names the key and what may be meant."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_YAML_LOADER)  # noqa: S506
        return SourceContract.model_validate(document)
    except yaml.YAMLError as error:
        raise _broken(path, str(error)) from error
    except ValidationError as error:
        raise _broken(path, "; ".join(_explained(error))) from error


def _broken(path: Path, why: str) -> HelpmartError:
    return HelpmartError(
        "A source's contract cannot be used",
        where=str(path),
        why=why,
        remedy="correct the file; docs/sources/ describes the keys of a contract",
        exit_code=ExitCode.SETUP_BROKEN,
    )


def _explained(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        place = ".".join(str(step) for step in problem["loc"])
        if problem["type"] == "extra_forbidden":
            key = str(problem["loc"][-1])
            hint = _suggestion(key, _keys_allowed_at(problem["loc"][:-1]))
            yield f"{place}: unknown key{hint}"
        else:
            yield f"{place}: {problem['msg']}"


def _keys_allowed_at(location: tuple[int | str, ...]) -> Mapping[str, Any]:
    """The field names of the model that a validation location points into."""
    by_parent: dict[str, type[_Part]] = {
        "entities": Entity,
        "columns": Column,
        "children": Child,
    }
    steps = [str(step) for step in location]
    if steps and steps[-1] == "personal":
        return PersonalData.model_fields
    if steps and steps[-1] == "changed_field":
        return ChangedField.model_fields
    model = by_parent.get(steps[-2], SourceContract) if len(steps) > 1 else SourceContract
    return model.model_fields


def _suggestion(name: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f", did you mean {close[0]!r}?" if close else ""


def _refuse_repeats(what: str, names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"{what} {repeated[0]!r} belongs to more than one entity")
