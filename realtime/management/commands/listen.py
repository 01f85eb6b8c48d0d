import asyncio
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from realtime import channels, hub
from realtime.errors import RealtimeError
from realtime.feed import Connection
from realtime.frames import Frame
from realtime.log import Position


class Printer(Connection):
    """A connection of the hub that prints every event as a line of JSON."""

    def __init__(self, name: str, count: int) -> None:
        self.channels = frozenset([name])
        self.left = count
        self.enough = asyncio.Event()

    def deliver(self, frame: Frame) -> None:
        if self.enough.is_set():
            return
        sys.stdout.write(frame.json + "\n")
        sys.stdout.flush()
        self.left -= 1
        if self.left == 0:
            self.enough.set()

    def beat(self, position: Position) -> None:
        """Nobody waits for a life sign here."""

    def end(self) -> None:
        self.enough.set()

    async def flushed(self) -> None:
        """Lines are written at once."""


class Command(BaseCommand):
    help = "Print the events of a channel as they happen, one line of JSON each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "channel", help="sse:session:NAME (NAME * for all), sse:agent:ID or sse:broadcast"
        )
        parser.add_argument("--tenant", default="demo", help="whose log (default: demo)")
        parser.add_argument("--after", metavar="POSITION", help="replay from there first")
        parser.add_argument("--count", type=int, default=0, help="stop after so many events")
        parser.add_argument("--seconds", type=float, default=None, help="stop after so long")

    def handle(self, *args: Any, **options: Any) -> None:
        name, tenant = options["channel"], options["tenant"]
        try:
            channels.checked(name.removesuffix(":*"))
            channels.group(tenant)
        except RealtimeError as error:
            raise CommandError(str(error)) from None
        try:
            asyncio.run(_listen(name, tenant, options))
        except KeyboardInterrupt:
            return


async def _listen(name: str, tenant: str, options: dict[str, Any]) -> None:
    home = await hub.current()
    printer = Printer(name, options["count"])
    await home.join(printer, tenant, options["after"])
    try:
        await asyncio.wait_for(printer.enough.wait(), options["seconds"])
    except TimeoutError:
        return
    finally:
        home.leave(printer, tenant)
        await home.stop()
