"""What a supervisor reads of people, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from chatbot.conversations.models import Conversation
from chatbot.conversations.states import State
from chatplatform.accounts.models import User
from chatplatform.accounts.presence.models import Availability, online_since
from chatplatform.roles.models import Role


class Status(StrEnum):
    """What a person's dot says."""

    AVAILABLE = "available"
    AWAY = "away"
    OFFLINE = "offline"
    OFF = "off"

    @property
    def label(self) -> StrOrPromise:
        return _LABELS[self]


_LABELS = {
    Status.AVAILABLE: _("Available"),
    Status.AWAY: _("Away"),
    Status.OFFLINE: _("Offline"),
    Status.OFF: _("Switched off"),
}


@dataclass(frozen=True)
class Person:
    """A person as the list shows her; `serves` counts the conversations she has open."""

    user: User
    status: Status
    availability: Availability
    seen_at: datetime | None
    roles: tuple[Role, ...]
    serves: int


def people(reader: User) -> QuerySet[User]:
    """Those whom the reader may see, by name, with all that a Person needs: three queries."""
    roles = Role.objects.only("name", "tenant", "scope", "enabled", "group").order_by("name")
    found = User.objects.visible_to(reader).filter(tenant=reader.tenant_id)
    return (
        found.select_related("tenant", "department", "position", "presence")
        .prefetch_related(Prefetch("groups__role", queryset=roles))
        .annotate(shown_name=_shown_name(), serves=_serves())
        .order_by("shown_name", "username")
    )


def found_by(found: QuerySet[User], words: str) -> QuerySet[User]:
    """Those in whose names each of the words stands."""
    for word in words.split():
        found = found.filter(
            Q(display_name__icontains=word)
            | Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
        )
    return found


def of_department(found: QuerySet[User], code: str) -> QuerySet[User]:
    """Those in the department of that code; "none": in none."""
    if code == "none":
        return found.filter(department=None)
    return found.filter(department__code=code)


def with_status(found: QuerySet[User], status: Status) -> QuerySet[User]:
    """Those of whom `status_of` says so, as a condition."""
    here = Q(presence__seen_at__gt=online_since())
    if status is Status.OFF:
        return found.filter(is_active=False)
    if status is Status.OFFLINE:  # who never came has no presence at all
        gone = Q(presence__seen_at=None) | Q(presence__seen_at__lte=online_since())
        return found.filter(gone, is_active=True)
    return found.filter(here, presence__availability=status.value, is_active=True)


def person_of(user: User) -> Person:
    """A row of `people`; no further query."""
    presence = getattr(user, "presence", None)
    return Person(
        user=user,
        status=status_of(user),
        availability=Availability(presence.availability) if presence else Availability.AVAILABLE,
        seen_at=presence.seen_at if presence else None,
        roles=tuple(group.role for group in user.groups.all() if hasattr(group, "role")),
        serves=getattr(user, "serves", 0),
    )


def status_of(user: User) -> Status:
    """Switched off, not here, or what she says of herself."""
    presence = getattr(user, "presence", None)
    if not user.is_active:
        return Status.OFF
    if presence is None or presence.seen_at is None or presence.seen_at <= online_since():
        return Status.OFFLINE
    return Status(presence.availability)


def _shown_name() -> Coalesce:
    """What `User.public_name` begins with, to sort by."""
    return Coalesce(NullIf(F("display_name"), Value("")), F("username"))


def _serves() -> Coalesce:
    active = (
        Conversation.objects.filter(agent=OuterRef("pk"), state=State.ACTIVE)
        .order_by()
        .values("agent")
        .annotate(conversations=Count("pk"))
        .values("conversations")
    )
    return Coalesce(Subquery(active), Value(0))
