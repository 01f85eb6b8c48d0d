"""Which answers stood on an article, and on which of them its words have changed since."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from chatbot.conversations.models import AuthorKind, Message
from chatbot.knowledge.models import Article, Citation, Passage

SHOWN = 20


@dataclass(frozen=True)
class Reliance:
    """An answer that stood on an article; `changed` if on words it does not have any more."""

    answer: Message
    changed: bool


@dataclass(frozen=True)
class Reliances:
    """`count` and `changed` count all answers, `shown` are the last of those that one may see."""

    count: int
    changed: int
    shown: list[Reliance]


def reliances(article: Article, user: Any) -> Reliances:
    """The answers that relied on the article, newest first. Four queries."""
    hashes = set(Passage.objects.filter(article=article).values_list("content_hash", flat=True))
    cited = Citation.objects.filter(article=article)
    gone = cited.exclude(content_hash__in=hashes)
    found = _seen_by(user, cited).select_related("message__conversation__customer")
    changed: dict[Message, bool] = {}
    for each in found.order_by("-message_id")[: SHOWN * 3]:
        changed[each.message] = changed.get(each.message, False) or each.content_hash not in hashes
    shown = [Reliance(answer, is_changed) for answer, is_changed in changed.items()]
    return Reliances(_answers(cited), _answers(gone), shown[:SHOWN])


def questions_answered_by(article: Article, user: Any, *, most: int = 100) -> list[str]:
    """What customers had asked before answers that relied on it; of those that one may see."""
    asked = Message.objects.filter(
        conversation=OuterRef("message__conversation"),
        author_kind=AuthorKind.CUSTOMER,
        pk__lt=OuterRef("message_id"),
    )
    last = Subquery(asked.order_by("-pk").values("text")[:1])
    cited = _seen_by(user, Citation.objects.filter(article=article)).annotate(asked=last)
    return [text for text in cited.order_by("-pk").values_list("asked", flat=True)[:most] if text]


def _seen_by(user: Any, citations: QuerySet[Citation]) -> QuerySet[Citation]:
    """Those in conversations that she may see; rights to the knowledge base say nothing of them."""
    return citations.filter(message__in=Message.objects.visible_to(user).order_by())


def _answers(citations: QuerySet[Citation]) -> int:
    return citations.order_by().values("message").distinct().count()
