import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conversation import under_way
from tests.model_server import ModelServer, model_server
from tests.people import Customer
from tests.servers import SIDES, Platform, platform
from tests.streams import Heard

OTHER = {"chatbot": "workbench", "workbench": "chatbot"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
@pytest.mark.parametrize("side", SIDES)
def test_a_restarted_side_costs_nobody_a_word(
    running: Platform, side: str, number: signal.Signals
) -> None:
    with under_way(running) as talk:
        stream = {"chatbot": talk.widget, "workbench": talk.desk}
        talk.goes_on(turns=3)
        other = running.pid(OTHER[side])
        running.restart(side, number)
        talk.goes_on(turns=3)
        stream[side].wait_until_open(times=2)
        talk.everyone_has_everything()
        assert running.pid(OTHER[side]) == other
        assert stream[OTHER[side]].opened == 1, "the other side noticed"


@pytest.mark.parametrize("side", SIDES)
def test_what_was_said_while_a_side_was_away_is_heard_when_it_is_back(
    running: Platform, side: str
) -> None:
    with under_way(running) as talk:
        talk.goes_on()
        running.restart(side, signal.SIGKILL)
        talk.everyone_has_everything()  # nothing new was said since: replay alone brings it


def test_a_question_is_answered_once_though_its_process_is_killed(running: Platform) -> None:
    customer = Customer(running)
    with customer.listens() as widget:
        for question in ("How long does delivery take?", "How do I return an item?"):
            asked = customer.says(question)["id"]
            running.restart("chatbot", signal.SIGKILL)
            widget.wait_for(lambda event, asked=asked: is_answer(event, asked), seconds=60)
        answers = [said for said in customer.messages() if said["author"]["kind"] == "ai"]
        assert len(answers) == 2


def is_answer(event: Heard, asked: int) -> bool:
    """Something the AI said after the message `asked`."""
    return (
        event.type == "new_message"
        and event.payload["author"]["kind"] == "ai"
        and event.payload["id"] > asked
    )


@pytest.fixture
def slow_model() -> Iterator[ModelServer]:
    """A model that takes two seconds for its sentence."""
    with model_server() as model:
        model.text = "Delivery takes two to four working days [1]."
        model.pace = 0.25
        yield model


def test_an_answer_whose_process_is_killed_while_it_is_written_comes_once(
    seeded: Path, slow_model: ModelServer
) -> None:
    """kill -9 in mid-stream: whoever takes the run over writes it anew, and nothing is doubled."""
    variables = {
        "ASSISTANT_BASE_URL": slow_model.url,
        "ASSISTANT_API_KEY": "k-1",
        "ASSISTANT_MODEL": "slow",
    }
    with platform(seeded, variables=lambda broker, port: variables) as running:
        customer = Customer(running)
        with customer.listens() as widget:
            asked = customer.says("How long does delivery take?")["id"]
            widget.wait_for(lambda event: event.type == "answer_delta", seconds=30)
            running.restart("chatbot", signal.SIGKILL)
            widget.wait_for(lambda event: is_answer(event, asked), seconds=60)
        said = [each for each in customer.messages() if each["author"]["kind"] == "ai"]
        assert len(said) == 1
        assert said[0]["text"].startswith("Delivery takes two to four working days")
        assert len(slow_model.asked) >= 2, "the first try was cut off"
