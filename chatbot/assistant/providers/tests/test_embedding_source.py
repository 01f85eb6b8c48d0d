from collections.abc import Iterator

import pytest

from chatbot.assistant.providers import embedding_source
from chatbot.assistant.providers.tests.factories import connect
from chatbot.knowledge.embedders.embedding import Kind, NotEmbedded
from chatbot.knowledge.embedders.endpoint import EndpointEmbedder, endpoint_of
from chatplatform.tenants.models import Tenant
from tests.model_server import ModelServer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    embedding_source.forget()
    yield
    embedding_source.forget()


def test_a_provider_for_embeddings_makes_the_vectors(tenant: Tenant, server: ModelServer) -> None:
    connect(server, use="embeddings", model="letters", api_key="k-2")
    endpoint = endpoint_of(tenant)
    assert endpoint is not None
    embedder = EndpointEmbedder(endpoint)
    assert embedder.embed(["delivery"], Kind.QUESTION, timeout=5).shape == (1, 64)
    assert server.asked[0].headers["authorization"] == "Bearer k-2"
    embedder.close()


def test_a_tenants_own_may_not_lead_into_our_network(tenant: Tenant, server: ModelServer) -> None:
    connect(server, tenant, use="embeddings")
    endpoint = endpoint_of(tenant)
    assert endpoint is not None
    embedder = EndpointEmbedder(endpoint)
    with pytest.raises(NotEmbedded):
        embedder.embed(["delivery"], Kind.QUESTION, timeout=5)
    assert server.asked == []
    embedder.close()


def test_a_provider_for_answers_makes_none(tenant: Tenant, server: ModelServer) -> None:
    connect(server)
    assert endpoint_of(tenant) is None
