"""A small launcher for tests: supervises the command it is given and prints what it reports."""

import sys

from chatplatform import env
from chatplatform.launcher.child import Child
from chatplatform.launcher.supervisor import Supervisor


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    child = Child("child", sys.argv[1:], environment=env.for_child(), cwd="/")
    seen: set[int] = set()

    def show_pid() -> None:
        if child.pid and child.pid not in seen:
            seen.add(child.pid)
            say(f"pid {child.pid}")

    Supervisor([child], report=say, each_turn=show_pid).run()
    say("all ended")
