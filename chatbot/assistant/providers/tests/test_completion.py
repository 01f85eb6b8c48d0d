from decimal import Decimal
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from chatbot.assistant.providers import clients, completion
from chatbot.assistant.providers.models import Provider
from chatbot.assistant.providers.outgoing import AS_IT_IS
from chatbot.assistant.providers.parts import Lack, NoModel, Part, TextDelta
from chatbot.assistant.providers.purposes import CallStatus, Purpose
from chatbot.assistant.providers.tests.factories import (
    called,
    calls,
    collected,
    connect,
    finish,
    shown,
)
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant
from tests.model_scenarios import SENTENCE
from tests.model_server import ModelServer

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = [{"role": "user", "content": "How long does delivery take?"}]
TOOL = {"type": "function", "function": {"name": "order_status", "parameters": {}}}


def ask(tenant: Tenant, **options: Any) -> list[Part]:
    """The parts of a reply, through a loop of its own."""

    async def parts() -> list[Part]:
        try:
            return await collected(
                completion.stream(tenant, QUESTION, purpose=Purpose.ANSWER, **options)
            )
        finally:
            await clients.close_clients()

    return async_to_sync(parts)()


def statuses() -> list[str]:
    return [call.status for call in calls()]


def test_a_reply_comes_in_pieces_and_is_accounted_for(tenant: Tenant, server: ModelServer) -> None:
    connect(server, input_price=Decimal(2), output_price=Decimal(10), currency="CNY")
    parts = ask(tenant)
    assert shown(parts) == SENTENCE
    assert sum(isinstance(part, TextDelta) for part in parts) > 3
    assert (finish(parts).tokens_in, finish(parts).tokens_out) == (100, 20)
    (call,) = calls()
    assert (call.tenant, call.status, call.cost, call.currency) == (
        tenant,
        "ok",
        Decimal("0.0004"),
        "CNY",
    )
    assert call.first_token_ms is not None
    assert call.first_token_ms <= call.total_ms


def test_what_the_server_is_asked(tenant: Tenant, server: ModelServer) -> None:
    connect(server, model="m-1", api_key="secret-1")
    ask(tenant, tools=[TOOL], max_tokens=77)
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == "Bearer secret-1"
    body = asked.body
    assert (body["model"], body["max_tokens"], body["tools"]) == ("m-1", 77, [TOOL])
    assert body["stream_options"] == {"include_usage": True}


def test_a_model_without_tools_is_offered_none(tenant: Tenant, server: ModelServer) -> None:
    connect(server, can_use_tools=False)
    ask(tenant, tools=[TOOL])
    assert "tools" not in server.asked[0].body


def test_chinese_split_across_packets_is_whole(tenant: Tenant, server: ModelServer) -> None:
    server.text = "一般两到四个工作日送达。"
    server.plays("split_bytes")
    connect(server)
    assert shown(ask(tenant)) == server.text


def test_a_tool_call_in_pieces_is_put_together(tenant: Tenant, server: ModelServer) -> None:
    server.plays("tool_call")
    connect(server)
    assert called(ask(tenant, tools=[TOOL])) == [("order_status", '{"number": "A-1001"}')]


def test_a_tool_call_with_broken_json_is_handed_on_as_it_is(
    tenant: Tenant, server: ModelServer
) -> None:
    server.plays("broken_tool_call")
    connect(server)
    assert called(ask(tenant, tools=[TOOL])) == [("order_status", '{"number": "A-1')]


def test_missing_usage_is_estimated(tenant: Tenant, server: ModelServer) -> None:
    server.plays("no_usage")
    connect(server)
    end = finish(ask(tenant))
    assert end.is_estimated
    assert 8 <= end.tokens_in <= 20
    assert 5 <= end.tokens_out <= 15


def test_thoughts_are_not_shown(tenant: Tenant, server: ModelServer) -> None:
    server.plays("thinking")
    connect(server)
    assert shown(ask(tenant)) == SENTENCE


def test_the_newer_name_of_the_limit_is_learned(tenant: Tenant, server: ModelServer) -> None:
    server.plays("only_newer_limit")
    connect(server)
    assert shown(ask(tenant)) == SENTENCE
    assert shown(ask(tenant)) == SENTENCE
    assert ["max_tokens" in asked.body for asked in server.asked] == [True, False, False]
    assert "max_completion_tokens" in server.asked[-1].body


