"""An embedder for tests: what shares letters is near each other. Quick."""

import threading
from collections.abc import Sequence
from zlib import crc32

import numpy as np
import pytest

from chatbot.knowledge import index, indexing, selectors
from chatbot.knowledge.embedders.embedding import Kind, NotEmbedded, Vectors, of_length_one

SIZE = 128


class Letters:
    """Counts its texts; `broken` makes it fail, `held` makes it wait until it is set."""

    def __init__(self, model: str = "letters") -> None:
        self.model = model
        self.embedded: list[str] = []
        self.broken = False
        self.held: threading.Event | None = None

    def embed(self, texts: Sequence[str], kind: Kind, *, timeout: float) -> Vectors:
        if self.held:
            self.held.wait(timeout)
        if self.broken:
            raise NotEmbedded("broken")
        self.embedded += texts
        return of_length_one(np.stack([_counted(text) for text in texts]))


def _counted(text: str) -> Vectors:
    found = np.full(SIZE, 0.1, np.float32)
    for start in range(len(text)):
        found[crc32(text[start : start + 3].lower().encode()) % SIZE] += 1
    return found


def have(monkeypatch: pytest.MonkeyPatch, embedder: Letters | None) -> None:
    """Let every tenant have that embedder."""
    for room in (index, indexing, selectors):
        monkeypatch.setattr(room, "embedder_of", lambda tenant: embedder)
