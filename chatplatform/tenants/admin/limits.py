from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from chatplatform.tenants.limits import UNLIMITED
from chatplatform.tenants.metrics import Metric


def _limit(metric: Metric) -> forms.IntegerField:
    return forms.IntegerField(
        label=capfirst(metric.label),
        required=False,
        min_value=UNLIMITED,
        max_value=2**63 - 1,
        widget=UnfoldAdminIntegerFieldWidget(),
    )


class LimitsForm(forms.ModelForm[Any]):
    """Shows the `limits` of a plan or tenant as one number a metric; empty ones are left out."""

    limit_seats = _limit(Metric.SEATS)
    limit_ai_messages = _limit(Metric.AI_MESSAGES)
    limit_ai_tokens = _limit(Metric.AI_TOKENS)
    limit_documents = _limit(Metric.DOCUMENTS)
    limit_storage = _limit(Metric.STORAGE)
    limit_requests_per_minute = _limit(Metric.REQUESTS_PER_MINUTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for metric, name in LIMIT_FIELDS.items():
            if name in self.fields:
                self.fields[name].initial = self.instance.limits.get(metric)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        shown = {metric: name for metric, name in LIMIT_FIELDS.items() if name in self.fields}
        if shown:
            given = {metric.value: cleaned.get(name) for metric, name in shown.items()}
            self.instance.limits = {key: limit for key, limit in given.items() if limit is not None}
        return cleaned


LIMIT_FIELDS = {metric: f"limit_{metric.value}" for metric in Metric}
PLAN_HELP = _("Empty or -1: no limit.")
OWN_HELP = _("Empty: as the plan says. -1: no limit.")
