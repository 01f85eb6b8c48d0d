"""How large a run is; scenarios take what they need of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """The defaults finish within six minutes on two cores."""

    connections: int = 1000
    rate: float = 10  # events a second, each to every connection
    seconds: float = 5
    crowd: int = 5000  # idle streams
    samples: int = 100  # requests a measurement, where each waits for the one before
    only: tuple[str, ...] = ()  # contestants; all if empty
