from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from chatplatform.accounts import permission_words
from chatplatform.accounts.admin import UserAdmin
from chatplatform.accounts.callers.acting import may_act_as
from chatplatform.accounts.events import audience, tell_of_change
from chatplatform.accounts.models import User
from chatplatform.kernel.admin import ModelAdmin, TenantListed, VisibleRows, own_tenant
from chatplatform.roles import limits, menus, services, sso_admin  # noqa: F401 - it registers a page
from chatplatform.roles.forms import RoleForm
from chatplatform.roles.models import MenuOverride, Role


def _as_before(form: forms.ModelForm[User]) -> User:
    """The person where she stood before this change."""
    user = form.instance
    return User(
        pk=user.pk,
        department_id=form.initial.get("department", user.department_id),
        position_id=form.initial.get("position", user.position_id),
        language=form.initial.get("language", user.language),
    )


class RoleFilter(admin.SimpleListFilter):
    """The roles that people of this tenant may have; a plain filter would name the neighbours'."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        roles = _roles_shown_to(request)
        return [(str(role.pk), role.title) for role in roles]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        key = self.value()
        return queryset.filter(groups__role=key) if key and key.isdigit() else queryset


@admin.register(User)
class PeopleAdmin(VisibleRows, UserAdmin):  # type: ignore[misc]  # unfold is untyped
    """People, and the roles that whoever edits them may give."""

    list_display = (  # type: ignore[assignment]  # likewise
        "username",
        "display_name",
        "department",
        "roles",
        "is_active",
        "is_staff",
        "last_login",
    )
    list_filter = (  # type: ignore[assignment]  # as many as it likes
        RoleFilter,
        ("department", admin.RelatedOnlyFieldListFilter),
        "is_active",
        "is_staff",
        "language",
    )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Whoever manages a department puts people into it at once: else she would not see them."""
        sets = super().get_fieldsets(request, obj)
        place = (_("Organisation"), {"fields": ("department",)})
        return (*sets, place) if obj is None and own_tenant(request) else sets

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users: QuerySet[User] = super().get_queryset(request)
        return users.prefetch_related("groups__role")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and limits.outranks(obj, request.user):
            return False
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Who could put herself into any department would see them all."""
        fixed = list(super().get_readonly_fields(request, obj))
        hers = obj is not None and obj.pk == request.user.pk
        narrow = hers and not limits.reaches_everything(request.user)
        return [*fixed, *self._place] if narrow else fixed

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        user = self.get_object(request, unquote(id))
        if not may_act_as(cast(User, request.user), cast(User, user)):
            raise PermissionDenied
        answer: HttpResponse = super().user_change_password(request, id, form_url)
        return answer

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField[Any] | None:
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        groups = limits.groups_to_give(request.user, tenant=own_tenant(request))
        field = RolesField(
            groups.select_related("role__tenant"),
            label=_("Roles"),
            required=False,
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
        )
        field.names_tenants = own_tenant(request) is None
        return field

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[User]]:
        """For a person whose department is known more roles may be given than for a new one."""
        form = super().get_form(request, obj, change=change, **kwargs)
        field = form.base_fields.get("groups")
        if obj is not None and isinstance(field, RolesField):
            offered = limits.groups_to_give(request.user, tenant=own_tenant(request), to=obj)
            field.queryset = offered.select_related("role__tenant")
        return form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Roles are given by their service, which leaves alone what is not hers to take."""
        groups = form.cleaned_data.pop("groups", None)
        super().save_related(request, form, formsets, change)
        if groups is not None:
            roles = Role.objects.filter(group__in=groups)
            by = cast(User, request.user)
            services.set_roles(user=form.instance, roles=list(roles), by=by)
        tell_of_change(form.instance, before=audience(_as_before(form)))

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(
            str(group.role if hasattr(group, "role") else group) for group in user.groups.all()
        )


class RolesField(forms.ModelMultipleChoiceField[Group]):
    """Groups under the names of their roles; for an operator, with whose they are."""

    names_tenants = False

    def label_from_instance(self, group: Group) -> str:
        role: Role = group.role
        whose = f" ({role.tenant})" if self.names_tenants and role.tenant else ""
        return f"{role.title}{whose}"


