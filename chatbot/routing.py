"""Streams and sockets of this side; the roof mounts them."""

from typing import Any

http_urlpatterns: list[Any] = []
websocket_urlpatterns: list[Any] = []
