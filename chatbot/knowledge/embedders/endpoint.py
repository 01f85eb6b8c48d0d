"""Vectors from an OpenAI-compatible `/embeddings` endpoint, within a time, or not at all."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx2
import numpy as np

from chatbot.knowledge.embedders.breaker import Breaker
from chatbot.knowledge.embedders.embedding import Kind, NotEmbedded, Vectors, of_length_one
from chatbot.moderation.personal_data import mask
from chatplatform.protection import outbound
from chatplatform.tenants.models import Tenant

AT_ONCE = 64  # texts a call; some endpoints take no more
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Endpoint:
    """`url` ends before `/embeddings`. The prefixes are for models that want them, such as E5's
    "query: " and "passage: ". `also_allowed` are hosts off the open internet that the operator
    named."""

    url: str
    model: str
    key: str = ""
    question_prefix: str = ""
    passage_prefix: str = ""
    also_allowed: tuple[str, ...] = ()


Source = Callable[[Tenant], Endpoint | None]
_sources: list[Source] = []


def register_source(source: Source) -> None:
    """Called from AppConfig.ready by whoever keeps the providers: a tenant's endpoint, or None.

    It is asked with every search, so it must answer from memory.
    """
    _sources[:] = [source]


def endpoint_of(tenant: Tenant) -> Endpoint | None:
    """The tenant's endpoint, if somebody knows one."""
    return _sources[0](tenant) if _sources else None


class EndpointEmbedder:
    """After some failures in a row nobody waits for it any more for a while."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._breaker = Breaker()
        self._client = outbound.client(
            max_bytes=MAX_BYTES, timeout=None, also_allowed=endpoint.also_allowed
        )

    @property
    def model(self) -> str:
        """Two endpoints may serve different models under one name."""
        return f"{self._endpoint.model}@{httpx2.URL(self._endpoint.url).host}"

    def embed(self, texts: Sequence[str], kind: Kind, *, timeout: float) -> Vectors:
        if not self._breaker.lets_try():
            raise NotEmbedded("the endpoint failed just now and is left alone for a while")
        try:
            found = _in_loop(self._asked(texts, kind, timeout))
        except Exception as error:  # whatever an endpoint may do, keyword search answers instead
            self._breaker.failed()
            why = getattr(error, "detail", "") or f"{type(error).__name__}: {error}"
            raise NotEmbedded(str(why)[:300]) from error
        self._breaker.succeeded()
        return found

    def close(self) -> None:
        """End its connections."""
        asyncio.run_coroutine_threadsafe(self._client.aclose(), _loop()).result()

    async def _asked(self, texts: Sequence[str], kind: Kind, timeout: float) -> Vectors:  # noqa: ASYNC109 - of the whole exchange
        if kind is Kind.QUESTION:  # a person's; articles keep their numbers
            prefix, texts = self._endpoint.question_prefix, [mask(text) for text in texts]
        else:
            prefix = self._endpoint.passage_prefix
        async with asyncio.timeout(timeout):
            parts = [
                await self._part([prefix + text for text in texts[start : start + AT_ONCE]])
                for start in range(0, len(texts), AT_ONCE)
            ]
        return of_length_one(np.concatenate(parts))

    async def _part(self, texts: list[str]) -> Vectors:
        answer = await self._client.post(
            f"{self._endpoint.url.rstrip('/')}/embeddings",
            json={"model": self._endpoint.model, "input": texts, "encoding_format": "float"},
            headers={"Authorization": f"Bearer {self._endpoint.key}"} if self._endpoint.key else {},
        )
        answer.raise_for_status()
        return _read(answer.json(), len(texts))


def _read(answer: Any, count: int) -> Vectors:
    """The vectors in the order of the texts; ValueError for anything else than that many."""
    rows = sorted(answer["data"], key=lambda row: int(row["index"]))
    found = np.array([row["embedding"] for row in rows], dtype=np.float32)
    if found.ndim != 2 or len(found) != count or not found.size or not np.isfinite(found).all():
        raise ValueError("the endpoint answered something else than one vector a text")
    return found


@lru_cache(maxsize=256)
def embedder_for(endpoint: Endpoint) -> EndpointEmbedder:
    """One per endpoint, so that its connections and its failures are remembered."""
    return EndpointEmbedder(endpoint)


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    """One for the process, so that connections stay open between calls."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="embeddings", daemon=True).start()
    return loop


def _in_loop(call: Any) -> Vectors:
    found: Vectors = asyncio.run_coroutine_threadsafe(call, _loop()).result()
    return found
