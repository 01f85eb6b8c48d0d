"""Columns that are ciphertext in the database: Fernet, with keys that can be rotated.

settings.ENCRYPTION_KEYS: the first encrypts, all decrypt. The key derived from SECRET_KEY stands
behind them, so that an installation can begin with keys of its own on any day.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class WrongEncryptionKey(ImproperlyConfigured):
    """A stored secret was encrypted with none of our keys; the message says what to set."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where} can't be decrypted: add the key it was encrypted with to ENCRYPTION_KEYS "
            "(a value stored while that was empty needs the SECRET_KEY of its time)."
        )


def encrypt(text: str) -> str:
    """The text as a Fernet token, of the first key."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(token: str, *, where: str = "A secret") -> str:
    """The text in a token of any of our keys. Raises WrongEncryptionKey, which names `where`."""
    try:
        return _keys().decrypt(token).decode()
    except InvalidToken:
        raise WrongEncryptionKey(where) from None


def rotated(token: str, *, where: str = "A secret") -> str:
    """The same secret under the first key; the token itself if it is that already."""
    primary = _fernets(*_key_settings())[0]
    try:
        primary.decrypt(token)
    except InvalidToken:
        return primary.encrypt(decrypt(token, where=where).encode()).decode()
    return token


if TYPE_CHECKING:
    _Texts = models.TextField[str, str]
else:
    _Texts = models.TextField


class EncryptedTextField(_Texts):
    """A text that is ciphertext in the database; "" stays "".

    It can be asked for being null and for nothing else: each encryption of a text is another.
    """

    description = "Encrypted text"

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(
        self, value: str | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> str | None:
        where = f"{self.model._meta.label}.{self.name}"
        return decrypt(value, where=where) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


def _keys() -> MultiFernet:
    return MultiFernet(_fernets(*_key_settings()))


def _key_settings() -> tuple[tuple[str, ...], str]:
    return tuple(settings.ENCRYPTION_KEYS), settings.SECRET_KEY


@lru_cache(maxsize=4)
def _fernets(keys: tuple[str, ...], secret_key: str) -> list[Fernet]:
    derived = sha256(f"encrypted columns:{secret_key}".encode()).digest()
    return [Fernet(key) for key in (*keys, urlsafe_b64encode(derived).decode())]
