"""Which plugins there are: packages with an entry point, and apps that register themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from threading import Lock
from typing import Any

import structlog

from chatbot.plugins.payloads import HOOKS

logger = structlog.get_logger(__name__)

GROUP = "chatplatform.plugins"
Hook = Callable[[Any], object]


@dataclass(frozen=True)
class Plugin:
    """`hooks` are its functions by name; `error` says why it could not be loaded."""

    name: str
    origin: str
    hooks: dict[str, Hook] = field(default_factory=dict)
    error: str = ""


_registered: dict[str, Plugin] = {}
_found: dict[str, Plugin] | None = None
_lock = Lock()


def register(name: str, plugin: object) -> None:
    """Register a module or object with any of the hooks as functions; from AppConfig.ready."""
    _registered[name] = Plugin(name, origin="app", hooks=_hooks_of(plugin))


def installed() -> list[Plugin]:
    """Every plugin by name. Loads the packages' at the first call, which may take its time."""
    global _found
    with _lock:
        if _found is None:
            _found = {point.name: _loaded(point) for point in entry_points(group=GROUP)}
    return sorted({**_found, **_registered}.values(), key=lambda plugin: plugin.name)


def forget() -> None:
    """Look anew at what is installed; for tests."""
    global _found
    with _lock:
        _found = None
        _registered.clear()


def _loaded(point: EntryPoint) -> Plugin:
    origin = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
    try:
        return Plugin(point.name, origin, _hooks_of(point.load()))
    except Exception as error:  # whatever a stranger's code does when it is imported
        logger.exception("plugin_not_loaded", plugin=point.name, origin=origin)
        return Plugin(point.name, origin, error=f"{type(error).__name__}: {error}"[:500])


def _hooks_of(plugin: object) -> dict[str, Hook]:
    found = {name: getattr(plugin, name, None) for name in HOOKS.values()}
    hooks = {name: hook for name, hook in found.items() if callable(hook)}
    if not hooks:
        raise TypeError(f"it has none of {', '.join(HOOKS.values())}")
    return hooks
