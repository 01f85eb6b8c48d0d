import pytest

from chatbot.conversations import authors
from chatbot.conversations.models import Message
from chatbot.conversations.services import OpenedSession, post_message
from chatbot.knowledge.models import Asking, OpenQuestion
from chatbot.knowledge.services import note_unanswered
from chatplatform.tenants.models import Tenant


def asked(session: OpenedSession, text: str) -> Message:
    author = authors.customer(session.customer)
    return post_message(conversation=session.conversation, author=author, text=text).message


def note(session: OpenedSession, text: str, language: str = "en") -> OpenQuestion | None:
    return note_unanswered(message=asked(session, text), language=language)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Do you sell gift cards?", "can I buy a GIFT CARD here", "en"),
        ("有礼品卡吗？", "你们能买礼品卡吗", "zh-hans"),
        ("Do you ship to Mars?", "do you ship to mars!!", "en"),
    ],
)
def test_the_same_put_differently_is_one_question(
    in_tenant: Tenant, ana: OpenedSession, one: str, other: str, language: str
) -> None:
    note(ana, one, language)
    note(ana, other, language)
    question = OpenQuestion.objects.get()
    assert (question.text, question.times) == (one, 2)
    assert [each.text for each in Asking.objects.order_by("pk")] == [one, other]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Do you ship to Mars?", "Do you ship to Norway?"),
        ("Can I pay with shells?", "Where is the shop?"),
    ],
)
def test_different_questions_stay_apart(
    in_tenant: Tenant, ana: OpenedSession, one: str, other: str
) -> None:
    note(ana, one)
    note(ana, other)
    assert OpenQuestion.objects.count() == 2


def test_languages_stay_apart(in_tenant: Tenant, ana: OpenedSession) -> None:
    note(ana, "iPhone 16?", "en")
    note(ana, "iPhone 16?", "zh-hans")
    assert OpenQuestion.objects.count() == 2


def test_a_message_is_noted_once(in_tenant: Tenant, ana: OpenedSession) -> None:
    message = asked(ana, "Do you sell gift cards?")
    for _ in range(2):
        note_unanswered(message=message, language="en")
    assert OpenQuestion.objects.get().times == Asking.objects.count() == 1


@pytest.mark.parametrize("text", ["?!", "👍", "…"])
def test_what_asks_nothing_is_not_noted(in_tenant: Tenant, ana: OpenedSession, text: str) -> None:
    assert note(ana, text) is None


def test_words_that_say_nothing_still_make_a_question(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    note(ana, "How so?")
    note(ana, "What is it?")
    assert OpenQuestion.objects.count() == 2


def test_a_long_story_is_cut(in_tenant: Tenant, ana: OpenedSession) -> None:
    question = note(ana, "word " * 1_000)
    assert question is not None
    assert len(question.text) == 500
    assert question.text.endswith("…")


@pytest.mark.parametrize(
    ("state", "then"), [("answered", "open"), ("dismissed", "dismissed"), ("open", "open")]
)
def test_asked_in_vain_again_it_opens_again_unless_dismissed(
    in_tenant: Tenant, ana: OpenedSession, state: str, then: str
) -> None:
    note(ana, "Do you sell gift cards?")
    OpenQuestion.objects.update(state=state)
    note(ana, "Can I buy gift cards?")
    question = OpenQuestion.objects.get()
    assert (question.state, question.times) == (then, 2)


def test_the_neighbours_questions_are_not_joined(
    in_tenant: Tenant, other_tenant: Tenant, ana: OpenedSession
) -> None:
    OpenQuestion.objects.create(
        tenant=other_tenant, text="Gift cards", language="en", key="k", terms="card gift"
    )
    question = note(ana, "gift cards")
    assert question is not None
    assert question.tenant == in_tenant
