"""One group, one consumer a client. (`handle()` may not wait: group messages would wait for it.)"""

from typing import Any

import django
from channels.exceptions import StopConsumer
from channels.generic.http import AsyncHttpConsumer

django.setup()


class Stream(AsyncHttpConsumer):
    async def http_request(self, message: Any) -> None:
        await self.send_headers(headers=[(b"Content-Type", b"text/event-stream")])
        await self.send_body(b": open\n\n", more_body=True)
        await self.channel_layer.group_add("benchmark", self.channel_name)

    async def event(self, message: dict[str, str]) -> None:
        body = f"event: benchmark\ndata: {message['data']}\n\n"
        await self.send_body(body.encode(), more_body=True)

    async def http_disconnect(self, message: Any) -> None:
        await self.channel_layer.group_discard("benchmark", self.channel_name)
        raise StopConsumer


application: Any = Stream.as_asgi()
