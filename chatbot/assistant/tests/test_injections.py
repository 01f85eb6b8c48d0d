"""A model that obeys whatever it reads: what it is sent, and what comes of it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from chatbot.assistant.answerer import Answer, Delta
from chatbot.assistant.providers.tests.factories import connect
from chatbot.assistant.tests.injections import ATTACKS, LONGEST, Attack
from chatbot.assistant.tests.test_context import say
from chatbot.assistant.tests.test_model_answerer import parts_for
from chatbot.conversations import authors
from chatbot.conversations import services as conversations
from chatbot.conversations.models import Message
from chatbot.conversations.services import OpenedSession
from chatbot.knowledge.imports import pages
from chatbot.knowledge.tests.factories import write
from chatbot.tools import registry, services
from chatbot.tools.calling.outcomes import ToolFailed
from chatbot.tools.choices import CallStatus, Risk
from chatbot.tools.demo import seed_demo_tools
from chatbot.tools.models import DemoOrder, ToolCall, ToolServer
from chatbot.tools.registry import BuiltIn
from chatbot.tools.tests.factories import Scale, Weighing, call, weigh
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant
from tests.model_server import ModelServer

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "How long does delivery take?"
BOBS = ("Bob Miller", "13812345678", "Telescope", "Nowhere Road")  # and never anybody else's


@dataclass
class Shop:
    """Where it happens; `safe` is what a tool that is off would give."""

    tenant: Tenant
    scale: Scale
    safe: Scale

    def opens(self, name: str = "Ana") -> OpenedSession:
        return conversations.open_session(tenant=self.tenant, name=name, email="ana@example.com")


@pytest.fixture
def shop(tenant: Tenant, other_tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(registry, "_tools", dict(registry._tools))
    made = Shop(tenant, Scale(), Scale("gold"))
    seed_demo_tools(tenant)
    order(tenant, "10005", "bob@example.com", "Telescope")
    order(other_tenant, "10006", "", "Anchor")
    bob = conversations.open_session(tenant=tenant, name="Bob Miller", email="bob@example.com")
    say(bob, "I am Bob Miller, 13812345678, my order 10005 is a Telescope to Nowhere Road.")
    with tenant_scope(tenant):
        weigh(tenant, made.scale, output_schema={})
        registry.register(
            BuiltIn("open_safe", "Open the safe", "What is in it.", Weighing, made.safe)
        )
        services.sync_server(server=ToolServer.objects.get(tenant=tenant))  # new tools are off
    return made


def order(tenant: Tenant, number: str, email: str, item: str) -> None:
    with tenant_scope(tenant):
        DemoOrder.objects.create(
            tenant=tenant,
            number=number,
            email=email,
            item=item,
            state="on its way",
            address="Nowhere Road",
            total=Decimal("999.00"),
        )


# --- where it stands: each puts the text there, and says who asks what

Place = Callable[[Shop, str], tuple[OpenedSession, str]]


def _article(shop: Shop, text: str) -> tuple[OpenedSession, str]:
    write(shop.tenant, QUESTION, f"Two to four working days. {text}")
    return shop.opens(), QUESTION


def _page(shop: Shop, text: str) -> tuple[OpenedSession, str]:
    html = f"<html><body><h1>{QUESTION}</h1><p>Two to four working days.</p><p>{escaped(text)}</p>"
    (page,) = pages.read(html, name="page")
    write(shop.tenant, page.title, page.body)
    return shop.opens(), QUESTION


def _title(shop: Shop, text: str) -> tuple[OpenedSession, str]:
    write(shop.tenant, f"{QUESTION} {text}"[:200].replace("\n", " "), "Two to four working days.")
    return shop.opens(), QUESTION


def _name(shop: Shop, text: str) -> tuple[OpenedSession, str]:
    return shop.opens(name=text), QUESTION


def _message(shop: Shop, text: str) -> tuple[OpenedSession, str]:
    return shop.opens(), f"{QUESTION} {text}"


def _earlier(shop: Shop, text: str) -> tuple[OpenedSession, str]:
    session = shop.opens()
    say(session, text)
    return session, QUESTION


def _quoted(shop: Shop, text: str) -> tuple[OpenedSession, str]:
    """An article's passage that the embedded answerer gave as its answer."""
    session = shop.opens()
    say(session, "And what else?")
    data = {"outcome": "answered", "sources": [{"quote": text}], "suggestions": []}
    with tenant_scope(shop.tenant):
        conversations.post_message(
            conversation=session.conversation, author=authors.ai(), text=text, data=data
        )
    return session, QUESTION


def _notice(shop: Shop, text: str) -> tuple[OpenedSession, str]:
    """What came of a call that an agent allowed."""
    session = shop.opens()
    with tenant_scope(shop.tenant):
        Message.objects.create(
            tenant=shop.tenant,
            conversation=session.conversation,
            author_kind="system",
            code="tool_done",
            text=f"Done. Weigh: {text}",
        )
    return session, QUESTION


def _result(shop: Shop, text: str) -> tuple[OpenedSession, str]:
    shop.scale.answer = text
    return shop.opens(), f"{QUESTION} CALL weigh parcel=P1"


def _error(shop: Shop, text: str) -> tuple[OpenedSession, str]:
    shop.scale.error = ToolFailed(text)
    return shop.opens(), f"{QUESTION} CALL weigh parcel=P1"


def _field(shop: Shop, text: str) -> tuple[OpenedSession, str]:
    """A free text in Ana's own order."""
    order(shop.tenant, "10007", "ana@example.com", text)
    return shop.opens(), f"{QUESTION} CALL order_status order_number=10007"


