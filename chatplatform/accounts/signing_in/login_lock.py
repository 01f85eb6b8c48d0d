"""Whoever keeps guessing has to wait: a user name and an address together, and nobody else."""

import math
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from chatplatform.accounts.runtime_settings import LoginSettings
from chatplatform.accounts.signing_in.login_log import LoginLog, attempts
from chatplatform.configuration.selectors import current
from chatplatform.kernel.errors import ApplicationError

COUNTED = (LoginLog.Reason.WRONG_PASSWORD, LoginLog.Reason.WRONG_CODE)


class TooManyAttempts(ApplicationError):
    code = "too_many_attempts"
    status = 429
    title = _("Too many wrong attempts.")
    hint = _("Wait `retry_after` seconds; from another address the account is open.")

    def __init__(self, seconds: int) -> None:
        super().__init__(waiting_hint(seconds), retry_after=seconds)


def seconds_locked(*, username: str, address: str) -> int:
    """How long this name has to wait at this address; 0 if it need not. One query.

    So many wrong attempts within the window lock the pair; the pause counts from the last.
    """
    rule = current(LoginSettings)
    window, pause = timedelta(minutes=rule.window_minutes), timedelta(minutes=rule.pause_minutes)
    failures = _failures_in_a_row(username, address, rule.attempts)
    if len(failures) < rule.attempts or failures[0] - failures[-1] > window:
        return 0
    left = failures[0] + pause - timezone.now()
    return max(0, math.ceil(left.total_seconds()))


def waiting_hint(seconds: int) -> StrOrPromise:
    """The sentence for whoever has to wait."""
    minutes = math.ceil(seconds / 60)
    return ngettext(
        "Too many wrong attempts. Try again in %(minutes)d minute.",
        "Too many wrong attempts. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def _failures_in_a_row(username: str, address: str, most: int) -> list[datetime]:
    """When the last failures since the last success were, the latest first, at most so many."""
    counted = attempts(username=username, address=address).exclude(
        ok=False, reason__in=set(LoginLog.Reason) - set(COUNTED)
    )
    failures = []
    for ok, at in counted.values_list("ok", "at")[:most]:
        if ok:
            break
        failures.append(at)
    return failures
