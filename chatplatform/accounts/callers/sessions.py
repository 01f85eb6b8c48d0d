"""Where a user is signed in. A session's access tokens, streams and sockets end with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.headless.tokens.strategies.jwt.internal import session_key_from_sid
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM
from chatplatform.kernel.errors import NotFound


class UnknownSession(NotFound):
    code = "unknown_sign_in"
    title = _("You are not signed in there.")
    hint = _("`GET /api/v1/me/sessions` lists where you are.")


@dataclass(frozen=True)
class SignIn:
    """One browser or program that a user is signed in with."""

    id: int
    key: str
    address: str
    user_agent: str
    since: datetime


def sign_ins_of(user: User) -> list[SignIn]:
    """Those that have not ended, the latest first. One query."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = UserSession.objects.filter(user=user, session_key__in=alive).order_by("-created_at")
    return [SignIn(row.pk, row.session_key, row.ip, row.user_agent, row.created_at) for row in rows]


@transaction.atomic
def end_sign_in(*, user: User, id: int, by: User) -> None:
    """Sign a user out in one place; UnknownSession if it is not hers."""
    session = UserSession.objects.filter(user=user, pk=id).first()
    if session is None:
        raise UnknownSession
    _end([session.session_key], user=user, by=by)


@transaction.atomic
def end_sign_ins(*, user: User, by: User, keep: str | None = None) -> int:
    """Sign a user out everywhere, except in the session of that key; how many ended."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    return _end(list(sessions.values_list("session_key", flat=True)), user=user, by=by)


@transaction.atomic
def end_stolen_sign_in(*, user: User, key: str) -> None:
    """Sign a user out where a refresh token was shown twice."""
    _end([key], user=user, by=None)


def session_key_of(request: HttpRequest, auth: Any = None) -> str:
    """The key of the session that a request speaks from; `auth` is what the bearer token says."""
    if isinstance(auth, dict):
        return session_key_from_sid(auth["sid"]) or ""
    return request.session.session_key or ""


def _end(keys: list[str], *, user: User, by: User | None) -> int:
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    if by != user and user.tenant is not None:  # one's own are one's own matter
        audit.record(
            tenant=user.tenant,
            actor=actor_of(by) if by else SYSTEM,
            action="user.sign_out",
            target=user.username,
            data={"sessions": len(keys)},
        )
    return len(keys)
