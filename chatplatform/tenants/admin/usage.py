from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django_stubs_ext import StrOrPromise

from chatplatform.kernel.admin import ModelAdmin, ReadOnly, TenantListed
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import UsageCounter
from chatplatform.tenants.usage import percentage


@admin.register(UsageCounter)
class UsageCounterAdmin(TenantListed, ReadOnly, ModelAdmin):
    """How far each tenant is with what its plan allows; only services count."""

    list_display = ("metric", "period", "used", "limit", "share", "exhausted_at")
    list_filter = ("metric", "period")
    list_select_related = ("tenant__plan",)
    fields = ("metric", "period", "used", "limit", "share", "exhausted_at")

    @admin.display(description=_("used"), ordering="value")
    def used(self, counter: UsageCounter) -> str:
        return _amount(counter, counter.value)

    @admin.display(description=_("limit"))
    def limit(self, counter: UsageCounter) -> StrOrPromise:
        most = quotas.limit(counter.tenant, Metric(counter.metric))
        return pgettext("limit", "none") if most is None else _amount(counter, most)

    @admin.display(description=_("share"))
    def share(self, counter: UsageCounter) -> str:
        most = quotas.limit(counter.tenant, Metric(counter.metric))
        share = percentage(counter.value, most)
        if share is None:
            return ""
        return format_html('<progress max="100" value="{}"></progress> {} %', share, share)


def _amount(counter: UsageCounter, value: int) -> str:
    if counter.metric == Metric.STORAGE:
        return filesizeformat(value)
    return number_format(value, force_grouping=True)
