"""What can be done with knowledge. Each function is one transaction, inside the tenant's scope."""

from chatbot.knowledge.services.articles import (
    Draft,
    delete_article,
    publish_article,
    save_article,
    withdraw_article,
)
from chatbot.knowledge.services.citations import CitedPassage, record_citations
from chatbot.knowledge.services.questions import note_unanswered

__all__ = [
    "CitedPassage",
    "Draft",
    "delete_article",
    "note_unanswered",
    "publish_article",
    "record_citations",
    "save_article",
    "withdraw_article",
]
