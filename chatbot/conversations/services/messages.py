"""What is said: one door for the customer, the AI and the agent."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone, translation

from chatbot.conversations import announcements, moderation, selectors
from chatbot.conversations.authors import Author
from chatbot.conversations.bodies import TEXT_LIMIT, check_length, checked_client_id, checked_text
from chatbot.conversations.models import AuthorKind, Conversation, Message
from chatbot.conversations.runtime_settings import ConversationSettings
from chatbot.conversations.services.sessions import reopen
from chatbot.conversations.states import State
from chatbot.conversations.transitions import StateConflict
from chatbot.moderation.screening import TextBlocked
from chatplatform.audit import services as audit
from chatplatform.configuration.selectors import current
from chatplatform.kernel.errors import InvalidInput

# Sent inside the transaction with message= and conversation=; what a receiver writes commits along.
message_posted = Signal()


@dataclass(frozen=True)
class PostedMessage:
    """`created` is False when the same `client_id` had been posted before."""

    message: Message
    created: bool


def post_message(
    *,
    conversation: Conversation,
    author: Author,
    text: str,
    client_id: str = "",
    data: dict[str, Any] | None = None,
    expected_version: int | None = None,
) -> PostedMessage:
    """Say something in a conversation; the text is kept as given, but for what moderation hides.

    The customer may always speak (a recently closed conversation reopens, an older one raises
    SessionClosed), the agent while she has it, the AI while it has it at `expected_version`;
    StateConflict otherwise. InvalidInput for a text of other than 1 to 10,000 characters, or of
    more than the tenant takes from customers; TextBlocked for words that are not said here.
    """
    words = {"text": checked_text(text), "client_id": checked_client_id(client_id)}
    try:
        message = _post(conversation, author, expected_version, {**words, "data": data or {}})
    except (IntegrityError, InvalidInput, StateConflict) as refusal:
        known = _posted_before(conversation, author, words["client_id"])
        if known is not None:
            return PostedMessage(known, created=False)
        if isinstance(refusal, TextBlocked):
            moderation.keep_refused(conversation, refusal.screening, author)
        raise
    return PostedMessage(message, created=True)


def announce_typing(*, conversation: Conversation, author: Author) -> None:
    """Tell the others that somebody is typing; an agent only where she serves (StateConflict)."""
    if author.kind == AuthorKind.AGENT and not _serves(conversation, author):
        raise StateConflict(conversation)
    if author.kind == AuthorKind.AI or _settings(conversation).announces_typing:
        announcements.announce_typing(conversation, author)


def _settings(conversation: Conversation) -> ConversationSettings:
    return current(ConversationSettings, conversation.tenant)


def _longest(conversation: Conversation, author: Author) -> int:
    by_customer = author.kind == AuthorKind.CUSTOMER
    return _settings(conversation).longest_message if by_customer else TEXT_LIMIT


@transaction.atomic
def _post(
    conversation: Conversation, author: Author, expected_version: int | None, words: dict[str, Any]
) -> Message:
    """IntegrityError if it was posted before: then nothing of it is kept, nothing reopened."""
    check_length(words["text"], limit=_longest(conversation, author))
    screening = moderation.screened(conversation.tenant, words["text"], author)
    screening.refuse_blocked()
    conversation = _take_the_floor(conversation, author, expected_version)
    reopened = reopen(conversation, actor=author) if _must_reopen(conversation, author) else None
    message = _write(conversation, author, {**words, "text": screening.text})
    message.is_clean = screening.is_clean
    alerts = moderation.keep_findings(conversation, screening, author, message)
    message_posted.send(Message, message=message, conversation=conversation)
    if reopened:
        announcements.announce_change(reopened[0], notice=reopened[1])
    announcements.announce_message(message, author)
    moderation.announce_alerts(alerts)
    return message


def _posted_before(conversation: Conversation, author: Author, client_id: str) -> Message | None:
    if not client_id:
        return None
    same = Message.objects.filter(
        conversation=conversation, author_kind=author.kind, client_id=client_id
    )
    found: Message | None = same.first()
    return found


def _take_the_floor(
    conversation: Conversation, author: Author, expected_version: int | None
) -> Conversation:
    """Lock the conversation's row if the author may speak now; the row as it is from here on.

    The UPDATE comes before the INSERT, so messages get their ids in the order they commit. A
    transition raises the version, and only the department changes without one: where both are as
    they were read, there is nothing new to read.
    """
    now = timezone.now()
    row = Conversation.objects.filter(_may_speak(author, expected_version), pk=conversation.pk)
    as_read = row.filter(version=conversation.version, department=conversation.department_id)
    if conversation.state != State.RESOLVED and as_read.update(last_message_at=now):
        return conversation
    if not row.update(last_message_at=now):
        raise StateConflict(conversation)
    return selectors.current(conversation)


def _may_speak(author: Author, expected_version: int | None) -> Q:
    if author.kind == AuthorKind.AGENT:
        return Q(state=State.ACTIVE, agent=author.user)
    if author.kind == AuthorKind.AI:
        known = Q() if expected_version is None else Q(version=expected_version)
        return Q(state=State.AI_ACTIVE) & known
    return Q()


def _must_reopen(conversation: Conversation, author: Author) -> bool:
    return conversation.state == State.RESOLVED and author.kind == AuthorKind.CUSTOMER


def _serves(conversation: Conversation, author: Author) -> bool:
    return (
        conversation.state == State.ACTIVE
        and author.user is not None
        and conversation.agent_id == author.user.pk
    )


def _write(conversation: Conversation, author: Author, words: dict[str, Any]) -> Message:
    with translation.override(conversation.language):
        author_name = str(author.name)
    message = Message(
        tenant=conversation.tenant,
        conversation=conversation,
        author_kind=author.kind,
        author_name=author_name,
        author_user=author.user,
        **words,
    )
    message.save()  # not through the manager: a new row needs no scope's filter
    audit.record(
        tenant=conversation.tenant,
        actor=author.actor,
        action="message.post",
        target=message,
        data={"conversation": conversation.name},
    )
    return message
