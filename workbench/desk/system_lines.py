"""The server's own messages and the steps of a history, as an agent reads them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from chatbot.conversations.models import Message
from chatplatform.audit.models import AuditEntry
from chatplatform.dictionaries.models import in_readers_language

# The same codes speak to the customer in chatbot.conversations.notices.
LINES = {
    "transfer_requested": _("The customer asked for a person"),
    "transfer_requested.model": _("The AI fetched a person"),
    "transfer_requested.unsure": _("The AI had no answer and fetched a person"),
    "transfer_requested.failure": _("The AI failed and fetched a person"),
    "transfer_requested.timeout": _("The AI took too long and fetched a person"),
    "transfer_requested.turns": _("It went on for too long: the AI fetched a person"),
    "transfer_requested.topic": _("A sensitive topic: the AI fetched a person"),
    "transfer_requested.mood": _("The customer is upset: the AI fetched a person"),
    "transfer_requested.approval": _("An action needs approval: the AI fetched a person"),
    "transfer_cancelled": _("The customer went on with the AI"),
    "agent_joined": _("%(agent)s accepted the conversation"),
    "returned_to_ai": _("%(agent)s returned the conversation to the AI"),
    "wait_timed_out": _("Nobody was free in time: back to the AI"),
    "closed": _("Closed"),
    "closed_for": _("Closed: %(label)s"),
    "closed_idle": _("Closed because nobody wrote"),
    "tool_confirmation": _("The AI asks the customer to confirm: %(tool)s"),
    "tool_approval": _("The AI asks for approval: %(tool)s"),
    "tool_done": _("Done: %(tool)s"),
    "tool_failed": _("Failed, nothing was changed: %(tool)s"),
    "tool_uncertain": _("Uncertain, please look whether it happened: %(tool)s"),
    "tool_declined": _("The customer declined: %(tool)s"),
    "tool_rejected": _("Rejected: %(tool)s. %(reason)s"),
    "tool_confirmation_expired": _("The customer did not confirm in time: %(tool)s"),
    "tool_approval_expired": _("Nobody approved in time: %(tool)s"),
    "reopened": _("The customer wrote again: open, with the AI"),
}

STEPS = {
    "open": _("Started"),
    "request_transfer": _("Asked for a person"),
    "cancel_transfer": _("Went on with the AI"),
    "time_out_wait": _("Waited too long, back to the AI"),
    "accept": _("Accepted"),
    "move_to_department": _("Handed to a department"),
    "return_to_ai": _("Returned to the AI"),
    "close": _("Closed"),
    "resolve_idle": _("Closed because nobody wrote"),
    "reopen": _("Opened again"),
}

WHO = {"customer": _("Customer"), "ai": _("AI"), "system": _("Automatic")}


def system_line(message: Message) -> str:
    """A system message in the agent's language; an unknown code as it was told to the customer."""
    code, data = message.code, message.data
    if code == "closed" and isinstance(labels := data.get("labels"), dict) and labels:
        code, data = "closed_for", {"label": in_readers_language(labels)}
    line = LINES.get(f"{code}.{data.get('trigger')}", LINES.get(code))
    return message.text if line is None else _filled(str(line), data)


def step_title(entry: AuditEntry) -> str:
    """What an audit line of a conversation says; an unknown action by its own name."""
    verb = entry.action.partition(".")[2]
    if verb == "request_transfer" and entry.data.get("trigger", "asked") != "asked":
        return str(_("A person fetched"))
    return str(STEPS.get(verb, verb.replace("_", " ")))


def step_who(entry: AuditEntry) -> str:
    """Who did it."""
    return str(WHO.get(entry.actor_kind) or entry.actor_label)


def _filled(line: str, data: dict[str, Any]) -> str:
    try:
        return line % data
    except KeyError:  # told before the line had this place to fill
        return line
