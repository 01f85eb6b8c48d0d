"""One's own keys, beside the profile: made with a secret that is shown once, and revoked."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from chatplatform.accounts import permission_words
from chatplatform.accounts.api_keys import services
from chatplatform.accounts.api_keys.forms import named
from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.api_keys.selectors import key_to_revoke
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import InvalidInput, PermissionRefused

OURS = ("chatplatform", "chatbot", "workbench")  # what libraries keep to themselves is no scope
LASTS = ((30, _("30 days")), (90, _("90 days")), (365, _("one year")), (0, _("until revoked")))


class KeyForm(forms.Form):
    """A new key of one's own; its scopes are among what one may do."""

    name = forms.CharField(
        label=pgettext_lazy("API key", "Name"),
        help_text=_("What uses the key."),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "field", "autocomplete": "off"}),
    )
    lasts = forms.TypedChoiceField(
        label=_("Lasts"),
        choices=LASTS,
        coerce=int,
        initial=90,
        widget=forms.Select(attrs={"class": "field"}),
    )
    addresses = forms.CharField(
        label=_("Allowed addresses"),
        help_text=_("One address or network a line, such as 192.0.2.0/24. Empty: from everywhere."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"class": "field", "rows": 2}),
    )
    scopes = forms.MultipleChoiceField(
        label=pgettext_lazy("API key", "May"), choices=(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [name for name in owner.get_all_permissions() if _is_ours(name)]
        self.words = permission_words.choices(named(held), key=permission_words.full_name)
        self.fields["scopes"].choices = self.words  # type: ignore[attr-defined]  # a choice field's

    @property
    def options(self) -> dict[str, Any]:
        """What the service is told."""
        given = self.cleaned_data
        days = given["lasts"]
        return {
            "name": given["name"],
            "scopes": given["scopes"],
            "addresses": given["addresses"].split(),
            "expires_at": timezone.now() + timedelta(days=days) if days else None,
        }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def api_keys(request: HttpRequest) -> HttpResponse:
    """The keys that act as oneself, and a form for another one."""
    user = _person(request)
    form = KeyForm(request.POST or None, owner=user)
    if form.is_bound and form.is_valid():
        try:
            made = services.create_key(by=user, owner=user, **form.options)
        except InvalidInput as error:
            for fault in error.extra["errors"]:
                field = fault["field"] if fault["field"] in form.fields else None
                form.add_error(field, fault["message"])
        else:
            return render(request, "account/api_key_made.html", {"made": made})
    return render(request, "account/api_keys.html", {"form": form, "keys": _keys_of(user)})


@require_POST
@login_required
def revoke_api_key(request: HttpRequest, prefix: str) -> HttpResponse:
    """End a key of one's own for good."""
    user = _person(request)
    services.revoke_key(key=key_to_revoke(user, prefix), by=user)
    messages.success(request, _("Revoked: calls with this key are refused from now on."))
    return redirect("api_keys")


def _keys_of(user: User) -> list[dict[str, Any]]:
    """Her keys with their scopes in words. Two queries."""
    keys = list(ApiKey.objects.filter(owner=user))
    scopes = named({scope for key in keys for scope in key.scopes})
    return [{"key": key, "may": _words(scopes, key)} for key in keys]


def _words(scopes: list[Permission], key: ApiKey) -> SafeString:
    hers = [each for each in scopes if permission_words.full_name(each) in key.scopes]
    return permission_words.summary(hers)


def _person(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if user.tenant_id is None:
        raise PermissionRefused(_("Keys belong to people of a company."))
    return user


def _is_ours(permission: str) -> bool:
    label, _dot, _codename = permission.partition(".")
    return apps.get_app_config(label).name.startswith(OURS)
