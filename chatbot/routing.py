"""Streams and sockets of this side; the roof mounts them."""

from typing import Any

from django.urls import path

from chatbot.conversations.sockets import SessionSocket
from chatbot.conversations.streams import authorize
from realtime.consumers import EventStream

# Any: path() is typed for views, Channels routes applications with it
_stream: Any = EventStream.as_asgi(authorize=authorize)
_socket: Any = SessionSocket.as_asgi(authorize=authorize)

http_urlpatterns: list[Any] = [path("api/v1/sessions/<str:name>/events", _stream)]
websocket_urlpatterns: list[Any] = [
    path("ws/sessions/<str:name>", _socket),
    path("api/v1/ws/sessions/<str:name>", _socket),
]
