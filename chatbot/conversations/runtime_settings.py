from django.utils.translation import gettext_lazy as _

from chatbot.conversations.bodies import TEXT_LIMIT
from chatplatform.configuration.registry import RuntimeSettings, setting


class ConversationSettings(RuntimeSettings):
    name = "conversations"
    title = _("Conversations")
    description = _("How long a customer waits for a person is set with the tenant itself.")

    reopening_hours: int = setting(
        24,
        ge=0,
        le=720,
        by_tenant=True,
        title=_("Reopening (hours)"),
        description=_(
            "A customer who writes again so soon after the end goes on where she was; later she "
            "starts a new conversation."
        ),
    )
    longest_message: int = setting(
        TEXT_LIMIT,
        ge=100,
        le=TEXT_LIMIT,
        by_tenant=True,
        title=_("Longest message of a customer (characters)"),
    )
    announces_typing: bool = setting(
        True,
        by_tenant=True,
        title=_("Show who is writing"),
        description=_("Customers and agents see that the other one is writing right now."),
    )
