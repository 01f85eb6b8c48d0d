from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline

from chatplatform.dictionaries import services
from chatplatform.dictionaries.models import DictionaryItem, DictionaryType
from chatplatform.kernel.admin import ModelAdmin, own_tenant
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant


class DictionaryForm(forms.ModelForm[DictionaryType]):
    """Finds out before the service does that a code is taken."""

    bound_to: Tenant | None = None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        self.instance.tenant = self.bound_to or found.get("tenant") or self.instance.tenant
        if self.instance._state.adding and self._taken(found.get("code", "")):
            self.add_error("code", _("There is a dictionary of this code already."))
        return found

    def _taken(self, code: str) -> bool:
        with all_tenants():
            same = DictionaryType.objects.filter(tenant=self.instance.tenant, code=code)
            return bool(same.exists())


class ItemForm(forms.ModelForm[DictionaryItem]):
    def validate_constraints(self) -> None:
        """The default may move from one row to another: that is judged for all of them."""


class ItemFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # not generic at run time
    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms if hasattr(form, "cleaned_data")]
        defaults = [row for row in rows if row.get("default")]
        if len(defaults) > 1:
            raise forms.ValidationError(_("Only one item can be chosen at first."))
        if defaults and not defaults[0].get("enabled"):
            raise forms.ValidationError(
                _("What is chosen at first must be one that can be chosen.")
            )


class ItemInline(TabularInline):  # type: ignore[misc]  # unfold is untyped
    """Items belong to their dictionary: whoever may change that may change them."""

    model = DictionaryItem
    form = ItemForm
    formset = ItemFormSet
    fields = ("value", "label_zh_hans", "label_en", "color", "default", "enabled", "sort")
    ordering_field = "sort"
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[DictionaryItem]:
        with all_tenants():  # everyone's lists can be read by all
            found: QuerySet[DictionaryItem] = super().get_queryset(request)
        return found

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or _may_change(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or _may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # old records name it: switch it off


@admin.register(DictionaryType)
class DictionaryAdmin(ModelAdmin):
    """A tenant's administrator reads everyone's lists and changes his company's own."""

    form = DictionaryForm
    list_display = ("code", "name_zh_hans", "name_en", "system", "tenant")
    list_filter = ("system",)
    list_select_related = ("tenant",)
    search_fields = ("code", "name_zh_hans", "name_en")
    inlines = (ItemInline,)
    actions = ("make_own",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DictionaryType]:
        with all_tenants():
            found: QuerySet[DictionaryType] = super().get_queryset(request)
        tenant = own_tenant(request)
        return found.filter(Q(tenant=tenant) | Q(tenant=None)) if tenant else found

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        return type("Form", (form,), {"bound_to": own_tenant(request)})

    def get_fields(self, request: HttpRequest, obj: DictionaryType | None = None) -> list[str]:
        fields = ["code", "name_zh_hans", "name_en"]
        return fields if own_tenant(request) else [*fields, "tenant"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: DictionaryType | None = None
    ) -> list[str]:
        return ["code", "tenant"] if obj else []  # programs know it by them

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = bool(super().has_change_permission(request, obj))
        return allowed and (obj is None or _may_change(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = bool(super().has_delete_permission(request, obj))
        return allowed and obj is not None and not obj.system and _may_change(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Saved with its items, below."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        items = [item for formset in formsets for item in formset.save(commit=False)]
        services.save_dictionary(dictionary=form.instance, by=request.user, items=items)

    def delete_model(self, request: HttpRequest, obj: DictionaryType) -> None:
        services.delete_dictionary(dictionary=obj, by=request.user)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        wanted = {"make_own"} if own_tenant(request) else set()
        return {name: action for name, action in found.items() if name in wanted}

    @admin.action(description=gettext_lazy("Make our own list of it"), permissions=["change"])
    def make_own(self, request: HttpRequest, queryset: QuerySet[DictionaryType]) -> None:
        tenant = own_tenant(request)
        if tenant is None:
            return
        for dictionary in queryset:
            try:
                services.copy_for_tenant(dictionary=dictionary, tenant=tenant, by=request.user)
            except InvalidInput:
                has = _("Your company has its own list %(code)s.") % {"code": dictionary.code}
                messages.warning(request, has)


def _may_change(request: HttpRequest, dictionary: DictionaryType) -> bool:
    tenant = own_tenant(request)
    right = request.user.has_perm("dictionaries.change_dictionarytype")
    return right and (tenant is None or dictionary.tenant_id == tenant.pk)
