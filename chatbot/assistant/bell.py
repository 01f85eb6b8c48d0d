"""Where this process' runners hear of new runs; one that nobody hears of is found by their poll."""

from typing import Protocol

from chatbot.assistant.models import Run


class Worker(Protocol):
    """Who answers runs in this process; every method is called from any thread."""

    worker: str

    def has_room(self) -> bool:
        """Whether one more run is begun at once."""
        ...

    def take(self, run: Run) -> None:
        """Begin a run that is committed, and this worker's already."""
        ...

    def wake(self) -> None:
        """Look for runs now."""
        ...


_workers: set[Worker] = set()


def listen(worker: Worker) -> None:
    """Tell the worker of every new run from now on."""
    _workers.add(worker)


def leave(worker: Worker) -> None:
    _workers.discard(worker)


def free_worker() -> Worker | None:
    """One of this process that has room; None if there is none, or all are busy."""
    return next((each for each in tuple(_workers) if each.has_room()), None)


def ring() -> None:
    """There is a new run to claim."""
    for worker in tuple(_workers):
        worker.wake()
