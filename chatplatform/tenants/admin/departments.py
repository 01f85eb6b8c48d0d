from typing import Any

from django import forms
from django.contrib import admin
from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.functions import Collate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.admin import ModelAdmin, TenantListed, VisibleRows, own_tenant
from chatplatform.tenants import services
from chatplatform.tenants.admin.actors import actor_of
from chatplatform.tenants.models import Department
from chatplatform.tenants.selectors import possible_parents

_INDENT = "\u2003" * 2  # em spaces stay; markup would need a style of its own


@admin.register(Department)
class DepartmentAdmin(VisibleRows, TenantListed, ModelAdmin):
    """The tree, each department below the one it hangs on. Services keep its shape."""

    list_display = ("indented", "code", "leader", "active")
    list_filter = ("active",)
    list_select_related = ("tenant", "leader")
    search_fields = ("name", "code")
    list_per_page = 200
    sortable_by = ()

    def get_fields(self, request: HttpRequest, obj: Department | None = None) -> list[str]:
        """Who belongs to no tenant first says whose a new department is."""
        if obj is not None:
            return ["code", "name", "parent", "leader", "active"]
        return ["name", "parent", "leader"] if own_tenant(request) else ["tenant", "name"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Department | None = None
    ) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        # Languages' collations overlook slashes, which are what makes a path a tree.
        binary = "C" if connection.vendor == "postgresql" else "BINARY"
        return ["tenant", Collate("path", binary)]

    def get_form(
        self, request: HttpRequest, obj: Department | None = None, **kwargs: Any
    ) -> type[forms.ModelForm[Department]]:
        request.department = obj  # type: ignore[attr-defined]  # for the fields' choices
        form: type[forms.ModelForm[Department]] = super().get_form(request, obj, **kwargs)
        return form

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        department = getattr(request, "department", None)
        tenant = department.tenant if department else own_tenant(request)
        if db_field.name == "parent" and tenant is not None:
            kwargs["queryset"] = possible_parents(tenant, department).order_by(
                *self.get_ordering(request)
            )
            kwargs["form_class"] = ParentField
        elif db_field.name == "leader" and tenant is not None:
            people = db_field.related_model._default_manager
            kwargs["queryset"] = people.filter(tenant=tenant).order_by("username")
        field: forms.ModelChoiceField[Any] | None = super().formfield_for_foreignkey(
            db_field, request, **kwargs
        )
        return field

    def save_model(self, request: HttpRequest, obj: Department, form: Any, change: bool) -> None:
        actor = actor_of(request)
        if not change:
            made = services.create_department(
                tenant=own_tenant(request) or obj.tenant,
                name=obj.name,
                parent=obj.parent,
                leader=obj.leader,
                actor=actor,
            )
            obj.__dict__.update(made.__dict__)  # the page goes on to name what was made
            return
        services.move_department(department=obj, parent=obj.parent, actor=actor)
        services.change_department(
            department=obj, name=obj.name, leader=obj.leader, active=obj.active, actor=actor
        )

    def delete_model(self, request: HttpRequest, obj: Department) -> None:
        services.delete_department(department=obj, actor=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Department]) -> None:
        for department in queryset.order_by("-path"):  # from the leaves
            self.delete_model(request, department)

    @admin.display(description=_("department"))
    def indented(self, department: Department) -> str:
        return _indented(department)


class ParentField(forms.ModelChoiceField[Department]):
    """Departments to hang another one on, as the tree has them."""

    def label_from_instance(self, obj: Department) -> str:
        return _indented(obj)


def _indented(department: Department) -> str:
    return f"{_INDENT * (department.level - 1)}{department.name}"
