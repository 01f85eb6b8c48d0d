"""What a supervisor fills in; choices are what she may choose."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.models import User
from chatplatform.roles.limits import roles_to_give
from chatplatform.roles.models import Role
from chatplatform.tenants.models import Department, Position

_FIELD = {"class": "field"}


class DepartmentField(forms.ModelChoiceField[Department]):
    """The departments with a hint of how deep they stand, in the order of the tree."""

    def label_from_instance(self, department: Department) -> str:
        return f"{'– ' * (department.level - 1)}{department.name}"


class PlaceForm(forms.Form):
    """Where somebody stands in the company."""

    department = DepartmentField(
        Department.objects.none(),  # filled for each form: here no tenant's scope is open
        label=_("Department"),
        required=False,
        empty_label=_("none"),
        widget=forms.Select(attrs=_FIELD),
    )
    position = forms.ModelChoiceField(
        Position.objects.none(),
        label=_("Position"),
        required=False,
        empty_label=_("none"),
        widget=forms.Select(attrs=_FIELD),
    )

    def __init__(self, *args: Any, by: User, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = (person or by).department_id
        open_ones = Department.objects.visible_to(by).filter(active=True)
        hers = Department.objects.filter(pk=present)  # where she is she may stay
        self._offer("department", (open_ones | hers).order_by("path"))
        self._offer("position", Position.objects.visible_to(by))
        self.initial.setdefault("department", present)
        self.initial.setdefault("position", person.position_id if person else None)

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]  # a choice field's


class RoleField(forms.ModelMultipleChoiceField[Role]):
    def label_from_instance(self, role: Role) -> str:
        return f"{role.title} · {role.get_scope_display()}"


class RolesForm(forms.Form):
    """The roles that `by` may give to this person."""

    roles = RoleField(
        Role.objects.none(),
        label=_("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, by: User, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = roles_to_give(by, tenant=by.tenant, to=person or User(department=by.department))
        keys = [role.pk for role in offered]
        rows = Role.objects.filter(pk__in=keys).order_by("name")
        self.fields["roles"].queryset = rows  # type: ignore[attr-defined]  # a choice field's
        self.offered = frozenset(keys)
        if person is not None:
            held = Role.objects.filter(group__user=person, pk__in=keys)
            self.initial.setdefault("roles", list(held.values_list("pk", flat=True)))


class InviteForm(PlaceForm):
    """Somebody new."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("Letters, digits and @ . + - _"),
        widget=forms.TextInput(attrs={**_FIELD, "autocomplete": "off", "autocapitalize": "none"}),
    )
    display_name = forms.CharField(
        label=_("Display name"),
        max_length=80,
        required=False,
        help_text=_("What customers see."),
        widget=forms.TextInput(attrs={**_FIELD, "autocomplete": "off"}),
    )

    field_order = ("username", "display_name", "department", "position")
