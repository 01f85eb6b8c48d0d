"""Streams and sockets of this side; the roof mounts them."""

from typing import Any

from django.urls import path

from chatbot.tools.offered.door import McpDoor
from realtime.consumers import EventStream
from workbench.desk.streams import authorize

# ASGI applications, not views
_events: Any = EventStream.as_asgi(authorize=authorize)
_mcp: Any = McpDoor()

streams: list[Any] = [path("api/v1/events", _events)]
http_urlpatterns: list[Any] = [*streams, path("mcp", _mcp)]
websocket_urlpatterns: list[Any] = []
