"""The only doors for names from outside: whom and what somebody may ask about."""

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from chatplatform.accounts.models import User
from chatplatform.kernel.errors import NotFound, PermissionRefused
from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.visibility import visible

# What people and addresses call a row by, where it has such a name.
NAMES = ("name", "username")


def access_user(*, by: User, known_as: str) -> User:
    """The user of that name or key whom `by` may see; NotFound otherwise.

    PermissionRefused for those who may not look at roles.
    """
    if not by.has_perm("roles.view_role"):
        raise PermissionRefused
    found = _first(User.objects.visible_to(by).select_related("tenant"), known_as)
    if not isinstance(found, User):
        raise NotFound
    return found


def access_row(*, by: User, known_as: str) -> models.Model:
    """The row "app.model:name-or-key" that `by` may see; NotFound otherwise."""
    label, _, key = known_as.partition(":")
    rows = _rows(label)
    found = None if rows is None else _first(visible(rows, by), key)
    if found is None:
        raise NotFound
    return found


def _rows(label: str) -> models.QuerySet[Any] | None:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    if not issubclass(model, TenantOwned | User):
        return None
    rows: models.QuerySet[Any] = model._default_manager.all()
    return rows


def _first(rows: models.QuerySet[Any], known_as: str) -> models.Model | None:
    if not known_as or "\0" in known_as:
        return None
    called = Q()
    for field in rows.model._meta.concrete_fields:
        if field.name in NAMES and field.unique:
            called |= Q((field.name, known_as))
    if known_as.isascii() and known_as.isdigit() and len(known_as) < 19:  # keys are 64-bit
        called |= Q(pk=int(known_as))
    found: models.Model | None = rows.filter(called).first() if called else None
    return found
