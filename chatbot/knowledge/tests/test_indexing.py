from datetime import timedelta

import pytest
from django.utils import timezone

from chatbot.knowledge import indexing
from chatbot.knowledge.embedders import store
from chatbot.knowledge.embedders.embedding import Kind
from chatbot.knowledge.embedders.models import Progress, TextVector
from chatbot.knowledge.embedders.tests.letters import Letters, have
from chatbot.knowledge.index import catalogues
from chatbot.knowledge.indexing import Lost, Work, due, embed, embed_what_is_new
from chatbot.knowledge.models import Edition
from chatbot.knowledge.retrievers import By
from chatbot.knowledge.selectors import search_passages
from chatbot.knowledge.services import withdraw_article
from chatbot.knowledge.tests.factories import write
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    found = Letters()
    have(monkeypatch, found)
    return found


def found_by(tenant: Tenant, question: str = "delivery") -> By:
    return search_passages(tenant, question, language="en")[0].by


def test_words_find_until_there_are_vectors_and_then_meaning_does_too(
    in_tenant: Tenant, letters: Letters
) -> None:
    write(in_tenant)
    assert found_by(in_tenant) == By.WORDS
    embed_what_is_new()
    assert found_by(in_tenant) == By.BOTH
    progress = Progress.objects.get()
    assert (progress.model, progress.error, progress.lease_until) == ("letters", "", None)
    assert progress.done == progress.total > 240


def test_what_did_not_change_is_not_embedded_again(in_tenant: Tenant, letters: Letters) -> None:
    write(in_tenant)
    embed_what_is_new()
    letters.embedded.clear()
    embed_what_is_new()
    assert letters.embedded == []
    write(in_tenant, "Returns", "Within 15 days.")
    embed_what_is_new()
    assert sorted(letters.embedded) == ["Returns", "Returns\n\nWithin 15 days.", "Within 15 days."]


def test_what_is_no_longer_published_is_forgotten(in_tenant: Tenant, letters: Letters) -> None:
    write(in_tenant)
    other = write(in_tenant, "Returns", "Within 15 days.")
    embed_what_is_new()
    before = TextVector.objects.count()
    withdraw_article(article=other)
    embed_what_is_new()
    assert TextVector.objects.count() == before - 3


def test_another_model_embeds_everything_anew_and_words_find_meanwhile(
    in_tenant: Tenant, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(in_tenant)
    embed_what_is_new()
    assert found_by(in_tenant) == By.BOTH
    have(monkeypatch, Letters("better"))
    assert found_by(in_tenant) == By.WORDS
    embed_what_is_new()
    assert found_by(in_tenant) == By.BOTH
    assert set(TextVector.objects.values_list("model", flat=True)) == {"better"}


def test_one_of_several_processes_does_it_and_a_killed_ones_work_is_taken_over(
    in_tenant: Tenant, letters: Letters
) -> None:
    write(in_tenant)
    [work] = due()
    assert indexing._claim(work, "killed")
    store.store(in_tenant, "letters", {"unknown": letters.embed(["x"], Kind.PASSAGE, timeout=1)[0]})
    letters.embedded.clear()
    embed(work, worker="other")
    assert letters.embedded == []
    Progress.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    embed(work, worker="other")
    assert letters.embedded
    with pytest.raises(Lost):
        indexing._tell(work, "killed", done=1)


def test_what_is_published_meanwhile_is_not_taken_for_embedded(
    in_tenant: Tenant, letters: Letters
) -> None:
    write(in_tenant)
    [work] = due()
    write(in_tenant, "Returns", "Within 15 days.")
    embed(Work(in_tenant, letters, work.edition))
    assert len(list(due())) == 1
    embed_what_is_new()
    assert list(due()) == []


def test_a_failure_is_shown_and_tried_again_later(in_tenant: Tenant, letters: Letters) -> None:
    write(in_tenant)
    letters.broken = True
    embed_what_is_new()
    assert Progress.objects.get().error == "broken"
    assert found_by(in_tenant) == By.WORDS
    letters.broken = False
    embed_what_is_new()
    assert Progress.objects.get().error == "broken"  # left alone until its lease ends
    Progress.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    embed_what_is_new()
    assert Progress.objects.get().error == ""
    assert found_by(in_tenant) == By.BOTH


def test_a_long_work_is_searched_with_before_it_ends(
    in_tenant: Tenant, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "SHOWN_EVERY", 32)
    write(in_tenant)
    token = Edition.tokens([in_tenant.pk])[in_tenant.pk]
    seen: list[str] = []
    monkeypatch.setattr(indexing, "_finish", lambda work, worker, needed: seen.append(work.edition))
    embed_what_is_new()
    assert seen
    assert seen[0] != token
    assert catalogues.current(in_tenant).model == "letters"


def test_each_tenant_has_its_own_vectors(
    tenant: Tenant, other_tenant: Tenant, letters: Letters
) -> None:
    write(tenant, "Delivery of ours")
    write(other_tenant, "Delivery of theirs")
    embed_what_is_new()
    with all_tenants():
        owners = set(TextVector.objects.values_list("tenant_id", flat=True))
        assert Progress.objects.count() == 2
    assert owners == {tenant.pk, other_tenant.pk}
    assert catalogues.current(tenant).size == 1


def test_a_tenant_whose_setting_says_words_has_none(
    in_tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    have(monkeypatch, None)
    write(in_tenant)
    embed_what_is_new()
    assert not TextVector.objects.exists()
    assert found_by(in_tenant) == By.WORDS


def test_a_setting_that_no_longer_wants_it_ends_the_work(
    in_tenant: Tenant, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(in_tenant)
    [work] = due()
    have(monkeypatch, None)
    embed(work)
    assert letters.embedded == []
    assert Progress.objects.get().lease_until is None
    have(monkeypatch, letters)
    embed_what_is_new()
    assert found_by(in_tenant) == By.BOTH
