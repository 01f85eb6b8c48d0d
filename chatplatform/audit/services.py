from collections.abc import Mapping
from typing import Any

from django.db import models

from chatplatform.audit.actors import Actor
from chatplatform.audit.changes import differences
from chatplatform.audit.masking import masked
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.requests import (
    current_api_key,
    current_client_address,
    current_request_id,
)


def record(
    *,
    tenant: models.Model | None,
    actor: Actor,
    action: str,
    target: models.Model | str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one audit line in the caller's transaction: one INSERT.

    `action` is dotted: noun.verb. A model that has a public `name` is known by it, else by its key.
    Of `before` and `after` (fields by name, see changes.py) the line keeps what differs; secrets
    are masked there and in `data`. No tenant: it happened to the installation.
    """
    known_by = target if isinstance(target, str) else getattr(target, "name", None) or target.pk
    was, now = differences(dict(before or {}), dict(after or {}))
    key = current_api_key()
    entry: AuditEntry = AuditEntry.objects.create(
        tenant=tenant,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label[:160],
        action=action,
        target_type=action.partition(".")[0],
        target_id=str(known_by)[:64],
        before=was,
        after=now,
        data={**masked(data or {}), **({"by_key": key} if key else {})},
        address=current_client_address()[:45],
        request_id=current_request_id(),
    )
    return entry


def record_export(*, tenant: models.Model | None, actor: Actor, filters: dict[str, str]) -> None:
    """Somebody took history away as a file; `filters` say which part of it."""
    target = getattr(tenant, "slug", "") or "installation"
    data = {"filters": filters} if filters else None
    record(tenant=tenant, actor=actor, action="audit.export", target=target, data=data)
