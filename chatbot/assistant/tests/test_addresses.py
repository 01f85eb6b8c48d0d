import pytest

from chatbot.assistant.guardrails.addresses import OnlyGiven, emails_in, given_in, only_given

ARTICLE = "Returns: https://shop.example/returns. Or write to help@shop.example, www.shop.example!"
GIVEN = given_in([ARTICLE])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Pay at https://evil.example/pay?x=1.", "Pay at […]."),
        ("请看https://evil.example/pay。谢谢", "请看[…]。谢谢"),
        ("[here](http://evil.example)", "[here]([…])"),
        ("Go to evil.com, www.evil.example or pay-us.example/now", "Go to […], […] or […]"),
        ("Write to pay@evil.example.", "Write to […]."),
        ("https://shop.example/returns?d=secret", "[…]"),
        ("https://shop.example.evil.com/returns", "[…]"),
        ("https://shop.example@evil.com/returns", "[…]"),
        ("HTTPS://EVIL.EXAMPLE", "[…]"),
    ],
)
def test_made_up_addresses_are_left_out(text: str, shown: str) -> None:
    assert only_given(text, GIVEN) == shown
    assert streamed(text, GIVEN) == shown


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE,
        "See http://www.shop.example/returns/ (or HELP@shop.example).",
        "It weighs 2.5kg, costs ¥1.200/day, e.g. in v1.2.3, and/or 9-18 h. Node.js? 3.14!",
        "订单已发货。3.5元/件",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert only_given(text, GIVEN) == text
    assert streamed(text, GIVEN) == text


def test_of_a_customers_words_only_her_mail_address_is_hers() -> None:
    said = ["I am ana@example.com", "see https://x@evil.example/pay and https://evil.example"]
    assert emails_in(said) == {"ana@example.com"}


def streamed(text: str, given: frozenset[str]) -> str:
    stream = OnlyGiven(given)
    return "".join(map(stream.feed, text)) + stream.close()
