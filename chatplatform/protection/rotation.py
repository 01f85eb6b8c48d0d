"""Brings every stored secret under the first of the encryption keys."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

from chatplatform.kernel.scoping import all_tenants
from chatplatform.protection.encryption import EncryptedTextField, rotated


@dataclass
class Place(ABC):
    """Where secrets are kept, and how many of them were seen and changed so far."""

    seen: int = 0
    changed: int = 0

    @abstractmethod
    def __str__(self) -> str:
        """What people call it."""

    @abstractmethod
    def renew(self) -> Iterator[int]:
        """Row by row: how many of its secrets were encrypted anew. Raises WrongEncryptionKey."""


_others: list[type[Place]] = []


def rotate_also(place: type[Place]) -> None:
    """Register a place that is no EncryptedTextField; called from AppConfig.ready."""
    if place not in _others:
        _others.append(place)


def places() -> list[Place]:
    """Every place of the installation that keeps secrets."""
    return [*encrypted_columns(), *(place() for place in _others)]


def rotate(place: Place) -> Iterator[Place]:
    """Re-encrypt what another key encrypted, row by row; yields the place after each row.

    It can be stopped and run again at any time. Raises WrongEncryptionKey.
    """
    with all_tenants():
        for changed in place.renew():
            place.seen += 1
            place.changed += changed
            yield place


class Column(Place):
    """One encrypted column."""

    def __init__(self, field: EncryptedTextField) -> None:
        super().__init__()
        self.field = field

    def __str__(self) -> str:
        return f"{self.field.model._meta.label}.{self.field.name}"

    def renew(self) -> Iterator[int]:
        rows = self._ciphertexts().values_list("pk", "ciphertext")
        for pk, token in rows.iterator(chunk_size=500):
            fresh = rotated(token, where=f"{self} of row {pk}")
            yield 0 if fresh == token else self._replace(pk, token, fresh)

    def _replace(self, pk: object, token: str, fresh: str) -> int:
        """Only what was read: a secret that was changed meanwhile has the first key already."""
        untouched = self._ciphertexts().filter(pk=pk, ciphertext=token)
        value = models.Value(fresh, output_field=models.TextField())
        return untouched.update(**{self.field.attname: value})

    def _ciphertexts(self) -> models.QuerySet[models.Model]:
        stored = Cast(self.field.attname, models.TextField())
        rows = self.field.model._base_manager.annotate(ciphertext=stored)
        return rows.exclude(ciphertext="").exclude(ciphertext=None).order_by("pk")


def encrypted_columns(within: Iterable[type[models.Model]] | None = None) -> list[Column]:
    """Every encrypted column of the installation, or of these models."""
    return [
        Column(field)
        for model in within or apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
    ]
