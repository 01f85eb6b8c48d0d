"""What authentication and the scope of one's rights add to a request for a list."""

import json
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.contestants import US
from benchmarks.options import Options
from benchmarks.production import beside, production
from benchmarks.results import Result, quiet
from tests.people import Agent

WHO = "aftersales1"  # sees her department's conversations, so that the scope is a condition


def scenarios(options: Options) -> Iterator[Result]:
    """Somebody of a department, by her access token and by her session's cookie."""
    with production() as running:
        token = Agent(running, WHO).token
        line = [sys.executable, "-m", "benchmarks.access_timed", token, str(options.samples)]
        said = subprocess.run(
            line, env=beside(running), check=True, capture_output=True, text=True
        ).stdout
    for condition, told in json.loads(said).items():
        figures = {"quiet": round(quiet(told["taken"]), 2), "queries": told["queries"]}
        yield Result("access adds", US, condition, told["taken"], figures=figures)
