"""What the desk writes."""

from django.db import transaction
from django.utils import timezone

from chatbot.conversations.models import Conversation, Message
from chatplatform.accounts.models import User
from realtime import channels, publish
from workbench.desk.events import ConversationRead
from workbench.desk.models import ReadMark


@transaction.atomic
def mark_read(*, conversation: Conversation, agent: User, last_message_id: int) -> bool:
    """Remember that the agent has read up to a message, and tell her other tabs.

    A mark never goes back, and never beyond the conversation's last message. False: nothing new.
    """
    upto = _last_known(conversation, last_message_id)
    if not upto or not _advance(conversation, agent, upto):
        return False
    publish.event(
        ConversationRead(session_name=conversation.name, last_message_id=upto),
        to=[channels.agent(agent.pk)],
        source="agent_workbench",
        log=conversation.tenant.slug,
    )
    return True


def _last_known(conversation: Conversation, last_message_id: int) -> int | None:
    ids = Message.objects.filter(conversation=conversation, pk__lte=last_message_id)
    last: int | None = ids.order_by("-pk").values_list("pk", flat=True).first()
    return last


def _advance(conversation: Conversation, agent: User, upto: int) -> bool:
    """Two tabs may come at once: the UPDATE lets one through, the other finds nothing to do."""
    mark, created = ReadMark.objects.get_or_create(
        agent=agent,
        conversation=conversation,
        defaults={"tenant": conversation.tenant, "last_message_id": upto},
    )
    if created:
        return True
    behind = ReadMark.objects.filter(pk=mark.pk, last_message_id__lt=upto)
    return bool(behind.update(last_message_id=upto, updated_at=timezone.now()))
