"""What happens when nobody acted in time; called by the timers."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from chatbot.conversations import authors, timers
from chatbot.conversations.announcements import announce_change
from chatbot.conversations.models import Conversation
from chatbot.conversations.services.notices import add_notice
from chatbot.conversations.states import TimerKind
from chatbot.conversations.transitions import move


@transaction.atomic
def time_out_wait(conversation: Conversation) -> None:
    """Nobody came: back to the AI, and the customer is told."""
    change = move(conversation, "time_out_wait", actor=authors.system())
    announce_change(change, notice=add_notice(conversation, "wait_timed_out"))


@transaction.atomic
def resolve_idle(conversation: Conversation) -> None:
    """Close a conversation in which nobody wrote; if somebody did, wait from that moment on."""
    limit = timedelta(seconds=conversation.tenant.idle_timeout)
    if timezone.now() - conversation.last_message_at < limit:
        timers.wind_one(conversation, TimerKind.IDLE, since=conversation.last_message_at)
        return
    change = move(conversation, "resolve_idle", actor=authors.system(), resolved_at=timezone.now())
    announce_change(change, notice=add_notice(conversation, "closed_idle"))
