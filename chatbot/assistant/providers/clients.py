"""One client per endpoint and event loop; the SDK is loaded when first needed (36 MB, 0.7 s)."""

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from chatbot.assistant.providers.endpoints import Endpoint
from chatbot.assistant.threads import in_thread

if TYPE_CHECKING:
    from httpx2 import AsyncClient
    from openai import AsyncOpenAI

MOST_CONNECTIONS = 200
MOST_IDLE = 8  # every request looks at each of them
_Clients = dict[Endpoint, "AsyncOpenAI"]
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, _Clients] = WeakKeyDictionary()
_closing: set[asyncio.Task[None]] = set()


async def client_of(endpoint: Endpoint) -> "AsyncOpenAI":
    """The running loop's client for the endpoint. Whoever ends the loop calls `close_clients`."""
    known = _clients.setdefault(asyncio.get_running_loop(), {})
    if endpoint not in known:
        made = await in_thread(_made, endpoint)  # its TLS context takes 100 ms
        if endpoint in known:
            await made.close()
        else:
            known[endpoint] = made
            _retire(known, endpoint)
    return known[endpoint]


async def close_clients() -> None:
    """Close the connections of the running loop."""
    known = _clients.pop(asyncio.get_running_loop(), {})
    for client in known.values():
        await client.close()


def _retire(known: _Clients, endpoint: Endpoint) -> None:
    """Close clients of the row as it was before; whoever still talks through one may finish."""
    for old in [each for each in known if each.key == endpoint.key and each != endpoint]:
        task = asyncio.create_task(_close_later(known.pop(old), old.timeout))
        _closing.add(task)
        task.add_done_callback(_closing.discard)


async def _close_later(client: "AsyncOpenAI", seconds: float) -> None:
    try:
        await asyncio.sleep(seconds)
    finally:
        await client.close()


def _made(endpoint: Endpoint) -> "AsyncOpenAI":
    from openai import AsyncOpenAI

    http = _http(endpoint)
    return AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=endpoint.api_key or "none",  # local servers want none, the SDK wants some
        http_client=http,
        max_retries=0,
        timeout=http.timeout,
    )


def _http(endpoint: Endpoint) -> "AsyncClient":
    """What a tenant chose may not lead into our own network; the operator's may."""
    from httpx2 import AsyncClient, Limits, Timeout

    timeout = Timeout(
        endpoint.first_token_timeout, connect=endpoint.connect_timeout, pool=endpoint.timeout
    )
    if endpoint.guarded:
        from chatplatform.protection import outbound

        return outbound.client(timeout=timeout)
    limits = Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=MOST_IDLE)
    return AsyncClient(timeout=timeout, limits=limits, follow_redirects=False)
