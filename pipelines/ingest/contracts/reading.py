"""Contracts out of YAML files; a mistake is an error that names the key and what may be meant."""

from __future__ import annotations

import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import yaml
from pydantic import ValidationError

from pipelines.errors import ExitCode, HelpmartError
from pipelines.ingest.contracts.columns import Part
from pipelines.ingest.contracts.entities import suggestion
from pipelines.ingest.contracts.sources import SourceContract

SOURCES_FOLDER = Path(__file__).resolve().parent.parent.parent / "sources"

# Ten times as quick where PyYAML was built with libyaml, and as safe.
_SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TRUTH_VALUE = "tag:yaml.org,2002:bool"


class _ContractLoader(_SAFE_LOADER):  # type: ignore[misc]
    """YAML in which only true and false are truth values, and no key comes twice.

    In YAML 1.1 the texts yes, no, on and off are truth values too; here they are texts of cells.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML looks the name up on the class
        first: [(tag, form) for tag, form in forms if tag != _TRUTH_VALUE or first in "tTfF"]
        for first, forms in _SAFE_LOADER.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.YAMLError(f"the key {key.value!r} comes twice{key.start_mark}")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


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
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_ContractLoader)  # noqa: S506
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
        remedy="correct the file; docs/sources/contract.md describes the keys of a contract",
        exit_code=ExitCode.SETUP_BROKEN,
    )


def _explained(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        place = ".".join(str(step) for step in problem["loc"])
        if problem["type"] == "extra_forbidden":
            *parents, key = problem["loc"]
            yield f"{place}: unknown key{suggestion(str(key), _keys_allowed_at(parents))}"
        else:
            yield f"{place}: {problem['msg']}"


def _keys_allowed_at(steps: list[int | str]) -> list[str]:
    """The keys of the piece of a contract that a validation location points into."""
    kind: Any = SourceContract
    for step in steps:
        if isinstance(kind, type) and issubclass(kind, Part):
            kind = _without_none(kind.model_fields[str(step)].annotation)
        else:
            kind = [choice for choice in get_args(kind) if choice is not Ellipsis][-1]
    return [field.alias or name for name, field in kind.model_fields.items()]


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        return next(choice for choice in get_args(annotation) if choice is not type(None))
    return annotation
