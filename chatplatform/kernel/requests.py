"""The id that ties a request's log lines, problems and audit lines together."""

import structlog


def current_request_id() -> str:
    """The id of the request being served, or "" outside one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
