"""Every event to every connection: what a delivery costs the server, and when it arrives."""

from collections.abc import Iterator

from benchmarks.contestants import CONTESTANTS, US, Contestant
from benchmarks.load import BUSY, Load, NotHeard, burst, crowd
from benchmarks.options import Options
from benchmarks.results import Cell, Result

REFERENCE = "nchan (C)"


def scenarios(options: Options) -> Iterator[Result]:
    """A row a contestant; ratios are to nchan, or to ours where nchan is missing."""
    measured = [_measured(contestant, options) for contestant in _chosen(options)]
    costs = {row.contestant: row.figures.get("cpu µs") for row in measured}
    base = next((name for name in (REFERENCE, US) if costs.get(name)), "")
    for row in measured:
        cost = row.figures.get("cpu µs")
        if isinstance(cost, float):
            row.figures[f"x {base}"] = round(cost / float(costs[base] or 1), 2)
        yield row


def _chosen(options: Options) -> list[Contestant]:
    return [each for each in CONTESTANTS if not options.only or each.name in options.only]


def _measured(contestant: Contestant, options: Options) -> Result:
    condition = f"{options.connections} x {options.rate:g}/s"
    if reason := contestant.missing():
        return Result("fan-out", contestant.name, condition, [], note=f"skipped: {reason}")
    print(f"fan-out: {contestant.name}", flush=True)
    with contestant.run() as running:
        try:
            with crowd(running, options.connections) as held:
                count = options.connections - held.opened.refused
                events = int(options.rate * options.seconds)
                load = burst(running, held.listeners, count, events=events, rate=options.rate)
        except NotHeard as fault:
            return Result("fan-out", contestant.name, condition, [], note=str(fault))
    figures: dict[str, Cell] = {
        **costs(load),
        "KB/conn": round(held.memory / 1024, 1),
        "conn/s": round(held.opened.count / held.opened.seconds),
        "refused": held.opened.refused,
    }
    return Result(
        "fan-out", contestant.name, condition, load.latencies, load.lost, figures, note=doubt(load)
    )


def costs(load: Load) -> dict[str, Cell]:
    """Microseconds of processor a delivery, in the serving process and in Redis."""
    each = max(1, load.deliveries)
    return {
        "cpu µs": round(load.server * 1e6 / each, 1),
        "redis µs": round(load.helpers * 1e6 / each, 1),
        "generator": f"{load.generator:.0%}",
    }


def doubt(load: Load) -> str:
    """Why a row should not be believed, if so."""
    if load.generator > BUSY:
        return "INVALID: the generator was the bottleneck"
    return ""
