import random

import pytest

from chatbot.moderation.choices import Action
from chatbot.moderation.screening import Speaker, screen
from chatbot.moderation.services import allow_phrase
from chatbot.moderation.streaming import StreamScreen
from chatbot.moderation.tests.factories import listed
from chatplatform.tenants.models import Tenant


def pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def shown(tenant: Tenant, parts: list[str]) -> list[str]:
    stream = StreamScreen(tenant)
    return [*(stream.feed(part) for part in parts), stream.close()]


def test_a_word_split_over_two_pieces_is_hidden(in_tenant: Tenant) -> None:
    listed(in_tenant, "傻逼")
    assert shown(in_tenant, ["你真傻", "逼啊"]) == ["你真", "**啊", ""]


def test_nothing_is_held_back_that_can_become_no_hit(in_tenant: Tenant) -> None:
    listed(in_tenant, "insufferable idiot")
    assert shown(in_tenant, ["Delivery takes ", "two days."]) == [
        "Delivery takes ",
        "two days.",
        "",
    ]


def test_a_number_split_over_pieces_is_hidden(in_tenant: Tenant) -> None:
    parts = shown(in_tenant, ["Call 138", "1234", "5678 now", " or never"])
    assert parts[0] == "Call "
    assert "".join(parts) == "Call 138****5678 now or never"


def test_a_number_of_another_country_is_held_from_its_plus_on(in_tenant: Tenant) -> None:
    parts = shown(in_tenant, ["Call +", "44 20 79", "46 0958", ", please"])
    assert parts[0] == "Call "
    assert "".join(parts) == "Call +44****58, please"


def test_a_phrase_that_allows_a_word_is_waited_for(in_tenant: Tenant) -> None:
    listed(in_tenant, "法轮")
    allow_phrase(tenant=in_tenant, text="法轮机")
    assert "".join(shown(in_tenant, ["买法", "轮", "机"])) == "买法轮机"
    assert "".join(shown(in_tenant, ["买法", "轮", "吧"])) == "买**吧"


def test_a_word_is_judged_by_what_follows_it(in_tenant: Tenant) -> None:
    listed(in_tenant, "ass")
    assert "".join(shown(in_tenant, ["an as", "s", "umption"])) == "an assumption"
    assert "".join(shown(in_tenant, ["cl", "ass"])) == "class"
    assert "".join(shown(in_tenant, ["an ass", "."])) == "an ***."


def test_what_must_not_be_said_ends_the_stream(in_tenant: Tenant) -> None:
    listed(in_tenant, "guaranteed cure", Action.BLOCK)
    stream = StreamScreen(in_tenant)
    assert stream.feed("It is a guaran") == "It is a "
    assert (stream.feed("teed cure for"), stream.blocked) == ("", True)
    assert (stream.feed(" everything"), stream.close()) == ("", "")
    assert stream.screening
    assert stream.screening.blocked


def test_it_asks_the_database_nothing_once_it_is_made(
    in_tenant: Tenant, django_assert_num_queries: object
) -> None:
    listed(in_tenant, "bad", Action.BLOCK)
    stream = StreamScreen(in_tenant)
    with django_assert_num_queries(0):  # type: ignore[operator]
        stream.feed("this is b")
        stream.feed("ad")
        stream.close()


@pytest.mark.parametrize("seed", range(30))
def test_however_it_is_cut_the_same_is_shown_as_of_the_whole(in_tenant: Tenant, seed: int) -> None:
    """Near misses, words that begin alike, numbers in a row: what may be cut in any place."""
    for word in ("傻逼", "大傻逼", "idiot", "take you to court", "ass", "法轮"):
        listed(in_tenant, word)
    allow_phrase(tenant=in_tenant, text="法轮机")
    chance = random.Random(seed)  # noqa: S311 - that can be replayed
    said = ["你", "大傻", "逼", "傻-", "idi", "ot ", "ass", "ume ", "take you ", "to court", "😀"]
    said += [
        "法轮",
        "机",
        "13812345678",
        " ",
        "4111 1111 1111 ",
        "1111",
        "+44 20 7946 0958",
        "，",
        "12",
        "138.1234.",
        "5678",
        ".",
    ]
    text = "".join(chance.choices(said, k=25))
    cut = sorted(chance.choices(range(len(text) + 1), k=chance.randint(1, 20)))
    parts = [text[start:end] for start, end in zip([0, *cut], [*cut, len(text)], strict=True)]
    assert "".join(shown(in_tenant, parts)) == screen(in_tenant, text, Speaker.AI).text
