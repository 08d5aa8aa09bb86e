"""One column of a contract: its type, its other names, and how its text is written.

Every option belongs to few types; a column that has one it cannot use is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

METADATA_COLUMNS = (
    "_extra",
    "_account_id",
    "_version_at",
    "_row_hash",
    "_file_id",
    "_record_no",
    "_extracted_at",
)

ColumnType = Literal[
    "id", "int", "decimal", "text", "bool", "timestamp", "date", "time", "duration", "rate", "json"
]

# Words that stand for a way of writing a moment, beside patterns of strptime.
FORMAT_WORDS = frozenset({"iso", "unix_s", "unix_ms", "excel_serial"})

# Options that only some types have.
_TYPES_WITH: dict[str, frozenset[str]] = {
    "unit": frozenset({"duration"}),
    "scale": frozenset({"rate"}),
    "max": frozenset({"rate"}),
    "formats": frozenset({"timestamp", "date", "time"}),
    "parts": frozenset({"timestamp"}),
    "past": frozenset({"timestamp", "int"}),
    "true": frozenset({"bool"}),
    "false": frozenset({"bool"}),
    "pseudonym": frozenset({"id", "text"}),
    "mask": frozenset({"id", "text"}),
}
_NEEDED = {"duration": "unit", "rate": "scale"}


class Part(BaseModel):
    """A piece of a contract: unknown keys are refused, nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def refuse_repeats(what: str, names: Iterable[str]) -> None:
    """Raise ValueError if a name comes twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what} {name!r} comes more than once")
        seen.add(name)


def _as_text(value: object) -> object:
    """A number or truth value that YAML read out of an unquoted text, as that text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error
    return text


def _value_pattern(text: str) -> str:
    if "value" not in re.compile(_pattern(text)).groupindex:
        raise ValueError(f"{text!r} has no group (?P<value>…) that says what the value is")
    return text


def _format(text: str) -> str:
    if text not in FORMAT_WORDS and "%" not in text:
        known = ", ".join(sorted(FORMAT_WORDS))
        raise ValueError(f"{text!r} is neither one of {known} nor a pattern such as %d/%m/%Y %H:%M")
    return text


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=63)]
CellText = Annotated[
    str,
    BeforeValidator(_as_text),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
Pattern = Annotated[str, AfterValidator(_pattern)]
ValuePattern = Annotated[str, AfterValidator(_value_pattern)]
Format = Annotated[str, AfterValidator(_format)]


class Alias(Part):
    """Another name of a column in exports. In YAML a bare name stands for `{name: it}`."""

    name: str = Field(min_length=1)
    occurrence: int = Field(default=1, ge=1, description="which column of that name, from the left")
    # `from` is a word of Python, so the field has another name than its key.
    valid_from: date | None = Field(
        default=None, alias="from", description="first report date on which it means this column"
    )
    until: date | None = Field(default=None, description="first report date on which it does not")

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value

    @property
    def is_dated(self) -> bool:
        """True if it holds for some report dates only."""
        return self.valid_from is not None or self.until is not None

    def holds_on(self, report_date: date | None) -> bool:
        """True if it means its column in a report of that date; an unknown date fits no limit."""
        if report_date is None:
            return not self.is_dated
        begun = self.valid_from is None or self.valid_from <= report_date
        return begun and (self.until is None or report_date < self.until)


class Column(Part):
    """One column of an entity. In YAML a bare type name stands for `{type: name}`."""

    type: ColumnType
    required: bool = False
    pii: bool = False
    past: bool = Field(default=False, description="a stamp that cannot lie after the file came")
    aliases: tuple[Alias, ...] = Field(
        default=(), description="other names; in JSON read when the column's own key is absent"
    )
    nulls: tuple[CellText, ...] = Field(default=(), description="more texts that mean no value")
    formats: tuple[Format, ...] = Field(
        default=(), description="ways of writing a date or time; one must fit, no other is tried"
    )
    parts: tuple[str, ...] = Field(
        default=(), description="headers or keys joined with a blank before they are read"
    )
    unit: Literal["s", "min", "h", "ms", "text"] | None = Field(
        default=None, description="of a bare number in a duration; text: it must say its unit"
    )
    scale: Literal["percent", "fraction"] | None = Field(
        default=None, description="of a bare number in a rate"
    )
    max: Decimal | None = Field(default=None, gt=0, description="most that a rate may be, if not 1")
    true: tuple[CellText, ...] = Field(default=(), description="texts that mean true")
    false: tuple[CellText, ...] = Field(default=(), description="texts that mean false")
    pseudonym: Name | None = Field(
        default=None, description="namespace under which a keyed hash lands instead of the value"
    )
    pseudonym_when: Pattern | None = Field(
        default=None, description="only values that this pattern matches get a pseudonym"
    )
    mask: Pattern | None = Field(
        default=None, description="pieces of the text that match this pattern land as *"
    )
    from_name: ValuePattern | None = Field(
        default=None, description="tables: taken from the file's name if the column is absent"
    )
    from_sheet: bool = Field(
        default=False, description="tables: the sheet's name if the column is absent"
    )
    from_title: ValuePattern | None = Field(
        default=None, description="tables: taken from the rows above the header if absent"
    )

    @model_validator(mode="before")
    @classmethod
    def _written_short(cls, value: object) -> object:
        if isinstance(value, str):
            return {"type": value}
        if isinstance(value, dict):
            # YAML reads the keys `true:` and `false:` as truth values.
            return {str(k).lower() if isinstance(k, bool) else k: v for k, v in value.items()}
        return value

    @model_validator(mode="after")
    def _has_options_of_its_type(self) -> Self:
        for option, types in _TYPES_WITH.items():
            if getattr(self, option) and self.type not in types:
                known = " or ".join(sorted(types))
                raise ValueError(f"`{option}` is for {known}, this column is {self.type}")
        needed = _NEEDED.get(self.type)
        if needed and getattr(self, needed) is None:
            raise ValueError(f"a {self.type} needs `{needed}`")
        if sum([bool(self.from_name), self.from_sheet, bool(self.from_title)]) > 1:
            raise ValueError("only one of from_name, from_sheet and from_title can be its source")
        if self.pseudonym_when and not self.pseudonym:
            raise ValueError("`pseudonym_when` limits a `pseudonym`, and there is none")
        self._check_formats()
        refuse_repeats("the truth value", [*self.true, *self.false])
        return self

    def _check_formats(self) -> None:
        if self.type == "time" and FORMAT_WORDS.intersection(self.formats):
            raise ValueError("the formats of a time of day are patterns such as %H:%M")
        if len(self.parts) == 1:
            raise ValueError("`parts` joins two columns or more")

    @property
    def alias_names(self) -> tuple[str, ...]:
        """The names of its aliases, as JSON keys are compared with them."""
        return tuple(alias.name for alias in self.aliases)

    @property
    def is_given_elsewhere(self) -> bool:
        """True if a table may lack it, since the file's name, sheet or title has the value."""
        return bool(self.from_name or self.from_sheet or self.from_title)
