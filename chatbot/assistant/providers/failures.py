"""What went wrong with a call, as one of our statuses."""

import json
from typing import Any

from chatbot.assistant.providers.purposes import CallStatus

# Not the provider's fault, or not a sign that it is down.
HARMLESS = frozenset({CallStatus.CUT_SHORT, CallStatus.FILTERED, CallStatus.CANCELLED})
# Only a person can mend these.
LASTING = frozenset({CallStatus.REFUSED_KEY, CallStatus.FORBIDDEN})


class CallFailed(Exception):
    """One call to one provider went wrong. `retry_after` in seconds, if the server named it."""

    def __init__(
        self, status: CallStatus, detail: str = "", *, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{status.value}: {detail}" if detail else status.value)
        self.status = status
        self.detail = detail
        self.retry_after = retry_after


def failure_of(error: Exception, *, begun: bool = False) -> CallFailed | None:
    """What an exception of the SDK, the network or the reading of a stream means; None: a bug.

    `begun`: the server had begun to answer.
    """
    import httpx2
    import openai

    from chatplatform.protection.outbound import Refused

    if isinstance(error, CallFailed):
        return error
    if isinstance(error, openai.APIStatusError):
        return _of_status(error)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException | TimeoutError):
        return CallFailed(CallStatus.SILENT)
    if isinstance(error, openai.APIConnectionError):
        status = CallStatus.BROKEN if begun else CallStatus.UNREACHABLE
        return CallFailed(status, str(error.__cause__ or error))
    if isinstance(error, Refused):
        return CallFailed(CallStatus.FORBIDDEN, str(error.detail))
    broken = (openai.APIError, httpx2.HTTPError, httpx2.StreamError, json.JSONDecodeError, OSError)
    if isinstance(error, (*broken, UnicodeDecodeError)):
        return CallFailed(CallStatus.BROKEN, f"{type(error).__name__}: {error}")
    return None


def _of_status(error: Any) -> CallFailed:
    code, detail = error.status_code, str(error.message)
    if code in (401, 403):
        return CallFailed(CallStatus.REFUSED_KEY, detail)
    if code == 429:
        return CallFailed(
            CallStatus.BUSY, detail, retry_after=_seconds(error.response.headers.get("retry-after"))
        )
    if code in (408, 409) or code >= 500:
        return CallFailed(CallStatus.SERVER_ERROR, detail)
    return CallFailed(CallStatus.REJECTED, detail)


def _seconds(header: str | None) -> float | None:
    """Retry-After as seconds; a date, or nonsense, is None."""
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None
