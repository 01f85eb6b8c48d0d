"""Streams and sockets of this side; the roof mounts them."""

from typing import Any

from django.urls import path

from realtime.consumers import EventStream
from workbench.desk.streams import authorize

http_urlpatterns: list[Any] = [
    path("api/v1/events", EventStream.as_asgi(authorize=authorize)),
]
websocket_urlpatterns: list[Any] = []
