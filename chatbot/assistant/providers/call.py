"""One call to one provider: its stream, its time limits, its line in the accounts."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from chatbot.assistant.providers import accounting
from chatbot.assistant.providers.clients import client_of
from chatbot.assistant.providers.endpoints import Endpoint
from chatbot.assistant.providers.failures import CallFailed, failure_of
from chatbot.assistant.providers.parts import Finished, Part, TextDelta
from chatbot.assistant.providers.purposes import CallStatus
from chatbot.assistant.providers.reply import Reply
from chatbot.assistant.providers.request import Request
from chatbot.assistant.providers.tokens import estimate, estimate_messages
from chatbot.assistant.threads import in_thread

# A chunk that had to be waited for is followed by a pause, in which others gather to be read at
# once: each read costs an event loop with busy threads beside it milliseconds. Readers see no
# difference, since their frames come at this pace anyway.
PACE = 0.05
AT_HAND = 0.002  # seconds; so soon comes what has arrived already


class Call:
    """Streams one reply and keeps account of it, whatever becomes of it."""

    def __init__(self, endpoint: Endpoint, request: Request, seconds: float) -> None:
        self.endpoint = endpoint
        self.request = request
        self.reply = Reply()
        self._began = time.monotonic()
        self._ends = self._began + min(seconds, endpoint.timeout)
        self._first: float | None = None

    async def parts(self) -> AsyncGenerator[Part, None]:
        """Deltas, perhaps ToolCalls, then Finished. Raises CallFailed."""
        status, error = CallStatus.CANCELLED, ""
        try:
            async with aclosing(self._stream()) as stream:
                async for part in stream:
                    yield part
            status = CallStatus.OK
        except CallFailed as failure:
            status, error = failure.status, failure.detail
            raise
        finally:
            await asyncio.shield(in_thread(accounting.record_call, self._line(status, error)))
        yield self._finished()

    async def _stream(self) -> AsyncGenerator[Part, None]:
        async with aclosing(self._chunks()) as chunks:
            async for chunk in chunks:
                if text := self.reply.take(chunk):
                    yield TextDelta(text)
        if text := self.reply.close():
            yield TextDelta(text)
        if calls := self.reply.tool_calls:
            yield calls

    async def _chunks(self) -> AsyncGenerator[Any, None]:
        """What the server sends; each wait has its limit, and the whole has one."""
        stream = None
        try:
            # Loading the SDK takes its time, once, and is no silence of the server's.
            client = await self._in_time(client_of(self.endpoint), self.endpoint.timeout)
            body = self.request.body(self.endpoint)
            stream = await self._in_time(client.chat.completions.create(**body))
            pieces = aiter(stream)
            asked = time.monotonic()
            while (chunk := await self._in_time(anext(pieces, None))) is not None:
                came = time.monotonic()
                if self._first is None:
                    self._first = came
                yield chunk
                if came - asked > AT_HAND:
                    await asyncio.sleep(PACE)
                asked = time.monotonic()
        except Exception as error:
            failure = failure_of(error, begun=self._first is not None)
            if failure is None:
                raise
            raise failure from error
        finally:
            if stream is not None:
                await stream.close()

    async def _in_time(self, step: Any, patience: float | None = None) -> Any:
        left = self._ends - time.monotonic()
        patience = patience or self.endpoint.first_token_timeout
        try:
            async with asyncio.timeout(min(left, patience)) as limit:
                return await step
        except TimeoutError:
            if limit.expired() and left <= patience:
                raise CallFailed(CallStatus.OVERTIME) from None
            raise CallFailed(CallStatus.SILENT) from None

    def _finished(self) -> Finished:
        tokens_in, tokens_out, is_estimated = self._tokens()
        return Finished(
            self.endpoint.name, self.endpoint.model, tokens_in, tokens_out, is_estimated
        )

    def _tokens(self) -> tuple[int, int, bool]:
        """Read, written, and whether we had to estimate. What was never read costs nothing."""
        if self.reply.tokens_in is not None:
            return self.reply.tokens_in, self.reply.tokens_out or 0, False
        if self._first is None:
            return 0, 0, False
        offered = self.request.tools if self.request.offers_tools(self.endpoint) else ()
        written = self.reply.text + str(self.reply.tool_calls or "")
        return estimate_messages(self.request.messages, offered), estimate(written), True

    def _line(self, status: CallStatus, error: str) -> accounting.Line:
        tokens_in, tokens_out, is_estimated = self._tokens()
        return accounting.Line(
            endpoint=self.endpoint,
            tenant=self.request.tenant,
            run=self.request.run,
            purpose=self.request.purpose,
            status=status,
            error=error,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            is_estimated=is_estimated,
            first_token=None if self._first is None else self._first - self._began,
            total=time.monotonic() - self._began,
        )
