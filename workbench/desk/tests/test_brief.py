"""The brief as the desk shows it: to whom, in the list, in the thread and in the API."""

import re

import pytest

from chatbot.assistant.models import HandoffBrief
from chatbot.conversations import authors, services
from chatbot.conversations.models import Conversation
from workbench.desk.tests.conftest import Opener, Signed, fresh, says
from workbench.desk.tests.test_thread import pane


def brief_in(page: str) -> str:
    """The panel's part of the page, without tags."""
    start, end = page.index('id="brief"'), page.index('id="messages"')
    return " ".join(re.sub(r"<[^>]+>", " ", page[start:end]).split())


def handed_over(conversation: Conversation, trigger: str) -> Conversation:
    services.request_transfer(
        conversation=conversation, actor=authors.ai(), reason="Hm", trigger=trigger
    )
    return fresh(conversation)


def test_who_waits_has_a_brief_above_the_messages(at_bens: Signed, opened: Opener) -> None:
    conversation = opened(text="Where is my order 4711-22?", email="ana@shop.example")
    handed_over(conversation, "unsure")
    shown = brief_in(pane(at_bens, conversation.name))
    for part in ("twice without an answer", "Where is my order 4711-22?", "ana@shop.example"):
        assert part in shown
    assert "Accept to use it." in shown
    assert "not confirmed" not in shown


def test_who_accepted_may_use_the_suggested_reply(at_bens: Signed, served: Opener) -> None:
    page = pane(at_bens, served(at_bens.user).name)
    assert 'id="use-reply"' in page
    assert re.search(r'id="suggested-reply"[^>]*>Hello Ana,', page)


def test_with_the_ai_there_is_none(at_bens: Signed, opened: Opener, served: Opener) -> None:
    assert "data-brief" not in pane(at_bens, opened().name)
    back = served(at_bens.user)
    services.return_to_ai(conversation=back, agent=at_bens.user)
    assert "data-brief" not in pane(at_bens, back.name)


def test_what_is_in_it_is_shown_as_text(at_bens: Signed, waiting: Opener) -> None:
    conversation = waiting(text="<b>Hello</b><script>alert(1)</script>")
    brief = HandoffBrief.objects.get(conversation=conversation)
    brief.sources = [
        {"title": "Bad", "url": "javascript:alert(1)"},
        {"title": "Good", "url": "https://shop.example/help"},
    ]
    brief.facts = [{"label": "Colour", "value": "<i>red</i>", "confirmed": False}]
    brief.save()
    page = pane(at_bens, conversation.name)
    assert "<script>alert" not in page
    assert "javascript:" not in page
    assert "&lt;i&gt;red&lt;/i&gt;" in page
    assert '<a href="https://shop.example/help"' in page
    assert "not confirmed" in brief_in(page)


def test_a_change_of_state_brings_the_brief_along(at_bens: Signed, waiting: Opener) -> None:
    conversation = waiting()
    services.accept_conversation(conversation=conversation, agent=at_bens.user)
    page = at_bens.fragment(f"/c/{conversation.name}/state/").content.decode()
    assert 'id="brief" hx-swap-oob="true"' in page
    assert 'id="use-reply"' in page


def test_the_queue_says_in_a_word_why_and_how(at_bens: Signed, opened: Opener) -> None:
    handed_over(opened("Ada", text="This is useless, the third time!!!"), "turns")
    page = at_bens.fragment("/fragments/inbox/").content.decode()
    assert '<span class="why" data-trigger="turns">long talk</span>' in page
    assert '<span class="mood" data-mood="upset">upset</span>' in page
    everyone = at_bens.fragment("/fragments/inbox/?view=mine").content.decode()
    assert "data-trigger" not in everyone


def test_the_api_gives_the_brief(at_bens: Signed, waiting: Opener) -> None:
    conversation = waiting(reason="Refund", text="My lamp is broken")
    answer = at_bens.get(f"/api/v1/sessions/{conversation.name}/brief")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["session_name"], told["trigger"]) == (conversation.name, "asked")
    assert (told["goal"], told["made_by"]) == ("My lamp is broken", "template")
    assert told["facts"] == [{"label": "Name", "value": "Ana", "confirmed": True}]


def test_where_nobody_waits_the_api_has_none(at_bens: Signed, opened: Opener) -> None:
    answer = at_bens.get(f"/api/v1/sessions/{opened().name}/brief")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_brief")


def test_a_stranger_finds_no_brief(at_sams: Signed, waiting: Opener) -> None:
    answer = at_sams.get(f"/api/v1/sessions/{waiting().name}/brief")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_session")


@pytest.mark.parametrize("trigger", ["asked", "unsure", "mood"])
def test_the_thread_says_what_happened(at_bens: Signed, opened: Opener, trigger: str) -> None:
    conversation = handed_over(opened(), trigger)
    says(conversation, "Anybody?")
    page = pane(at_bens, conversation.name)
    line = "The customer asked for a person" if trigger == "asked" else "the AI fetched a person"
    assert line.lower() in page.lower() or "fetched a person" in page
