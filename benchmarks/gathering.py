"""A crowd of idle streams: how fast it gathers, what it holds, when its last has an event."""

from collections.abc import Iterator

from benchmarks.contestants import CONTESTANTS, Contestant
from benchmarks.fanout import costs, doubt
from benchmarks.load import NotHeard, burst, crowd
from benchmarks.options import Options
from benchmarks.results import Cell, Result

HERE = ("chatplatform", "nchan (C)")  # the others need minutes for this
EVENTS, RATE = 10, 2.0


def scenarios(options: Options) -> Iterator[Result]:
    """One event at a time to all; a sample is the time to the last of them."""
    for contestant in CONTESTANTS:
        if contestant.name in (options.only or HERE) and not contestant.missing():
            yield _measured(contestant, options)


def _measured(contestant: Contestant, options: Options) -> Result:
    name, condition = "crowd, last client", f"{options.crowd} streams"
    print(f"{name}: {contestant.name}", flush=True)
    with contestant.run() as running:
        try:
            with crowd(running, options.crowd) as held:
                count = options.crowd - held.opened.refused
                load = burst(running, held.listeners, count, events=EVENTS, rate=RATE)
        except NotHeard as fault:
            return Result(name, contestant.name, condition, [], note=str(fault))
    figures: dict[str, Cell] = {
        **costs(load),
        "KB/conn": round(held.memory / 1024, 1),
        "connect s": round(held.opened.seconds, 2),
        "conn/s": round(held.opened.count / held.opened.seconds),
        "refused": held.opened.refused,
    }
    return Result(name, contestant.name, condition, load.last, load.lost, figures, doubt(load))
