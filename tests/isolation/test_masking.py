"""Nobody's telephone, identity card or bank card reaches a model, whatever that is asked for.

The company here keeps them readable for its agents: masking does not hang on what is stored.
"""

import json
import re
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import pytest
from asgiref.sync import async_to_sync
from pydantic import BaseModel

from chatbot.assistant.answerer import Answer, Question
from chatbot.assistant.briefs import improvement
from chatbot.assistant.choice import choose
from chatbot.assistant.dialogue import summaries
from chatbot.assistant.dialogue.rehearsal import rehearse
from chatbot.assistant.dialogue.turns import history_of
from chatbot.assistant.models import HandoffBrief, Run
from chatbot.assistant.prompts.selectors import published_prompt
from chatbot.assistant.providers import breaker, clients, embedding_source
from chatbot.assistant.providers.parts import NoModel
from chatbot.assistant.providers.purposes import Purpose, Use
from chatbot.assistant.providers.tests.factories import connect
from chatbot.assistant.tests.factories import ask
from chatbot.conversations import authors, services
from chatbot.knowledge.embedders.runtime_settings import SearchSettings
from chatbot.knowledge.indexing import embed_what_is_new
from chatbot.knowledge.selectors import search_passages
from chatbot.knowledge.tests.factories import write
from chatbot.moderation.runtime_settings import ModerationSettings
from chatbot.tools import registry
from chatbot.tools.models import Tool
from chatbot.tools.services import save_tool, sync_server
from chatbot.tools.tests.factories import server as tool_server
from chatplatform.configuration.testing import configured
from chatplatform.tenants.models import Tenant
from realtime.threads import in_thread
from tests.model_server import ModelServer, model_server
from workbench.copilot.articles import articles_like
from workbench.copilot.tasks import Job, Task
from workbench.copilot.writing import write as write_draft

SECRETS = ("13800138000", "11010519491231002", "4111111111111111")
WRITTEN = (
    "13800138000",
    "１３８００１３８０００",
    "138 0013 8000",
    "138-0013-8000",
    "+86 138 0013 8000",
    "1 3 8 0 0 1 3 8 0 0 0",
    "11010519491231002X",
    "１１０１０５１９４９１２３１００２Ｘ",
    "110105 19491231 002x",
    "4111111111111111",
    "4111 1111 1111 1111",
    "４１１１－１１１１－１１１１－１１１１",
)
TEXT = f"Where is my zebra? {', '.join(WRITTEN)}"


@dataclass(frozen=True)
class House:
    """A shop with a model, and a customer who has just told it her numbers."""

    tenant: Tenant
    run: Run
    server: ModelServer

    @property
    def question(self) -> Question:
        talk = self.run.conversation
        return Question(self.tenant, talk.name, TEXT, "en", run=self.run.pk, conversation=talk)

    def wait_for(self, work: Awaitable[object]) -> None:
        async def done() -> None:
            try:
                with suppress(NoModel):
                    await work
            finally:
                await clients.close_clients()

        async_to_sync(done)()


class Asked(BaseModel):
    text: str


def answered(house: House) -> None:
    question = house.question

    async def listen() -> None:
        chosen = await in_thread(choose, question)
        assert not isinstance(chosen, Answer)
        async for _ in chosen.answer(question):
            pass

    house.wait_for(listen())


def answered_with_a_tool(house: House) -> None:
    house.server.tool, house.server.arguments = "look_up", json.dumps({"text": TEXT})
    house.server.plays("tool_call")
    answered(house)
    called, told = house.server.asked[1].body["messages"][-2:]
    assert (called["role"], told["role"]) == ("assistant", "tool")
    assert "zebra" in called["tool_calls"][0]["function"]["arguments"]
    assert "zebra" in told["content"]


def summarised(house: House) -> None:
    turns = history_of(house.run.conversation, None).turns
    house.wait_for(summaries.renew(house.question, turns))


def briefed(house: House) -> None:
    talk = house.run.conversation
    talk.refresh_from_db()
    customer = authors.customer(talk.customer)
    services.request_transfer(conversation=talk, actor=customer, reason=TEXT)
    house.wait_for(improvement.improve(HandoffBrief.objects.get(conversation=talk).pk))


