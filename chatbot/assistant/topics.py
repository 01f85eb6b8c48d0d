"""What moderation found in a message, as far as it is a reason to fetch a person."""

from dataclasses import dataclass

from chatbot.conversations.models import Message
from chatbot.moderation.choices import HIDING, REVIEWED
from chatbot.moderation.models import Hit


@dataclass(frozen=True)
class Findings:
    """`topics` are the categories of words that a person is to look at; `hidden` says how many
    words were taken out, which are insults mostly."""

    topics: frozenset[str]
    hidden: int


def findings_of(message: Message) -> Findings:
    """One query; the tenant's scope must be open."""
    hits = list(Hit.objects.filter(message=message).values_list("category", "action"))
    return Findings(
        topics=frozenset(category for category, action in hits if action in REVIEWED),
        hidden=sum(action in HIDING for _, action in hits),
    )
