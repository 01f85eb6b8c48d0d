"""What services say last, before they commit: typed events on the conversation's channel."""

from collections.abc import Sequence

from chatbot.conversations import events, selectors, wire
from chatbot.conversations.audience import audience
from chatbot.conversations.authors import Author
from chatbot.conversations.models import Conversation, Message
from chatbot.conversations.states import State
from chatbot.conversations.transitions import Change
from chatplatform.tenants.models import Department
from realtime import publish
from realtime.events import Event


def announce_session(conversation: Conversation, author: Author) -> None:
    event = events.NewSession(
        session_name=conversation.name,
        customer=wire.CustomerOut(name=conversation.customer.name),
        status=State(conversation.state).value,
    )
    _publish(event, conversation, author.source)


def announce_message(message: Message, author: Author) -> None:
    conversation = message.conversation
    event = events.NewMessage(session_name=conversation.name, **wire.message_fields(message))
    _publish(event, conversation, author.source)


def announce_change(change: Change, *, notice: Message | None = None, source: str = "") -> None:
    """Tell the change, the notice that explains it, and those whose place in the queue it moved."""
    conversation, source = change.conversation, source or change.actor.source
    event = events.StatusChange(
        session_name=conversation.name,
        status=State(conversation.state).value,
        previous=change.previous.value,
        version=conversation.version,
        agent=wire.agent_out(conversation),
        queue_position=selectors.queue_position(conversation),
        reason=change.name,
        close_reason=conversation.close_reason,
    )
    _publish(event, conversation, source, also=change.heard_before)
    if notice is not None:
        said = events.NewMessage(session_name=conversation.name, **wire.message_fields(notice))
        _publish(said, conversation, source)
    if change.previous == State.QUEUED and (behind := selectors.channels_behind(conversation)):
        log = conversation.tenant.slug
        publish.event(events.QueueChange(), to=behind, source=source, log=log)


def announce_transfer(change: Change, *, trigger: str) -> None:
    conversation = change.conversation
    event = events.TransferRequest(
        session_name=conversation.name,
        customer=wire.CustomerOut(name=conversation.customer.name),
        reason=conversation.transfer_reason,
        trigger=trigger,
        queue_position=selectors.queue_position(conversation) or 1,
        requested_at=conversation.queued_at or conversation.last_message_at,
        language=conversation.language,
    )
    _publish(event, conversation, change.actor.source)


def announce_department(
    conversation: Conversation, previous: Department | None, heard_before: list[str], source: str
) -> None:
    """Tell those who may see it from now on, and those who can't any more."""
    event = events.DepartmentChange(
        session_name=conversation.name,
        status=State(conversation.state).value,
        department=wire.department_out(conversation.department),
        previous=wire.department_out(previous),
    )
    _publish(event, conversation, source, also=heard_before)


def announce_typing(conversation: Conversation, author: Author) -> None:
    who = wire.AuthorOut.model_validate({"kind": author.kind.value, "name": str(author.name)})
    event = events.Typing(session_name=conversation.name, author=who)
    _publish(event, conversation, author.source)


def _publish(
    event: Event, conversation: Conversation, source: str, also: Sequence[str] = ()
) -> None:
    """To those who may see it now, and to those in `also`: it may have left their sight."""
    to = [*audience(conversation), *also]
    publish.event(event, to=to, source=source, log=conversation.tenant.slug)
