"""Keyed hashes in place of what names a person: equal for equal people, and no way back.

Whoever has the key can still test a guess, so the key stays in the secrets folder.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

KEY_BYTES = 32
SHOWN_CHARACTERS = 32
SEPARATOR = "\x1f"
KEY_FILE = "pseudonym.key"
_PHONE = re.compile(r"[+(]?[\d(][\d\s().+-]{5,}\d")


def pseudonymiser(key: bytes, namespace: str) -> Callable[[str], str]:
    """A function from a value to its 32 hexadecimal digits in a namespace."""
    begun = hmac.new(key, f"{namespace}{SEPARATOR}".encode(), hashlib.sha256)

    def pseudonym(value: str) -> str:
        digest = begun.copy()
        digest.update(normalised(value).encode())
        return digest.hexdigest()[:SHOWN_CHARACTERS]

    return pseudonym


def normalised(value: str) -> str:
    """A login, address or number in the form in which it is compared: forms, capitals, blanks.

    Signs inside a telephone number go, and the zeros or plus before a country's number.
    """
    text = unicodedata.normalize("NFKC", value).strip().casefold()
    if _PHONE.fullmatch(text) and not text.isdecimal():
        digits = re.sub(r"\D", "", text)
        return digits.removeprefix("00") if text[0] in "+0(" else digits
    return text


def installation_key(folder: Path) -> bytes:
    """The key of an installation, made when it is first asked for; readable by its owner only."""
    path = folder / KEY_FILE
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / f".{KEY_FILE}.{secrets.token_hex(8)}"
    if not path.exists():
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as writing:
                writing.write(secrets.token_hex(KEY_BYTES) + "\n")
                writing.flush()
                os.fsync(writing.fileno())
            # A link does not replace a key that another process made in the meantime.
            with suppress(FileExistsError):
                os.link(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
    return bytes.fromhex(path.read_text(encoding="ascii"))
