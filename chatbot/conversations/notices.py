"""What the server itself says in a conversation: one sentence per code, in any language.

A code that speaks differently by its cause has further sentences under `code.trigger`.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

NOTICES: dict[str, StrOrPromise] = {
    "transfer_requested": _("You asked for a person. Someone will be with you soon."),
    "transfer_requested.model": _("A colleague will take over. Someone will be with you soon."),
    "transfer_requested.unsure": _(
        "I can't answer that, so a colleague will take over. Someone will be with you soon."
    ),
    "transfer_requested.failure": _(
        "I can't answer right now, so a colleague will take over. Someone will be with you soon."
    ),
    "transfer_requested.timeout": _(
        "This takes me too long, so a colleague will take over. Someone will be with you soon."
    ),
    "transfer_requested.turns": _(
        "We have talked about this for a while; a colleague can help you better. Someone will be "
        "with you soon."
    ),
    "transfer_requested.topic": _(
        "A colleague should look after this personally. Someone will be with you soon."
    ),
    "transfer_requested.mood": _(
        "I'm sorry that this is so annoying. A colleague will look after you personally and be "
        "with you soon."
    ),
    "transfer_requested.approval": _(
        "A colleague has to decide about this. Someone will be with you soon."
    ),
    "transfer_cancelled": _("You are back with the AI assistant."),
    "agent_joined": _("%(agent)s is with you now."),
    "returned_to_ai": _("%(agent)s handed the conversation back to the AI assistant."),
    "wait_timed_out": _(
        "Sorry, everyone is busy right now. The AI assistant is with you; you can ask for a person "
        "again at any time."
    ),
    "closed": _("This conversation was closed. Write again to go on."),
    "closed_idle": _("This conversation was closed because nobody wrote. Write again to go on."),
    "reopened": _("Welcome back. The AI assistant is with you."),
}


def register(notices: Mapping[str, StrOrPromise]) -> None:
    """Have an upper room's codes said as well; called when its app starts."""
    NOTICES.update(notices)


def notice_text(code: str, data: dict[str, Any]) -> str:
    """The sentence of a code in the active language: the reader's own."""
    sentence = NOTICES.get(f"{code}.{data.get('trigger', '')}", NOTICES[code])
    return str(sentence) % data


def notice_text_in(language: str, code: str, data: dict[str, Any]) -> str:
    """The sentence of a code in a given language: the customer's, for storing."""
    with translation.override(language):
        return notice_text(code, data)
