"""Which embedder a tenant has."""

from chatbot.knowledge.embedders import endpoint, offline
from chatbot.knowledge.embedders.embedding import Embedder
from chatbot.knowledge.embedders.runtime_settings import SearchSettings
from chatplatform.configuration.selectors import current
from chatplatform.tenants.models import Tenant

_offline = offline.OfflineEmbedder()


def embedder_of(tenant: Tenant) -> Embedder | None:
    """What the tenant's setting names, if it is there; None: words alone find."""
    by = current(SearchSettings, tenant).by
    if by == "endpoint":
        found = endpoint.endpoint_of(tenant)
        return endpoint.embedder_for(found) if found else None
    if by in ("automatic", "offline") and offline.is_installed():
        return _offline
    return None


def patience(tenant: Tenant) -> float:
    """Seconds that a search waits for a question's vector."""
    return current(SearchSettings, tenant).patience / 1000
