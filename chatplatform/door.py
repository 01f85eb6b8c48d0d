"""How Django's pages are served behind one of the two front doors."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from io import SEEK_END
from typing import IO, Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http import HttpRequest, HttpResponseBase


class FrontDoor(ASGIHandler):
    """Django behind one door's URLs, each request from first to last on one lasting thread.

    The stock handler makes a thread per request, and another to end it, so no database connection
    is ever used twice; and it goes back and forth between loop and thread for every change from
    synchronous to asynchronous middleware. Ours are all synchronous, and so are our views.
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

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)

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
