from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import RuntimeSettings, setting
from chatplatform.protection.throttling import PER_MINUTE, Rule

_MOST = 1_000_000


class ThrottleSettings(RuntimeSettings):
    name = "throttles"
    title = _("Throttles")
    description = _(
        "How much is let in a minute. After a pause, three minutes' worth may come at once. Every "
        "process counts for itself."
    )

    requests: int = setting(
        PER_MINUTE[Rule.REQUESTS], ge=1, le=_MOST, title=_("Pages and API calls of an address")
    )
    new_sessions: int = setting(
        PER_MINUTE[Rule.NEW_SESSIONS],
        ge=1,
        le=_MOST,
        title=_("Chats begun by an address"),
        description=_("An office or a school shares one address."),
    )
    messages: int = setting(
        PER_MINUTE[Rule.MESSAGES], ge=1, le=_MOST, title=_("Messages of a customer")
    )
    frames: int = setting(
        PER_MINUTE[Rule.FRAMES],
        ge=1,
        le=_MOST,
        title=_("WebSocket frames of a customer"),
        description=_("Her messages, and the signs that she is writing."),
    )
    streams: int = setting(
        PER_MINUTE[Rule.STREAMS],
        ge=1,
        le=_MOST,
        title=_("Streams and sockets opened by an address"),
        description=_("After a restart all come back at once."),
    )
    calls: int = setting(
        PER_MINUTE[Rule.CALLS], ge=1, le=_MOST, title=_("API calls of one of our people")
    )
    drafts: int = setting(
        PER_MINUTE[Rule.DRAFTS],
        ge=1,
        le=_MOST,
        title=_("Drafts that one of our people asks the copilot for"),
        description=_("Each costs a model's tokens."),
    )
