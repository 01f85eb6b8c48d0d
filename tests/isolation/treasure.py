"""One row of every tenant-owned table, in the neighbour's house, marked so that a leak is seen."""

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant

MARK = "treasure"  # in every text of the neighbour's that an answer could show


class Treasure:
    """The neighbour's rows by model; made as they are asked for, each once."""

    def __init__(self, tenant: Tenant, *, known: list[models.Model]) -> None:
        self.tenant = tenant
        self.rows: dict[type[models.Model], models.Model] = {type(row): row for row in known}
        self.rows[Tenant] = tenant

    def bury_all(self) -> None:
        for model in owned_models():
            self.row(model)

    def key(self, model: type[models.Model]) -> object:
        return self.row(model).pk

    def content_type(self, model: type[models.Model]) -> int:
        return ContentType.objects.get_for_model(model).pk

    def row(self, model: type[models.Model]) -> models.Model:
        if model not in self.rows:
            values = {
                field.attname if isinstance(field, models.ForeignKey) else field.name: value
                for field in model._meta.concrete_fields
                if (value := self._value(model, field)) is not None
            }
            with all_tenants():
                self.rows[model] = model._base_manager.create(**values)
        return self.rows[model]

    def _value(self, model: type[models.Model], field: Any) -> Any:
        """What the field holds; None leaves it to its default."""
        if isinstance(field, models.ForeignKey):
            return self._key(model, field)
        if field.primary_key or getattr(field, "auto_now", False) or field.has_default():
            return None
        if getattr(field, "auto_now_add", False) or field.null:
            return None
        if field.choices:
            return field.choices[0][0]
        return _example(model, field)

    def _key(self, model: type[models.Model], field: models.ForeignKey[Any, Any]) -> Any:
        target = field.remote_field.model
        if target is Tenant:
            return self.tenant.pk
        wanted = not field.null or (target is not model and target in self.rows)
        return getattr(self.row(target), field.target_field.attname) if wanted else None


def owned_models() -> list[type[models.Model]]:
    """Every table with a tenant."""
    return [
        model
        for model in apps.get_models()
        if any(field.name == "tenant" for field in model._meta.concrete_fields)
    ]


def _example(model: type[models.Model], field: Any) -> Any:
    if isinstance(field, models.EmailField):
        return f"{MARK}@neighbour.example"
    if isinstance(field, models.CharField | models.TextField):
        # what belongs to the installation, such as a plan, is no one's secret
        mark = MARK if model in owned_models() else "shared"
        return f"{mark}-{model._meta.model_name}"[: field.max_length or 100]
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.now().date()
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.GenericIPAddressField):
        return "192.0.2.1"
    return 1
