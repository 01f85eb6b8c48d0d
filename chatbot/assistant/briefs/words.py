"""A brief in its reader's language: what rules found is stored by codes, and worded here. Pure.

What a model wrote is text already, in the brief's own language.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatbot.assistant.answerer import Outcome
from chatbot.tools.choices import CallStatus

QUOTED, CALLED = "quoted", "called"  # beside the outcomes

_LABELS: dict[str, str | Promise] = {
    "name": _("Name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "order": _("Order number"),
    "tracking": _("Tracking number"),
    "amount": _("Amount"),
}
_STEPS: dict[str, str | Promise] = {
    QUOTED: _("Answered “%(question)s” from “%(source)s”"),
    Outcome.UNSURE: _("Not sure about “%(question)s”, offered topics"),
    Outcome.UNKNOWN: _("Had no answer to “%(question)s”"),
    Outcome.HANDOFF_OFFERED: _("Failed at “%(question)s”, offered a person"),
    CALLED: "%(tool)s: %(status)s",
}
_ANSWERED: str | Promise = _("Replied to “%(question)s”")


def worded_facts(facts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The facts with their labels in words."""
    return [{**fact, "label": str(_LABELS.get(fact["label"], fact["label"]))} for fact in facts]


def worded_steps(steps: Iterable[str | dict[str, str]]) -> list[str]:
    """What was tried, a sentence each."""
    return [step if isinstance(step, str) else _sentence(step) for step in steps]


def _sentence(step: dict[str, str]) -> str:
    places = dict(step)
    if step["what"] == CALLED:
        places["status"] = str(CallStatus(step["status"]).label)
    return str(_STEPS.get(step["what"], _ANSWERED)) % places
