import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from realtime import doorbell, publish
from realtime.errors import RealtimeError
from realtime.events import SOURCES


class Command(BaseCommand):
    help = "Publish one event to a channel, as the application does. Prints the event's position."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("channel", help="sse:session:NAME, sse:agent:ID or sse:broadcast")
        parser.add_argument("type", help="snake_case, e.g. new_message")
        parser.add_argument("payload", help='a JSON object, e.g. \'{"text": "hello"}\'')
        parser.add_argument("--tenant", default="demo", help="whose log (default: demo)")
        parser.add_argument("--source", default="system", choices=SOURCES)
        parser.add_argument("--ephemeral", action="store_true", help="skip the log: at most once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            position = publish.to_channels(
                [options["channel"]],
                options["type"],
                json.loads(options["payload"]),
                source=options["source"],
                log=options["tenant"],
                durable=not options["ephemeral"],
            )
        except json.JSONDecodeError as error:
            raise CommandError(f"the payload is not JSON: {error}") from None
        except RealtimeError as error:
            raise CommandError(str(error)) from None
        doorbell.flush()
        self.stdout.write(position or "ephemeral")
