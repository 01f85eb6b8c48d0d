"""Brings every encrypted column under the first of the encryption keys."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

from chatplatform.kernel.scoping import all_tenants
from chatplatform.protection.encryption import EncryptedTextField, rotated


@dataclass
class Column:
    """One encrypted column, and how many of its secrets were seen and changed so far."""

    field: EncryptedTextField
    seen: int = 0
    changed: int = 0

    def __str__(self) -> str:
        return f"{self.field.model._meta.label}.{self.field.name}"


def encrypted_columns(within: Iterable[type[models.Model]] | None = None) -> list[Column]:
    """Every encrypted column of the installation, or of these models."""
    return [
        Column(field)
        for model in within or apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
    ]


def rotate(column: Column) -> Iterator[Column]:
    """Re-encrypt what another key encrypted, row by row; yields the column after each row.

    It can be stopped and run again at any time. Raises WrongEncryptionKey.
    """
    with all_tenants():
        rows = _ciphertexts(column).values_list("pk", "ciphertext")
        for pk, token in rows.iterator(chunk_size=500):
            column.seen += 1
            fresh = rotated(token, where=f"{column} of row {pk}")
            if fresh != token:
                column.changed += _replace(column, pk, token, fresh)
            yield column


def _replace(column: Column, pk: object, token: str, fresh: str) -> int:
    """Only what was read: a secret that was changed meanwhile has the first key already."""
    untouched = _ciphertexts(column).filter(pk=pk, ciphertext=token)
    value = models.Value(fresh, output_field=models.TextField())
    return untouched.update(**{column.field.attname: value})


def _ciphertexts(column: Column) -> models.QuerySet[models.Model]:
    stored = Cast(column.field.attname, models.TextField())
    rows = column.field.model._base_manager.annotate(ciphertext=stored)
    return rows.exclude(ciphertext="").exclude(ciphertext=None).order_by("pk")
