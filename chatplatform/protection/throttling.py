"""Who may do what how often. Each process counts for itself: see docs/decisions/0012."""

import math
from collections.abc import Callable, Hashable
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.http import HttpRequest

from chatplatform.kernel.errors import TooManyRequests
from chatplatform.kernel.requests import client_address
from chatplatform.protection.limiter import Limiter, Rate
from realtime.streams import Refused

BURST = 3  # minutes' worth at once: a flood lasts, an office at nine or a restart does not


class Rule(StrEnum):
    """What is counted, and by which key."""

    REQUESTS = "requests"  # of an address, to pages and API
    NEW_SESSIONS = "new_sessions"  # opened by an address
    MESSAGES = "messages"  # of a customer in a session
    FRAMES = "frames"  # sent over sockets to a session
    STREAMS = "streams"  # and sockets, opened by an address
    CALLS = "calls"  # of a person to the agents' API
    DRAFTS = "drafts"  # that a person asks the copilot for
    TENANT = "tenant"  # API calls and frames of all of a tenant's people and customers


PER_MINUTE = {
    Rule.REQUESTS: 12_000,
    Rule.NEW_SESSIONS: 600,
    Rule.MESSAGES: 300,
    Rule.FRAMES: 1_200,
    Rule.STREAMS: 6_000,
    Rule.CALLS: 1_200,
    Rule.DRAFTS: 30,
}

limiter = Limiter()
_per_minute: Callable[[Rule], int] = PER_MINUTE.__getitem__


def take_rates_from(source: Callable[[Rule], int]) -> None:
    """Ask `source` for the calls a minute of every rule but TENANT; called from AppConfig.ready."""
    global _per_minute
    _per_minute = source


def spend(rule: Rule, key: Hashable) -> None:
    """Count one, or raise TooManyRequests with the seconds to wait."""
    per_minute = _per_minute(rule)
    _spend(rule, key, Rate(per_minute, per_minute * BURST))


def spend_of_tenant(key: Hashable, per_minute: int) -> None:
    """Count one of so many a minute, or raise TooManyRequests with the seconds to wait."""
    if per_minute < 1:
        raise TooManyRequests(retry_after=60)
    _spend(Rule.TENANT, key, Rate(per_minute, burst=per_minute))


def spend_of_stream(scope: dict[str, Any]) -> None:
    """Count a stream or socket that the scope's address opens, or raise Refused 429."""
    try:
        spend(Rule.STREAMS, caller(scope))
    except TooManyRequests as error:
        wait = error.extra["retry_after"]
        raise Refused(error.status, error.code, str(error.detail), retry_after=wait) from None


def caller(request_or_scope: HttpRequest | dict[str, Any]) -> str:
    """The address that counts."""
    return network_of(client_address(request_or_scope))


def network_of(address: str) -> str:
    """Of IPv6 the first half, for whoever has one has 2^64 of the rest."""
    try:
        found = ip_address(address)
    except ValueError:  # a unix socket, or a proxy's word that is none
        return address
    return str(IPv6Address(int(found) >> 64 << 64)) if found.version == 6 else address


def _spend(rule: Rule, key: Hashable, rate: Rate) -> None:
    wait = limiter.spend((rule, key), rate)
    if wait:
        raise TooManyRequests(retry_after=math.ceil(wait))
