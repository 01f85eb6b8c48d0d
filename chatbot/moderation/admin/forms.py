"""What people fill in about words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from chatbot.moderation.choices import Action, Speaker
from chatbot.moderation.drafts import Draft, all_faults_of, faults_of_phrase, fill
from chatbot.moderation.matcher import needle
from chatbot.moderation.models import LONGEST_PHRASE, AllowedPhrase, SensitiveWord
from chatbot.moderation.services.originals import LONGEST_REASON
from chatplatform.kernel.input_errors import FieldError
from chatplatform.tenants.models import Tenant


class OwnedForm(forms.ModelForm[Any]):
    """`bound_to` is the writer's company; an operator, who has none, says whose it is."""

    bound_to: Tenant | None = None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        tenant = self.bound_to or found.get("tenant") or self.instance.tenant_id
        if tenant and not self.errors:
            self.instance.tenant_id = getattr(tenant, "pk", tenant)
            for fault in self.faults(found):
                self.add_error(self._place(fault), fault["message"])
        return found

    def faults(self, found: dict[str, Any]) -> list[FieldError]:
        return []

    def _place(self, fault: FieldError) -> str | None:
        return fault["field"] if fault["field"] in self.fields else None


class WordForm(OwnedForm):
    """Finds out before the service does what is wrong with a word."""

    def draft(self) -> Draft:
        """What was entered."""
        found = self.cleaned_data
        said_by = {
            Speaker.CUSTOMER: found["for_customers"],
            Speaker.AGENT: found["for_agents"],
            Speaker.AI: found["for_ai"],
        }
        return Draft(
            word=found["word"],
            category=found["category"],
            action=Action(found["action"]),
            speakers=frozenset(speaker for speaker, applies in said_by.items() if applies),
            enabled=found["enabled"],
            note=found["note"],
        )

    def faults(self, found: dict[str, Any]) -> list[FieldError]:
        row = SensitiveWord(pk=self.instance.pk, tenant_id=self.instance.tenant_id)
        fill(row, self.draft())
        return all_faults_of(row)


class PhraseForm(OwnedForm):
    """The same for a phrase."""

    def faults(self, found: dict[str, Any]) -> list[FieldError]:
        phrase = " ".join(found["phrase"].split())
        row = AllowedPhrase(
            pk=self.instance.pk,
            tenant_id=self.instance.tenant_id,
            phrase=phrase,
            normal=needle(phrase)[0],
        )
        return faults_of_phrase(row)


class TenantForm(forms.Form):
    """Asks an operator whose words are meant."""

    def __init__(self, *args: Any, bound_to: Tenant | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bound_to = bound_to
        if bound_to is None:
            self.fields["tenant"] = forms.ModelChoiceField(
                Tenant.objects.order_by("name"), label=_("tenant"), widget=UnfoldAdminSelectWidget()
            )
            self.order_fields(["tenant"])

    @property
    def tenant(self) -> Tenant:
        """Whose words; of a valid form."""
        found: Tenant = self.bound_to or self.cleaned_data["tenant"]
        return found


class TrialForm(TenantForm):
    text = forms.CharField(
        label=_("text"), max_length=10_000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4})
    )
    speaker = forms.ChoiceField(
        label=_("said by"), choices=Speaker.choices, widget=UnfoldAdminSelectWidget()
    )


class ImportForm(TenantForm):
    file = forms.FileField(label=_("CSV file"), widget=UnfoldAdminFileFieldWidget())


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"),
        max_length=LONGEST_REASON,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("History keeps it with your name."),
    )


class VerdictForm(forms.Form):
    phrase = forms.CharField(
        label=_("phrase to allow"),
        max_length=LONGEST_PHRASE,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("In it the word means no harm from now on; empty: nothing is allowed."),
    )
