"""Secrets never get into history: neither by their field's name nor by its kind."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MASK = "••••••"

# Whole words of a field's name, so that `author` and `keyboard` are nobody's secret.
SECRET_WORDS = {
    *("password", "passwd", "passphrase", "secret", "token", "credential", "credentials"),
    *("authorization", "cookie", "signature", "otp", "totp", "pin", "hash", "digest"),
    *("private", "apikey"),
}
SECRET_PAIRS = ("api_key", "private_key", "secret_key", "access_key", "recovery_codes")
LONGEST = 10_000  # characters of one value; an article is longer than anyone reads in a table

_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+")


@dataclass(frozen=True)
class Secret:
    """A value that is compared and never shown, whatever its field is called."""

    value: Any = field(repr=False)


Mask = Callable[[str], str]
_masks: list[Mask] = []


def mask_by(mask: Mask) -> None:
    """Register what no text of history may show; called from AppConfig.ready."""
    _masks.append(mask)


def is_secret(name: str) -> bool:
    """Whether a field called so holds something nobody may read."""
    words = [word.lower() for word in _WORD.findall(name)]
    return not SECRET_WORDS.isdisjoint(words) or any(
        pair in "_".join(words) for pair in SECRET_PAIRS
    )


def masked(value: Any, name: str = "") -> Any:
    """The value as JSON, with every secret in it replaced and texts cut at LONGEST."""
    if isinstance(value, Secret):
        return MASK
    if is_secret(name):
        return MASK if value not in (None, "") else value
    if isinstance(value, dict):
        return {str(key): masked(part, str(key)) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(part) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    for mask in _masks:
        text = mask(text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… (+{len(text) - LONGEST})"
