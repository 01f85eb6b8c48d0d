"""An agent says whether she takes work. Who is away still sees the queue."""

from django.db import transaction

from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.callers.narrowing import refuse_keys
from chatplatform.accounts.events import AvailabilityChange, audience
from chatplatform.accounts.models import User
from chatplatform.accounts.presence.models import Availability, Presence
from chatplatform.audit import services as audit
from chatplatform.kernel.errors import PermissionRefused
from realtime import publish


def availability_of(user: User) -> Availability:
    """What she says of herself; who never said anything is available. One query at most."""
    presence: Presence | None = getattr(user, "presence", None)
    return Availability(presence.availability) if presence else Availability.AVAILABLE


@transaction.atomic
def choose_availability(*, user: User, availability: Availability) -> bool:
    """Remember it, and tell her other tabs and those who look at her. False: it was so already.

    PermissionRefused for operators and for API keys: it is her own to say.
    """
    refuse_keys(user)
    if user.tenant is None:
        raise PermissionRefused
    Presence.objects.get_or_create(user=user, defaults={"tenant": user.tenant})
    other = Presence.objects.filter(user=user).exclude(availability=availability)
    before = other.values_list("availability", flat=True).first()
    if not other.update(availability=availability):
        return False
    audit.record(
        tenant=user.tenant,
        actor=actor_of(user),
        action="user.availability",
        target=user.username,
        before={"availability": before},
        after={"availability": availability.value},
    )
    publish.event(
        AvailabilityChange(
            user=user.username, name=user.public_name, availability=availability.value
        ),
        to=audience(user),
        source="agent_workbench",
        log=user.tenant.slug,
    )
    return True
