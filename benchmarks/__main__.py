"""`python -m benchmarks`: run the scenarios, print the table, keep the samples under var/."""

import argparse
from collections.abc import Callable, Iterator

from benchmarks import delivery
from benchmarks.results import Result, table, write
from tests.processes import ROOT

# a scenario yields results; another contestant joins with a line of its own
SCENARIOS: dict[str, Callable[[int], Iterator[Result]]] = {"delivery": delivery.scenarios}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("scenario", nargs="*", choices=[[], *SCENARIOS], help="default: all")
    parser.add_argument("--samples", type=int, default=200, help="events a measurement")
    arguments = parser.parse_args()
    results: list[Result] = []
    for name in arguments.scenario or SCENARIOS:
        for result in SCENARIOS[name](arguments.samples):
            print(f"measured {result.scenario}, {result.condition}", flush=True)
            results.append(result)
    kept = write(results, ROOT / "var/benchmarks").relative_to(ROOT)
    print(f"\n{table(results)}\n\nMilliseconds. All samples: {kept}")


if __name__ == "__main__":
    main()
