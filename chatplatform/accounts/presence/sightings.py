"""Who is connected to this process: noted in memory by every look at the open streams' rights,
written with one UPDATE now and then."""

from collections.abc import Iterable
from threading import Lock

from django.utils import timezone

from chatplatform.accounts.models import User
from chatplatform.accounts.presence.models import Presence

EVERY = 10.0  # s between two writes

_seen: set[int] = set()
_lock = Lock()


def note(users: Iterable[int]) -> None:
    """These users' streams are open just now."""
    with _lock:
        _seen.update(users)


def write() -> None:
    """Write who was noted since the last time. One UPDATE; whoever is seen first gets a row."""
    with _lock:
        seen = set(_seen)
        _seen.clear()
    if not seen:
        return
    now = timezone.now()
    known = Presence._base_manager.filter(user__in=seen)
    if known.update(seen_at=now) < len(seen):
        _begin(seen - set(known.values_list("user", flat=True)))
        known.filter(seen_at=None).update(seen_at=now)


def _begin(users: set[int]) -> None:
    """Operators have no company in which anybody would look for them."""
    people = User.objects.filter(pk__in=users, tenant__isnull=False)
    rows = [
        Presence(user_id=pk, tenant_id=tenant) for pk, tenant in people.values_list("pk", "tenant")
    ]
    Presence._base_manager.bulk_create(rows, ignore_conflicts=True)
