"""The knowledge base as its editors see it."""

from chatbot.knowledge.admin import articles, imports, questions

__all__ = ["articles", "imports", "questions"]
