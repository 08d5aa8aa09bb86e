"""The people who get reports by mail, from the installation's `recipients.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from pipelines.errors import ExitCode, HelpmartError
from pipelines.reports.files import Format
from pipelines.reports.periods import Kind
from pipelines.reports.scope import Grain, Scope
from pipelines.transform.semantic import Language

Address = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+$")]

Role = Literal["executive", "shop", "team", "agent"]
GRAINS: dict[Role, Grain] = {
    "executive": "total",
    "shop": "shop",
    "team": "team",
    "agent": "agent",
}


class Recipient(BaseModel):
    """One address, and whose rows it may read: executives all, others those of `member`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: Address
    role: Role
    member: str = ""
    language: Language = "en"
    reports: tuple[Kind, ...] = Field(default=("monthly",), min_length=1)
    formats: tuple[Format, ...] = Field(default=("pdf",), min_length=1)

    @model_validator(mode="after")
    def _member_fits_role(self) -> Self:
        if (self.role == "executive") == bool(self.member):
            raise ValueError("a shop, team or agent needs a member, an executive has none")
        return self

    @property
    def scope(self) -> Scope:
        return Scope() if self.role == "executive" else Scope(GRAINS[self.role], self.member)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    recipients: tuple[Recipient, ...]


def load_recipients(path: Path) -> tuple[Recipient, ...]:
    """Everybody in the file; nobody where there is none.

    Raises:
        HelpmartError: It is no YAML, or an entry lacks something; nobody gets a mail then.
    """
    if not path.is_file():
        return ()
    try:
        found = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        place, why = _first_fault(error)
        raise HelpmartError(
            what="the list of recipients can't be used; no report is sent",
            where=f"{path}{place}",
            why=why,
            remedy="docs/reports.md shows an entry of each role",
            exit_code=ExitCode.USAGE,
        ) from error
    return tuple(dict.fromkeys(found.recipients))


def _first_fault(error: yaml.YAMLError | ValidationError) -> tuple[str, str]:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return ", " + ".".join(str(part) for part in first["loc"]), first["msg"]
    return "", str(error).splitlines()[0]
