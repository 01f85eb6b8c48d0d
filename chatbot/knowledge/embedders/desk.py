"""Where questions are embedded while a customer waits: few threads, a memory, and a time limit."""

import os
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from chatbot.knowledge.embedders.embedding import (
    Embedder,
    Kind,
    NotEmbedded,
    Vectors,
    readable,
)

logger = structlog.get_logger(__name__)

# As many as cores: more would only wait for each other, and the rest of the process for them.
THREADS = max(1, min(4, os.cpu_count() or 1))
REMEMBERED = 2000  # questions; 3 MB with the offline model
ENDPOINT_SECONDS = 2.0


class Desk:
    """Embeds questions; the same one again costs nothing, also while it is on its way."""

    def __init__(self, threads: int = THREADS, remembered: int = REMEMBERED) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="questions")
        self._known: OrderedDict[tuple[str, str], Future[Vectors]] = OrderedDict()
        self._remembered = remembered
        self._lock = threading.RLock()  # a future that has ended calls back at once

    def vector(self, embedder: Embedder, question: str, *, patience: float) -> Vectors | None:
        """The question's vector, or None if it says nothing or takes longer than that."""
        text = readable(question, Kind.QUESTION)
        if not text:
            return None
        asked = self._asked(embedder, text)
        try:
            return asked.result(timeout=patience)
        except TimeoutError:  # it is finished all the same, and remembered
            return None
        except NotEmbedded as error:
            logger.warning("question_not_embedded", model=embedder.model, why=str(error))
            return None

    def _asked(self, embedder: Embedder, text: str) -> Future[Vectors]:
        key = (embedder.model, text)
        with self._lock:
            if (known := self._known.get(key)) is not None:
                self._known.move_to_end(key)
                return known
            asked = self._known[key] = self._pool.submit(_embedded, embedder, text)
            asked.add_done_callback(lambda ended: self._keep(key, ended))
            while len(self._known) > self._remembered:
                self._known.popitem(last=False)
        return asked

    def _keep(self, key: tuple[str, str], ended: Future[Vectors]) -> None:
        if ended.cancelled() or ended.exception() is not None:  # the next one tries again
            with self._lock:
                self._known.pop(key, None)


def _embedded(embedder: Embedder, text: str) -> Vectors:
    found: Vectors = embedder.embed([text], Kind.QUESTION, timeout=ENDPOINT_SECONDS)[0]
    return found


desk = Desk()
