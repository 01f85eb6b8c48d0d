from django.db import transaction

from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.audit.changes import stored_values_of, values_of
from chatplatform.tenants.models import Position


@transaction.atomic
def save_position(*, position: Position, actor: Actor) -> Position:
    """Keep a new or changed position of its tenant."""
    action = "position.create" if position._state.adding else "position.change"
    before = stored_values_of(position)
    position.save()
    audit.record(
        tenant=position.tenant,
        actor=actor,
        action=action,
        target=position.code,
        before=before,
        after=values_of(position),
    )
    return position


@transaction.atomic
def delete_position(*, position: Position, actor: Actor) -> None:
    """Remove it; who held it holds none."""
    audit.record(
        tenant=position.tenant,
        actor=actor,
        action="position.delete",
        target=position.code,
        before=values_of(position),
    )
    position.delete()
