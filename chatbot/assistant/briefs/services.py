"""Briefs are written with the transfer, and bettered once at most."""

from dataclasses import asdict
from functools import partial

from django.db import transaction

from chatbot.assistant import announcements
from chatbot.assistant.briefs import waiting
from chatbot.assistant.briefs.story import story_of
from chatbot.assistant.briefs.template import Content, written
from chatbot.assistant.models import HandoffBrief
from chatbot.assistant.runtime_settings import HandoffSettings
from chatbot.conversations.models import AuthorKind, Conversation, Message
from chatbot.conversations.states import State
from chatplatform.configuration.selectors import current
from chatplatform.kernel.scoping import tenant_scope


def write_brief(*, conversation: Conversation, trigger: str, note: str = "") -> HandoffBrief:
    """The brief by template, in the transaction of the transfer: there is none without one."""
    tenant = conversation.tenant
    rules = current(HandoffSettings, tenant)
    content = written(story_of(conversation), upset_from=rules.mood_threshold)
    brief: HandoffBrief = HandoffBrief.objects.create(
        tenant=tenant,
        conversation=conversation,
        version=conversation.version,
        trigger=trigger,
        note=note[:500],
        language=tenant.default_language,
        **asdict(content),
    )
    if rules.briefs_by_model:
        transaction.on_commit(partial(waiting.add, brief.pk), robust=True)
    return brief


@transaction.atomic
def improve_brief(*, brief: HandoffBrief, content: Content) -> bool:
    """Put the model's words in the template's place, unless the person is at work already."""
    with tenant_scope(brief.tenant):
        # The conversation's row first, as every writer takes it.
        conversation = Conversation.objects.select_for_update().get(pk=brief.conversation_id)
        same = HandoffBrief.objects.filter(pk=brief.pk, made_by=HandoffBrief.Author.TEMPLATE)
        if not _is_awaited(conversation, brief) or not same.update(
            made_by=HandoffBrief.Author.MODEL, **asdict(content)
        ):
            return False
        brief.made_by = HandoffBrief.Author.MODEL
        announcements.announce_brief(brief=brief)
    return True


def _is_awaited(conversation: Conversation, brief: HandoffBrief) -> bool:
    """Waiting since that transfer, or accepted since, and not answered by the person yet."""
    passed = conversation.version - brief.version
    if (State(conversation.state), passed) not in ((State.QUEUED, 0), (State.ACTIVE, 1)):
        return False
    replies = Message.objects.filter(
        conversation=conversation, author_kind=AuthorKind.AGENT, created_at__gt=brief.created_at
    )
    return not replies.exists()
