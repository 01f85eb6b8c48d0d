"""How a role is narrowed: {"app.model": {"field": value, "field__in": [values]}}.

Only fields that the model's Visibility allows, only the operators below; `$user` and `$department`
stand for the user who looks and for her department. What is not understood gives nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from chatplatform.kernel.visibility import Visibility

OPERATORS = ("exact", "in", "gte", "lte")
MOST = 100  # values of one `in`
TOKENS = {"$user": settings.AUTH_USER_MODEL, "$department": "tenants.Department"}
_ORDERED = (
    models.IntegerField,
    models.FloatField,
    models.DecimalField,
    models.DateField,  # and with it DateTimeField
)


class Misunderstood(Exception):
    """A constraint that can't be read: a stable `code`, a sentence, and the key it stands at."""

    def __init__(self, code: str, message: str, key: str = "") -> None:
        self.code, self.message, self.key = code, message, key
        super().__init__(f"{code} {key}")


@dataclass(frozen=True)
class Constraint:
    """One condition on a row: `field` `operator` `value`; tokens are not yet replaced."""

    field: str
    operator: str
    value: Any

    def condition(self, user: Any) -> Q | None:
        """The condition for this user; None if it can't hold: she has no department."""
        values = [_known(each, user) for each in self.values]
        if None in values:
            return None
        if self.operator == "in":
            return Q(**{f"{self.field}__in": values})
        return Q(**{f"{self.field}__{self.operator}": values[0]})

    @property
    def values(self) -> list[Any]:
        """What it compares with: one value, or those of an `in`."""
        return self.value if isinstance(self.value, list) else [self.value]


@cache
def narrowable() -> dict[str, tuple[str, ...]]:
    """The models a role can be narrowed on, by label, with the fields that may be used."""
    return {
        model._meta.label_lower: found.constraints
        for model in apps.get_models()
        if isinstance(found := getattr(model, "visibility", None), Visibility) and found.constraints
    }


def checked(constraints: Any) -> dict[str, list[Constraint]]:
    """All of a role's constraints, read and tried; Misunderstood at the first that is wrong."""
    return {label: of_model(constraints, label) for label in _known_models(constraints)}


def of_model(constraints: Any, label: str) -> list[Constraint]:
    """A role's constraints on one model; Misunderstood if one of them is, or names no model."""
    if label not in _known_models(constraints):
        return []
    if not isinstance(constraints[label], dict):
        raise Misunderstood("not_an_object", _("An object with fields as keys is expected."), label)
    return list(_read(label, narrowable()[label], constraints[label]))


def _known_models(constraints: Any) -> dict[str, Any]:
    if not isinstance(constraints, dict):
        raise Misunderstood("not_an_object", _("An object with a model's name as key is expected."))
    for label in constraints.keys() - narrowable().keys():
        names = ", ".join(sorted(narrowable()))
        message = _("Can be narrowed: %(names)s.") % {"names": names}
        raise Misunderstood("unknown_model", message, label)
    return constraints


def _read(label: str, allowed: tuple[str, ...], fields: dict[str, Any]) -> Iterator[Constraint]:
    model = apps.get_model(label)
    for key, value in fields.items():
        where = f"{label}.{key}"
        field, sign, operator = key.partition("__")
        if field not in allowed or (operator if sign else "exact") not in OPERATORS:
            names = _("Fields: %(fields)s; with __in, __gte or __lte.")
            message = names % {"fields": ", ".join(allowed)}
            raise Misunderstood("unknown_field", message, where)
        constraint = Constraint(field, operator or "exact", value)
        _try(constraint, model._meta.get_field(field), where)
        yield constraint


def _try(constraint: Constraint, field: Any, where: str) -> None:
    if constraint.operator in ("gte", "lte") and not isinstance(field, _ORDERED):
        raise Misunderstood("not_ordered", _("Only numbers and times can be compared."), where)
    if isinstance(constraint.value, list) != (constraint.operator == "in"):
        raise Misunderstood("wrong_shape", _("__in takes a list, the others one value."), where)
    if not 1 <= len(constraint.values) <= MOST:
        message = _("1 to %(most)d values are expected.") % {"most": MOST}
        raise Misunderstood("wrong_count", message, where)
    for value in constraint.values:
        _try_value(value, field, where)


def _try_value(value: Any, field: Any, where: str) -> None:
    related = field.related_model
    if isinstance(value, str) and value.startswith("$"):
        if related is None or TOKENS.get(value) != related._meta.label:
            raise Misunderstood("unknown_token", _("This does not stand for such a value."), where)
        return
    plain = isinstance(value, bool | int | float | str)
    target = related._meta.pk if related else field
    if not plain or (isinstance(value, str) and "\0" in value):
        raise Misunderstood("wrong_value", _("This is no value of the field."), where)
    if isinstance(value, bool) != isinstance(target, models.BooleanField):
        raise Misunderstood("wrong_value", _("This is no value of the field."), where)
    try:
        target.run_validators(target.to_python(value))
        if field.choices and value not in dict(field.flatchoices):
            raise ValidationError("")
    except (ValidationError, ValueError, OverflowError):
        raise Misunderstood("wrong_value", _("This is no value of the field."), where) from None


def _known(value: Any, user: Any) -> Any:
    if value == "$user":
        return user.pk
    return user.department_id if value == "$department" else value
