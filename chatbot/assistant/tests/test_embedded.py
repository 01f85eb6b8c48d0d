import pytest
from django.utils import translation

from chatbot.assistant import choice
from chatbot.assistant.answerer import Answer, Outcome, Question
from chatbot.assistant.dialogue.answerer import ModelAnswerer
from chatbot.assistant.embedded.answerer import answer_from_knowledge
from chatbot.assistant.embedded.phrases import Phrase, recognise
from chatbot.assistant.sentences import talk_to_a_person
from chatbot.conversations.models import Conversation
from chatbot.conversations.services import OpenedSession
from chatbot.knowledge.demo import demo_drafts, seed_demo_articles
from chatbot.knowledge.tests.factories import write
from chatplatform.tenants.models import Tenant


def asked(tenant: Tenant, text: str, language: str = "en") -> Answer:
    return answer_from_knowledge(Question(tenant, "session", text, language))


def test_an_answer_quotes_the_passage_and_names_its_article(tenant: Tenant) -> None:
    article = write(tenant, "How long does delivery take?", "## Abroad\n\nSix to twelve days.")
    answer = asked(tenant, "how long does delivery abroad take")
    assert (answer.text, answer.outcome) == ("Six to twelve days.", Outcome.ANSWERED)
    (source,) = answer.sources
    assert (source.title, source.heading) == (article.title, "Abroad")
    assert source.quote == answer.text
    assert source.url.endswith("/help/shop/how-long-does-delivery-take")
    assert answer.data()["sources"][0]["content_hash"] == source.content_hash


def test_only_who_waits_for_a_model_is_told_that_the_ai_types(
    tenant: Tenant, ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Conversation] = []

    def show(*, conversation: Conversation) -> None:
        shown.append(conversation)

    monkeypatch.setattr(choice, "announce_typing", show)
    question = Question(tenant, "session", "Hello", "en", conversation=ana.conversation)
    assert isinstance(choice.choose(question), Answer)
    assert shown == []
    monkeypatch.setattr(choice, "available", lambda tenant: True)
    assert isinstance(choice.choose(question), ModelAnswerer)
    assert shown == [ana.conversation]


def test_the_answer_is_in_the_language_of_the_question(tenant: Tenant) -> None:
    seed_demo_articles(tenant)
    assert asked(tenant, "运费怎么算", "en").sources[0].url.endswith("shipping-cost-zh")
    assert asked(tenant, "shipping cost", "zh-hans").sources[0].url.endswith("shipping-cost")


def test_when_unsure_the_nearest_topics_and_a_person_are_offered(tenant: Tenant) -> None:
    write(tenant, "How do I return a gift card?")
    write(tenant, "How do I return a parcel?")
    answer = asked(tenant, "return")
    assert answer.outcome is Outcome.UNSURE
    assert answer.sources == ()
    assert set(answer.suggestions[:2]) == {
        "How do I return a gift card?",
        "How do I return a parcel?",
    }
    assert recognise(answer.suggestions[-1]) is Phrase.PERSON


@pytest.mark.parametrize(
    "text", ["what is quantum physics", "宇宙有多少岁", "👍", "?", "\x00", "x" * 10_000]
)
def test_what_it_does_not_know_it_says_and_offers_a_person(tenant: Tenant, text: str) -> None:
    seed_demo_articles(tenant)
    answer = asked(tenant, text)
    assert (answer.outcome, answer.sources) == (Outcome.UNKNOWN, ())
    assert answer.text
    assert [recognise(suggestion) for suggestion in answer.suggestions] == [Phrase.PERSON]


def test_a_shop_without_articles_knows_nothing_and_says_so(tenant: Tenant) -> None:
    assert asked(tenant, "how long does delivery take").outcome is Outcome.UNKNOWN


def test_another_shops_articles_are_never_quoted(tenant: Tenant, other_tenant: Tenant) -> None:
    write(other_tenant, "How long does delivery take?")
    assert asked(tenant, "how long does delivery take").outcome is Outcome.UNKNOWN


def test_a_greeting_is_returned_with_topics_to_begin_with(tenant: Tenant) -> None:
    seed_demo_articles(tenant)
    answer = asked(tenant, "你好")
    assert answer.outcome is Outcome.GREETING
    assert answer.suggestions[0] == "下单后多久能送到？"
    assert asked(tenant, "thanks").suggestions == ()


def test_who_wants_a_person_gets_no_words_but_a_transfer(tenant: Tenant) -> None:
    assert asked(tenant, "转人工") == Answer("", Outcome.HANDOFF_REQUESTED)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_offer_of_a_person_is_understood_when_taken(language: str) -> None:
    with translation.override(language):
        assert recognise(talk_to_a_person()) is Phrase.PERSON


def test_every_title_that_may_be_suggested_is_answered_by_its_article(tenant: Tenant) -> None:
    seed_demo_articles(tenant)
    wrong = [
        draft.title
        for draft in demo_drafts()
        if [source.title for source in asked(tenant, draft.title).sources] != [draft.title]
    ]
    assert wrong == []


def test_without_a_model_the_answer_is_at_hand(tenant: Tenant) -> None:
    assert choice.choose(Question(tenant, "session", "thanks", "en")) == asked(tenant, "thanks")


def test_a_question_that_is_not_metered_gets_no_model(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "available", lambda tenant: True)
    unmetered = Question(tenant, "session", "thanks", "en", metered=False)
    assert choice.choose(unmetered) == asked(tenant, "thanks")
