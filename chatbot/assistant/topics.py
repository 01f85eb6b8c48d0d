"""Which sensitive topics a message touches: whoever knows registers here."""

from collections.abc import Callable, Iterable

from chatbot.conversations.models import Message

_sources: list[Callable[[Message], Iterable[str]]] = []


def register(source: Callable[[Message], Iterable[str]]) -> None:
    """Ask `source` as well; called from AppConfig.ready."""
    _sources.append(source)


def topics_of(message: Message) -> frozenset[str]:
    """The names of the topics, none for most messages."""
    return frozenset(topic for source in _sources for topic in source(message))
