from collections.abc import Iterable
from typing import Protocol

from django.db import transaction

from chatbot.conversations.models import Message
from chatbot.knowledge.models import Citation


class CitedPassage(Protocol):
    """What an answer says of a passage it stands on."""

    @property
    def article_id(self) -> int: ...
    @property
    def passage_id(self) -> int: ...
    @property
    def content_hash(self) -> str: ...


@transaction.atomic(savepoint=False)
def record_citations(*, message: Message, sources: Iterable[CitedPassage]) -> None:
    """Remember the passages an answer stands on; called in the answer's transaction.

    One INSERT; what is named twice is kept once.
    """
    rows = [
        Citation(
            tenant_id=message.tenant_id,
            message=message,
            article_id=source.article_id,
            passage_id=source.passage_id,
            content_hash=source.content_hash,
        )
        for source in sources
    ]
    Citation.objects.bulk_create(rows, ignore_conflicts=True)
