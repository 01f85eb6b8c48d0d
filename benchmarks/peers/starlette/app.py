"""One task hears Redis for all; each client waits on a queue of its own."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

queues: set[asyncio.Queue[str]] = set()


async def hear() -> None:
    pubsub = Redis.from_url(os.environ["BENCHMARK_REDIS"]).pubsub()
    await pubsub.subscribe("benchmark")
    async for message in pubsub.listen():
        if message["type"] == "message":
            for queue in queues:
                queue.put_nowait(message["data"].decode())


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    hearing = asyncio.create_task(hear())
    yield
    hearing.cancel()


async def events(request: Request) -> EventSourceResponse:
    async def stream() -> AsyncIterator[dict[str, str]]:
        queue: asyncio.Queue[str] = asyncio.Queue()
        queues.add(queue)
        try:
            while True:
                yield {"event": "benchmark", "data": await queue.get()}
        finally:
            queues.discard(queue)

    return EventSourceResponse(stream())


application = Starlette(routes=[Route("/events", events)], lifespan=lifespan)
