"""The vocabulary of this room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Speaker(TextChoices):
    """Whose text it is."""

    CUSTOMER = "customer", _("customer")
    AGENT = "agent", _("agent")
    AI = "ai", _("AI")


class Action(TextChoices):
    """What follows from a word: it is refused or hidden, or said and looked at later or now."""

    BLOCK = "block", _("refuse the message")
    MASK = "mask", _("hide the word")
    REVIEW = "review", _("look at it later")
    ALERT = "alert", _("alert supervisors")


class Verdict(TextChoices):
    """What a person found when she looked at a hit."""

    OPEN = "open", _("not looked at")
    CONFIRMED = "confirmed", _("confirmed")
    FALSE_ALARM = "false_alarm", _("false alarm")


HIDING = frozenset({Action.BLOCK, Action.MASK})
REVIEWED = frozenset({Action.REVIEW, Action.ALERT})
