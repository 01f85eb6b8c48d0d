"""Every call of both sides' HTTP API, from their OpenAPI descriptions."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from chatplatform.management.reference.note import NOTE

DOORS = {
    "chatbot": "Customers' side, port 8000",
    "workbench": "Agents' side, port 8002",
}

INTRODUCTION = """\
JSON in, JSON out. The full description, with every field, is served by each side as OpenAPI 3.1 at
`/api/schema/`, to be read at `/api/docs/`.

**Who asks.** A visitor is anonymous and holds the token that opened the session:
`Authorization: Bearer TOKEN`, or `?token=` on streams and sockets. An agent logs in with
`POST /_allauth/app/v1/auth/login` `{"username", "password"}` and sends `meta.access_token` the same
way; pages use the session cookie.

**Errors** are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) documents,
`application/problem+json`: `type`, `title`, `status`, `detail`, a stable `code`, `request_id`, and
`errors` (`field`, `code`, `message`) where single fields are wrong. A 409 carries the
`session` as it is now.

**Sending again** with the same `client_id` never doubles: 200 and the message it made.

**`position`** in an answer is where to open a stream from, so that nothing in between is missed.
"""

STREAMS = """\
## Streams and sockets

A stream begins with `retry:`; every block is `id: epoch-offset`, `event: <type>` and one line of
`data:` ([events](events.md)). A sign of life comes at least every 15 s. `event: reset` says that
the position is unknown or too old: fetch the state again. `Last-Event-ID` wins over `?last=`.

The customers' side also speaks WebSocket at `/ws/sessions/{name}`. Frames out are the same events
with their `id`; frames in are `{"type": "message", "text", "client_id"}`, `{"type": "typing"}` and
`{"type": "transfer"}`. A bad frame is answered with `{"type": "error", ...}`, and the socket stays
open.

## Both sides

| call | answers |
|---|---|
| `GET /healthz` | the process is up; touches nothing |
| `GET /readyz` | database, channel layer (`redis` or `memory`), log lag; 503 when it cannot serve |
| `GET /metrics` | Prometheus |
| `GET /api/schema/`, `GET /api/docs/` | the description of this side's API |
"""


def http_api_page() -> str:
    """`docs/reference/http-api.md`."""
    tables = [_door(name, title) for name, title in DOORS.items()]
    return "\n".join(["# HTTP API", "", NOTE, INTRODUCTION, *tables, STREAMS])


def _door(name: str, title: str) -> str:
    generator = SchemaGenerator(urlconf=f"chatplatform.urls.{name}")  # type: ignore[no-untyped-call]
    schema = generator.get_schema(public=True)  # type: ignore[no-untyped-call]
    head = ["| call | body | answers | |", "|---|---|---|---|"]
    return "\n".join([f"## {title}", "", *head, *_rows(schema), ""])


def _rows(schema: dict[str, Any]) -> Iterator[str]:
    for path, calls in schema["paths"].items():
        for method, call in calls.items():
            says = call.get("summary") or next(iter(call.get("description", "").splitlines()), "")
            body = _body(call, schema["components"]["schemas"])
            yield f"| `{method.upper()} {path}` | {body} | {_statuses(call)} | {says} |"


def _body(call: dict[str, Any], shapes: dict[str, Any]) -> str:
    """The fields of the body, those that may be left out with a question mark."""
    content = call.get("requestBody", {}).get("content", {}).get("application/json", {})
    shape = shapes.get(content.get("schema", {}).get("$ref", "").rpartition("/")[2], {})
    needed = shape.get("required", [])
    fields = [name if name in needed else f"{name}?" for name in shape.get("properties", {})]
    return f"`{', '.join(fields)}`" if fields else ""


def _statuses(call: dict[str, Any]) -> str:
    return ", ".join(status for status in call["responses"] if status.isdigit())