BAD = {
    "wrong_key": CallStatus.REFUSED_KEY,
    "busy": CallStatus.BUSY,
    "failing": CallStatus.SERVER_ERROR,
    "late": CallStatus.SILENT,
    "silent": CallStatus.SILENT,
    "cut": CallStatus.BROKEN,
    "ended": CallStatus.BROKEN,
    "error_in_stream": CallStatus.BROKEN,
    "no_json": CallStatus.BROKEN,
    "empty_choices": CallStatus.EMPTY,
    "no_text": CallStatus.EMPTY,
    "garbage": CallStatus.EMPTY,
    "length": CallStatus.CUT_SHORT,
    "content_filter": CallStatus.FILTERED,
}


@pytest.mark.parametrize("name", BAD)
def test_whatever_goes_wrong_the_next_provider_answers(
    name: str, tenant: Tenant, server: ModelServer, other_server: ModelServer
) -> None:
    server.plays(name)
    server.retry_after = "30"
    other_server.text = "The second one says so [1]."
    connect(server, position=1, first_token_timeout=0.3)
    connect(other_server, position=2, name="Second")
    parts = ask(tenant)
    assert shown(parts) == "The second one says so [1]."
    assert finish(parts).provider == "Second"
    assert statuses()[0] == BAD[name]
    assert statuses()[-1] == "ok"


@pytest.mark.parametrize("name", BAD)
def test_whatever_goes_wrong_with_the_only_provider_is_said_as_one_thing(
    name: str, tenant: Tenant, server: ModelServer
) -> None:
    server.plays(name)
    server.retry_after = "30"
    connect(server, first_token_timeout=0.3)
    with pytest.raises(NoModel) as caught:
        ask(tenant)
    assert caught.value.lack is Lack.FAILED
    assert BAD[name].value in str(caught.value)


def test_what_a_broken_provider_said_is_taken_back(
    tenant: Tenant, server: ModelServer, other_server: ModelServer
) -> None:
    server.plays("cut")
    connect(server, position=1)
    connect(other_server, position=2)
    deltas = [part for part in ask(tenant) if isinstance(part, TextDelta)]
    assert [part.anew for part in deltas].count(True) == 1
    assert deltas[0].anew is False


def test_a_server_error_is_tried_again_once(tenant: Tenant, server: ModelServer) -> None:
    server.plays("failing", "fine")
    connect(server)
    assert shown(ask(tenant)) == SENTENCE
    assert statuses() == ["server_error", "ok"]


def test_two_server_errors_send_us_to_the_next(
    tenant: Tenant, server: ModelServer, other_server: ModelServer
) -> None:
    server.plays("failing", "failing", "fine")
    connect(server, position=1)
    connect(other_server, position=2)
    ask(tenant)
    assert statuses() == ["server_error", "server_error", "ok"]


def test_a_busy_server_is_asked_again_when_it_said(tenant: Tenant, server: ModelServer) -> None:
    server.plays("busy", "fine")
    server.retry_after = "0.2"
    connect(server)
    assert shown(ask(tenant)) == SENTENCE
    assert statuses() == ["busy", "ok"]


def test_who_is_busy_for_long_is_left_alone_meanwhile(
    tenant: Tenant, server: ModelServer, other_server: ModelServer
) -> None:
    server.plays("busy", "fine")
    server.retry_after = "30"
    connect(server, position=1)
    connect(other_server, position=2)
    ask(tenant)
    ask(tenant)
    assert len(server.asked) == 1


def test_nothing_lasts_longer_than_it_may(tenant: Tenant, server: ModelServer) -> None:
    server.plays("late")
    connect(server)
    with pytest.raises(NoModel) as caught:
        ask(tenant, seconds=0.2)
    assert caught.value.lack is Lack.OVERTIME
    assert statuses() == ["overtime"]


def test_five_failures_open_the_breaker_and_the_admin_says_so(
    tenant: Tenant, server: ModelServer
) -> None:
    server.plays("cut")
    row = connect(server)
    for _ in range(6):
        with pytest.raises(NoModel):
            ask(tenant)
    assert len(server.asked) == 5
    assert not completion.available(tenant)
    assert now(row).trouble == CallStatus.BROKEN


