"""A plugin hears what happens, and whatever it does, no chat notices."""

import asyncio
import re
import threading
import time
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from chatbot.assistant import services as assistant
from chatbot.assistant.tests.factories import ANSWER, ask, claimed
from chatbot.conversations import authors
from chatbot.conversations import services as conversations
from chatbot.conversations.services import OpenedSession
from chatbot.plugins import dispatch, lanes, registry
from chatbot.plugins.models import PluginReport
from chatbot.plugins.payloads import MessagePosted, Payload, ReplyGiven, SessionStarted
from chatbot.plugins.runtime_settings import PluginSettings
from chatplatform.accounts.models import User
from chatplatform.configuration.testing import configured
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


class Listener:
    """Hears everything."""

    def __init__(self) -> None:
        self.heard: list[Payload] = []

    def on_session_start(self, payload: SessionStarted) -> None:
        self.heard.append(payload)

    def on_message(self, payload: MessagePosted) -> None:
        self.heard.append(payload)

    async def on_reply(self, payload: ReplyGiven) -> None:
        await asyncio.sleep(0)
        self.heard.append(payload)

    def hears(self, count: int) -> list[Payload]:
        wait_until(lambda: len(self.heard) >= count, what=f"{count} payloads")
        return self.heard


class Broken:
    """Raises, hangs or leaves; `release` ends what hangs."""

    def __init__(self, how: str) -> None:
        self.how = how
        self.called = 0
        self.release = threading.Event()

    def on_message(self, payload: MessagePosted) -> None:
        self.called += 1
        if self.how == "raises":
            raise ValueError("no")
        if self.how == "leaves":
            raise SystemExit(1)
        self.release.wait(60)


def plugged(**plugins: object) -> list[lanes.Lane]:
    for name, plugin in plugins.items():
        registry.register(name, plugin)
    dispatch.start()
    return dispatch._lanes


def say(session: OpenedSession, text: str = "Hello?") -> None:
    with tenant_scope(session.conversation.tenant):
        author = authors.customer(session.customer)
        conversations.post_message(conversation=session.conversation, author=author, text=text)


def counted(name: str) -> PluginReport:
    dispatch.report()
    return PluginReport.objects.get(name=name)


def until(name: str, **counts: int) -> PluginReport:
    """Wait until the plugin's counts are these."""

    def reached() -> bool:
        row = counted(name)
        return all(getattr(row, what) == number for what, number in counts.items())

    wait_until(reached, what=str(counts))
    return counted(name)


def test_it_hears_sessions_messages_and_replies(tenant: Tenant, ben: User) -> None:
    listener = Listener()
    plugged(listener=listener)
    session = conversations.open_session(tenant=tenant, name="Ana")
    run = ask(session.conversation, "How long?")
    assistant.finish_run(run=claimed(), answer=ANSWER)
    with tenant_scope(tenant):
        conversation = session.conversation
        conversations.request_transfer(
            conversation=conversation, actor=authors.customer(session.customer)
        )
        conversations.accept_conversation(conversation=conversation, agent=ben)
        conversations.post_message(
            conversation=conversation, author=authors.agent(ben), text="Hello Ana"
        )
    started, message, answer, reply = listener.hears(4)
    assert isinstance(started, SessionStarted)
    assert (started.tenant, started.session_name) == ("shop", conversation.name)
    assert isinstance(message, MessagePosted)
    assert (message.text, message.message) == ("How long?", run.trigger_id)
    assert isinstance(answer, ReplyGiven)
    assert (answer.by, answer.text, answer.outcome) == ("ai", ANSWER.text, "answered")
    assert isinstance(reply, ReplyGiven)
    assert (reply.by, reply.text, reply.outcome) == ("agent", "Hello Ana", "")
    until("listener", calls=4)


def test_personal_data_is_hidden_before_it_hears(ana: OpenedSession) -> None:
    listener = Listener()
    plugged(listener=listener)
    say(ana, "我的电话 13812345678")
    (message,) = listener.hears(1)
    assert isinstance(message, MessagePosted)
    assert "13812345678" not in message.text


def test_what_is_rolled_back_it_never_hears(ana: OpenedSession) -> None:
    listener = Listener()
    plugged(listener=listener)
    with transaction.atomic():
        say(ana, "never said")
        transaction.set_rollback(True)
    say(ana, "said")
    assert [each.text for each in listener.hears(1) if isinstance(each, MessagePosted)] == ["said"]


def test_payloads_can_not_be_changed(ana: OpenedSession) -> None:
    listener = Listener()
    plugged(listener=listener)
    say(ana)
    (message,) = listener.hears(1)
    with pytest.raises(AttributeError):
        message.text = "other"  # type: ignore[misc, union-attr]  # that is the point


