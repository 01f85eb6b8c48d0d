"""Whoever keeps guessing has to wait: a user name and an address together, and nobody else."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from chatplatform.accounts.login_log import LoginLog, attempts
from chatplatform.kernel.errors import ApplicationError

COUNTED = (LoginLog.Reason.WRONG_PASSWORD, LoginLog.Reason.WRONG_CODE)


@dataclass(frozen=True)
class LockRule:
    """`failures` wrong attempts within `window` lock the pair; `pause` counts from the last."""

    failures: int = 5
    window: timedelta = timedelta(minutes=15)
    pause: timedelta = timedelta(minutes=15)


RULE = LockRule()


class TooManyAttempts(ApplicationError):
    code = "too_many_attempts"
    status = 429
    title = _("Too many wrong attempts.")
    hint = _("Wait `retry_after` seconds; from another address the account is open.")

    def __init__(self, seconds: int) -> None:
        super().__init__(waiting_hint(seconds), retry_after=seconds)


def seconds_locked(*, username: str, address: str, rule: LockRule = RULE) -> int:
    """How long this name has to wait at this address; 0 if it need not. One query."""
    failures = _failures_in_a_row(username, address, rule.failures)
    if len(failures) < rule.failures or failures[0] - failures[-1] > rule.window:
        return 0
    left = failures[0] + rule.pause - timezone.now()
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
