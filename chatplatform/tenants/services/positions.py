from django.db import transaction

from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.tenants.models import Position


@transaction.atomic
def save_position(*, position: Position, actor: Actor) -> Position:
    """Keep a new or changed position of its tenant."""
    verb = "create" if position._state.adding else "change"
    position.save()
    _record(position, verb, actor)
    return position


@transaction.atomic
def delete_position(*, position: Position, actor: Actor) -> None:
    """Remove it; who held it holds none."""
    _record(position, "delete", actor)
    position.delete()


def _record(position: Position, verb: str, actor: Actor) -> None:
    audit.record(
        tenant=position.tenant,
        actor=actor,
        action=f"position.{verb}",
        target=position.code,
        data={"name": position.name, "rank": position.rank},
    )