@pytest.mark.parametrize("how", ["raises", "leaves"])
def test_one_that_breaks_is_counted_and_harms_neither_chat_nor_others(
    ana: OpenedSession, how: str
) -> None:
    listener, broken = Listener(), Broken(how)
    plugged(broken=broken, listener=listener)
    say(ana)
    assert len(listener.hears(1)) == 1
    row = until("broken", failed=1)
    assert row.last_error.startswith(("ValueError: no", "RuntimeError: SystemExit"))
    assert row.last_error_at is not None


def test_one_that_hangs_is_abandoned_and_nobody_waits_for_it(ana: OpenedSession) -> None:
    listener, broken = Listener(), Broken("hangs")
    with configured(PluginSettings, time_limit=1):
        plugged(broken=broken, listener=listener)
        begun = time.monotonic()
        say(ana)
        assert time.monotonic() - begun < 0.9, "the chat did not wait"
        listener.hears(1)
        row = until("broken", abandoned=1)
    broken.release.set()
    assert "no end after 1 s" in row.last_error


def test_a_coroutine_that_hangs_is_cancelled(ana: OpenedSession) -> None:
    cancelled = threading.Event()

    class Hangs:
        async def on_message(self, payload: MessagePosted) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                cancelled.set()

    with configured(PluginSettings, time_limit=1):
        plugged(hangs=Hangs())
        say(ana)
        assert cancelled.wait(10)
        until("hangs", abandoned=1)


def test_after_some_failures_it_is_switched_off_and_tried_again_later(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Broken("raises")
    with configured(PluginSettings, failures=2, pause=60):
        (lane,) = plugged(broken=broken)
        for _ in range(5):
            say(ana)
        row = until("broken", failed=2, missed=3)
        assert (row.is_off, broken.called) == (True, 2)
        lane._off_until = time.monotonic()  # the pause is over
        broken.how = "fine"
        broken.release.set()
        say(ana)
        row = until("broken", calls=1)
    assert row.is_off is False


def test_a_queue_that_is_full_makes_it_miss_some_and_nobody_wait(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "WAITING", 1)
    broken = Broken("hangs")
    with configured(PluginSettings, time_limit=60):
        plugged(broken=broken)
        say(ana)
        wait_until(lambda: broken.called, what="the call")
        for _ in range(3):
            say(ana)
        until("broken", missed=2)
        broken.release.set()
        until("broken", calls=2)


def test_it_is_told_once_a_minute(ana: OpenedSession, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(lanes.logger, "warning", lambda event, **fields: told.append(fields))
    with configured(PluginSettings, failures=50):
        plugged(broken=Broken("raises"))
        for _ in range(4):
            say(ana)
        until("broken", failed=4)
    assert len(told) == 1


def test_switched_off_by_a_setting_nothing_is_called(ana: OpenedSession) -> None:
    broken = Broken("raises")
    with configured(PluginSettings, enabled=False):
        (lane,) = plugged(broken=broken)
        say(ana)
        wait_until(lambda: lane._payloads.empty(), what="the queue to be empty")
    assert broken.called == 0


def test_without_plugins_nothing_is_even_put_together(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "tell", lambda payload: pytest.fail("told"))
    plugged()
    say(ana)


@pytest.mark.parametrize("count", [1, 20])
def test_operators_see_them_in_the_administration(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    operator = User.objects.create_superuser("op", password="cast-pass-1234")
    for number in range(count):
        PluginReport.objects.create(name=f"plugin-{number}", last_error="ValueError: no")
    client.force_login(operator)
    client.get("/admin/plugins/pluginreport/")
    with django_assert_num_queries(QUERIES):
        page = client.get("/admin/plugins/pluginreport/")
    assert page.status_code == 200
    assert "ValueError: no" in page.content.decode()


QUERIES = 7


@pytest.mark.parametrize(("is_off", "told"), [(False, "in use"), (True, "switched off")])
def test_one_that_is_well_looks_well(client: Client, is_off: bool, told: str) -> None:
    client.force_login(User.objects.create_superuser("op", password="cast-pass-1234"))
    plugin = PluginReport.objects.create(name="counter", is_off=is_off)
    for page in ("", f"{plugin.pk}/change/"):
        html = client.get(f"/admin/plugins/pluginreport/{page}").content.decode()
        assert re.findall(r">\s*(in use|switched off)\s*<", html) == [told], page


def test_a_tenants_people_do_not(client: Client, cleo: User) -> None:
    client.force_login(cleo)
    assert client.get("/admin/plugins/pluginreport/").status_code in (302, 403)