def test_a_refused_key_opens_it_at_once_until_the_row_is_changed(
    tenant: Tenant, server: ModelServer
) -> None:
    server.plays("wrong_key", "fine")
    row = connect(server)
    with pytest.raises(NoModel):
        ask(tenant)
    assert now(row).trouble == CallStatus.REFUSED_KEY
    with pytest.raises(NoModel):
        ask(tenant)
    assert len(server.asked) == 1
    row.api_key = "k-2"
    with all_tenants():
        row.save()
    assert shown(ask(tenant)) == SENTENCE


def test_nobody_listening_is_a_failure_as_any_other(tenant: Tenant, server: ModelServer) -> None:
    connect(server, position=1, base_url="http://127.0.0.1:1/v1")
    connect(server, position=2)
    assert shown(ask(tenant)) == SENTENCE
    assert statuses() == ["unreachable", "ok"]


def test_a_tenants_own_models_come_first_and_may_not_lead_inside(
    tenant: Tenant, server: ModelServer, other_server: ModelServer
) -> None:
    connect(other_server, position=1)
    connect(server, tenant, position=99)
    ask(tenant)
    assert server.asked == []
    assert statuses() == ["forbidden", "ok"]


def test_the_operator_can_allow_what_lies_inside(
    tenant: Tenant, server: ModelServer, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1"]
    connect(server, tenant)
    assert shown(ask(tenant)) == SENTENCE


def test_another_tenants_models_are_not_asked(
    tenant: Tenant, other_tenant: Tenant, server: ModelServer
) -> None:
    connect(server, other_tenant)
    assert not completion.available(tenant)
    with pytest.raises(NoModel) as caught:
        ask(tenant)
    assert caught.value.lack is Lack.NOT_CONFIGURED


def test_the_environment_names_one_more(tenant: Tenant, server: ModelServer, settings: Any) -> None:
    settings.ASSISTANT_BASE_URL, settings.ASSISTANT_MODEL = server.url, "env-model"
    assert completion.available(tenant)
    assert finish(ask(tenant)).model == "env-model"
    assert calls()[0].provider is None


def test_tokens_count_and_their_end_is_no_error(tenant: Tenant, server: ModelServer) -> None:
    tenant.limits = {Metric.AI_TOKENS.value: 100}
    tenant.save()
    connect(server)
    ask(tenant)  # it takes 120: known only afterwards
    assert not quotas.is_left(tenant, Metric.AI_TOKENS)
    assert not completion.available(tenant)
    with pytest.raises(NoModel) as caught:
        ask(tenant)
    assert caught.value.lack is Lack.EXHAUSTED


def test_whoever_leaves_early_leaves_a_line_and_no_failure(
    tenant: Tenant, server: ModelServer
) -> None:
    server.pace = 0.01
    connect(server)

    async def leave() -> None:
        stream = completion.stream(tenant, QUESTION, purpose=Purpose.ANSWER)
        await anext(stream)
        await stream.aclose()
        await clients.close_clients()

    async_to_sync(leave)()
    assert statuses() == ["cancelled"]
    assert completion.available(tenant)


def test_the_text_of_a_reply_alone(tenant: Tenant, server: ModelServer) -> None:
    connect(server)

    async def said() -> str:
        try:
            return await completion.text(tenant, QUESTION, purpose=Purpose.SUMMARY)
        finally:
            await clients.close_clients()

    assert async_to_sync(said)() == SENTENCE


def now(row: Provider) -> Provider:
    with all_tenants():
        found: Provider = Provider.objects.get(pk=row.pk)
    return found


def test_personal_data_does_not_leave(tenant: Tenant, server: ModelServer) -> None:
    connect(server)
    called = {"function": {"name": "find", "arguments": '{"phone": "13812345678"}'}}
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": "Our hotline: 13900000000"},
        {"role": "user", "content": "I am 13812345678"},
        {"role": "assistant", "content": "", "tool_calls": [{"id": "c", **called}]},
        {"role": "tool", "tool_call_id": "c", "content": "card 4111 1111 1111 1111"},
        {"role": "user", "content": "Call 13900000000", AS_IT_IS: True},
    ]

    async def send() -> None:
        await completion.text(tenant, messages, purpose=Purpose.COPILOT)
        await clients.close_clients()

    async_to_sync(send)()
    sent = str(server.asked[0].body)
    assert "13812345678" not in sent
    assert "4111 1111 1111 1111" not in sent
    assert sent.count("13900000000") == 2
    assert AS_IT_IS not in sent
