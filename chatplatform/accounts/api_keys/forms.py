from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from chatplatform.accounts import permission_words
from chatplatform.accounts.api_keys.addresses import normalised
from chatplatform.accounts.api_keys.models import ApiKey


class ApiKeyForm(forms.ModelForm[ApiKey]):
    """A new key; its scopes are chosen among what its maker may do."""

    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), widget=UnfoldAdminCheckboxSelectMultipleWidget(), choices=()
    )
    addresses = forms.CharField(
        label=_("Allowed addresses"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("One address or network a line, such as 192.0.2.0/24. Empty: from everywhere."),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "owner", "scopes", "addresses", "expires_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "scopes" in self.fields:
            self.fields["scopes"].choices = self._choices()  # type: ignore[attr-defined]

    def clean_addresses(self) -> list[str]:
        lines = self.cleaned_data["addresses"].split()
        try:
            return [normalised(line) for line in lines]
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    held: frozenset[str] = frozenset()  # what the maker may do; set by the admin

    def _choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return permission_words.choices(named(self.held), key=permission_words.full_name)


def named(scopes: Collection[str]) -> list[Permission]:
    """The permissions of these names ("app.codename"), in the order of their words."""
    found = Permission.objects.select_related("content_type").order_by(*permission_words.ORDER)
    return [each for each in found if permission_words.full_name(each) in scopes]
