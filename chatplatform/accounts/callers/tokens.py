"""Access and refresh tokens. A refresh token is good for one use; a second one ends the session."""

from allauth.core.internal.sessionkit import get_session_user
from allauth.headless.tokens.strategies.jwt import JWTTokenStrategy, internal
from django.contrib.sessions.models import Session
from django.db import transaction

from chatplatform.accounts.callers.sessions import end_stolen_sign_in
from chatplatform.accounts.models import User


class RotatingTokens(JWTTokenStrategy):  # type: ignore[misc]  # allauth is untyped
    """allauth's tokens, each of them tied to a session, and what to do with a token used twice.

    Whoever shows a spent refresh token stole it, or its owner was stolen from: nobody can tell, so
    both have to sign in anew (RFC 9700, 4.14.2).
    """

    def refresh_token(self, refresh_token: str) -> tuple[str, str] | None:
        with transaction.atomic():
            _wait_for_others(refresh_token)
            tokens: tuple[str, str] | None = super().refresh_token(refresh_token)
            if tokens is None:
                _end_if_spent(refresh_token)
        return tokens


def _wait_for_others(token: str) -> None:
    """Two calls with one token take turns, or both would find it unspent."""
    if payload := internal.decode_token(token, "refresh"):
        key = internal.session_key_from_sid(payload["sid"]) or ""
        list(Session.objects.select_for_update().filter(session_key=key))


def _end_if_spent(token: str) -> None:
    payload = internal.decode_token(token, "refresh")
    session = internal.get_token_session(payload) if payload else None
    user = get_session_user(session) if session else None
    if payload and session and isinstance(user, User) and payload["sub"] == str(user.pk):
        end_stolen_sign_in(user=user, key=session.session_key)
