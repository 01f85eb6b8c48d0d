"""Two agents of two departments, and one of a language: each stream carries what her list shows."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from channels.layers import channel_layers
from channels.routing import URLRouter
from django.db.backends.utils import CursorWrapper
from django.db.models import Q

from chatbot.conversations import authors, services
from chatbot.conversations.models import Conversation
from chatplatform.accounts.models import User
from chatplatform.audit.actors import SYSTEM
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.roles.models import Scope
from chatplatform.roles.tests.factories import fresh, give, role
from chatplatform.tenants import services as tenants
from chatplatform.tenants.models import Department, Tenant
from realtime import hub, publish
from realtime.hub import Hub
from realtime.tests.readers import StreamClient
from realtime.threads import in_thread
from tests.cast import person
from workbench import routing
from workbench.desk.tests.test_streams import cookie_of

pytestmark = pytest.mark.django_db(transaction=True)

AGENT = Q(codename__in=["serve_conversation", "route_conversation"])
STREAMS = URLRouter(routing.http_urlpatterns)


class Play:
    """The shop, its people with their streams, and what each of them has heard."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.clients: dict[str, StreamClient] = {}
        self.people: dict[str, User] = {}
        self.ends = 0

    def department(self, name: str) -> Department:
        with tenant_scope(self.tenant):
            return tenants.create_department(tenant=self.tenant, name=name, actor=SYSTEM)

    def cast(self, name: str, department: Department | None, **limits: object) -> None:
        user = person(self.tenant, name)
        user.department = department
        user.save()
        narrow = {"conversations.conversation": limits} if limits else {}
        scope = Scope.DEPARTMENT if department else Scope.ALL
        give(user, role(self.tenant, AGENT, scope=scope, constraints=narrow))
        self.people[name] = fresh(user)

    async def opens(self, name: str) -> None:
        cookie = await in_thread(cookie_of, self.people[name])
        client = StreamClient(STREAMS, "/api/v1/events", cookie=cookie, host="desk.example")
        assert (await client.open())["status"] == 200
        await client.read_until("id: ")
        self.clients[name] = client

    async def heard_after(self, deed: Callable[[], object]) -> dict[str, list[str]]:
        """The types of events that each of them hears of what the deed causes."""
        for client in self.clients.values():
            client.text = ""
        await in_thread(self._within, deed)
        self.ends += 1
        last = f"the end {self.ends}"
        await in_thread(
            publish.broadcast, "curtain", {"at": last}, source="system", log=self.tenant.slug
        )
        return {
            name: re.findall(r"event: (\w+)\n", (await client.read_until(last)))[:-1]
            for name, client in self.clients.items()
        }

    def _within(self, deed: Callable[[], object]) -> None:
        with tenant_scope(self.tenant):
            deed()

    def opened(self, *, language: str = "en", department: Department | None = None) -> Conversation:
        with tenant_scope(self.tenant):
            made = services.open_session(tenant=self.tenant, name="Ann", language=language)
            customer = authors.customer(made.customer)
            conversation = made.conversation
            services.request_transfer(
                conversation=conversation, actor=customer, department=department
            )
            return conversation

    def shown(self, name: str) -> set[int]:
        with tenant_scope(self.tenant):
            user = fresh(self.people[name])
            return set(Conversation.objects.visible_to(user).values_list("pk", flat=True))


@pytest_asyncio.fixture
async def home() -> AsyncIterator[Hub]:
    """The hub of this test's loop, with a channel layer that remembers no other."""
    channel_layers.backends.clear()
    running = await hub.current()
    yield running
    await running.stop()
    channel_layers.backends.clear()


@pytest.fixture
def play(tenant: Tenant) -> Play:
    return Play(tenant)


