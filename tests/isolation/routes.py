"""Every address of both processes, read from what they serve."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from django.urls import URLPattern

DOORS = ("chatbot", "workbench")
Kind = Literal["page", "stream", "socket"]


@dataclass(frozen=True)
class Route:
    """`path` as Django writes it: `api/v1/sessions/<str:name>`."""

    door: str
    kind: Kind
    path: str

    def __str__(self) -> str:
        return f"{self.door} {self.kind} /{self.path}"


def routes() -> list[Route]:
    found: dict[Route, None] = {}
    for door in DOORS:
        urls = import_module(f"chatplatform.urls.{door}")
        routing = import_module(f"{door}.routing")
        found |= {Route(door, "page", path): None for path in _paths(urls.urlpatterns)}
        found |= {Route(door, "stream", path): None for path in _paths(routing.http_urlpatterns)}
        found |= {
            Route(door, "socket", path): None for path in _paths(routing.websocket_urlpatterns)
        }
    return list(found)


def _paths(patterns: Iterable[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield path
        else:
            yield from _paths(pattern.url_patterns, path)
