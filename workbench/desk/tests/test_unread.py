import re

from realtime.testing import published
from workbench.desk.models import ReadMark
from workbench.desk.selectors import counts
from workbench.desk.services import mark_read
from workbench.desk.tests.conftest import Opener, Signed, says


def unread(client: Signed) -> int:
    page = client.fragment("/fragments/views/").content.decode()
    found = re.search(r'data-unread="(\d+)"', page)
    assert found
    return int(found[1])


def marks_told() -> list[dict[str, object]]:
    return [event.payload for event in published("shop") if event.type == "conversation_read"]


def test_customers_messages_count_until_they_are_read(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    last = says(conversation, "And another thing")
    assert unread(at_bens) == 2
    answer = at_bens.call(f"/sessions/{conversation.name}/read", {"last_message_id": last.pk})
    assert answer.status_code == 204
    assert unread(at_bens) == 0
    says(conversation, "One more")
    assert unread(at_bens) == 1


def test_what_i_say_myself_is_not_unread(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    last = says(conversation, "Question")
    mark_read(conversation=conversation, agent=at_bens.user, last_message_id=last.pk)
    says(conversation, "Answer", agent=at_bens.user)
    assert unread(at_bens) == 0


def test_a_colleagues_reading_is_not_mine(at_bens: Signed, at_beas: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    last = says(conversation, "Question")
    mark_read(conversation=conversation, agent=at_beas.user, last_message_id=last.pk)
    assert unread(at_bens) == 2
    assert unread(at_beas) == 0


def test_the_counts_name_the_conversations_i_serve(at_bens: Signed, served: Opener) -> None:
    ana, ada = served(at_bens.user, "Ana"), served(at_bens.user, "Ada")
    assert set(counts(at_bens.user).mine_names) == {ana.name, ada.name}


def test_my_other_tabs_hear_of_it_once(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    last = says(conversation, "Question")
    told = [
        mark_read(conversation=conversation, agent=at_bens.user, last_message_id=last.pk)
        for _ in range(2)
    ]
    assert told == [True, False]
    assert marks_told() == [{"session_name": conversation.name, "last_message_id": last.pk}]
    (event,) = (event for event in published("shop") if event.type == "conversation_read")
    assert list(event.channels) == [f"sse:agent:{at_bens.user.pk}"]


def test_a_mark_never_goes_back(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    first, last = says(conversation, "one"), says(conversation, "two")
    mark_read(conversation=conversation, agent=at_bens.user, last_message_id=last.pk)
    assert not mark_read(conversation=conversation, agent=at_bens.user, last_message_id=first.pk)
    assert ReadMark.objects.get().last_message_id == last.pk


def test_a_mark_never_runs_ahead_of_what_was_said(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    at_bens.call(f"/sessions/{conversation.name}/read", {"last_message_id": 2**62})
    says(conversation, "Later")
    assert unread(at_bens) == 1


def test_a_garbled_mark_is_refused(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    marks: tuple[object, ...] = (None, 0, -1, "7", 1.5, True, 2**63)
    for mark in marks:
        body = {"last_message_id": mark}
        answer = at_bens.call(f"/sessions/{conversation.name}/read", body)
        assert answer.status_code == 400, body
        assert answer.json()["errors"]
