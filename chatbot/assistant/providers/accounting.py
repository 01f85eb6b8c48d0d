"""What calls to models take: a row each, the tenant's tokens, the counters of the process."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from chatbot.assistant.providers import metrics
from chatbot.assistant.providers.endpoints import Endpoint
from chatbot.assistant.providers.models import ModelCall, Provider
from chatbot.assistant.providers.purposes import CallStatus, Purpose
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class Line:
    """One call as the accounts keep it; times in seconds, `first_token` None if none came."""

    endpoint: Endpoint
    tenant: Tenant
    run: int | None
    purpose: Purpose
    status: CallStatus
    error: str
    tokens_in: int
    tokens_out: int
    is_estimated: bool
    first_token: float | None
    total: float

    @property
    def cost(self) -> Decimal:
        """In the endpoint's currency."""
        read = self.endpoint.input_price * self.tokens_in
        written = self.endpoint.output_price * self.tokens_out
        return (read + written) / _MILLION


@transaction.atomic
def record_call(line: Line) -> None:
    """Keep the call, and count its tokens: also beyond the limit, since they are spent."""
    endpoint = line.endpoint
    with tenant_scope(line.tenant):
        ModelCall.objects.create(
            tenant=line.tenant,
            provider_id=_row(endpoint),
            provider_name=endpoint.name,
            model=endpoint.model,
            run_id=line.run,
            purpose=line.purpose,
            status=line.status,
            error=line.error[:300],
            tokens_in=line.tokens_in,
            tokens_out=line.tokens_out,
            is_estimated=line.is_estimated,
            cost=line.cost,
            currency=endpoint.currency,
            first_token_ms=None if line.first_token is None else round(line.first_token * 1000),
            total_ms=round(line.total * 1000),
        )
    if spent := line.tokens_in + line.tokens_out:
        quotas.count(tenant=line.tenant, metric=Metric.AI_TOKENS, amount=spent)
    transaction.on_commit(lambda: _count(line), robust=True)


def _count(line: Line) -> None:
    metrics.count(
        line.endpoint.key,
        line.purpose,
        line.status,
        tokens_in=line.tokens_in,
        tokens_out=line.tokens_out,
        first_token=line.first_token,
    )


def note_trouble(endpoint: Endpoint, status: CallStatus) -> None:
    """This process asks the provider no more for a while: say why in the admin."""
    _note(endpoint, trouble=status.value, trouble_at=timezone.now())


def note_recovery(endpoint: Endpoint) -> None:
    """The provider answered again."""
    _note(endpoint, trouble="", trouble_at=None)


def _note(endpoint: Endpoint, **changes: object) -> None:
    with all_tenants():
        Provider.objects.filter(pk=endpoint.row).update(**changes)


def _row(endpoint: Endpoint) -> int | None:
    """The row's key, if it still is there."""
    with all_tenants():
        return endpoint.row if Provider.objects.filter(pk=endpoint.row).exists() else None
