"""The one door for saying that something happened; the same whatever carries it.

    with transaction.atomic():
        ...change...
        publish.to_session(name, "status_change", {...}, source="ai_chatbot", log=tenant.slug)

A durable event is appended to the log inside the caller's transaction, and the doorbell rings after
its commit. Publish last: the log stays locked until the transaction ends. Sync and async twins.
"""

from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction

from realtime import channels as names
from realtime import doorbell
from realtime import log as event_log
from realtime.errors import RealtimeError
from realtime.events import Event, check_payload, envelope
from realtime.frames import Frame


def to_channels(
    channels: list[str],
    type: str,
    payload: dict[str, Any],
    *,
    source: str,
    log: str,
    durable: bool = True,
) -> str | None:
    """Publish one event to several channels; it is stored once.

    `channels` are names such as `sse:session:{name}`; `log` is the tenant's slug. Returns the
    event's position (`epoch-offset`), or None if it is ephemeral. Raises RealtimeError on a bad
    channel, type, payload, source or log.
    """
    if not channels:
        raise RealtimeError("an event needs a channel")
    to = [names.checked(name) for name in dict.fromkeys(channels)]
    names.group(log)
    data = envelope(type, check_payload(type, payload), source)
    if not durable:
        frame = Frame.ephemeral(log, type, tuple(to), data)
        transaction.on_commit(lambda: doorbell.ring(frame), robust=True)
        return None
    with transaction.atomic(savepoint=False):
        frame = event_log.append(log, type=type, channels=to, data=data)
        transaction.on_commit(lambda: doorbell.ring(frame), robust=True)
    return frame.position


def to_session(
    name: str, type: str, payload: dict[str, Any], *, source: str, log: str, durable: bool = True
) -> str | None:
    """Publish to `sse:session:{name}`; see `to_channels`."""
    return to_channels(
        [names.session(name)], type, payload, source=source, log=log, durable=durable
    )


def to_agent(
    agent_id: object,
    type: str,
    payload: dict[str, Any],
    *,
    source: str,
    log: str,
    durable: bool = True,
) -> str | None:
    """Publish to `sse:agent:{id}`; see `to_channels`."""
    return to_channels(
        [names.agent(agent_id)], type, payload, source=source, log=log, durable=durable
    )


def broadcast(
    type: str, payload: dict[str, Any], *, source: str, log: str, durable: bool = True
) -> str | None:
    """Publish to `sse:broadcast`; see `to_channels`."""
    return to_channels([names.BROADCAST], type, payload, source=source, log=log, durable=durable)


def event(event: Event, *, to: list[str], source: str, log: str) -> str | None:
    """Publish a typed event, durable or not as its class says; see `to_channels`."""
    return to_channels(
        to, event.type, event.payload(), source=source, log=log, durable=event.durable
    )


ato_channels = sync_to_async(to_channels)
ato_session = sync_to_async(to_session)
ato_agent = sync_to_async(to_agent)
abroadcast = sync_to_async(broadcast)
aevent = sync_to_async(event)
