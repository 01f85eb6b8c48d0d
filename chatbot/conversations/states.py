"""What a conversation can be, and every way from one state to another."""

from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Who owns the conversation: the AI, the queue, an agent, or nobody."""

    AI_ACTIVE = "ai_active", _("AI mode")
    QUEUED = "queued", _("Waiting")
    ACTIVE = "active", _("Human mode")
    RESOLVED = "resolved", _("Closed")


class TimerKind(TextChoices):
    """What may happen by itself when nobody acts in time."""

    WAIT_TIMEOUT = "wait_timeout", _("waited too long for a person")
    IDLE = "idle", _("nobody wrote")


class Move(NamedTuple):
    """One transition: allowed from any of `sources`, ends in `target`."""

    sources: frozenset[State]
    target: State


def _move(*sources: State, to: State) -> Move:
    return Move(frozenset(sources), to)


# A new state joins by its member above, its moves here and its timers below; nothing else knows.
TRANSITIONS: dict[str, Move] = {
    "request_transfer": _move(State.AI_ACTIVE, to=State.QUEUED),
    "cancel_transfer": _move(State.QUEUED, to=State.AI_ACTIVE),
    "time_out_wait": _move(State.QUEUED, to=State.AI_ACTIVE),
    "accept": _move(State.QUEUED, to=State.ACTIVE),
    "return_to_ai": _move(State.ACTIVE, to=State.AI_ACTIVE),
    "close": _move(State.AI_ACTIVE, State.QUEUED, State.ACTIVE, to=State.RESOLVED),
    "resolve_idle": _move(State.AI_ACTIVE, State.ACTIVE, to=State.RESOLVED),
    "reopen": _move(State.RESOLVED, to=State.AI_ACTIVE),
}

# The timers that run while a conversation is in a state; entering the state winds them up anew.
TIMERS: dict[State, tuple[TimerKind, ...]] = {
    State.AI_ACTIVE: (TimerKind.IDLE,),
    State.QUEUED: (TimerKind.WAIT_TIMEOUT,),
    State.ACTIVE: (TimerKind.IDLE,),
    State.RESOLVED: (),
}
