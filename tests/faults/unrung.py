"""A program whose every event is committed by a process that dies before it can ring."""

import os
import sys
import time

import django


def main(channels: list[str], count: int) -> None:
    django.setup()
    for number in range(count):
        child = os.fork()
        if child == 0:
            _commit_and_die(channels[number % len(channels)], number)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
        time.sleep(0.2)  # each is alone: a later event's ring would bring it along


def _commit_and_die(channel: str, number: int) -> None:
    from realtime import doorbell, publish

    def die(frame: object) -> None:
        os._exit(9)

    doorbell.ring = die
    publish.to_channels([channel], "note", {"n": number}, source="system", log="demo")
    os._exit(1)  # nothing rang: then nothing was tried either


if __name__ == "__main__":
    main(sys.argv[2:], int(sys.argv[1]))
