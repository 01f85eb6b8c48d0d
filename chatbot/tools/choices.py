"""What a tool may be and what may become of a call."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """Where a server's tools run."""

    BUILTIN = "builtin", _("Built in")
    HTTP_API = "http_api", _("HTTP API")
    MCP = "mcp", _("MCP server")


class Auth(TextChoices):
    """How we show the server who we are."""

    NONE = "none", _("nothing")
    BEARER = "bearer", _("bearer token")
    HEADER = "header", _("header of its own")


class Health(TextChoices):
    """What the last look at a server showed."""

    UNKNOWN = "unknown", _("not looked at yet")
    WELL = "well", _("well")
    FAILING = "failing", _("failing")


class Risk(TextChoices):
    """What a call may cost: nothing, a change the customer confirms, or money."""

    READ = "read", _("reads")
    WRITE = "write", _("writes: the customer confirms")
    MONEY = "money", _("money: an agent approves")


class Audience(TextChoices):
    """For whom the assistant may use a tool."""

    ANYONE = "anyone", _("every customer")
    KNOWN = "known", _("customers whose e-mail address is known")
    AGENTS = "agents", _("agents only")


class CallStatus(TextChoices):
    """The life of a call."""

    AWAITING_CONFIRMATION = "awaiting_confirmation", _("waits for the customer")
    AWAITING_APPROVAL = "awaiting_approval", _("waits for approval")
    QUEUED = "queued", _("about to run")
    RUNNING = "running", _("running")
    OK = "ok", _("done")
    FAILED = "failed", _("failed")
    REFUSED = "refused", _("refused")
    BAD_ARGUMENTS = "bad_arguments", _("wrong arguments")
    DECLINED = "declined", _("declined by the customer")
    REJECTED = "rejected", _("rejected")
    EXPIRED = "expired", _("nobody decided in time")
    UNCERTAIN = "uncertain", _("uncertain: look whether it happened")


AWAITING = (CallStatus.AWAITING_CONFIRMATION, CallStatus.AWAITING_APPROVAL)
OPEN = (*AWAITING, CallStatus.QUEUED, CallStatus.RUNNING)
