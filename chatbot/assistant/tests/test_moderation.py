"""What the AI says goes through moderation too, while it is written and as a whole."""

from collections.abc import AsyncIterator

import pytest

from chatbot.assistant import drafts
from chatbot.assistant.answerer import Answer, Delta, Outcome, Question, Trigger
from chatbot.assistant.events import AnswerDelta
from chatbot.assistant.models import Run
from chatbot.assistant.tests.factories import ask, now, said_by_ai
from chatbot.assistant.tests.test_runner import running, until_closed
from chatbot.conversations.services import OpenedSession
from chatbot.moderation.choices import Action, Speaker
from chatbot.moderation.models import Hit
from chatbot.moderation.tests.factories import listed
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant
from realtime import publish
from realtime.events import Event

pytestmark = pytest.mark.django_db(transaction=True)
AI = frozenset({Speaker.AI})


class Speech:
    """An answerer that says these pieces, then all of them."""

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces

    async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
        for piece in self.pieces:
            yield Delta(piece)
        yield Answer("".join(self.pieces), Outcome.ANSWERED)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What customers see of answers that are being written."""
    seen: list[str] = []
    tell = publish.event

    def note(event: Event, **how: object) -> object:
        if isinstance(event, AnswerDelta):
            seen.append(event.text)
        return tell(event, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(publish, "event", note)
    monkeypatch.setattr(drafts, "PACE", 0.0)
    return seen


def test_what_is_hidden_is_hidden_while_it_is_written(
    tenant: Tenant, ana: OpenedSession, shown: list[str]
) -> None:
    listed(tenant, "secret sauce")
    with running(Speech("It is our sec", "ret sau", "ce, call 138", "12345678", " now. Or later.")):
        run = until_closed(ask(ana.conversation))
    assert run.status == Run.Status.DONE
    assert said_by_ai(ana.conversation) == [
        "It is our ************, call 138****5678 now. Or later."
    ]
    assert said_by_ai(ana.conversation)[0].startswith("".join(shown))


def test_what_must_not_be_said_fetches_a_person_and_is_not_tried_again(
    tenant: Tenant, ana: OpenedSession, shown: list[str]
) -> None:
    listed(tenant, "guaranteed cure", Action.BLOCK, speakers=AI)
    with running(Speech("It is a guaran", "teed cure", " for everything")):
        run = until_closed(ask(ana.conversation))
    assert (run.status, run.attempts, run.handoff) == (Run.Status.FAILED, 1, Trigger.FAILURE)
    assert said_by_ai(ana.conversation) == []
    assert "cure" not in "".join(shown)
    with all_tenants():
        (hit,) = Hit.objects.all()
    assert (hit.speaker, hit.word, hit.message) == ("ai", "guaranteed cure", None)


def test_a_sensitive_topic_fetches_a_person(tenant: Tenant, ana: OpenedSession) -> None:
    listed(tenant, "lawyer", Action.REVIEW, category="legal")
    listed(tenant, "idiot", Action.MASK, category="insult")
    with running(Speech("Hello.")):
        assert until_closed(ask(ana.conversation, "You idiot of a bot")).handoff == ""
        run = until_closed(ask(ana.conversation, "I will call my lawyer"))
    assert now(run).handoff == Trigger.TOPIC
    with tenant_scope(tenant):
        ana.conversation.refresh_from_db()
    assert ana.conversation.state == "queued"
