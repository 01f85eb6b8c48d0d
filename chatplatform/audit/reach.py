"""Whose history a line is: who reaches some people's work sees what those people did."""

from django.contrib.auth import get_user_model
from django.db.models import CharField, Q
from django.db.models.functions import Cast

# The kinds of actor whose id is a user's key; a customer's may be the same number.
PEOPLE = ("agent", "user")


def by_user(user: int) -> Q:
    """The lines of what that user did."""
    return Q(actor_kind__in=PEOPLE, actor_id=str(user))


def by_departments(departments: frozenset[int]) -> Q:
    """The lines of what the people of those departments did."""
    people = get_user_model()._default_manager.filter(department__in=sorted(departments))
    keys = people.order_by().annotate(key=Cast("pk", CharField())).values("key")
    return Q(actor_kind__in=PEOPLE, actor_id__in=keys)
