"""The secrets of second factors: ciphertext inside a library's JSON, for the rotation of keys."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from chatplatform.protection.encryption import rotated
from chatplatform.protection.rotation import Place

KEYS = ("secret", "seed")  # of an app's codes; of recovery codes


class FactorSecrets(Place):
    """Of every app and every set of recovery codes; a security key has only a public half here."""

    def __str__(self) -> str:
        return "Second factors"

    def renew(self) -> Iterator[int]:
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
        rows = Authenticator.objects.filter(type__in=kinds).order_by("pk")
        for pk in rows.values_list("pk", flat=True).iterator(chunk_size=500):
            yield self._renew(pk)

    @transaction.atomic
    def _renew(self, pk: int) -> int:
        """Locked while it is read and written: a recovery code may be used up meanwhile."""
        factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
        if factor is None:  # removed meanwhile
            return 0
        fresh = _fresh(factor.data, where=f"{self}, row {pk}")
        if fresh == factor.data:
            return 0
        factor.data = fresh
        factor.save(update_fields=["data"])
        return 1


def _fresh(data: dict[str, Any], *, where: str) -> dict[str, Any]:
    return {
        key: rotated(value, where=where) if key in KEYS else value for key, value in data.items()
    }
