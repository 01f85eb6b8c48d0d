"""Reads. All need the tenant's scope."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from chatbot.moderation.choices import HIDING, REVIEWED
from chatbot.moderation.models import Hit, Original
from chatplatform.accounts.models import User
from chatplatform.kernel.visibility import visible

REVIEW = "moderation.change_hit"


@dataclass(frozen=True)
class Found:
    """`topics` are the categories of words that a person is to look at; `hidden` says how many
    words were taken out, which are insults mostly and no topic."""

    topics: frozenset[str]
    hidden: int


def found_in(message: Any) -> Found:
    """What moderation found in a stored message; one query, none right after a clean one came."""
    if message.is_clean:
        return Found(frozenset(), 0)
    hits = list(Hit.objects.filter(message=message).values_list("category", "action"))
    return Found(
        topics=frozenset(category for category, action in hits if action in REVIEWED),
        hidden=sum(action in HIDING for _, action in hits),
    )


def original_of(message: Any) -> Original | None:
    """What the message said before something was hidden in it, or None if nothing was."""
    found: Original | None = Original.objects.filter(message=message).first()
    return found


def reviewers_of(hit: Hit) -> list[int]:
    """The keys of the users who may review it, and see its conversation."""
    app, _, codename = REVIEW.partition(".")
    permitted = Q(
        groups__permissions__codename=codename,
        groups__permissions__content_type__app_label=app,
    )
    people = User.objects.filter(permitted | Q(is_superuser=True), tenant=hit.tenant_id)
    rows = Hit.objects.filter(pk=hit.pk)
    return [
        user.pk
        for user in people.filter(is_active=True).select_related("tenant").distinct()
        if user.has_perm(REVIEW) and visible(rows, user).exists()
    ]
