"""Which providers this process asks now: breakers moved by how calls went, and who is told."""

import structlog

from chatbot.assistant.providers import accounting, metrics
from chatbot.assistant.providers.breaker import LONG_PAUSE, State, breaker_of
from chatbot.assistant.providers.endpoints import Endpoint
from chatbot.assistant.providers.failures import HARMLESS, LASTING, CallFailed
from chatbot.assistant.providers.purposes import CallStatus
from chatbot.assistant.threads import in_thread

logger = structlog.get_logger(__name__)


def is_trusted(endpoint: Endpoint) -> bool:
    """Whether it may be worth asking, now or as a trial."""
    return breaker_of(endpoint).state is not State.OPEN


def admits(endpoint: Endpoint) -> bool:
    """Whether the caller may ask it; she must then say how it went, with one of these three."""
    return breaker_of(endpoint).admits()


async def earned(endpoint: Endpoint) -> None:
    """It gave a good reply."""
    if breaker_of(endpoint).succeeded():
        logger.info("model_recovered", provider=endpoint.name)
        await in_thread(accounting.note_recovery, endpoint)
    _show(endpoint)


async def lost(endpoint: Endpoint, failure: CallFailed) -> None:
    """It did not."""
    if _opened(endpoint, failure):
        logger.warning("model_paused", provider=endpoint.name, reason=str(failure))
        await in_thread(accounting.note_trouble, endpoint, failure.status)
    _show(endpoint)


def abandoned(endpoint: Endpoint) -> None:
    """Nobody waited for the end."""
    breaker_of(endpoint).abandoned()


def _opened(endpoint: Endpoint, failure: CallFailed) -> bool:
    breaker = breaker_of(endpoint)
    if failure.status in HARMLESS:
        breaker.abandoned()
        return False
    if failure.status in LASTING:
        return breaker.trip(LONG_PAUSE)
    if failure.status is CallStatus.BUSY and failure.retry_after:
        return breaker.trip(min(failure.retry_after, LONG_PAUSE))
    return breaker.failed()


def _show(endpoint: Endpoint) -> None:
    metrics.show_breaker(endpoint.key, breaker_of(endpoint).state)
