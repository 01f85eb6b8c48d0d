"""Providers as plain values that may travel to an event loop."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import F, Q

from chatbot.assistant.providers.models import Provider
from chatbot.assistant.providers.purposes import Use
from chatbot.assistant.providers.runtime_settings import ModelSettings
from chatplatform.configuration.selectors import current
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant

ENVIRONMENT = "environment"  # the key of the one that ASSISTANT_BASE_URL names


@dataclass(frozen=True)
class Endpoint:
    """Where a model is and how it may be used; `key` is its row's, or ENVIRONMENT.

    Equal only while nothing about it was changed. `guarded`: a tenant chose the address, so it may
    not lead into our own network.
    """

    key: str
    name: str
    base_url: str
    model: str
    api_key: str
    context_window: int = 16_000
    can_use_tools: bool = True
    connect_timeout: float = 5
    first_token_timeout: float = 15
    timeout: float = 45
    input_price: Decimal = Decimal(0)
    output_price: Decimal = Decimal(0)
    currency: str = ""
    guarded: bool = False

    @property
    def row(self) -> int | None:
        """The primary key of its row; None for the environment's."""
        return None if self.key == ENVIRONMENT else int(self.key)

    def __repr__(self) -> str:
        return f"<Endpoint {self.name}>"  # never with its key


def candidates(tenant: Tenant, use: Use = Use.ANSWERS) -> list[Endpoint]:
    """Who may be asked for this tenant, in order: its own, the installation's, the environment's.

    One query. A tenant may decline what is not its own (ModelSettings.shared_models).
    """
    with all_tenants():
        wants_shared = current(ModelSettings, tenant).shared_models
        whose = Q(tenant=tenant) | Q(tenant=None) if wants_shared else Q(tenant=tenant)
        rows = Provider.objects.filter(whose, is_enabled=True, use=use)
        ordered = rows.order_by(F("tenant").asc(nulls_last=True), "position", "pk")
        endpoints = [endpoint_of(row) for row in ordered]
    if wants_shared and use is Use.ANSWERS and (from_environment := environment()):
        endpoints.append(from_environment)
    return endpoints


@dataclass(frozen=True)
class Budget:
    """Tokens: what a request may be long, and its answer."""

    context: int
    answer: int


def budget_of(tenant: Tenant) -> Budget:
    """What fits whoever of the tenant's providers is asked in the end."""
    wanted = current(ModelSettings)
    windows = [endpoint.context_window for endpoint in candidates(tenant)]
    window = min(windows, default=wanted.longest_context)
    answer = min(wanted.longest_answer, window // 4)
    return Budget(context=min(wanted.longest_context, window - answer), answer=answer)


def endpoint_of(row: Provider) -> Endpoint:
    """The row as a value."""
    return Endpoint(
        key=str(row.pk),
        name=row.name,
        base_url=row.base_url,
        model=row.model,
        api_key=row.api_key,
        context_window=row.context_window,
        can_use_tools=row.can_use_tools,
        connect_timeout=row.connect_timeout,
        first_token_timeout=row.first_token_timeout,
        timeout=row.timeout,
        input_price=row.input_price,
        output_price=row.output_price,
        currency=row.currency,
        guarded=row.tenant_id is not None,
    )


def environment() -> Endpoint | None:
    """The model that ASSISTANT_BASE_URL, _API_KEY and _MODEL name; the whole installation's."""
    if not (settings.ASSISTANT_BASE_URL and settings.ASSISTANT_MODEL):
        return None
    return Endpoint(
        key=ENVIRONMENT,
        name=ENVIRONMENT,
        base_url=settings.ASSISTANT_BASE_URL,
        model=settings.ASSISTANT_MODEL,
        api_key=settings.ASSISTANT_API_KEY,
    )
