"""What models are for, and what becomes of a call to one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Use(TextChoices):
    """What a provider may be asked."""

    ANSWERS = "answers", _("answers")
    EMBEDDINGS = "embeddings", _("embeddings (search by meaning)")


class Purpose(TextChoices):
    """Why a model is asked."""

    ANSWER = "answer", _("answer to a customer")
    SUMMARY = "summary", _("summary of a conversation")
    BRIEF = "brief", _("brief for an agent")
    COPILOT = "copilot", _("help for an agent")
    EVALUATION = "evaluation", _("evaluation")


class CallStatus(TextChoices):
    """What became of a call; every value but `OK` and `CANCELLED` sends us to the next provider."""

    OK = "ok", _("answered")
    REFUSED_KEY = "refused_key", _("the key was refused")
    BUSY = "busy", _("too many requests")
    REJECTED = "rejected", _("the request was rejected")
    SERVER_ERROR = "server_error", _("error of the server")
    UNREACHABLE = "unreachable", _("not reachable")
    SILENT = "silent", _("no word in time")
    BROKEN = "broken", _("broke off")
    EMPTY = "empty", _("empty or unreadable answer")
    CUT_SHORT = "cut_short", _("cut short by its length")
    FILTERED = "filtered", _("withheld by the content filter")
    OVERTIME = "overtime", _("took too long")
    FORBIDDEN = "forbidden", _("the address is not allowed")
    CANCELLED = "cancelled", _("no longer needed")
