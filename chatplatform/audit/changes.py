"""What a change changed: fields of a model as plain values, before and after."""

from typing import Any

from django.db import models

from chatplatform.audit.masking import Secret, masked

Values = dict[str, Any]
_OF_NO_INTEREST = frozenset({"id", "tenant", "created_at", "updated_at", "version"})


def values_of(instance: models.Model, *names: str) -> Values:
    """The named fields (default: all but keys and times) by name; relations by key."""
    return {field.name: _plain(instance, field) for field in _fields(instance, names)}


def stored_values_of(instance: models.Model, *names: str) -> Values:
    """The same as the database has them now; {} for a row that is not there yet. One query."""
    if instance._state.adding:
        return {}
    model = instance.__class__  # what type() says of request.user is not the model
    row = model._base_manager.filter(pk=instance.pk).first()
    return values_of(row, *names) if row else {}


def differences(before: Values, after: Values) -> tuple[Values, Values]:
    """Both without what is equal in them, secrets masked.

    A secret that changed stays visible as changed, with both its values masked.
    """
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return _kept(before, names), _kept(after, names)


def _kept(values: Values, names: list[str]) -> Values:
    return {name: masked(values[name], name) for name in names if name in values}


def _fields(instance: models.Model, names: tuple[str, ...]) -> list["models.Field[Any, Any]"]:
    fields = instance._meta.concrete_fields
    return [f for f in fields if (f.name in names if names else f.name not in _OF_NO_INTEREST)]


def _plain(instance: models.Model, field: "models.Field[Any, Any]") -> Any:
    value = field.value_from_object(instance)
    return Secret(value) if type(field).__name__.startswith("Encrypted") and value else value
