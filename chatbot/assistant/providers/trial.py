"""Tries a provider out: one short question, in a thread of its own, answered in words."""

import asyncio
import threading
import time
from contextlib import aclosing
from typing import Any

import structlog
from django.db import connection

from chatbot.assistant.providers.clients import client_of, close_clients
from chatbot.assistant.providers.endpoints import Endpoint, endpoint_of
from chatbot.assistant.providers.failures import CallFailed, failure_of
from chatbot.assistant.providers.models import Provider
from chatbot.assistant.providers.purposes import CallStatus, Use
from chatbot.assistant.providers.reply import Reply
from chatplatform.kernel.scoping import all_tenants

logger = structlog.get_logger(__name__)

RUNNING, OK, FAILED = "running", "ok", "failed"
QUESTION = "Reply with the one word: ready"


def begin(provider: Provider) -> None:
    """Returns at once; the row has the result as soon as there is one."""
    arguments = (provider.pk, endpoint_of(provider), Use(provider.use))
    threading.Thread(target=_try, args=arguments, name="model-trial", daemon=True).start()


def _try(row: int, endpoint: Endpoint, use: Use) -> None:
    try:
        result = asyncio.run(outcome(endpoint, use))
        with all_tenants():
            Provider.objects.filter(pk=row).update(test_result=result)
    except Exception:
        logger.exception("model_trial_failed", provider=endpoint.name)
    finally:
        connection.close()


async def outcome(endpoint: Endpoint, use: Use) -> dict[str, Any]:
    """{"state","ms","first_ms"?,"said"?,"status"?,"detail"?}."""
    began = time.monotonic()
    ask = _answer if use is Use.ANSWERS else _embedding
    try:
        async with asyncio.timeout(endpoint.timeout):
            found = await ask(endpoint, began)
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        return {
            "state": FAILED,
            "status": failure.status.value,
            "detail": failure.detail[:300],
            "ms": _ms(began),
        }
    finally:
        await close_clients()
    return {"state": OK, "ms": _ms(began), **found}


async def _answer(endpoint: Endpoint, began: float) -> dict[str, Any]:
    client = await client_of(endpoint)
    reply, first = Reply(), None
    stream = await client.chat.completions.create(
        model=endpoint.model,
        messages=[{"role": "user", "content": QUESTION}],
        stream=True,
    )
    try:
        async with aclosing(stream):
            async for chunk in stream:
                first = first or _ms(began)
                reply.take(chunk)
    except Exception as error:
        raise failure_of(error, begun=True) or error from error
    try:
        reply.close()
    except CallFailed as failure:
        if failure.status is not CallStatus.CUT_SHORT:
            raise
    return {"first_ms": first, "said": reply.text[:200]}


async def _embedding(endpoint: Endpoint, began: float) -> dict[str, Any]:
    client = await client_of(endpoint)
    found = await client.embeddings.create(model=endpoint.model, input=[QUESTION])
    return {"dimensions": len(found.data[0].embedding)}


def _ms(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
