"""Instructions are published only if a real model answers no less well with them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatbot.assistant.prompts.guards import PublishingRefused
from chatbot.assistant.prompts.models import Prompt
from chatbot.assistant.prompts.services import publish_prompt, restore_prompt, save_draft
from chatbot.assistant.providers.models import ModelCall
from chatbot.assistant.providers.tests.factories import connect
from chatbot.evaluation.models import EvaluationRun, QuestionSet
from chatbot.evaluation.runtime_settings import EvaluationSettings
from chatbot.evaluation.services import begin_trial
from chatbot.evaluation.tests.factories import case, question_set
from chatbot.evaluation.trials import Standing, trial_of
from chatbot.evaluation.worker import evaluate_pending
from chatbot.knowledge.tests.factories import write
from chatplatform.accounts.models import User
from chatplatform.audit.actors import Actor
from chatplatform.configuration import memory
from chatplatform.configuration.services import change
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant
from tests.cast import person
from tests.model_scenarios import Asked, Packets, delta, grounded, usage
from tests.model_server import ModelServer

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = Actor("user", "1", "ada")
BAD = "Say nothing."


async def obedient(server: Any, asked: Asked) -> Packets:
    """Answers from the passages, unless its instructions forbid it."""
    if BAD in asked.body["messages"][0]["content"]:
        yield delta("stop", content="I don't know that.")
        yield usage()
        return
    async for packet in grounded(server, asked):
        yield packet


@pytest.fixture
def boss(in_tenant: Tenant) -> User:
    found = person(in_tenant, "boss", role="administrator")
    found.is_staff = True
    found.save()
    change(
        group=EvaluationSettings, values={"guards_instructions": True}, by=found, tenant=in_tenant
    )
    memory.refresh()
    return found


@pytest.fixture
def model(boss: User, server: ModelServer) -> ModelServer:
    server.otherwise = obedient
    connect(server)
    return server


@pytest.fixture
def asked_set(in_tenant: Tenant) -> QuestionSet:
    among = question_set(in_tenant)
    delivery = write(in_tenant, "How long does delivery take?", "Two to four working days.")
    returns = write(in_tenant, "How do I return an item?", "Within 15 days, press Return.")
    case(among, "how long is delivery", delivery)
    case(among, "how can i return my item", returns)
    case(among, "zzz qqq")
    return among


def draft(tenant: Tenant, english: str = "Be kind.") -> Prompt:
    return save_draft(prompt=Prompt(tenant=tenant, english=english), actor=ACTOR)


def tried(prompt: Prompt) -> Prompt:
    begin_trial(prompt=prompt, actor=ACTOR)
    evaluate_pending()
    return prompt


def refusal_of(prompt: Prompt) -> str:
    with pytest.raises(PublishingRefused) as refused:
        publish_prompt(prompt=prompt, actor=ACTOR)
    return str(refused.value.detail)


def is_published(prompt: Prompt) -> bool:
    publish_prompt(prompt=prompt, actor=ACTOR)
    return prompt.status == Prompt.Status.PUBLISHED


def test_a_draft_is_published_once_it_was_evaluated_and_nothing_dropped(
    in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    prompt = draft(in_tenant)
    assert "Evaluate this draft" in refusal_of(prompt)
    begin_trial(prompt=prompt, actor=ACTOR)
    assert "being evaluated" in refusal_of(prompt)
    evaluate_pending()
    found = trial_of(prompt).hearings[0].comparison
    assert found is not None
    assert (found.right, found.refused) == ((2, 2), (1, 1))
    assert is_published(prompt)
    with all_tenants():
        assert set(ModelCall.objects.values_list("purpose", flat=True)) == {"evaluation"}


def test_what_drops_is_refused_with_its_numbers(
    in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    said = refusal_of(tried(draft(in_tenant, BAD)))
    run = EvaluationRun.objects.get(baseline__isnull=False)
    assert "right answers 2 → 0 of 2" in said
    assert f"#{run.pk}" in said


def test_a_result_holds_for_these_words_and_these_models_only(
    in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    prompt = tried(draft(in_tenant))
    assert trial_of(prompt).standing is Standing.PASSED
    prompt.english = BAD
    save_draft(prompt=prompt, actor=ACTOR)
    assert trial_of(prompt).standing is Standing.MISSING
    prompt.english = "Be kind."
    save_draft(prompt=prompt, actor=ACTOR)
    assert trial_of(prompt).standing is Standing.PASSED
    connect(model, model="another", position=1)
    assert trial_of(prompt).standing is Standing.MISSING


def test_what_holds_is_not_asked_twice_of_the_same(
    in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    tried(draft(in_tenant, BAD))
    before = len(model.asked)
    tried(draft(in_tenant))
    assert len(model.asked) - before == before / 2
    write(in_tenant, "Another article", "It may change every answer.")
    before = len(model.asked)
    tried(draft(in_tenant, "Be brief."))
    assert EvaluationRun.objects.filter(baseline=None).count() == 2
    assert len(model.asked) > before


def test_another_version_that_holds_makes_it_be_compared_anew(
    in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    first, second = tried(draft(in_tenant)), tried(draft(in_tenant, "Be brief."))
    assert is_published(first)
    assert trial_of(second).standing is Standing.MISSING


def test_an_older_version_is_tried_before_it_holds_again(
    in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    first, second = tried(draft(in_tenant)), draft(in_tenant, "Be brief.")
    publish_prompt(prompt=first, actor=ACTOR)
    publish_prompt(prompt=tried(second), actor=ACTOR)
    with pytest.raises(PublishingRefused):
        restore_prompt(prompt=first, actor=ACTOR)
    tried(first)
    assert restore_prompt(prompt=first, actor=ACTOR).number == 3


@pytest.mark.parametrize("why", ["no model", "no questions", "the same words"])
def test_where_nothing_can_drop_nothing_is_held_up(
    in_tenant: Tenant, boss: User, server: ModelServer, asked_set: QuestionSet, why: str
) -> None:
    if why != "no model":
        connect(server)
    if why == "no questions":
        QuestionSet.objects.update(guards=False)
    prompt = Prompt(tenant=in_tenant) if why == "the same words" else draft(in_tenant)
    assert is_published(save_draft(prompt=prompt, actor=ACTOR))


def test_without_the_setting_nothing_is_held_up(
    in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    memory.hold(memory.Snapshot())
    assert is_published(draft(in_tenant, BAD))


def test_a_model_that_fails_says_nothing_about_instructions(
    in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    model.plays("wrong_key")
    prompt = tried(draft(in_tenant))
    assert trial_of(prompt).standing is Standing.FAILED
    assert trial_of(prompt).hearings[0].told == "No model answered."
    assert "failed" in refusal_of(prompt)


def test_a_draft_that_changes_while_it_waits_is_not_taken_for_another(
    in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    prompt = draft(in_tenant)
    begin_trial(prompt=prompt, actor=ACTOR)
    prompt.english = BAD
    save_draft(prompt=prompt, actor=ACTOR)
    evaluate_pending()
    run = EvaluationRun.objects.get(baseline__isnull=False)
    assert (run.status, run.error[:16]) == ("failed", "The instructions")


def test_a_killed_processs_trial_goes_on_where_it_stopped(
    in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    prompt = tried(draft(in_tenant))
    run = EvaluationRun.objects.get(baseline__isnull=False)
    run.status, run.lease_until = "running", timezone.now() - timedelta(seconds=1)
    run.results = run.results[:2]
    run.save()
    before = len(model.asked)
    evaluate_pending()
    run.refresh_from_db()
    assert (run.status, run.asked, len(model.asked) - before) == ("done", 3, 1)
    assert trial_of(prompt).standing is Standing.PASSED


def test_a_draft_thrown_away_ends_its_trial(
    in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    prompt = draft(in_tenant)
    begin_trial(prompt=prompt, actor=ACTOR)
    prompt.delete()
    evaluate_pending()
    assert EvaluationRun.objects.get().prompt is None


def test_two_clicks_are_one(in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet) -> None:
    prompt = draft(in_tenant)
    begin_trial(prompt=prompt, actor=ACTOR)
    begin_trial(prompt=prompt, actor=ACTOR)
    assert EvaluationRun.objects.count() == 2


# -- its page


@pytest.fixture
def browser(client: Client, boss: User) -> Client:
    client.force_login(boss)
    return client


def shown(browser: Client, prompt: Prompt) -> str:
    return browser.get(f"/admin/prompts/prompt/{prompt.pk}/change/").content.decode()


def test_its_page_offers_the_trial_and_shows_how_it_goes(
    browser: Client, in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    prompt = draft(in_tenant, BAD)
    page = shown(browser, prompt)
    assert "Evaluate this draft" in page
    assert "up to 6 answers" in page
    address = f"/admin/evaluation/evaluationrun/trial/{prompt.pk}/"
    assert browser.post(address).status_code == 302
    assert "0 of 6 answers" in browser.get(address).content.decode()
    evaluate_pending()
    page = shown(browser, prompt)
    for part in ("2 → 0 / 2", "how can i return my item", "Evaluate again", "evaluationrun/"):
        assert part in page
    browser.post(f"/admin/prompts/prompt/{prompt.pk}/publish/")
    assert "right answers 2 → 0 of 2" in shown(browser, prompt)


def test_its_page_says_why_nothing_is_asked(browser: Client, in_tenant: Tenant) -> None:
    page = shown(browser, draft(in_tenant))
    assert "No model is connected" in page
    assert "Evaluate this draft" not in page


def test_only_who_may_change_instructions_begins_their_trial(
    client: Client,
    in_tenant: Tenant,
    other_tenant: Tenant,
    boss: User,
    model: ModelServer,
    asked_set: QuestionSet,
) -> None:
    address = f"/admin/evaluation/evaluationrun/trial/{draft(in_tenant).pk}/"
    for whose in (in_tenant, other_tenant):
        agent = person(whose, f"ben{whose.pk}", role="agent")
        agent.is_staff = True
        agent.save()
        client.force_login(agent)
        assert client.post(address).status_code in (403, 404)
    assert not EvaluationRun.objects.exists()


def test_its_page_costs_the_same_for_one_set_and_for_ten(
    browser: Client, in_tenant: Tenant, model: ModelServer, asked_set: QuestionSet
) -> None:
    prompt = draft(in_tenant)

    def queries() -> int:
        begin_trial(prompt=prompt, actor=ACTOR)
        with CaptureQueriesContext(connection) as caught:
            assert "of 6 answers" in shown(browser, prompt)
        return len(caught)

    queries()
    with_one = queries()
    for number in range(9):
        case(question_set(in_tenant, f"Set {number}"), "zzz")
    assert queries() == with_one
