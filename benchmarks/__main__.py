"""`python -m benchmarks`: run the scenarios, print the tables, keep the samples under var/."""

import argparse
from collections.abc import Callable, Iterator

from benchmarks import (
    access,
    crossing,
    delivery,
    fanout,
    first_words,
    gathering,
    machine,
    posting,
    publishing,
    reconnect,
    runs,
)
from benchmarks.contestants import CONTESTANTS
from benchmarks.options import Options
from benchmarks.results import Result, tables, write
from tests.processes import ROOT

# a scenario yields results; another joins with a line of its own
SCENARIOS: dict[str, Callable[[Options], Iterator[Result]]] = {
    "fanout": fanout.scenarios,
    "crowd": gathering.scenarios,
    "crossing": crossing.scenarios,
    "publishing": publishing.scenarios,
    "reconnect": reconnect.scenarios,
    "posting": posting.scenarios,
    "delivery": delivery.scenarios,
    "access": access.scenarios,
    "runs": runs.scenarios,
    "first_words": first_words.scenarios,
}


def main() -> None:
    arguments = _arguments()
    options = Options(
        connections=arguments.connections,
        rate=arguments.rate,
        seconds=arguments.seconds,
        crowd=arguments.crowd,
        samples=arguments.samples,
        only=tuple(arguments.contestant or ()),
    )
    machine.raise_limits()
    results: list[Result] = []
    for name in arguments.only or SCENARIOS:
        for result in SCENARIOS[name](options):
            print(f"measured {result.scenario}, {result.condition}", flush=True)
            results.append(result)
    kept = write(results, ROOT / "var/benchmarks").relative_to(ROOT)
    print(f"\n{tables(results)}\n\nMilliseconds if not said otherwise. All samples: {kept}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    default = Options()
    parser.add_argument("--only", action="append", choices=SCENARIOS, help="a scenario; repeatable")
    parser.add_argument(
        "--contestant",
        action="append",
        choices=[each.name for each in CONTESTANTS],
        help="of the fan-out; repeatable",
    )
    parser.add_argument("--connections", type=int, default=default.connections)
    parser.add_argument("--rate", type=float, default=default.rate, help="events a second")
    parser.add_argument("--seconds", type=float, default=default.seconds, help="of publishing")
    parser.add_argument("--crowd", type=int, default=default.crowd, help="idle streams")
    parser.add_argument("--samples", type=int, default=default.samples, help="a measurement")
    return parser.parse_args()


if __name__ == "__main__":
    main()
