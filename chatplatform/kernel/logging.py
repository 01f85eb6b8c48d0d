"""Structured logs: one line an event, with the request's id, without secrets or what is masked."""

import logging.config
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

_SECRET_NAMES = re.compile(r"password|secret|token|authorization|api_key|cookie", re.IGNORECASE)
_SECRET_TEXT = re.compile(
    r"((?:^|[?&\s])(?:access_|refresh_)?(?:token|password|secret|api_key)=|\bBearer\s+)[^&\s\"']+",
    re.IGNORECASE,
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HIDDEN = "[hidden]"
_OF_MANY_LINES = frozenset({"exception", "stack"})

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

# Loggers whose every line says again what our own line of the request says, or says too much.
_QUIET = {
    "django.request": "CRITICAL",
    "django.db.backends": "INFO",  # statements carry what customers write
    "daphne": "WARNING",
    "httpx": "WARNING",
    "httpx2": "WARNING",  # addresses with all their parameters
}


Mask = Callable[[str], str]
Event = MutableMapping[str, Any]


def hide_secrets(mask: Mask = str) -> Callable[[Any, str, Event], Event]:
    """A processor that blanks values that are called a secret and tokens inside any text, and
    shows of the rest what `mask` leaves."""

    def process(logger: Any, method: str, event: Event) -> Event:
        for name, value in event.items():
            event[name] = _shown(name, value, mask)
        return event

    return process


def one_line(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Escape what would begin a line of its own: nobody writes our log by what he sends us."""
    for name, value in event.items():
        if isinstance(value, str) and name not in _OF_MANY_LINES:
            event[name] = _CONTROLS.sub(lambda found: repr(found[0])[1:-1], value)
    return event


def _shown(name: str, value: Any, mask: Mask) -> Any:
    if _SECRET_NAMES.search(name):
        return _HIDDEN
    if isinstance(value, str):
        return mask(_SECRET_TEXT.sub(rf"\1{_HIDDEN}", value))
    if isinstance(value, dict):
        return {key: _shown(str(key), inner, mask) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_shown("", inner, mask) for inner in value]
    return value


def logging_settings(*, level: str, as_json: bool, mask: Mask = str) -> dict[str, Any]:
    """A `logging.config` dictionary that writes everything through structlog to stderr.

    `mask` sees every text: what of it nobody may read is decided above.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structlog": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    # as text first: a console renderer would show the frames' variables
                    structlog.processors.format_exc_info,
                    hide_secrets(mask),
                    one_line,
                    _renderer(as_json),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structlog"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {name: {"level": least} for name, least in _QUIET.items()},
    }


def configure(settings: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: the standard library and structlog speak through one formatter."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _renderer(as_json: bool) -> Any:
    if as_json:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
