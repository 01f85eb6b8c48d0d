import numpy as np
import pytest
from django.db import connection

from chatbot.knowledge import likeness
from chatbot.knowledge.embedders import in_postgres, store
from chatbot.knowledge.embedders.embedding import Kind
from chatbot.knowledge.embedders.models import TextVector
from chatbot.knowledge.embedders.tests.letters import Letters, have
from chatbot.knowledge.indexing import embed_what_is_new
from chatbot.knowledge.likeness import nearest
from chatbot.knowledge.tests.factories import write
from chatplatform.tenants.models import Tenant


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    found = Letters()
    have(monkeypatch, found)
    monkeypatch.setattr(likeness, "embedder_of", lambda tenant: found)
    return found


def fill(tenant: Tenant) -> None:
    write(tenant, "How long does delivery take?", wordings=("When will it arrive?",))
    write(tenant, "How do I return an item?", "Press Return.")
    write(tenant, "退款多久到账？", "三天。", language="zh-hans")


def test_by_words_where_there_is_no_embedder(
    in_tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    have(monkeypatch, None)
    monkeypatch.setattr(likeness, "embedder_of", lambda tenant: None)
    fill(in_tenant)
    [first, *_] = nearest(in_tenant, "returning items")
    assert (first.title, first.by_meaning) == ("How do I return an item?", False)


def test_by_meaning_the_nearest_wording_names_its_article(
    in_tenant: Tenant, letters: Letters
) -> None:
    fill(in_tenant)
    embed_what_is_new()
    found = nearest(in_tenant, "when will it arive", limit=2)
    assert (found[0].wording, found[0].by_meaning) == ("When will it arrive?", True)
    assert found[0].title == "How long does delivery take?"
    assert 0.5 < found[0].likeness < 1
    assert len({each.article_id for each in found}) == 2


def test_only_one_language_if_that_is_wanted(in_tenant: Tenant, letters: Letters) -> None:
    fill(in_tenant)
    embed_what_is_new()
    assert [n.title for n in nearest(in_tenant, "delivery", language="zh-hans")] == [
        "退款多久到账？"
    ]


def test_nothing_said_or_published_is_near_nothing(in_tenant: Tenant, letters: Letters) -> None:
    assert nearest(in_tenant, "delivery") == []
    fill(in_tenant)
    embed_what_is_new()
    assert nearest(in_tenant, "\ud800 ") == []


def test_an_embedder_that_fails_leaves_words(in_tenant: Tenant, letters: Letters) -> None:
    fill(in_tenant)
    embed_what_is_new()
    letters.broken = True
    assert nearest(in_tenant, "delivery")[0].by_meaning is False


def test_pgvector_keeps_what_the_bytes_keep_and_ranks_the_same(
    in_tenant: Tenant, letters: Letters
) -> None:
    fill(in_tenant)
    embed_what_is_new()
    if not in_postgres.is_there():
        assert connection.vendor != "postgresql", "the tests' PostgreSQL has the extension"
        pytest.skip("pgvector is PostgreSQL's")
    assert TextVector.objects.extra(where=["embedding IS NULL"]).count() == 0
    known = store.stored("letters")
    for asked in ("when will it arrive", "return"):
        vector = letters.embed([asked], Kind.QUESTION, timeout=1)[0]
        ranked = list(store.nearest(in_tenant, "letters", vector, set(known), 10))
        cosines = [float(known[key] @ vector) for key in ranked]
        best = sorted((float(row @ vector) for row in known.values()), reverse=True)[:10]
        assert np.allclose(cosines, best, atol=2e-3)


def test_without_the_extension_nothing_is_missing(
    in_tenant: Tenant, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_postgres, "is_there", lambda: False)
    fill(in_tenant)
    embed_what_is_new()
    assert nearest(in_tenant, "delivery")[0].title == "How long does delivery take?"
