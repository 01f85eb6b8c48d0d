"""What people fill in about servers and tools."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from chatbot.tools.calling.caller import read_fillings
from chatbot.tools.calling.outcomes import ToolFailed
from chatbot.tools.choices import Auth, Kind
from chatbot.tools.discovery import openapi
from chatbot.tools.models import Tool, ToolServer
from chatbot.tools.schemas.checking import BadArguments, read_arguments, without


class ServerForm(forms.ModelForm[ToolServer]):
    """The secret is written and never read: left empty it stays as it is."""

    new_secret = forms.CharField(
        label=_("secret"),
        required=False,
        strip=True,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted and never shown again; empty: as it is."),
    )

    class Meta:
        model = ToolServer
        fields = (
            "kind",
            "name",
            "url",
            "document",
            "auth",
            "auth_name",
            "timeout",
            "retries",
            "enabled",
        )

    def clean_document(self) -> str:
        text: str = self.cleaned_data["document"]
        if text.strip():
            try:
                openapi.read(text)
            except ToolFailed as error:
                raise ValidationError(str(error)) from None
        return text

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not {"url", "document"} & self.errors.keys():  # else they are there, and wrong
            self._find_address(said)
        if said.get("auth") == Auth.HEADER and not said.get("auth_name"):
            self.add_error("auth_name", _("Which header?"))
        return said

    def _find_address(self, said: dict[str, Any]) -> None:
        kind = said.get("kind") or self.instance.kind
        if kind == Kind.HTTP_API and not said["url"] and said["document"]:
            said["url"] = openapi.base_address(said["document"])
        if kind != Kind.BUILTIN and not said["url"]:
            self.add_error("url", _("This kind of server needs an address."))
        if kind == Kind.HTTP_API and not said["document"]:
            self.add_error("document", _("An HTTP API needs its OpenAPI document."))

    def save(self, commit: bool = True) -> ToolServer:
        if secret := self.cleaned_data["new_secret"]:
            self.instance.secret = secret
        return super().save(commit)


class ToolForm(forms.ModelForm[Tool]):
    class Meta:
        model = Tool
        widgets = {"roles": UnfoldAdminCheckboxSelectMultipleWidget}
        fields = (
            "name",
            "title",
            "description",
            "risk",
            "enabled",
            "audience",
            "roles",
            "per_minute",
            "wordings",
            "answers",
            "identity",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if roles := self.fields.get("roles"):  # a company's own, and those that all have
            own = Q(tenant=self.instance.tenant_id) | Q(tenant=None)
            roles.queryset = roles.queryset.filter(own)  # type: ignore[attr-defined]

    def clean_identity(self) -> str:
        text: str = self.cleaned_data["identity"]
        read_fillings(text)
        return text

    def clean_answers(self) -> dict[str, str]:
        said = self.cleaned_data["answers"] or {}
        if not isinstance(said, dict) or not all(isinstance(each, str) for each in said.values()):
            raise ValidationError(_('A text for each language: {"en": "..."}'))
        return said


class TrialForm(forms.Form):
    """Arguments for a dry run."""

    arguments = forms.CharField(
        label=_("arguments"),
        initial="{}",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("A JSON object, as the assistant would write it."),
    )

    def __init__(self, *args: Any, tool: Tool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._tool = tool

    def clean_arguments(self) -> dict[str, Any]:
        ours = {filling.name for filling in read_fillings(self._tool.identity)}
        try:
            return read_arguments(
                self.cleaned_data["arguments"], without(self._tool.input_schema, ours)
            )
        except BadArguments as error:
            raise ValidationError(str(error)) from None
