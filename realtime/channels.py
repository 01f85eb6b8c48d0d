"""Channel names as everyone outside sees them, and the group names Channels wants inside."""

import re

from realtime.errors import RealtimeError

BROADCAST = "sse:broadcast"
_NAME = re.compile(r"sse:[a-z_]+(?::[\w.~-]{1,80})?", re.ASCII)
_LOG = re.compile(r"[\w.-]{1,80}", re.ASCII)


def session(name: str) -> str:
    """`sse:session:{name}`: what happens in one session."""
    return checked(f"sse:session:{name}")


def agent(agent_id: object | None) -> str:
    """`sse:agent:{id}`: what concerns one agent; `none`: what no agent has."""
    return checked(f"sse:agent:{'none' if agent_id is None else agent_id}")


def department(department_id: object | None) -> str:
    """`sse:department:{id}`: what happens in one department; `none`: what belongs to no one yet."""
    return checked(f"sse:department:{'none' if department_id is None else department_id}")


def language(code: str) -> str:
    """`sse:language:{code}`: what is spoken in one language."""
    return checked(f"sse:language:{code}")


def every_session() -> str:
    """A listener's wildcard: every session of its log."""
    return "sse:session:*"


def checked(name: object) -> str:
    """The name itself, or RealtimeError if no channel can be called that."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RealtimeError(
            f"{name!r} is no channel: expected sse:session:NAME, sse:agent:ID, "
            "sse:department:ID, sse:language:CODE or sse:broadcast"
        )
    return name


def families(name: str) -> tuple[str, str]:
    """The listeners' keys that an event on `name` reaches: itself and its family's wildcard."""
    return name, ":".join(name.split(":", 2)[:2]) + ":*"


def group(log: str) -> str:
    """The Channels group of a log. Group names allow no colon, so this stays an inner matter."""
    if not _LOG.fullmatch(log):
        raise RealtimeError(
            f"{log!r} is no log name: letters, digits, '-', '_' and '.', 80 at most"
        )
    return f"log.{log}"
