"""Typed events: what may go over the wire, and in which shape."""

import json
import re
import time
from typing import Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from realtime.errors import RealtimeError

Source = Literal["ai_chatbot", "agent_workbench", "system"]
SOURCES: tuple[str, ...] = get_args(Source)
MAX_BYTES = 256 * 1024  # of an envelope; larger things are fetched, not pushed
_TYPE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_types: dict[str, type["Event"]] = {}


class Event(BaseModel):
    """Base of every event type; subclassing with a `type` registers it.

    Unknown fields are refused, so a payload never says more than its class documents. A type that
    is not `durable` skips the log: it is delivered at most once (typing, tokens of an answer).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ClassVar[str] = ""
    durable: ClassVar[bool] = True

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if cls.type:
            if not _TYPE.fullmatch(cls.type):
                raise RealtimeError(
                    f"{cls.type!r} is no event type: snake_case, 64 characters at most"
                )
            _types[cls.type] = cls

    def payload(self) -> dict[str, Any]:
        """The event's fields as JSON values."""
        return self.model_dump(mode="json")


def event_types() -> dict[str, type[Event]]:
    """Every registered type by name."""
    return dict(sorted(_types.items()))


def check_payload(type: object, payload: object) -> dict[str, Any]:
    """The payload as JSON values, or RealtimeError.

    A registered type must match its class; another type may carry any JSON object.
    """
    if not isinstance(type, str) or not _TYPE.fullmatch(type):
        raise RealtimeError(f"{type!r} is no event type: snake_case, 64 characters at most")
    if not isinstance(payload, dict):
        raise RealtimeError(f"the payload of {type} must be a JSON object")
    known = _types.get(type)
    if known is None:
        return payload
    try:
        return known.model_validate(payload).payload()
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise RealtimeError(f"{type}: {faults}") from None


def envelope(type: str, payload: dict[str, Any], source: str) -> str:
    """The wire form: {"type","payload","timestamp","source"} as JSON on one line."""
    if source not in SOURCES:
        raise RealtimeError(f"{source!r} is no source: expected one of {', '.join(SOURCES)}")
    body = {"type": type, "payload": payload, "timestamp": round(time.time(), 3), "source": source}
    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        size = len(text.encode())
    except (TypeError, ValueError) as error:
        raise RealtimeError(f"the payload of {type} is not JSON: {error}") from None
    if size > MAX_BYTES:
        raise RealtimeError(f"{type} is too large for an event: {size} bytes, {MAX_BYTES} at most")
    return text
