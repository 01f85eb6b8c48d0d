"""Streams and sockets of this side; the roof mounts them."""

from typing import Any

from django.urls import path

from chatbot.tools.offered.door import McpDoor
from realtime.consumers import EventStream
from workbench.desk.streams import authorize

_events: Any = EventStream.as_asgi(authorize=authorize)  # an ASGI application, not a view

_mcp: Any = McpDoor()

http_urlpatterns: list[Any] = [path("api/v1/events", _events), path("mcp", _mcp)]
websocket_urlpatterns: list[Any] = []
