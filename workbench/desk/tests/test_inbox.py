from chatbot.conversations import authors, services
from workbench.desk import inbox
from workbench.desk.tests.conftest import Opener, Signed, says


def rows(page: str) -> list[str]:
    """The names of the conversations in a list, top to bottom."""
    return [part.split('"')[0] for part in page.split('data-row="')[1:]]


def listed(client: Signed, query: str) -> list[str]:
    return rows(client.fragment(f"/fragments/inbox/?{query}").content.decode())


def test_the_queue_shows_who_waits_longest_first(at_bens: Signed, waiting: Opener) -> None:
    first, second = waiting("Ana"), waiting("Ada")
    assert listed(at_bens, "view=queue") == [first.name, second.name]


def test_my_conversations_are_those_i_serve_now(
    at_bens: Signed, at_beas: Signed, served: Opener
) -> None:
    mine, hers = served(at_bens.user, "Ana"), served(at_beas.user, "Ada")
    assert listed(at_bens, "view=mine") == [mine.name]
    assert listed(at_beas, "view=mine") == [hers.name]


def test_all_conversations_can_be_narrowed_to_one_state(
    at_bens: Signed, opened: Opener, waiting: Opener
) -> None:
    with_ai, queued = opened("Ana"), waiting("Ada")
    assert set(listed(at_bens, "view=all")) == {with_ai.name, queued.name}
    assert listed(at_bens, "view=all&status=ai_active") == [with_ai.name]


def test_a_search_finds_names_and_mails(at_bens: Signed, opened: Opener) -> None:
    ana = opened("Ana Lindqvist", email="ana@example.com")
    li = opened("李娜")
    assert listed(at_bens, "view=all&q=lind") == [ana.name]
    assert listed(at_bens, "view=all&q=example.com") == [ana.name]
    assert listed(at_bens, "view=all&q=李") == [li.name]
    assert listed(at_bens, f"view=all&q={li.name}") == [li.name]


def test_nothing_found_says_what_to_do(at_bens: Signed, opened: Opener) -> None:
    opened("Ana")
    page = at_bens.fragment("/fragments/inbox/?view=all&q=nobody").content.decode()
    assert "Nothing found" in page
    assert "Try a part of the name" in page


def test_an_empty_queue_says_what_will_come(at_bens: Signed) -> None:
    page = at_bens.fragment("/fragments/inbox/?view=queue").content.decode()
    assert "Nobody is waiting" in page


def test_a_row_shows_the_last_words_and_who_said_them(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    says(conversation, "<b>On its way</b>", agent=at_bens.user)
    page = at_bens.fragment("/fragments/inbox/?view=mine").content.decode()
    assert "Ben: &lt;b&gt;On its way&lt;/b&gt;" in page


def test_a_visitor_without_a_name_can_be_told_from_another(
    at_bens: Signed, waiting: Opener
) -> None:
    conversation = waiting("")
    page = at_bens.fragment("/fragments/inbox/?view=queue").content.decode()
    assert f"Visitor {conversation.name[:4]}" in page


def test_a_long_list_is_shown_in_parts(at_bens: Signed, opened: Opener) -> None:
    for _ in range(inbox.PAGE + 1):
        opened()
    page = at_bens.fragment("/fragments/inbox/?view=all").content.decode()
    assert len(rows(page)) == inbox.PAGE
    assert f'data-limit="{inbox.PAGE * 2}"' in page
    assert len(listed(at_bens, f"view=all&limit={inbox.PAGE * 2}")) == inbox.PAGE + 1


def test_nonsense_in_the_address_shows_the_queue(at_bens: Signed, waiting: Opener) -> None:
    conversation = waiting()
    for query in (
        "view=x",
        "view=all&status=x",
        "limit=x",
        "limit=99999999999",
        "q=%00",
        "view=" * 9,
    ):
        assert listed(at_bens, query) == [conversation.name]


def test_the_views_carry_their_counts(at_bens: Signed, opened: Opener, waiting: Opener) -> None:
    closed = opened("Old")
    services.close_conversation(conversation=closed, actor=authors.customer(closed.customer))
    opened("Ana")
    waiting("Ada")
    page = at_bens.fragment("/fragments/views/").content.decode()
    assert 'data-queue="1" data-unread="0" data-mine=""' in page
    assert 'data-count="all">2<' in page


def test_another_companys_conversations_are_not_there(at_sams: Signed, waiting: Opener) -> None:
    waiting()
    assert listed(at_sams, "view=queue") == []
    assert listed(at_sams, "view=all&q=Ana") == []
    assert 'data-queue="0"' in at_sams.fragment("/fragments/views/").content.decode()
