"""When a key was last used: noted in memory, written now and then, so that no request waits."""

from datetime import datetime, timedelta
from threading import Lock

from django.db.models import Q
from django.utils import timezone

from chatplatform.accounts.api_keys.models import ApiKey

EXACTNESS = timedelta(minutes=1)  # a key in use is written no more often, whatever calls it

_seen: dict[int, datetime] = {}
_lock = Lock()


def note(key: ApiKey) -> None:
    """The key was used just now."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at >= EXACTNESS:
        with _lock:
            _seen[key.pk] = now


def write() -> None:
    """Write what was noted; of several processes the first does."""
    with _lock:
        seen = dict(_seen)
        _seen.clear()
    for pk, at in seen.items():
        older = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - EXACTNESS)
        ApiKey._base_manager.filter(older, pk=pk).update(last_used_at=at)
