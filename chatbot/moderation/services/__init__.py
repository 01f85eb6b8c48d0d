"""What can be done here. Each function is one transaction, inside the tenant's scope."""

from chatbot.moderation.drafts import Draft
from chatbot.moderation.services.findings import Alert, announce_alerts, keep_findings, keep_refused
from chatbot.moderation.services.originals import reveal
from chatbot.moderation.services.phrases import allow_phrase, delete_phrase
from chatbot.moderation.services.verdicts import confirm, dismiss
from chatbot.moderation.services.words import add_words, delete_word, enable_words, save_word

__all__ = [
    "Alert",
    "Draft",
    "add_words",
    "allow_phrase",
    "announce_alerts",
    "confirm",
    "delete_phrase",
    "delete_word",
    "dismiss",
    "enable_words",
    "keep_findings",
    "keep_refused",
    "reveal",
    "save_word",
]
