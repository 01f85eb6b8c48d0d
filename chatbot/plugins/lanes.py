"""One plugin, one lane: its own queue, thread, breaker and counts, so that none delays another."""

import queue
import threading
import time
from dataclasses import dataclass, replace

import structlog

from chatbot.plugins import metrics
from chatbot.plugins.calls import Abandoned, call
from chatbot.plugins.payloads import HOOKS, Payload
from chatbot.plugins.registry import Plugin
from chatbot.plugins.runtime_settings import PluginSettings
from chatplatform.configuration.selectors import current

logger = structlog.get_logger(__name__)

WAITING = 500  # payloads; beyond that the plugin misses some
LEFT_BEHIND = 8  # abandoned calls that still run; beyond that it is left alone
TELL_EVERY = 60.0  # seconds between two log lines about one plugin


@dataclass(frozen=True)
class Counts:
    """Since they were last taken."""

    calls: int = 0
    failed: int = 0
    abandoned: int = 0
    missed: int = 0
    last_error: str = ""


class Lane:
    """Calls one plugin, one call after the other, for ever."""

    def __init__(self, plugin: Plugin) -> None:
        self.plugin = plugin
        self._payloads: queue.Queue[Payload] = queue.Queue(maxsize=WAITING)
        self._counts = Counts()
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._off_until = float("-inf")
        self._told_at = float("-inf")
        threading.Thread(target=self._work, name=f"plugin:{plugin.name}", daemon=True).start()

    @property
    def is_off(self) -> bool:
        """Whether it has failed so often that it is not called for a while."""
        return time.monotonic() < self._off_until

    def put(self, payload: Payload) -> None:
        """Have the plugin told; it misses what finds its queue full. Never waits."""
        if HOOKS[type(payload)] not in self.plugin.hooks:
            return
        try:
            self._payloads.put_nowait(payload)
        except queue.Full:
            self._count("missed")

    def take_counts(self) -> Counts:
        with self._lock:
            taken, self._counts = self._counts, Counts()
        return taken

    def _work(self) -> None:
        while True:
            payload = self._payloads.get()
            try:
                self._call(payload)
            except Exception:  # ours: the lane goes on
                logger.exception("plugin_lane_failed", plugin=self.plugin.name)

    def _call(self, payload: Payload) -> None:
        rules = current(PluginSettings)
        if not rules.enabled:
            return
        if self.is_off or self._left_behind() >= LEFT_BEHIND:
            self._count("missed")
            return
        name = HOOKS[type(payload)]
        try:
            hook = self.plugin.hooks[name]
            call(hook, payload, seconds=rules.time_limit, name=f"{self.plugin.name}.{name}")
        except Exception as error:
            self._failed(error, rules)
        else:
            self._in_a_row = 0
            self._count("calls")

    def _failed(self, error: Exception, rules: PluginSettings) -> None:
        self._in_a_row += 1
        if self._in_a_row >= rules.failures:  # and once more after the pause, if that fails too
            self._off_until = time.monotonic() + rules.pause
        how = "abandoned" if isinstance(error, Abandoned) else "failed"
        told = f"{type(error).__name__}: {error}"[:500]
        self._count(how, last_error=told)
        if time.monotonic() - self._told_at > TELL_EVERY:
            self._told_at = time.monotonic()
            logger.warning("plugin_failed", plugin=self.plugin.name, how=how, error=told)

    def _left_behind(self) -> int:
        mine = f"plugin:{self.plugin.name}."
        return sum(thread.name.startswith(mine) for thread in threading.enumerate())

    def _count(self, what: str, last_error: str = "") -> None:
        metrics.count(self.plugin.name, what)
        with self._lock:
            counts = replace(self._counts, **{what: getattr(self._counts, what) + 1})
            self._counts = replace(counts, last_error=last_error or counts.last_error)
