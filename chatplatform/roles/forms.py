"""The role editor: permissions in words, by what they are about; limits as JSON that is tried."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, cast

from django import forms
from django.apps import apps
from django.contrib.auth.models import Permission
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminTextareaWidget,
)

from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import all_tenants
from chatplatform.roles import constraints, limits
from chatplatform.roles.models import Role, Scope
from chatplatform.tenants.models import Department

EXAMPLE = '{"conversations.conversation": {"language__in": ["en"], "department": "$department"}}'

_VERBS = {"view": _("see"), "add": _("add"), "change": _("change"), "delete": _("delete")}


class RoleForm(forms.ModelForm[Role]):
    """Made for one editor: what is offered is what she may give."""

    editor: User  # set by RoleAdmin.get_form

    permissions = forms.MultipleChoiceField(
        label=_("permissions"), required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    departments = forms.ModelMultipleChoiceField(
        Department.objects.none(),  # filled for each editor: here no tenant's scope is open
        label=_("chosen departments"),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget,
        help_text=_("For the reach “chosen departments”."),
    )

    class Meta:
        model = Role
        fields = ("tenant", "name", "enabled", "scope", "constraints")
        widgets = {"constraints": UnfoldAdminTextareaWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "constraints" not in self.fields:
            return  # a page to look at, with nothing to fill in
        self._offered = {str(each.pk): each for each in limits.permissions_to_give(self.editor)}
        permissions = cast(forms.MultipleChoiceField, self.fields["permissions"])
        permissions.choices = grouped(self._offered.values())
        if self.instance.pk:
            held = self.instance.group.permissions.values_list("pk", flat=True)
            self.initial["permissions"] = [str(key) for key in held]
        self._offer_departments()
        self.fields["constraints"].required = False
        self.fields["constraints"].help_text = self._how_to_limit()

    def _offer_departments(self) -> None:
        tenant = self.editor.tenant or self.instance.tenant
        with all_tenants():
            departments = Department.objects.filter(tenant=tenant).order_by("path")
        field = cast(forms.ModelMultipleChoiceField[Department], self.fields["departments"])
        field.queryset = departments

    def _how_to_limit(self) -> str:
        fields = "; ".join(
            f"{label}: {', '.join(names)}" for label, names in constraints.narrowable().items()
        )
        said = gettext(
            "What the role is limited to, for example %(example)s. Operators: __in, __gte, __lte; "
            "$user and $department stand for whoever has the role. Can be limited: %(fields)s."
        )
        return said % {"example": EXAMPLE, "fields": fields}

    def clean_constraints(self) -> Any:
        given = self.cleaned_data["constraints"] or {}
        try:
            constraints.checked(given)
        except constraints.Misunderstood as fault:
            where = f"{fault.key}: " if fault.key else ""
            raise forms.ValidationError(f"{where}{fault.message}", code=fault.code) from None
        return given

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and cleaned.get("scope") == Scope.CUSTOM and not cleaned.get("departments"):
            self.add_error("departments", _("Choose at least one."))
        return cleaned

    @property
    def chosen_permissions(self) -> list[Permission]:
        return [self._offered[key] for key in self.cleaned_data["permissions"]]


def grouped(permissions: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices by what the permissions are about, in the reader's words."""
    about = groupby(permissions, key=_about)
    return [(title, list(_choices(several))) for title, several in about]


def _about(permission: Permission) -> str:
    kind = permission.content_type
    try:
        model = apps.get_model(kind.app_label, kind.model)
    except LookupError:
        return kind.app_label
    app = apps.get_app_config(kind.app_label).verbose_name
    return f"{app} · {capfirst(str(model._meta.verbose_name_plural))}"


def _choices(permissions: Any) -> Iterator[tuple[str, str]]:
    for permission in permissions:
        verb, _sep, model = permission.codename.partition("_")
        usual = model == permission.content_type.model and verb in _VERBS
        # a permission of our own is named in its model, where its words are collected
        words = _VERBS[verb] if usual else gettext(permission.name)
        yield str(permission.pk), capfirst(str(words))
