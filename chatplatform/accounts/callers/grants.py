"""On what right a user's stream stays open: she may sign in, and her session has not ended."""

from django.contrib.sessions.models import Session
from django.db.models import BigIntegerField, CharField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from chatplatform.accounts.models import User, may_sign_in
from chatplatform.accounts.presence import sightings
from realtime.streams import Grant

KIND = "user"


def user_grant(user: User, session_key: str) -> Grant:
    """The right of this user, signed in with that session, as her company's rights are now."""
    version = user.tenant.access_version if user.tenant else 0
    return Grant(KIND, f"{user.pk}:{session_key}", version)


def still_hold(grants: set[Grant]) -> set[Grant]:
    """Those whose user may sign in, whose session lasts, and whose rights nobody touched since.

    One query for all of them. Whose stream is open is here: that is noted by the way.
    """
    parts = {grant: grant.key.partition(":") for grant in grants}
    users = _versions({int(user) for user, _, _ in parts.values()})
    sessions = _lasting({key for _, _, key in parts.values()})
    found = dict(users.union(sessions, all=True))
    held = {
        grant
        for grant, (user, _, key) in parts.items()
        if key in found and found.get(user) == grant.version
    }
    sightings.note(int(parts[grant][0]) for grant in held)
    return held


def _versions(users: set[int]) -> QuerySet[User, tuple[str, int]]:
    """The users among these who may sign in, with the version of their company's rights."""
    return (
        User.objects.filter(may_sign_in(), pk__in=users)
        .annotate(
            found=Cast("pk", CharField()), version=Coalesce("tenant__access_version", Value(0))
        )
        .values_list("found", "version")
    )


def _lasting(keys: set[str]) -> QuerySet[Session, tuple[str, int]]:
    """The sessions among these that have not ended, in the same shape."""
    return (
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
        .annotate(
            found=Cast("session_key", CharField()), version=Value(0, output_field=BigIntegerField())
        )
        .values_list("found", "version")
    )
