"""Every sentence the widget's modules can show; they get them translated with the page."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from chatbot.conversations.notices import NOTICES
from chatbot.widget.runtime_settings import WidgetSettings
from chatplatform.configuration.registry import in_language

LOADER = {
    "open": _("Chat with us"),
    "close": _("Close the chat"),
    "title": _("Chat"),
    "unread": _("%(count)s unread"),
}

INTERFACE = {
    "assistant": _("AI assistant"),
    "you": _("You"),
    "someone": _("Support"),
    "answers_at_once": _("Answers at once"),
    "waiting": _("Waiting for a person"),
    "with_agent": _("Is with you now"),
    "closed": _("Conversation closed"),
    "welcome_title": _("Hello! How can we help?"),
    "welcome_text": _(
        "Ask the assistant anything about your order. It shows where its answers come from, and a "
        "person is one click away."
    ),
    "welcome_try": _("People often ask"),
    "queue_position": _("You are number %(position)s in line."),
    "queue_next": _("You are next."),
    "queue_waiting": _("We are finding someone for you."),
    "queue_hint": _("You can go on writing; whoever takes over reads it all."),
    "transfer": _("Talk to a person"),
    "transfer_cancel": _("Cancel"),
    "transfer_waiting": _("A person is on the way"),
    "transfer_active": _("You are talking to %(agent)s"),
    "typing": _("%(name)s is writing"),
    "sending": _("Sending"),
    "delivered": _("Delivered"),
    "not_sent": _("Not sent yet"),
    "failed": _("Not sent"),
    "retry": _("Try again"),
    "discard": _("Delete"),
    "sources_one": _("Source: %(title)s"),
    "sources_many": _("%(count)s sources"),
    "open_source": _("Read the article"),
    "counter": _("%(left)s characters left"),
    "too_long": _("%(over)s characters too many"),
    "connecting": _("Connecting…"),
    "reconnecting": _("Connection lost. Reconnecting…"),
    "offline": _("You are offline. What you write is kept and sent later."),
    "back": _("Connected again."),
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "says": _("%(name)s: %(text)s"),
    "new_messages": _("New messages"),
    "started_anew": _("The earlier conversation has ended. This is a new one."),
    "confirmation": _("May the assistant do this?"),
    "confirm": _("Yes, do it"),
    "decline": _("No"),
    "doing": _("Working on it…"),
    "trouble": _("That did not work. Please try again."),
}

STARTERS = [
    _("When will my order arrive?"),
    _("How do I return an item?"),
    _("How do I get an invoice?"),
]


def interface_strings(chosen: WidgetSettings, starters: Sequence[str]) -> dict[str, Any]:
    """The widget's strings in the active language; a notice's text is found under its code."""
    return {
        **{key: str(text) for key, text in INTERFACE.items()},
        "welcome_title": in_language(chosen.greeting, INTERFACE["welcome_title"]),
        "welcome_text": in_language(chosen.introduction, INTERFACE["welcome_text"]),
        "notices": {code: str(text) for code, text in NOTICES.items()},
        "starters": list(starters),
    }
