import pytest
from django.utils import translation

from chatbot.widget.shop import QUESTIONS
from chatbot.widget.strings import STARTERS
from tests.people import Customer
from tests.servers import Platform

*ANSWERED, WISH_FOR_A_PERSON = QUESTIONS


def suggested(language: str) -> list[str]:
    with translation.override(language):
        return [str(question) for question in (*STARTERS, *ANSWERED)]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_question_we_suggest_is_answered_with_its_source(
    running: Platform, language: str
) -> None:
    customer = Customer(running)
    with customer.listens() as widget:
        for question in suggested(language):
            asked = customer.says(question)["id"]
            answer = widget.wait_for(
                lambda event, asked=asked: (
                    event.type == "new_message"
                    and event.payload["author"]["kind"] == "ai"
                    and event.payload["id"] > asked
                )
            )
            assert answer.payload["data"].get("sources"), (question, answer.payload["text"])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_whoever_says_that_she_wants_a_person_waits_for_one(
    running: Platform, language: str
) -> None:
    customer = Customer(running)
    with customer.listens() as widget, translation.override(language):
        customer.says(str(WISH_FOR_A_PERSON))
        widget.wait_for(lambda event: event.type == "transfer_request")
        assert customer.status() == "queued"
