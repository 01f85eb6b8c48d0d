"""Why a customer was handed over, in a word: a row of the queue has room for no more."""

from django.utils.translation import gettext_lazy as _

WHY = {
    "asked": _("asked for you"),
    "model": _("AI's choice"),
    "unsure": _("no answer"),
    "failure": _("AI failed"),
    "timeout": _("AI too slow"),
    "turns": _("long talk"),
    "topic": _("sensitive"),
    "mood": _("upset"),
    "approval": _("approval"),
}
