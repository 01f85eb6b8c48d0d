"""What a plan limits, and how it is counted."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Metric(models.TextChoices):
    """What is counted per tenant; `STORAGE` in bytes, `REQUESTS_PER_MINUTE` as a rate."""

    SEATS = "seats", _("seats")
    AI_MESSAGES = "ai_messages", _("AI answers a month")
    AI_TOKENS = "ai_tokens", _("AI tokens a month")
    DOCUMENTS = "documents", _("documents")
    STORAGE = "storage", _("storage (bytes)")
    REQUESTS_PER_MINUTE = "requests_per_minute", _("requests a minute")


MONTHLY = frozenset({Metric.AI_MESSAGES, Metric.AI_TOKENS})
RATES = frozenset({Metric.REQUESTS_PER_MINUTE})  # kept in memory by whoever throttles, not counted
COUNTED = tuple(metric for metric in Metric if metric not in RATES)
