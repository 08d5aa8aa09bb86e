"""SQL that tells whether a value is written so plainly that it lands as it stands.

Each check accepts a part of what the readers of `parsing.columns` accept, and only what they hand
on unchanged. Values come from `json_transform`, as text without their quotes: a number cannot be
told from a text of the same characters, so a check holds for both or for neither.
"""

from __future__ import annotations

from collections.abc import Iterable

LAST_EPOCH = 253_402_300_799  # 9999-12-31T23:59:59Z
_NUMBER = r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
_NO_NUMBER = "nan|inf|infinity"
_WORD = "[0-9A-Za-z_-]*[G-Zg-z_][0-9A-Za-z_-]*"
_UUID = "-".join(f"[0-9A-Fa-f]{{{{{width}}}}}" for width in (8, 4, 4, 4, 12))


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A column as SQL."""
    return '"' + text.replace('"', '""') + '"'


def is_one_of(value: str, texts: Iterable[str]) -> str:
    """Whether a value is one of some texts; DuckDB makes a join of a longer `in`."""
    return f"({' or '.join(f'{value} = {literal(text)}' for text in texts) or 'false'})"


def is_plain(column_type: str, value: str) -> str:
    """Whether the value lands as it stands; stamps and dates are looked at elsewhere.

    A branch of a `case` is evaluated for the rows that reach it only; `or` does not promise that.
    """
    if column_type not in _BRANCHES:
        return "true"
    branches = _BRANCHES[column_type].format(v=value, whole=is_whole(value))
    return f"(case when {value} is null then true {branches} end)"


def is_whole(value: str) -> str:
    """Whether a text is a whole number as both JSON and Python write it."""
    return f"(try_cast({value} as bigint)::varchar is not distinct from {value})"


# Between these bounds DuckDB and Python write a number with the same characters.
_DECIMAL = """(
    try_cast({v} as double)::varchar is not distinct from {v}
    and (abs(try_cast({v} as double)) between 0.0001 and 1e15 or {v} = '0.0')
)"""
_BRANCHES = {
    "id": f"""
        when {{whole}} then true
        when regexp_full_match({{v}}, '{_UUID}') then true
        when regexp_full_match({{v}}, '(?i)-*(true|false|{_NO_NUMBER})') then false
        else regexp_full_match({{v}}, '{_WORD}')
    """,
    "int": "else {whole}",
    "decimal": f"when {{whole}} then true else {_DECIMAL}",
    "text": f"""
        when {{v}} < '-' then true
        when {{v}} < ':' then
            case when regexp_full_match({{v}}, '{_NUMBER}') then {{whole}}
                else not regexp_full_match({{v}}, '-[A-Za-z]+') end
        when {{v}} >= '[' and {{v}} < ']' then false
        when {{v}} >= '{{{{' and {{v}} < '|' then false
        when strlen({{v}}) > 8 then true
        else not regexp_full_match({{v}}, '(?i){_NO_NUMBER}')
    """,
    "bool": "else {v} = 'true' or {v} = 'false'",
    "json": f"""
        when starts_with({{v}}, '"') or starts_with({{v}}, '{{{{') then true
        when starts_with({{v}}, '[') or {{v}} = 'true' or {{v}} = 'false' then true
        when {{whole}} then true
        else {_DECIMAL}
    """,
}


def json_text(token: str) -> str:
    """The text of a JSON token: without quotes, and nothing for null."""
    return f"""case
        when {token} = 'null' then null
        when not starts_with({token}, '"') then {token}
        when contains({token}, '\\') then json_extract_string({token}, '$')
        else trim({token}, '"')
    end"""


def is_nested(token: str) -> str:
    return f"""coalesce(starts_with({token}, '{{') or starts_with({token}, '['), false)"""


def is_plain_token(token: str) -> str:
    """Whether a JSON token is written as orjson writes it, and holds no keys."""
    return f"""(case
        when {token} is null or starts_with({token}, '"') then true
        when {is_one_of(token, ("null", "true", "false", "[]"))} then true
        else {is_whole(token)}
    end)"""


def odd_numbers(record: str) -> str:
    """Whether there may be numbers that DuckDB reads and JSON does not have, wherever they are."""
    return (
        f"regexp_matches({record}, '(?i)[:,\\[][ \\t\\r\\n]*[+-]?"
        "(?:[0-9.]+e[+-]?[0-9]{3}|(?:nan|inf|infinity)[ \\t\\r\\n]*[,}\\]])')"
    )


def fixed_width(stamp: str) -> str:
    """`parsing.columns.sortable_stamp` in SQL."""
    return f"case when strlen({stamp}) = 20 then replace({stamp}, 'Z', '.000000Z') else {stamp} end"


def epoch_stamp(seconds: str) -> str:
    """`parsing.columns.epoch_stamp` in SQL; nothing outside of the years that have one."""
    return (
        f"case when try_cast({seconds} as bigint) between 0 and {LAST_EPOCH} then strftime("
        f"make_timestamp(try_cast({seconds} as bigint) * 1000000), '%Y-%m-%dT%H:%M:%S.000000Z') end"
    )


def row_hash(values: list[str]) -> str:
    """`parsing.rows.hashed_text` and its MD5 in SQL, for values without control characters."""
    parts = ", ".join(f"coalesce({value}, chr(27) || 'n')" for value in values)
    return f"md5(concat_ws(chr(31), {parts}))"
