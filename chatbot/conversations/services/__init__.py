"""Everything that can happen to a conversation.

Each function is one transaction with its permission, its audit line and its events; a change that
comes too late raises StateConflict with the truth.
"""

from chatbot.conversations.services.departments import move_to_department
from chatbot.conversations.services.expiry import resolve_idle, time_out_wait
from chatbot.conversations.services.handoff import (
    accept_conversation,
    cancel_transfer,
    request_transfer,
    return_to_ai,
    transfer_requested,
)
from chatbot.conversations.services.messages import (
    PostedMessage,
    announce_typing,
    message_posted,
    post_message,
)
from chatbot.conversations.services.notices import add_notice
from chatbot.conversations.services.sessions import (
    OpenedSession,
    SessionClosed,
    close_conversation,
    open_session,
    session_opened,
)
from chatbot.conversations.transitions import StateConflict

__all__ = [
    "OpenedSession",
    "PostedMessage",
    "SessionClosed",
    "StateConflict",
    "accept_conversation",
    "add_notice",
    "announce_typing",
    "cancel_transfer",
    "close_conversation",
    "message_posted",
    "move_to_department",
    "open_session",
    "post_message",
    "request_transfer",
    "resolve_idle",
    "return_to_ai",
    "session_opened",
    "time_out_wait",
    "transfer_requested",
]
