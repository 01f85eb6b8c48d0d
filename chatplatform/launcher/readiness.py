"""Asks a service whether it can serve."""

import http.client
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Readiness:
    """What `/readyz` said; `status` 0 when nothing answered, `report` its JSON where it had any."""

    status: int
    report: dict[str, Any]

    @property
    def serves(self) -> bool:
        return self.status == http.HTTPStatus.OK


def ask_readiness(host: str, port: int, *, host_header: str, timeout: float) -> Readiness:
    """One question to `/readyz`; never raises for what the network does."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", "/readyz", headers={"Host": host_header})
        answer = connection.getresponse()
        return Readiness(answer.status, _json(answer.read()))
    except (OSError, http.client.HTTPException):
        return Readiness(0, {})
    finally:
        connection.close()


def own_name() -> str:
    """A host name that the services answer to, for the Host header."""
    names = [name for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*"))]
    return names[0] if names else "localhost"


def _json(body: bytes) -> dict[str, Any]:
    try:
        report = json.loads(body)
    except ValueError:
        return {}
    return report if isinstance(report, dict) else {}
