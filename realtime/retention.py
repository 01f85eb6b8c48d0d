"""How long events can be replayed."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from realtime import log
from realtime.models import Log


def trim_logs(*, keep: timedelta | None = None, only: str | None = None) -> dict[str, int]:
    """Trim every log (or `only` one) to the last `keep` (default: REALTIME_RETENTION).

    Returns how many events went, by log.
    """
    before = timezone.now() - (settings.REALTIME_RETENTION if keep is None else keep)
    names = Log.objects.order_by("name").values_list("name", flat=True)
    return {name: log.trim(name, before=before) for name in names if only in (None, name)}
