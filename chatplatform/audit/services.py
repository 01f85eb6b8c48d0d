from typing import Any

from django.db import models

from chatplatform.audit.actors import Actor
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.requests import current_request_id


def record(
    *,
    tenant: models.Model,
    actor: Actor,
    action: str,
    target: models.Model | str,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one audit line in the caller's transaction.

    `action` is dotted: noun.verb. A model that has a public `name` is known by it, else by its key.
    """
    known_by = target if isinstance(target, str) else getattr(target, "name", None) or target.pk
    entry: AuditEntry = AuditEntry.objects.create(
        tenant=tenant,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label[:160],
        action=action,
        target_type=action.partition(".")[0],
        target_id=str(known_by),
        data=data or {},
        request_id=current_request_id(),
    )
    return entry
