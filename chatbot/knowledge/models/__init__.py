"""What the knowledge room keeps."""

from chatbot.knowledge.models.articles import Article, ArticleVersion, Edition, Passage
from chatbot.knowledge.models.citations import Citation
from chatbot.knowledge.models.imports import ImportItem, ImportJob, ImportSource
from chatbot.knowledge.models.questions import Asking, OpenQuestion

__all__ = [
    "Article",
    "ArticleVersion",
    "Asking",
    "Citation",
    "Edition",
    "ImportItem",
    "ImportJob",
    "ImportSource",
    "OpenQuestion",
    "Passage",
]
