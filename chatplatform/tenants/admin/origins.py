from typing import Any

from django import forms
from django.http import HttpRequest
from unfold.admin import TabularInline

from chatplatform.tenants.models import AllowedOrigin
from chatplatform.tenants.origins import InvalidOrigin, normalised


class OriginForm(forms.ModelForm[AllowedOrigin]):
    def clean_origin(self) -> str:
        """As browsers write it, so that the same one is not allowed twice."""
        try:
            return normalised(self.cleaned_data["origin"])
        except InvalidOrigin as error:
            raise forms.ValidationError(str(error.title)) from None


class OriginFormSet(forms.BaseInlineFormSet[Any, Any, Any]):
    @classmethod
    def get_default_prefix(cls) -> str:
        return "origins"  # a row's tenant has no name for its rows


class AllowedOriginInline(TabularInline):  # type: ignore[misc]  # unfold is untyped
    """Sites that may show the tenant's chat."""

    model = AllowedOrigin
    form = OriginForm
    formset = OriginFormSet
    fields = ("origin",)
    extra = 0
    hide_title = True  # it is the origin, which the row shows anyway

    def has_change_permission(self, request: HttpRequest, obj: AllowedOrigin | None = None) -> bool:
        return False
