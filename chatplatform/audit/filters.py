"""By what the admin's list of history can be narrowed, in the reader's words."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatplatform.audit import words
from chatplatform.kernel.admin import own_tenant

MOST = 200  # people in the list; whoever is not among them is found by search


class ActionFilter(admin.SimpleListFilter):
    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return words.actions()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class ActorKindFilter(admin.SimpleListFilter):
    title = _("kind of actor")
    parameter_name = "actor_kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return words.actor_kinds()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(actor_kind=self.value()) if self.value() else queryset


class PersonFilter(admin.SimpleListFilter):
    """What one of the tenant's people did, whether at the console or in the admin."""

    title = _("person")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        people = get_user_model()._default_manager.order_by("username")
        tenant = own_tenant(request)
        found = people.filter(tenant=tenant) if tenant else people
        return [(str(pk), name) for pk, name in found.values_list("pk", "username")[:MOST]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        return queryset.filter(actor_kind__in=("user", "agent"), actor_id=self.value())
