"""`manage.py runplatform`: everything on this machine, from one terminal."""

import socket
import time
from argparse import ArgumentDefaultsHelpFormatter
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import connections

from chatplatform.launcher import processes
from chatplatform.launcher.announcement import Announcement
from chatplatform.launcher.child import Child
from chatplatform.launcher.possession import AlreadyRunning, take_possession
from chatplatform.launcher.sockets import CannotListen, listening_socket
from chatplatform.launcher.supervisor import Supervisor
from chatplatform.management import demo


class Command(BaseCommand):
    help = """
    Migrate, seed the demo tenant (when DEBUG is on) and run the platform: the customers' process,
    the agents' process and, when REDIS_URL is unset, an embedded Redis-protocol server.
    A process that dies is started again; Ctrl-C or SIGTERM stops them all.
    """

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(
            *args, formatter_class=ArgumentDefaultsHelpFormatter, **options
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host", default=settings.HOST, help="IPv4 address to listen on [HOST]"
        )
        parser.add_argument(
            "--chatbot-port",
            type=int,
            default=settings.CHATBOT_PORT,
            help="port of the customers' side [CHATBOT_PORT]",
        )
        parser.add_argument(
            "--workbench-port",
            type=int,
            default=settings.WORKBENCH_PORT,
            help="port of the agents' side [WORKBENCH_PORT]",
        )

    def handle(self, *, host: str, chatbot_port: int, workbench_port: int, **_: Any) -> None:
        started = time.monotonic()
        ports = {"chatbot": chatbot_port, "workbench": workbench_port}
        try:
            possession = take_possession(settings.DATA_DIR)
            listeners = self._listen(host, ports)
        except (AlreadyRunning, CannotListen) as error:
            raise CommandError(str(error)) from None
        self._prepare()
        logins = demo.logins() if settings.DEBUG else []
        announcement = Announcement(host, ports, logins=logins, started=started, say=self._say)
        with possession:
            Supervisor(
                self._services(host, ports, listeners),
                foundations=self._foundations(),
                report=self._say,
                each_turn=announcement.make_when_ready,
            ).run()
        self._say("Stopped.")

    def _listen(self, host: str, ports: dict[str, int]) -> dict[str, socket.socket]:
        return {
            name: listening_socket(host, port, option=f"--{name}-port")
            for name, port in ports.items()
        }

    def _prepare(self) -> None:
        """Tables and demo data, before anything serves them; then let go of the database."""
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DEBUG:
            call_command("seed_demo", verbosity=0)
        connections.close_all()

    def _services(
        self, host: str, ports: dict[str, int], listeners: dict[str, socket.socket]
    ) -> list[Child]:
        variables = {"HOST": host}
        variables |= {f"{name.upper()}_PORT": str(port) for name, port in ports.items()}
        return [processes.daphne(name, listeners[name], variables=variables) for name in ports]

    def _foundations(self) -> list[Child]:
        if settings.EMBEDDED_VALKEY_SOCKET is None:
            return []
        valkey = processes.valkey(settings.EMBEDDED_VALKEY_SOCKET, settings.DATA_DIR)
        if valkey is None:
            self._say("No Redis-protocol server on this machine: running on the database alone.")
        return [valkey] if valkey else []

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