def drafted(house: House, task: Task, text: str = "") -> None:
    async def show(text: str) -> None: ...

    job = Job("1", task, 1, house.run.conversation, text, language="en", reader="en")
    house.wait_for(write_draft(job, show))


def rehearsed(house: House) -> None:
    house.wait_for(rehearse(published_prompt(house.tenant), TEXT, "en"))


def searched(house: House) -> None:
    connect(house.server, use="embeddings", model="letters")
    embedding_source.forget()
    with configured(SearchSettings, by="endpoint", patience=10_000):
        embed_what_is_new()
        search_passages(house.tenant, TEXT, language="en")
        articles_like(house.tenant, f"zebra {TEXT}")
    embedding_source.forget()


WAYS: dict[str, tuple[Purpose | Use, Callable[[House], None]]] = {
    "answer": (Purpose.ANSWER, answered),
    "tool": (Purpose.ANSWER, answered_with_a_tool),
    "summary": (Purpose.SUMMARY, summarised),
    "brief": (Purpose.BRIEF, briefed),
    "suggest": (Purpose.COPILOT, partial(drafted, task=Task.SUGGEST)),
    "summarise": (Purpose.COPILOT, partial(drafted, task=Task.SUMMARISE)),
    "translate": (Purpose.COPILOT, partial(drafted, task=Task.TRANSLATE)),
    "translate a text": (Purpose.COPILOT, partial(drafted, task=Task.TRANSLATE, text=TEXT)),
    "improve": (Purpose.COPILOT, partial(drafted, task=Task.IMPROVE, text=TEXT)),
    "evaluation": (Purpose.EVALUATION, rehearsed),
    "search": (Use.EMBEDDINGS, searched),
}


def test_every_use_of_a_model_is_tried_here() -> None:
    assert {purpose for purpose, _ in WAYS.values()} == {*Purpose, Use.EMBEDDINGS}


@pytest.fixture
def house(tenant: Tenant, monkeypatch: pytest.MonkeyPatch, in_tenant: Tenant) -> Iterator[House]:
    breaker.forget()
    tool = registry.BuiltIn(
        "look_up", "Look up", "Looks up.", Asked, run=lambda caller, asked: TEXT
    )
    monkeypatch.setitem(registry._tools, "look_up", tool)
    sync_server(server=tool_server(tenant))
    save_tool(tool=_enabled(Tool.objects.get(name="look_up")))
    write(tenant, "Where is my zebra?", "In the zoo.")
    hidden = {"hides_phones": False, "hides_identity_cards": False, "hides_bank_cards": False}
    with configured(ModerationSettings, tenant, **hidden), model_server() as server:
        connect(server, first_token_timeout=30, timeout=60)  # the first call loads the SDK
        session = services.open_session(tenant=tenant, name="Ana 13800138000")
        run = ask(session.conversation, TEXT)
        assert run.trigger.text == TEXT
        whole = Run.objects.select_related("conversation__tenant__plan", "conversation__customer")
        yield House(tenant, whole.get(pk=run.pk), server)
    breaker.forget()


def _enabled(tool: Tool) -> Tool:
    tool.enabled = True
    return tool


@pytest.mark.django_db(transaction=True)
def test_no_number_of_a_person_reaches_a_model(house: House) -> None:
    sent = {name: bodies_of(way, house) for name, (_, way) in WAYS.items()}
    assert not [name for name, bodies in sent.items() if "zebra" not in bodies]
    told = {name: [each for each in SECRETS if each in digits_of(sent[name])] for name in sent}
    assert not {name: numbers for name, numbers in told.items() if numbers}


def bodies_of(way: Callable[[House], None], house: House) -> str:
    """All that the model's server received, as it arrived."""
    house.server.asked.clear()
    house.server.plays("fine")
    way(house)
    return "\n".join(json.dumps(each.body, ensure_ascii=False) for each in house.server.asked)


def digits_of(body: str) -> str:
    """In half width, and nothing between them."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", body))
