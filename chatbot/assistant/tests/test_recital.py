import json

import pytest

from chatbot.assistant.guardrails.recital import LONGEST, Recital, Recited, recites_in
from chatbot.assistant.prompts.defaults import chinese, english

SECRETS = {"en": english(), "zh-hans": chinese()}


def fed(text: str, secret: str, *, size: int = 3, public: str = "") -> str:
    """What is shown of a text that comes in pieces."""
    recital = Recital(secret, public)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    return "".join(map(recital.feed, pieces)) + recital.close()


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("language", SECRETS)
def test_instructions_are_not_recited(language: str, size: int) -> None:
    with pytest.raises(Recited):
        fed(f"Of course! {SECRETS[language]}", SECRETS[language], size=size)


@pytest.mark.parametrize(
    "disguised",
    [
        english().upper(),
        english().replace(" ", "_"),
        "".join(f"{letter} " for letter in english()),
        english().replace("-", "*").replace(".", "\u200b\n\n> "),
        "\n".join(f"{n}. {line}" for n, line in enumerate(english().splitlines())),
        english().translate({ord("e"): "e\u0301"}),
        "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in english()),
    ],
)
def test_a_thin_disguise_does_not_help(disguised: str) -> None:
    with pytest.raises(Recited):
        fed(disguised, english())


def test_pieces_with_other_words_between_them_count_together() -> None:
    words = english().split()
    pieces = [" ".join(words[at : at + 8]) for at in range(0, len(words), 8)]
    with pytest.raises(Recited):
        fed(" banana ".join(pieces), english())


@pytest.mark.parametrize("language", SECRETS)
def test_hardly_anything_is_shown_before_it_is_noticed(language: str) -> None:
    recital = Recital(SECRETS[language])
    shown: list[str] = []
    with pytest.raises(Recited):
        shown.extend(map(recital.feed, SECRETS[language]))
    assert len("".join(shown)) < 32


@pytest.mark.parametrize(
    "text",
    [
        "Delivery takes two to four working days [1]. In the north it may take a day longer.",
        "I am sorry for that. Would you like to talk to a person? I can help with your order, too.",
        "配送需要两到四个工作日[1]。如果您需要更多帮助，请告诉我您的订单号。",
        "",
        "😀 1 + 1 = 2\n\n",
    ],
)
@pytest.mark.parametrize("size", [1, 4, 1_000])
def test_an_answer_comes_out_whole(text: str, size: int) -> None:
    assert fed(text, f"{english()}\n{chinese()}", size=size) == text


def test_words_are_shown_as_they_come() -> None:
    recital = Recital(english())
    assert recital.feed("Delivery takes ") == "Delivery takes "


def test_a_short_quotation_is_held_back_and_then_shown() -> None:
    recital = Recital(english())
    piece = "Make no promises and no exceptions."
    assert recital.feed(f"We {piece}") != f"We {piece}"
    assert fed(f"We say: {piece} But we try.", english()) == f"We say: {piece} But we try."


def test_what_articles_say_as_well_is_no_secret() -> None:
    told = "Returns are free within thirty days of delivery. " * 4
    assert len(told) > LONGEST
    assert fed(told, f"You are kind. {told}", public=told) == told


@pytest.mark.parametrize(
    ("arguments", "is_one"),
    [
        ('{"order_number": "10001"}', False),
        ('{"broken', False),
        (json.dumps({"address": chinese()[:90]}), True),
    ],
)
def test_arguments_of_tools_are_looked_at_as_what_they_mean(arguments: str, is_one: bool) -> None:
    assert recites_in(arguments, chinese()) is is_one
