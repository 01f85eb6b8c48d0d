"""Publishes one event and listens for it on a running workbench, as an agent's browser would."""

import http.client
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from chatplatform.accounts.models import User
from chatplatform.launcher.readiness import own_name
from chatplatform.tenants.models import Tenant
from realtime import publish

PATIENCE = 5.0  # seconds; an event that takes longer is as good as lost to a waiting customer
STREAM = "/api/v1/events"


@dataclass(frozen=True)
class Heard:
    """`problem` is empty when it was heard."""

    milliseconds: float = 0.0
    clock_ms: float = 0.0
    problem: str = ""
    mend: str = ""


def probe(host: str, port: int, *, tenant: str | None) -> Heard:
    """One durable `probe` event to one agent's channel; leaves nothing but its line in the log."""
    agent = _somebody_who_serves(tenant)
    if agent is None or agent.tenant is None:
        return Heard(
            problem="no active user may serve customers", mend="make one, or run: seed_demo"
        )
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        with _signed_in(agent) as cookie:
            headers = {"Host": own_name(), "Cookie": cookie}
            connection.request("GET", STREAM, headers=headers)
            answer = connection.getresponse()
            if answer.status != http.HTTPStatus.OK:
                return Heard(
                    problem=f"{STREAM} answered {answer.status}",
                    mend="do the workbench and this command share SECRET_KEY and the database?",
                )
            answer.readline()  # the stream speaks: it is subscribed
            return _published_and_heard(agent, agent.tenant, answer)
    except ConnectionRefusedError:
        return Heard(problem=f"nothing answers on {host}:{port}", mend="start the workbench")
    except OSError as error:
        return Heard(
            problem=f"not heard within {PATIENCE:g} s ({str(error) or type(error).__name__})",
            mend="restart the workbench; do both sides use the same DATABASE_URL and REDIS_URL?",
        )
    finally:
        connection.close()


def _somebody_who_serves(tenant: str | None) -> User | None:
    people = User.objects.with_perm(
        "conversations.serve_conversation",
        backend="django.contrib.auth.backends.ModelBackend",
        include_superusers=False,
    ).filter(tenant__status=Tenant.Status.ACTIVE)
    if tenant:
        people = people.filter(tenant__slug=tenant)
    return people.select_related("tenant").order_by("pk").first()


@contextmanager
def _signed_in(user: User) -> Iterator[str]:
    """A session of that user for as long as the block runs, as a Cookie header."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    try:
        yield f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    finally:
        session.delete()


def _published_and_heard(agent: User, tenant: Tenant, answer: http.client.HTTPResponse) -> Heard:
    nonce = secrets.token_hex(8)
    started = time.monotonic()
    with transaction.atomic():
        publish.to_agent(agent.pk, "probe", {"nonce": nonce}, source="system", log=tenant.slug)
    while time.monotonic() - started < PATIENCE:
        line = answer.readline().decode()
        if not line:
            raise ConnectionError("the stream ended")
        if line.startswith("data:") and nonce in line:
            clock = abs(time.time() - json.loads(line[5:])["timestamp"]) * 1000
            taken = (time.monotonic() - started) * 1000
            return Heard(milliseconds=taken, clock_ms=max(0.0, clock - taken))
    raise TimeoutError
