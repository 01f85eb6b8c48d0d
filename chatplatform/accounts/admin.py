from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from chatplatform.accounts import services
from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.callers import sessions
from chatplatform.accounts.models import User
from chatplatform.accounts.signing_in import login_log_admin, passwords  # noqa: F401 - they register pages
from chatplatform.kernel.admin import ModelAdmin, TenantListed, own_tenant
from realtime import admin as event_admin

# Ours comes below; the library's know no tenant, and show secrets.
for unused in (
    Group,
    EmailAddress,
    Authenticator,
    UserSession,
    SocialAccount,
    SocialApp,
    SocialToken,
):
    admin.site.unregister(unused)


@event_admin.show_logs
def logs_of(request: HttpRequest) -> list[str] | None:
    """A tenant's people see its own event log, whatever they may otherwise."""
    tenant = own_tenant(request)
    return [tenant.slug] if tenant else None


class UserAdmin(TenantListed, DjangoUserAdmin, ModelAdmin):  # type: ignore[misc, type-arg]
    """A person's account. Roles adds what she may do, and registers it (roles/admin.py)."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = (
        "username",
        "display_name",
        "department",
        "is_active",
        "is_staff",
        "last_login",
    )
    list_filter = ("is_active", "is_staff", "language")
    list_select_related = ("tenant", "department")
    search_fields = ("username", "display_name", "first_name", "last_name", "email")
    date_hierarchy = "date_joined"
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    autocomplete_fields = ("tenant",)
    actions = ("sign_out_everywhere",)

    _person = ("display_name", "first_name", "last_name", "email", "language")
    _place = ("department", "position")
    _rights = ("is_active", "is_staff", "groups")
    _operators_rights = ("tenant", "is_superuser")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        operator = () if own_tenant(request) else self._operators_rights
        if obj is None:
            fields = ("username", "usable_password", "password1", "password2", "display_name")
            return ((None, {"fields": (*fields, *self._rights, *operator)}),)
        return (
            (None, {"fields": ("username", "password")}),
            (_("Person"), {"fields": self._person}),
            (_("Organisation"), {"fields": self._place}),
            (_("Rights"), {"fields": (*self._rights, *operator)}),
            (_("Times"), {"fields": self.readonly_fields}),
        )

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False  # whoever sets a superuser's password is one
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # history names people: switch them off instead

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[User]]:
        form: type[forms.ModelForm[User]] = super().get_form(request, obj, change=change, **kwargs)
        for name in self._place:
            field = form.base_fields.get(name)
            if obj is not None and isinstance(field, forms.ModelChoiceField):
                field.limit_choices_to = {"tenant": obj.tenant}
        return form

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.tenant = own_tenant(request) or obj.tenant
        actor = actor_of(cast(User, request.user))
        changed = [name for name in form.changed_data if "password" not in name]
        services.save_user(user=obj, actor=actor, changed=changed)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        if isinstance(form, AdminPasswordChangeForm):  # Django's view has no other hook
            passwords.note_change(user=form.user, by=cast(User, request.user))
        return super().construct_change_message(request, form, formsets, add)

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """End every session of these people, and with it their tokens, streams and sockets."""
        by = cast(User, request.user)
        allowed = [user for user in users if self.has_change_permission(request, user)]
        ended = sum([sessions.end_sign_ins(user=user, by=by) for user in allowed])
        said = ngettext("Ended %(count)d session.", "Ended %(count)d sessions.", ended)
        self.message_user(request, said % {"count": ended})