async def test_each_hears_what_her_list_shows(home: Hub, play: Play) -> None:
    sales, support = await in_thread(play.department, "S"), await in_thread(play.department, "T")
    await in_thread(play.cast, "ben", sales)
    await in_thread(play.cast, "bea", support)
    await in_thread(play.cast, "cy", None, language="zh-hans")
    await in_thread(play.cast, "dora", None)
    for name in play.people:
        await play.opens(name)

    async def deed(make: Callable[[], Conversation], *hearers: str) -> Conversation:
        made: list[Conversation] = []
        heard = await play.heard_after(lambda: made.append(make()))
        assert {name for name, types in heard.items() if types} == set(hearers)
        shown = {name for name in play.people if made[0].pk in await in_thread(play.shown, name)}
        assert shown == set(hearers)
        return made[0]

    await deed(lambda: play.opened(), "ben", "bea", "dora")
    await deed(lambda: play.opened(language="zh-hans"), "ben", "bea", "cy", "dora")
    # a session begins for nobody in particular; the wish for sales comes with the transfer
    made: list[Conversation] = []
    heard = await play.heard_after(lambda: made.append(play.opened(department=sales)))
    assert "transfer_request" in heard["ben"]
    assert "transfer_request" not in heard["bea"]
    asked = made[0]

    def says() -> Conversation:
        customer = authors.customer(asked.customer)
        services.post_message(conversation=asked, author=customer, text="Hello?")
        return asked

    await deed(says, "ben", "dora")

    heard = await play.heard_after(
        lambda: services.move_to_department(
            conversation=asked, department=support, by=play.people["dora"]
        )
    )
    assert heard == {
        "ben": ["department_change"],
        "bea": ["department_change"],
        "cy": [],
        "dora": ["department_change"],
    }, "who loses it hears that, and who gains it"
    await deed(says, "bea", "dora")
    assert asked.pk not in await in_thread(play.shown, "ben")

    def accepts() -> Conversation:
        services.accept_conversation(conversation=asked, agent=play.people["bea"])
        return asked

    await deed(accepts, "bea", "dora")
    for client in play.clients.values():
        await client.leave()


async def test_a_colleagues_work_is_silent_once_she_has_it(home: Hub, play: Play) -> None:
    sales = await in_thread(play.department, "S")
    await in_thread(play.cast, "ben", sales)
    await in_thread(play.cast, "dora", None)
    waiting = await in_thread(play.opened)
    await play.opens("ben")
    took = await play.heard_after(
        lambda: services.accept_conversation(conversation=waiting, agent=play.people["dora"])
    )
    assert took["ben"] == ["status_change"], "that it is gone; not what is said from then on"
    said = await play.heard_after(
        lambda: services.post_message(
            conversation=waiting, author=authors.agent(play.people["dora"]), text="Hello"
        )
    )
    assert said["ben"] == []
    await play.clients["ben"].leave()


async def test_a_change_of_rights_ends_the_stream_to_be_opened_anew(home: Hub, play: Play) -> None:
    sales, support = await in_thread(play.department, "S"), await in_thread(play.department, "T")
    await in_thread(play.cast, "ben", sales)
    await play.opens("ben")

    def moves() -> None:
        user = fresh(play.people["ben"])
        user.department = support
        user.save()

    await in_thread(moves)
    await home.end_revoked()
    await play.clients["ben"].body()
    await play.opens("ben")
    heard = await play.heard_after(lambda: play.opened(department=support))
    assert "transfer_request" in heard["ben"]
    await play.clients["ben"].leave()


async def test_events_cost_no_query_about_rights(
    home: Hub, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    sales = await in_thread(play.department, "S")
    await in_thread(play.cast, "ben", sales)
    waiting = await in_thread(play.opened)
    await play.opens("ben")
    asked: list[str] = []
    execute = CursorWrapper.execute

    def told(self: CursorWrapper, sql: str, params: Any = None) -> Any:
        asked.append(sql)
        return execute(self, sql, params)

    def says_much() -> None:
        customer = authors.customer(waiting.customer)
        for number in range(20):
            services.post_message(conversation=waiting, author=customer, text=str(number))

    monkeypatch.setattr("realtime.hub.RECHECK", 60)  # the look at everyone's rights, at its time
    monkeypatch.setattr(CursorWrapper, "execute", told)
    heard = await play.heard_after(says_much)
    assert heard["ben"].count("new_message") == 20
    assert [sql for sql in asked if "conversations_message" in sql], "posting asks"
    rights = ("accounts_user", "roles_role", "auth_", "django_session", "tenants_department")
    assert [sql for sql in asked if any(table in sql for table in rights)] == []
    del asked[:]
    await home.end_revoked()
    assert len([sql for sql in asked if "accounts_user" in sql]) == 1, "one, for all streams"
    await play.clients["ben"].leave()
