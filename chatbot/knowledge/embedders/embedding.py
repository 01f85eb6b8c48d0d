"""What an embedder is."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]
"""Texts by dimensions, each row of length 1."""

# What is asked stands at the beginning; a 20,000-character question would take seconds.
MAX_QUESTION = 300
MAX_PASSAGE = 2000


class Kind(StrEnum):
    """A question and a passage that answers it are embedded differently by some models."""

    QUESTION = "q"
    PASSAGE = "p"


class NotEmbedded(Exception):
    """No vectors now: the model is not there, slow, or answers nonsense. Says why."""


class Embedder(Protocol):
    """Makes vectors, any number of threads at once. Raises NotEmbedded and nothing else."""

    @property
    def model(self) -> str:
        """Names what made a vector; those of another model can't be compared with it."""
        ...

    def embed(self, texts: Sequence[str], kind: Kind, *, timeout: float) -> Vectors:
        """One vector a text, within `timeout` seconds if the embedder waits for anyone."""
        ...


def readable(text: str, kind: Kind) -> str:
    """The part of a text that is embedded: short enough, and nothing that can't be encoded."""
    cut = text[: MAX_QUESTION if kind is Kind.QUESTION else MAX_PASSAGE]
    return cut.encode("utf-8", "ignore").decode().replace("\0", " ").strip()


def of_length_one(vectors: npt.NDArray[np.floating]) -> Vectors:
    """The same directions, so that a product is a cosine; a vector of nothing stays."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    found: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return found
