"""The two front doors: `chatbot` for customers, `workbench` for agents."""

import os
from collections.abc import Callable
from typing import Any, cast

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatplatform.settings")  # noqa: TID251 - before settings exist
django.setup(set_prefix=False)

from chatbot import routing as chatbot_routing  # noqa: E402 - needs the app registry
from chatplatform.door import FrontDoor  # noqa: E402 - likewise
from chatplatform.kernel import background  # noqa: E402 - likewise
from chatplatform.protection.cross_origin import CrossOrigin  # noqa: E402 - likewise
from realtime.serving import guarded  # noqa: E402 - likewise
from workbench import routing as workbench_routing  # noqa: E402 - likewise


def front_door(name: str, streams: list[Any], sockets: list[Any]) -> Callable[..., Any]:
    """One process' ASGI application: streams and sockets first, Django for the rest."""
    pages: Any = re_path(r"", cast(Any, FrontDoor(f"chatplatform.urls.{name}")))
    return ProtocolTypeRouter(
        {"http": URLRouter([*streams, pages]), "websocket": URLRouter(sockets)}
    )


def serving(name: str, door: Callable[..., Any]) -> Callable[..., Any]:
    """The door, and what its process does beside answering."""
    return guarded(door, on_first_call=lambda: background.start(name))


customers = CrossOrigin(
    front_door("chatbot", chatbot_routing.http_urlpatterns, chatbot_routing.websocket_urlpatterns)
)
agents = front_door(
    "workbench", workbench_routing.http_urlpatterns, workbench_routing.websocket_urlpatterns
)
chatbot, workbench = serving("chatbot", customers), serving("workbench", agents)
