"""What the knowledge room keeps."""

from chatbot.knowledge.models.articles import Article, Edition, Passage
from chatbot.knowledge.models.citations import Citation
from chatbot.knowledge.models.questions import Asking, OpenQuestion

__all__ = ["Article", "Asking", "Citation", "Edition", "OpenQuestion", "Passage"]
