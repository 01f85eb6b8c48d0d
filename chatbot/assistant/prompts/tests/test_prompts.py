import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatbot.assistant.prompts import guards, services
from chatbot.assistant.prompts.guards import PublishingRefused
from chatbot.assistant.prompts.models import Prompt
from chatbot.assistant.prompts.selectors import instructions_in, published_prompt
from chatbot.knowledge.tests.factories import write
from chatplatform.accounts.models import User
from chatplatform.audit.actors import Actor
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant

pytestmark = pytest.mark.django_db
ACTOR = Actor("user", "1", "ada")
ADDRESS = "/admin/prompts/prompt/"


def draft(tenant: Tenant, english: str = "Be kind.") -> Prompt:
    with tenant_scope(tenant):
        return services.save_draft(prompt=Prompt(tenant=tenant, english=english), actor=ACTOR)


def publish(prompt: Prompt) -> Prompt:
    with tenant_scope(prompt.tenant):
        return services.publish_prompt(prompt=prompt, actor=ACTOR)


def held(tenant: Tenant) -> Prompt:
    with tenant_scope(tenant):
        return published_prompt(tenant)


@pytest.fixture
def browser(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def test_without_any_the_built_in_ones_hold_in_both_languages(tenant: Tenant) -> None:
    assert held(tenant).number == 0
    assert "shop" in instructions_in(held(tenant), "en")
    assert "客服" in instructions_in(held(tenant), "zh-hans")


def test_a_draft_changes_nothing_until_it_is_published(tenant: Tenant) -> None:
    prompt = draft(tenant)
    assert held(tenant).number == 0
    publish(prompt)
    assert (held(tenant).english, held(tenant).number) == ("Be kind.", 1)
    assert held(tenant).published_by == "ada"


def test_publishing_retires_the_one_before(tenant: Tenant) -> None:
    first, second = publish(draft(tenant)), publish(draft(tenant, "Be brief."))
    first.refresh_from_db()
    assert first.status == Prompt.Status.RETIRED
    assert held(tenant) == second


def test_what_was_published_is_not_changed(tenant: Tenant) -> None:
    prompt = publish(draft(tenant))
    for act in (services.save_draft, services.delete_draft, services.publish_prompt):
        with pytest.raises(services.PromptSettled), tenant_scope(tenant):
            act(prompt=prompt, actor=ACTOR)
    assert held(tenant) == prompt


def test_an_older_version_is_restored_as_a_new_one(tenant: Tenant) -> None:
    first = publish(draft(tenant, "The first."))
    publish(draft(tenant, "The second."))
    with tenant_scope(tenant):
        services.restore_prompt(prompt=first, actor=ACTOR)
    assert (held(tenant).number, held(tenant).english) == (3, "The first.")


def test_a_guard_may_object(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(prompt: Prompt) -> None:
        raise PublishingRefused("hit@1 would drop")

    monkeypatch.setattr(guards, "_guards", {})
    guards.register(refuse)
    with pytest.raises(PublishingRefused):
        publish(draft(tenant))
    assert held(tenant).number == 0


def test_another_tenants_instructions_are_its_own(tenant: Tenant, other_tenant: Tenant) -> None:
    publish(draft(other_tenant, "Be rude."))
    assert held(tenant).number == 0
    assert draft(tenant).number == 1


def test_a_version_is_written_published_and_compared_in_the_admin(
    browser: Client, tenant: Tenant
) -> None:
    form = {"english": "Say please.", "chinese": "", "tone": "formal", "language": "customer"}
    assert browser.post(f"{ADDRESS}add/", form).status_code == 302
    with all_tenants():
        prompt = Prompt.objects.get()
    page = browser.get(f"{ADDRESS}{prompt.pk}/change/").content.decode()
    assert "Say please." in page
    assert "Differences from the built-in" in page
    browser.post(f"{ADDRESS}{prompt.pk}/publish/")
    assert held(tenant).english == "Say please."
    assert b'name="english"' not in browser.get(f"{ADDRESS}{prompt.pk}/change/").content


def test_a_new_version_begins_as_the_one_that_holds(browser: Client, tenant: Tenant) -> None:
    publish(draft(tenant, "Hold me."))
    assert "Hold me." in browser.get(f"{ADDRESS}add/").content.decode()


def test_publishing_is_never_a_link(browser: Client, tenant: Tenant) -> None:
    prompt = draft(tenant)
    assert browser.get(f"{ADDRESS}{prompt.pk}/publish/").status_code == 403
    assert held(tenant).number == 0


def test_the_preview_shows_all_that_would_be_sent(browser: Client, tenant: Tenant) -> None:
    write(tenant, "How long does delivery take?", "Two to four working days.")
    prompt = draft(tenant, "Say please.")
    asked = {"question": "how long is the delivery"}
    page = browser.get(f"{ADDRESS}{prompt.pk}/preview/", asked).content.decode()
    for part in ("Say please.", "request_human", "[1] How long", "Two to four working days."):
        assert part in page


def test_the_list_costs_the_same_for_one_row_and_for_twenty(
    browser: Client, tenant: Tenant
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(ADDRESS).status_code == 200
        return len(caught)

    draft(tenant)
    queries()
    with_one = queries()
    for _ in range(19):
        draft(tenant)
    assert queries() == with_one
