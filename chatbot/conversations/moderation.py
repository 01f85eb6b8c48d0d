"""Where what people say meets what may be said: every text of a conversation goes through here."""

from collections.abc import Sequence

from chatbot.conversations.authors import Author
from chatbot.conversations.models import AuthorKind, Conversation, Message
from chatbot.moderation import services
from chatbot.moderation.screening import Screening, Speaker, screen
from chatbot.moderation.services import Alert
from chatplatform.tenants.models import Tenant

_SPEAKERS = {
    AuthorKind.CUSTOMER: Speaker.CUSTOMER,
    AuthorKind.AGENT: Speaker.AGENT,
    AuthorKind.AI: Speaker.AI,
}


def screened(tenant: Tenant, text: str, author: Author) -> Screening:
    """What may be kept of what she says; the platform's own sentences are not looked at."""
    speaker = _SPEAKERS.get(author.kind)
    return screen(tenant, text, speaker) if speaker and text else Screening(text, text)


def keep_findings(
    conversation: Conversation, screening: Screening, author: Author, message: Message | None = None
) -> Sequence[Alert]:
    """With what is stored, in its transaction; the alerts are for `announce_alerts`, at its end."""
    if screening.is_clean:
        return ()
    speaker = _SPEAKERS[author.kind]
    return services.keep_findings(
        conversation=conversation, screening=screening, speaker=speaker, message=message
    )


def keep_refused(conversation: Conversation, screening: Screening, author: Author) -> None:
    """That somebody wanted to say it, though it was not stored."""
    speaker = _SPEAKERS[author.kind]
    services.keep_refused(
        conversation=conversation, screening=screening, speaker=speaker, actor=author.actor
    )


announce_alerts = services.announce_alerts
