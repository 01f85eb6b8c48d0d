"""What must hold before something new can be read by customers. Upper rooms register it."""

from collections.abc import Callable

from chatbot.knowledge.models import Article

# Called with the article as it is about to be read, inside the transaction that publishes it: what
# a guard reads from the database is what would hold. Its ApplicationError takes everything back.
Guard = Callable[[Article], None]

_guards: dict[str, Guard] = {}


def guarded_by(name: str, guard: Guard) -> None:
    """Register a guard under its name; called from AppConfig.ready."""
    _guards[name] = guard


def check(article: Article) -> None:
    """Ask every guard; the first that objects raises."""
    for guard in _guards.values():
        guard(article)