@admin.register(Role)
class RoleAdmin(TenantListed, ModelAdmin):
    """A tenant's administrator makes roles of his own tenant; the installation's he looks at."""

    form = RoleForm
    list_display = ("called", "scope", "enabled", "people")
    list_filter = ("scope", "enabled")
    list_select_related = ("tenant",)
    search_fields = ("name",)
    autocomplete_fields = ("tenant",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        return _roles_shown_to(request)

    def get_form(
        self, request: HttpRequest, obj: Role | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        made = super().get_form(request, obj, change=change, **kwargs)
        made.editor = request.user
        return made

    def get_fields(self, request: HttpRequest, obj: Role | None = None) -> list[str]:
        """Who belongs to no tenant says whose a new role is; it stays so."""
        whose = [] if own_tenant(request) else ["tenant"]
        about = ["enabled", "scope", "departments", "constraints"]
        if obj is None or self.has_change_permission(request, obj):
            return [*whose, "name", *about, "permissions"]
        return [*whose, "called", *about, "permitted"]

    def get_readonly_fields(self, request: HttpRequest, obj: Role | None = None) -> list[str]:
        return ["tenant", "called", "permitted"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        allowed = bool(super().has_change_permission(request, obj))
        return allowed and (obj is None or _is_hers(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        allowed = bool(super().has_delete_permission(request, obj))
        return allowed and (obj is None or _is_hers(request, obj))

    def save_model(self, request: HttpRequest, obj: Role, form: RoleForm, change: bool) -> None:
        obj.tenant = own_tenant(request) or obj.tenant
        services.save_role(
            role=obj,
            permissions=form.chosen_permissions,
            departments=list(form.cleaned_data.get("departments") or ()),
            by=cast(User, request.user),
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has done it."""

    def delete_model(self, request: HttpRequest, obj: Role) -> None:
        services.delete_role(role=obj, by=cast(User, request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Role]) -> None:
        for role in queryset:
            self.delete_model(request, role)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """What goes with a role has no page of its own, and no permission to ask for."""
        return [str(role) for role in objs], {}, set(), []

    @admin.display(description=_("name"), ordering="name")
    def called(self, role: Role) -> str:
        return role.title

    @admin.display(description=_("permissions"))
    def permitted(self, role: Role) -> SafeString:
        """What it permits, for those who only look."""
        held = role.group.permissions.select_related("content_type")
        return permission_words.summary(held.order_by(*permission_words.ORDER))

    @admin.display(description=_("people"), ordering="people")
    def people(self, role: Any) -> int:
        return int(role.people)


@admin.register(MenuOverride)
class MenuOverrideAdmin(TenantListed, ModelAdmin):
    """The entries that a tenant has moved or hidden; code says which there are."""

    list_display = ("title", "key", "order", "hidden")
    list_filter = ("hidden",)
    list_select_related = ("tenant",)
    search_fields = ("key",)
    autocomplete_fields = ("tenant",)

    def get_fields(self, request: HttpRequest, obj: MenuOverride | None = None) -> list[str]:
        whose = ["tenant"] if obj is None and own_tenant(request) is None else []
        return [*whose, "key", "order", "hidden"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: MenuOverride | None = None
    ) -> list[str]:
        return ["key"] if obj else []

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name == "key":
            choices = [(key, entry.title) for key, entry in menus.declared().items()]
            return forms.ChoiceField(
                choices=choices, label=_("Menu entry"), widget=UnfoldAdminSelectWidget()
            )
        field: forms.Field | None = super().formfield_for_dbfield(db_field, request, **kwargs)
        return field

    def save_model(self, request: HttpRequest, obj: MenuOverride, form: Any, change: bool) -> None:
        kept = services.arrange_menu(
            tenant=own_tenant(request) or obj.tenant,
            key=obj.key,
            order=obj.order,
            hidden=obj.hidden,
            by=cast(User, request.user),
        )
        obj.pk, obj.tenant = kept.pk, kept.tenant

    @admin.display(description=_("menu entry"))
    def title(self, override: MenuOverride) -> StrOrPromise:
        entry = menus.declared().get(override.key)
        return entry.title if entry else override.key


def _roles_shown_to(request: HttpRequest) -> QuerySet[Role]:
    tenant = own_tenant(request)
    roles = limits.roles_of_tenant(tenant) if tenant else Role.objects.select_related("group")
    return roles.annotate(people=_people(tenant)).order_by("tenant", "name")


def _people(tenant: Any) -> Count:
    """Of the same tenant: how many neighbours have a role is nobody's business."""
    return Count("group__user", filter=Q(group__user__tenant=tenant) if tenant else None)


def _is_hers(request: HttpRequest, role: Role) -> bool:
    tenant = own_tenant(request)
    return role.tenant == tenant if tenant else bool(request.user.is_superuser)
