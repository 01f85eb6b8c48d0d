"""Who allows a call, how often it then runs, and what is told of it."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chatbot.conversations.models import Conversation, Message
from chatbot.conversations.states import State
from chatbot.tools import selectors, services
from chatbot.tools.calling.outcomes import Interrupted, ToolFailed
from chatbot.tools.calling.worker import Worker
from chatbot.tools.choices import CallStatus, Risk
from chatbot.tools.models import ToolCall
from chatbot.tools.services import CallDecided
from chatbot.tools.telling import announcements
from chatbot.tools.tests.factories import Scale, weigh
from chatbot.tools.tests.test_toolbox import call
from chatplatform.accounts.models import User
from realtime.testing import published

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scale() -> Scale:
    return Scale()


@pytest.fixture
def ask(conversation: Conversation, scale: Scale) -> Callable[[Risk], ToolCall]:
    def asked(risk: Risk) -> ToolCall:
        weigh(conversation.tenant, scale, risk=risk)
        waiting = call(conversation)
        return selectors.calls().get(pk=waiting.call or 0)

    return asked


def work() -> None:
    """What the worker does when it is woken."""

    async def once() -> None:
        worker = Worker()
        await worker.claim_all()
        await worker.finish_all()

    asyncio.run(once())


def fresh(call: ToolCall) -> ToolCall:
    return selectors.calls().get(pk=call.pk)


def notices() -> list[str]:
    return list(Message.objects.filter(author_kind="system").values_list("code", flat=True))


def test_a_confirmed_write_runs_once_and_is_told(
    ask: Callable[[Risk], ToolCall], scale: Scale
) -> None:
    asked = ask(Risk.WRITE)
    services.confirm_call(call=asked)
    assert services.confirm_call(call=fresh(asked)).status == CallStatus.QUEUED
    work()
    work()
    assert [key for key, _arguments in scale.calls] == [asked.idempotency_key]
    done = fresh(asked)
    assert (done.status, done.sealed, done.result) == (CallStatus.OK, "", '{"kilos": 2.5}')
    assert notices() == ["tool_confirmation", "tool_done"]
    assert Message.objects.get(code="tool_done").text == "Done. Weigh a parcel: It weighs 2.5 kg."
    assert services.confirm_call(call=done).status == CallStatus.OK


def test_every_change_is_an_event(ask: Callable[[Risk], ToolCall]) -> None:
    asked = ask(Risk.WRITE)
    services.confirm_call(call=asked)
    work()
    changes = [each for each in published("shop") if each.type == "tool_call_change"]
    told = [each.payload["call"]["status"] for each in changes]
    assert told == ["awaiting_confirmation", "queued", "ok"]
    assert all("arguments" not in each.payload["call"] for each in changes)


def test_a_declined_write_never_runs(ask: Callable[[Risk], ToolCall], scale: Scale) -> None:
    asked = ask(Risk.WRITE)
    services.decline_call(call=asked)
    work()
    assert scale.calls == []
    assert fresh(asked).sealed == ""
    assert notices()[-1] == "tool_declined"
    with pytest.raises(CallDecided) as late:
        services.confirm_call(call=fresh(asked))
    assert late.value.extra["call"]["status"] == "declined"


def test_money_is_approved_by_an_agent_and_runs_once(
    ask: Callable[[Risk], ToolCall], scale: Scale, ben: User, bea: User
) -> None:
    asked = ask(Risk.MONEY)
    services.approve_call(call=asked, agent=ben)
    with pytest.raises(CallDecided):
        services.reject_call(call=fresh(asked), agent=bea, reason="No")
    with pytest.raises(CallDecided):  # whoever was not the one learns that somebody was
        services.approve_call(call=fresh(asked), agent=bea)
    assert services.approve_call(call=fresh(asked), agent=ben).decided_by == ben
    work()
    assert len(scale.calls) == 1


def test_a_customer_can_not_confirm_what_an_agent_must_approve(
    ask: Callable[[Risk], ToolCall], scale: Scale
) -> None:
    asked = ask(Risk.MONEY)
    with pytest.raises(CallDecided):
        services.confirm_call(call=asked)
    work()
    assert scale.calls == []


def test_a_rejection_tells_its_reason(ask: Callable[[Risk], ToolCall], ben: User) -> None:
    asked = ask(Risk.MONEY)
    services.reject_call(call=asked, agent=ben, reason="Delivered last year.")
    assert Message.objects.get(code="tool_rejected").text.endswith("Delivered last year.")


@pytest.mark.parametrize(
    ("risk", "code", "told"),
    [
        (Risk.WRITE, "tool_confirmation_expired", 0),
        (Risk.MONEY, "tool_approval_expired", 1),
    ],
)
def test_what_nobody_decides_expires_once(
    ask: Callable[[Risk], ToolCall], risk: Risk, code: str, told: int, ben: User
) -> None:
    asked = ask(risk)
    late: list[Any] = []
    announcements.person_needed.connect(receiver := lambda call, **_: late.append(call))
    ToolCall.objects.filter(pk=asked.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    asked = fresh(asked)
    with pytest.raises(CallDecided):
        services.approve_call(call=asked, agent=ben)
    assert (services.expire_calls(), services.expire_calls()) == (1, 0)
    assert code in notices()
    assert len(late) == told
    announcements.person_needed.disconnect(receiver)


def test_a_person_is_fetched_by_a_worker_that_is_in_no_companys_scope(
    ask: Callable[[Risk], ToolCall],
) -> None:
    asked = ask(Risk.MONEY)
    ToolCall.objects.filter(pk=asked.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Context().run(services.expire_calls) == 1
    assert fresh(asked).conversation.state == State.QUEUED


def test_a_tool_that_says_no_has_failed(ask: Callable[[Risk], ToolCall], scale: Scale) -> None:
    asked = ask(Risk.WRITE)
    scale.error = ToolFailed("the parcel is gone")
    services.confirm_call(call=asked)
    work()
    assert (fresh(asked).status, fresh(asked).error) == (CallStatus.FAILED, "the parcel is gone")
    assert notices()[-1] == "tool_failed"


def test_a_write_without_an_answer_is_uncertain_and_not_repeated(
    ask: Callable[[Risk], ToolCall], scale: Scale
) -> None:
    asked = ask(Risk.WRITE)
    scale.error = Interrupted("the line went dead")
    services.confirm_call(call=asked)
    work()
    work()
    assert fresh(asked).status == CallStatus.UNCERTAIN
    assert len(scale.calls) == 1
    assert notices()[-2:] == ["tool_uncertain", "transfer_requested"]


def test_a_write_whose_worker_was_killed_is_uncertain_and_not_repeated(
    ask: Callable[[Risk], ToolCall], scale: Scale
) -> None:
    needed: list[Any] = []
    announcements.person_needed.connect(receiver := lambda call, **_: needed.append(call))
    asked = ask(Risk.WRITE)
    services.confirm_call(call=asked)
    claimed = services.claim_call(worker="soon dead")
    assert claimed is not None
    assert services.give_up_lost() == 0  # its lease still runs
    ToolCall.objects.filter(pk=asked.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert (services.give_up_lost(), services.give_up_lost()) == (1, 0)
    work()
    assert scale.calls == []
    assert fresh(asked).status == CallStatus.UNCERTAIN
    assert needed == [asked]
    announcements.person_needed.disconnect(receiver)
    # The dead one comes back: its word is no longer taken.
    from chatbot.tools.calling.execution import Ended

    assert not services.finish_call(call=claimed, ended=Ended(CallStatus.OK, {"kilos": 1}))
    assert fresh(asked).status == CallStatus.UNCERTAIN


def test_a_call_is_claimed_by_one_worker(ask: Callable[[Risk], ToolCall]) -> None:
    services.confirm_call(call=ask(Risk.WRITE))
    assert services.claim_call(worker="one") is not None
    assert services.claim_call(worker="two") is None


def test_a_tool_switched_off_before_its_turn_does_not_run(
    ask: Callable[[Risk], ToolCall], scale: Scale
) -> None:
    asked = ask(Risk.WRITE)
    services.confirm_call(call=asked)
    tool = asked.tool
    assert tool is not None
    tool.enabled = False
    services.save_tool(tool=tool)
    work()
    assert scale.calls == []
    assert fresh(asked).status == CallStatus.FAILED


def test_reads_are_repeated_once_writes_never(conversation: Conversation) -> None:
    scale = Scale(error=Interrupted("503"))
    weigh(conversation.tenant, scale)
    assert call(conversation).status == "failed"
    assert len(scale.calls) == 2
    assert ToolCall.objects.get().attempts == 2


def test_whoever_asks_again_hears_what_became_of_it(
    conversation: Conversation, ask: Callable[[Risk], ToolCall]
) -> None:
    asked = ask(Risk.WRITE)
    services.confirm_call(call=asked)
    work()
    again = call(conversation)  # the same run, tried again after a crash
    assert again.status == "ok"
    assert again.call == asked.pk


def test_a_read_whose_process_died_runs_anew_with_the_same_key(
    conversation: Conversation, scale: Scale
) -> None:
    weigh(conversation.tenant, scale)
    scale.error = ToolFailed("not now")
    call(conversation)
    died = ToolCall.objects.get()
    scale.error = None
    assert call(conversation).status == "ok"
    assert [key for key, _arguments in scale.calls] == [died.idempotency_key] * 2
    assert ToolCall.objects.get().status == CallStatus.OK


def test_what_runs_is_not_asked_for_again_by_another_question(
    conversation: Conversation, ask: Callable[[Risk], ToolCall]
) -> None:
    services.confirm_call(call=ask(Risk.WRITE))
    services.claim_call(worker="busy")
    assert "it is running" in call(conversation, run=2).text
    assert ToolCall.objects.count() == 1
