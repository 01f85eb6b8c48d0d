"""Tells the knowledge which endpoint makes a tenant's vectors: its first one for embeddings."""

import time
from urllib.parse import urlsplit

from chatbot.assistant.providers.endpoints import Endpoint as Provider
from chatbot.assistant.providers.endpoints import candidates
from chatbot.assistant.providers.purposes import Use
from chatbot.knowledge.embedders.endpoint import Endpoint
from chatplatform.tenants.models import Tenant

FRESH = 5.0  # seconds: it is asked with every search
_known: dict[int, tuple[float, Endpoint | None]] = {}


def source(tenant: Tenant) -> Endpoint | None:
    """From memory; a change shows within FRESH."""
    known = _known.get(tenant.pk)
    if known is None or time.monotonic() - known[0] > FRESH:
        found = next(iter(candidates(tenant, Use.EMBEDDINGS)), None)
        known = _known[tenant.pk] = (time.monotonic(), _endpoint(found) if found else None)
    return known[1]


def forget() -> None:
    """Look again at once."""
    _known.clear()


def _endpoint(provider: Provider) -> Endpoint:
    """What operators name may lie inside our own network; what tenants name may not."""
    host = urlsplit(provider.base_url).hostname or ""
    return Endpoint(
        url=provider.base_url,
        model=provider.model,
        key=provider.api_key,
        also_allowed=() if provider.guarded else (host,),
    )
