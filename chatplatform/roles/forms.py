"""The role editor: permissions in words, by what they are about; limits as JSON that is tried."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import Permission
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminTextareaWidget,
)

from chatplatform.accounts import permission_words
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import all_tenants
from chatplatform.roles import constraints, limits
from chatplatform.roles.models import Role, Scope
from chatplatform.tenants.models import Department

EXAMPLE = '{"conversations.conversation": {"language__in": ["en"], "department": "$department"}}'


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
        permissions.choices = permission_words.choices(
            self._offered.values(), key=lambda each: str(each.pk)
        )
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
