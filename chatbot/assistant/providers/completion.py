"""The one door to a language model: failover, retries, accounts and masking behind it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from chatbot.assistant.providers import trust
from chatbot.assistant.providers.call import Call
from chatbot.assistant.providers.endpoints import Endpoint, candidates
from chatbot.assistant.providers.failures import CallFailed
from chatbot.assistant.providers.outgoing import outgoing, outgoing_tools
from chatbot.assistant.providers.parts import Finished, Lack, NoModel, Part, TextDelta
from chatbot.assistant.providers.purposes import CallStatus, Purpose
from chatbot.assistant.providers.request import Message, Request, learn_limit
from chatbot.assistant.threads import in_thread
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant

SECONDS = 60.0
PAUSE_AFTER_500 = 0.25
LONGEST_WAIT = 5.0  # for a server that says when it will be free


def available(tenant: Tenant) -> bool:
    """Whether a model may answer for this tenant now. Two queries at most; not on an event loop."""
    try:
        return any(map(trust.is_trusted, _affordable(tenant)))
    except NoModel:
        return False


async def stream(
    tenant: Tenant,
    messages: Sequence[Message],
    *,
    tools: Sequence[Message] = (),
    purpose: Purpose,
    run: int | None = None,
    max_tokens: int = 1_000,
    seconds: float = SECONDS,
) -> AsyncGenerator[Part, None]:
    """The reply of the first provider that gives a good one: deltas, perhaps ToolCalls, Finished.

    `messages` and `tools` as the API takes them; personal data is masked in all messages but the
    system's and those marked AS_IT_IS. A TextDelta with `anew` begins again: what came before
    it was another provider's, who broke off. Raises NoModel, within `seconds`. Whoever ends its
    event loop calls `clients.close_clients`.
    """
    ends = time.monotonic() + seconds
    endpoints = await in_thread(_affordable, tenant)
    request = Request(tenant, outgoing(messages), outgoing_tools(tools), purpose, run, max_tokens)
    spoken, last = False, None
    for endpoint in endpoints:
        if not trust.admits(endpoint):
            continue
        begun = False
        try:
            async with aclosing(_reply(endpoint, request, ends)) as parts:
                async for part in parts:
                    if isinstance(part, TextDelta):
                        part = replace(part, anew=spoken and not begun)
                        begun = spoken = True
                    yield part
            return
        except CallFailed as failure:
            last = failure
    raise _lack(last, ends)


async def text(
    tenant: Tenant,
    messages: Sequence[Message],
    *,
    purpose: Purpose,
    run: int | None = None,
    max_tokens: int = 1_000,
    seconds: float = SECONDS,
) -> str:
    """The whole reply as one text; everything else as in `stream`. Raises NoModel."""
    said = ""
    parts = stream(
        tenant, messages, purpose=purpose, run=run, max_tokens=max_tokens, seconds=seconds
    )
    async for part in parts:
        if isinstance(part, TextDelta):
            said = part.text if part.anew else said + part.text
    return said.strip()


def _affordable(tenant: Tenant) -> list[Endpoint]:
    """Who may be asked; NoModel if nobody, or if the tenant's tokens are used up."""
    endpoints = candidates(tenant)
    if not endpoints:
        raise NoModel(Lack.NOT_CONFIGURED)
    if not quotas.is_left(tenant, Metric.AI_TOKENS):
        quotas.tell_exhausted(tenant=tenant, metric=Metric.AI_TOKENS)
        raise NoModel(Lack.EXHAUSTED)
    return endpoints


async def _reply(endpoint: Endpoint, request: Request, ends: float) -> AsyncGenerator[Part, None]:
    """One provider's reply, at the second try if the first failed before its first word."""
    shown, is_last_try = False, False
    while True:
        try:
            async with aclosing(Call(endpoint, request, ends - time.monotonic()).parts()) as parts:
                async for part in parts:
                    if isinstance(part, Finished):
                        await trust.earned(endpoint)
                    shown = True
                    yield part
            return
        except CallFailed as failure:
            pause = None if shown or is_last_try else _pause(failure, endpoint, ends)
            if pause is None:
                await trust.lost(endpoint, failure)
                raise
        except BaseException:  # the customer left, or the run was taken over
            trust.abandoned(endpoint)
            raise
        is_last_try = True
        await asyncio.sleep(pause)


def _pause(failure: CallFailed, endpoint: Endpoint, ends: float) -> float | None:
    """How long to wait before asking the same provider again; None: don't."""
    left = ends - time.monotonic()
    if failure.status is CallStatus.SERVER_ERROR and left > PAUSE_AFTER_500 * 4:
        return PAUSE_AFTER_500
    if failure.status is CallStatus.BUSY and failure.retry_after is not None:
        return failure.retry_after if failure.retry_after <= min(LONGEST_WAIT, left / 4) else None
    if failure.status is CallStatus.REJECTED and learn_limit(endpoint, failure.detail):
        return 0.0
    return None


def _lack(last: CallFailed | None, ends: float) -> NoModel:
    if time.monotonic() >= ends:
        return NoModel(Lack.OVERTIME)
    return NoModel(Lack.FAILED, str(last) if last else "all are paused")
