"""What can be done with knowledge. Each function is one transaction, inside the tenant's scope."""

from chatbot.knowledge.publication import guarded_by
from chatbot.knowledge.services.articles import (
    ArticleEmpty,
    Draft,
    delete_article,
    publish_article,
    restore_version,
    save_article,
    withdraw_article,
)
from chatbot.knowledge.services.citations import CitedPassage, record_citations
from chatbot.knowledge.services.imports import (
    Options,
    cancel_import,
    retry_import,
    start_import,
)
from chatbot.knowledge.services.questions import note_unanswered

__all__ = [
    "ArticleEmpty",
    "CitedPassage",
    "Draft",
    "Options",
    "cancel_import",
    "delete_article",
    "guarded_by",
    "note_unanswered",
    "publish_article",
    "record_citations",
    "restore_version",
    "retry_import",
    "save_article",
    "start_import",
    "withdraw_article",
]
