"""What can be done with knowledge. Each function is one transaction, inside the tenant's scope."""

from chatbot.knowledge.publication import guarded_by, publishing
from chatbot.knowledge.services.articles import (
    ArticleEmpty,
    Draft,
    delete_article,
    publish_article,
    publish_articles,
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
from chatbot.knowledge.services.questions import (
    add_wordings,
    attach_question,
    dismiss_question,
    note_unanswered,
    reopen_question,
    write_article_for,
)

__all__ = [
    "ArticleEmpty",
    "CitedPassage",
    "Draft",
    "Options",
    "add_wordings",
    "attach_question",
    "cancel_import",
    "delete_article",
    "dismiss_question",
    "guarded_by",
    "note_unanswered",
    "publish_article",
    "publish_articles",
    "publishing",
    "record_citations",
    "reopen_question",
    "restore_version",
    "retry_import",
    "save_article",
    "start_import",
    "withdraw_article",
    "write_article_for",
]
