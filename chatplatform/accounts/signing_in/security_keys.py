"""The library's forms for security keys, with the one label that it forgot to translate."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import pgettext_lazy

NAME = pgettext_lazy("security key", "Name")


class AddSecurityKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    name = forms.CharField(label=NAME, required=False)


class EditSecurityKeyForm(EditWebAuthnForm):  # type: ignore[misc]  # likewise
    name = forms.CharField(label=NAME)
