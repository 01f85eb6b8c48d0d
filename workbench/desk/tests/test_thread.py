import re

import pytest
from django.utils import translation

from chatbot.conversations import authors, services
from workbench.desk import thread
from workbench.desk.tests.conftest import Opener, Signed, fresh, says


def pane(client: Signed, name: str) -> str:
    answer = client.fragment(f"/c/{name}/pane/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def texts(page: str) -> list[str]:
    return re.findall(r'class="bubble"[^>]*>([^<]*)<', page)


def test_the_page_and_the_fragment_show_the_same_thread(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    says(conversation, "Where is it?")
    page = at_bens.get(f"/c/{conversation.name}/").content.decode()
    assert texts(page) == texts(pane(at_bens, conversation.name)) == ["Hello?", "Where is it?"]


def test_the_page_carries_the_position_before_its_state(at_bens: Signed, opened: Opener) -> None:
    opened()
    page = at_bens.get("/").content.decode()
    assert re.search(r'data-position="[0-9a-f]+-[1-9]\d*"', page)


def test_text_is_shown_as_typed_and_never_as_markup(at_bens: Signed, opened: Opener) -> None:
    conversation = opened(text="<script>alert(1)</script> 你好 🙂\n  two")
    page = pane(at_bens, conversation.name)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 你好 🙂\n  two" in page
    assert "<script>alert" not in page


def test_an_answer_of_the_ai_shows_what_it_stands_on(at_bens: Signed, opened: Opener) -> None:
    conversation = opened()
    sources = [{"title": "Delivery", "quote": "Two to four days."}]
    services.post_message(
        conversation=conversation, author=authors.ai(), text="Soon.", data={"sources": sources}
    )
    page = pane(at_bens, conversation.name)
    assert "by-ai" in page
    assert "Two to four days." in page


@pytest.mark.parametrize("sources", ["rubbish", [1, None], [{"title": None}], {"a": 1}])
def test_sources_of_another_shape_do_no_harm(
    at_bens: Signed, opened: Opener, sources: object
) -> None:
    conversation = opened()
    services.post_message(
        conversation=conversation, author=authors.ai(), text="Soon.", data={"sources": sources}
    )
    assert texts(pane(at_bens, conversation.name)) == ["Hello?", "Soon."]


def test_system_lines_speak_to_the_agent_not_to_the_customer(
    at_bens: Signed, served: Opener
) -> None:
    page = pane(at_bens, served(at_bens.user).name)
    assert "The customer asked for a person" in page
    assert "Ben accepted the conversation" in page
    assert "You asked for a person" not in page


def test_only_the_owner_can_write(at_bens: Signed, at_beas: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    assert 'id="reply-form"' in pane(at_bens, conversation.name)
    hers = pane(at_beas, conversation.name)
    assert 'id="reply-form"' not in hers
    assert "Ben is serving this customer" in hers


def test_each_state_says_whose_turn_it_is(at_bens: Signed, opened: Opener, waiting: Opener) -> None:
    with_ai, queued = opened("Ana"), waiting("Ada")
    assert 'data-mode="ai"' in pane(at_bens, with_ai.name)
    assert 'data-do="accept"' in pane(at_bens, queued.name)
    services.close_conversation(conversation=with_ai, actor=authors.customer(with_ai.customer))
    assert 'data-mode="closed"' in pane(at_bens, with_ai.name)


def test_the_history_tells_who_did_what(at_bens: Signed, served: Opener) -> None:
    page = pane(at_bens, served(at_bens.user, reason="My parcel is lost").name)
    history = page[page.index('class="history"') :]
    assert re.findall(r"<span>([^<]+)</span>", history) == [
        "Started",
        "Asked for a person",
        "Accepted",
    ]
    assert "<small>Ben</small>" in history
    assert "My parcel is lost" in page


def test_new_messages_come_alone_and_continue_a_block(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    seen = says(conversation, "one")
    says(conversation, "two")
    page = at_bens.fragment(f"/c/{conversation.name}/messages/?after={seen.pk}").content.decode()
    assert texts(page) == ["two"]
    assert "opens" not in page


def test_a_long_thread_opens_at_its_end_and_can_be_read_backwards(
    at_bens: Signed, opened: Opener
) -> None:
    conversation = opened(text="0")
    for number in range(1, thread.PAGE + 5):
        says(conversation, str(number))
    page = pane(at_bens, conversation.name)
    assert texts(page) == [str(number) for number in range(5, thread.PAGE + 5)]
    earlier = re.search(r'hx-get="([^"]+before=\d+)"', page)
    assert earlier
    older = at_bens.fragment(earlier[1]).content.decode()
    assert texts(older) == ["0", "1", "2", "3", "4"]
    assert "hx-get" not in older


def test_a_change_of_state_replaces_head_brief_foot_and_details(
    at_bens: Signed, waiting: Opener
) -> None:
    conversation = waiting()
    services.accept_conversation(conversation=conversation, agent=at_bens.user)
    page = at_bens.fragment(f"/c/{conversation.name}/state/").content.decode()
    assert page.count('hx-swap-oob="true"') == 4  # brief, the copilot's bar, the foot, the details
    assert 'data-status="active"' in page


@pytest.mark.parametrize("path", ["", "pane/", "state/", "messages/", "messages/?before=1"])
def test_an_outsider_finds_nothing(at_sams: Signed, waiting: Opener, path: str) -> None:
    conversation = waiting()
    assert at_sams.fragment(f"/c/{conversation.name}/{path}").status_code == 404


@pytest.mark.parametrize("name", ["nobody", "x" * 200, "%00", "a b"])
def test_an_unknown_conversation_is_not_found(
    at_bens: Signed, in_tenant: object, name: str
) -> None:
    assert at_bens.get(f"/c/{name}/").status_code == 404


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "", "١"])
def test_a_garbled_message_id_does_no_harm(at_bens: Signed, opened: Opener, after: str) -> None:
    conversation = opened()
    answer = at_bens.fragment(f"/c/{conversation.name}/messages/?after={after}")
    assert answer.status_code == 200


def test_the_page_needs_nothing_that_a_strict_policy_forbids(
    at_bens: Signed, served: Opener
) -> None:
    page = at_bens.get(f"/c/{served(at_bens.user).name}/").content.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_an_ai_that_was_unsure_shows_what_it_offered(at_bens: Signed, opened: Opener) -> None:
    conversation = opened()
    services.post_message(
        conversation=conversation,
        author=authors.ai(),
        text="Is it one of these?",
        data={"suggestions": ["Delivery", 7]},
    )
    assert re.findall(r"<li>([^<]+)</li>", pane(at_bens, conversation.name)) == ["Delivery"]


def test_nothing_is_written_by_looking(at_bens: Signed, waiting: Opener) -> None:
    conversation = waiting()
    before = fresh(conversation)
    pane(at_bens, conversation.name)
    after = fresh(conversation)
    assert (before.version, before.last_message_at) == (after.version, after.last_message_at)
    assert at_bens.post(f"/c/{conversation.name}/pane/").status_code == 405


def test_codes_are_told_in_the_readers_language(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user, language="zh-hans")
    with translation.override("en"):
        assert "accepted the conversation" in pane(at_bens, conversation.name)
