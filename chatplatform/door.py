"""How Django's pages are served behind one of the two front doors."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from io import SEEK_END
from typing import IO, Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.core.signals import request_started
from django.http import FileResponse
from django.urls import set_script_prefix


class FrontDoor(ASGIHandler):
    """Django behind one door's URLs, each request from first to last on one lasting thread.

    The stock handler makes a thread per request, and another to end it, so no database connection
    is ever used twice; and it goes back and forth between loop and thread: to begin the request,
    for every change from synchronous to asynchronous middleware, and to end it. Ours are all
    synchronous, and so are our views: one trip does it.
    """

    def __init__(self, urlconf: str) -> None:
        self.load_middleware(is_async=False)
        self.urlconf = urlconf
        self._idle: asyncio.LifoQueue[ThreadPoolExecutor] = asyncio.LifoQueue()
        for number in range(settings.REQUESTS_AT_ONCE):
            self._idle.put_nowait(ThreadPoolExecutor(1, thread_name_prefix=f"request-{number}"))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        thread = await self._idle.get()
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.handle(scope, receive, send)
        finally:
            self._idle.put_nowait(thread)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        response = await sync_to_async(self._serve)(scope, body)
        try:
            await self.send_response(response, send)
        finally:
            body.close()
            if response.streaming:
                await sync_to_async(response.close)()

    def _serve(self, scope: Any, body: IO[bytes]) -> Any:
        """The response of one request, which is over with it, unless there is a stream to read."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = refusal if request is None else self.get_response(request)
        response._handler_class = type(self)
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if not response.streaming:
            response.close()
        return response

    def create_request(self, scope: Any, body_file: Any) -> Any:
        request, error = super().create_request(scope, body_file)
        if isinstance(request, ASGIRequest):
            request.urlconf = self.urlconf
            # A body sent in chunks announces no length, and REST framework takes that for none.
            request.META.setdefault("CONTENT_LENGTH", str(_size(body_file)))
        return request, error


def _size(file: IO[bytes]) -> int:
    size = file.seek(0, SEEK_END)
    file.seek(0)
    return size