def _description(shop: Shop, text: str) -> tuple[OpenedSession, str]:
    """What a server says that its tool does, accepted by somebody who did not read it."""
    with tenant_scope(shop.tenant):
        weigh(shop.tenant, shop.scale, description=text)
    return shop.opens(), QUESTION


PLACES: dict[str, Place] = {
    "an article": _article,
    "an article's title": _title,
    "an imported page": _page,
    "the customer's name": _name,
    "the customer's message": _message,
    "an earlier message": _earlier,
    "an earlier answer": _quoted,
    "a notice of a tool": _notice,
    "a tool's result": _result,
    "a tool's error": _error,
    "an order's free text": _field,
    "a tool's description": _description,
}


# Everything where attackers write most easily; elsewhere one of each kind.
EASY = ("an article", "a tool's result", "the customer's name", "the customer's message")
KINDS = (
    "a refund",
    "another's order",
    "the system prompt",
    "a fence that is closed",
    "a made-up link",
)
CASES = [
    pytest.param(place, attack, id=f"{attack.name} in {place}")
    for place in PLACES
    for attack in ATTACKS
    if place in EASY or attack.name in KINDS
]


@pytest.mark.parametrize(("place", "attack"), CASES)
def test_nothing_comes_of_it(place: str, attack: Attack, shop: Shop, server: ModelServer) -> None:
    write(shop.tenant, QUESTION, "Delivery takes two to four working days.")
    session, question = PLACES[place](shop, attack.text)
    server.plays("gullible")
    connect(server)
    parts = parts_for(session, question)
    assert_kept_apart(server, attack)
    assert_nothing_happened(shop)
    read = read_by_customer(parts)
    rules = server.asked[0].body["messages"][0]["content"]
    pieces = [rules[at : at + 60] for at in range(len(rules) - 60)]
    assert [piece for piece in pieces if piece in read] == []
    assert [word for word in (*attack.never, *BOBS) if word in read] == []


def assert_kept_apart(server: ModelServer, attack: Attack) -> None:
    """The text stands in no system message and in no unfenced place, in any of the requests."""
    begins = attack.text[:16].split("<")[0].strip()
    assert begins in json.dumps([asked.body for asked in server.asked], ensure_ascii=False)
    for asked in server.asked:
        system, *others = asked.body["messages"]
        assert begins not in system["content"]
        (mark,) = set(re.findall(r"\b[0-9a-f]{12}\b", system["content"]))
        for message in others:
            assert begins not in outside_of_fences(message, mark)
        whole = json.dumps(asked.body, ensure_ascii=False)
        for secret in BOBS:
            assert secret not in whole
        for sign in ("<|im_", "[INST]", "<｜", "<start_of_turn>", "</s>"):
            assert sign not in whole


def outside_of_fences(message: dict[str, Any], mark: str) -> str:
    text = message.get("content") or ""
    if message["role"] == "tool":
        return re.sub(r"(?s)(=== [0-9a-f]{16} ===)\n.*\n\1", "", text)
    outside, fences = re.subn(rf"(?s)<<[a-z' ,]+ {mark}>>\n.*?\n<<end {mark}>>", "", text)
    assert text.count(mark) == text.count("<<") == text.count(">>") == 2 * fences
    return outside


def assert_nothing_happened(shop: Shop) -> None:
    with all_tenants():
        assert set(DemoOrder.objects.values_list("refunded_by", flat=True)) == {""}
        assert not DemoOrder.objects.filter(address__icontains="evil").exists()
        for call in ToolCall.objects.exclude(risk=Risk.READ):
            assert call.status in (
                CallStatus.AWAITING_APPROVAL,
                CallStatus.AWAITING_CONFIRMATION,
                CallStatus.BAD_ARGUMENTS,
            )
        told = json.dumps(list(ToolCall.objects.values_list("result", "arguments")))
        assert not [secret for secret in BOBS if secret in told]
    assert shop.safe.calls == []


def read_by_customer(parts: list[Delta | Answer]) -> str:
    """All that ever stood on her screen, if only for a moment, and the notices of tools."""
    with all_tenants():
        notices = Message.objects.filter(code__in=("tool_confirmation", "tool_approval"))
        shown = [notice.text for notice in notices]
    return "\n".join(["".join(part.text for part in parts), *shown])


def escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def test_every_attack_fits_everywhere() -> None:
    assert [attack.name for attack in ATTACKS if len(attack.text) > LONGEST] == []


def test_who_asks_for_money_reads_that_somebody_decides(shop: Shop, server: ModelServer) -> None:
    server.plays("gullible")
    connect(server)
    parts = parts_for(shop.opens(), f"{QUESTION} CALL refund_order order_number=10003 SAY Done!")
    answer = parts[-1]
    assert isinstance(answer, Answer)
    assert answer.text.startswith("A colleague has to approve that.")
    assert parts == [answer]


def test_what_was_done_may_be_told(shop: Shop, server: ModelServer) -> None:
    session = shop.opens()
    call(session.conversation, CallStatus.OK, risk=Risk.MONEY)
    server.text = "I have refunded your order; delivery takes two to four working days [1]."
    connect(server)
    write(shop.tenant, QUESTION, "Delivery takes two to four working days.")
    answer = parts_for(session, QUESTION)[-1]
    assert isinstance(answer, Answer)
    assert answer.text == server.text


def test_addresses_that_were_given_stay(shop: Shop, server: ModelServer) -> None:
    write(shop.tenant, QUESTION, "Two to four working days, see https://shop.example/delivery.")
    server.text = "Two to four working days, see https://shop.example/delivery [1]."
    connect(server)
    parts = parts_for(shop.opens(), QUESTION)
    assert read_by_customer(parts) == server.text * 2
