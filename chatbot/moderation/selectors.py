"""Reads. All need the tenant's scope."""

from typing import Any

from django.db.models import Q

from chatbot.moderation.choices import REVIEWED
from chatbot.moderation.models import Hit, Original
from chatplatform.accounts.models import User
from chatplatform.kernel.visibility import visible

REVIEW = "moderation.change_hit"


def topics_of(message: Any) -> frozenset[str]:
    """The categories of words in a stored message that a person is to look at; one query.

    What is only hidden, such as an insult, is no topic.
    """
    reviewed = Hit.objects.filter(message=message, action__in=REVIEWED)
    found = reviewed.values_list("category", flat=True)
    return frozenset(found.order_by())


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
