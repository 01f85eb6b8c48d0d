"""What must hold before something new can be read by customers. Upper rooms register it."""

import functools
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.errors import Conflict
from chatplatform.tenants.models import Tenant

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 5


@dataclass(frozen=True)
class Doubt:
    """Knowledge as it would be, named by `key`, that must be measured before it may be read.

    `measure` is called outside of the transaction; its ApplicationError is the refusal.
    """

    key: str
    measure: Callable[[], None]


Guard = Callable[[Tenant], Doubt | None]
"""Called inside the transaction that publishes: what it reads is what would hold. Quick."""

_guards: dict[str, Guard] = {}
# What was measured for the publication that is under way; None: none is.
_settled: ContextVar[set[str] | None] = ContextVar("settled", default=None)


class KnowledgeMoved(Conflict):
    """`doubt` is what is still to be measured."""

    code = "knowledge_moved"
    title = _("Other articles were published at the same moment.")
    hint = _("Try it again.")

    def __init__(self, doubt: Doubt) -> None:
        super().__init__()
        self.doubt = doubt


def guarded_by(name: str, guard: Guard) -> None:
    """Register a guard under its name; called from AppConfig.ready."""
    _guards[name] = guard


def check(tenant: Tenant) -> None:
    """In the transaction of a publication, after everything is written. Ends it if a guard doubts
    what would hold now: `publishing` carries on from there."""
    for guard in _guards.values():
        doubt = guard(tenant)
        if doubt is not None and doubt.key not in (_settled.get() or ()):
            raise KnowledgeMoved(doubt)


def publishing(act: Callable[P, R]) -> Callable[P, R]:
    """`act` in one transaction, in which things may be published.

    What guards want measured is measured between two tries, while nothing is locked. KnowledgeMoved
    if the knowledge is another one at every try. Inside of another such act it is part of that.
    """

    @functools.wraps(act)
    def acted(*args: P.args, **kwargs: P.kwargs) -> R:
        if _settled.get() is not None:
            with transaction.atomic():
                return act(*args, **kwargs)
        settled: set[str] = set()
        token = _settled.set(settled)
        try:
            for left in reversed(range(TRIES)):
                try:
                    with transaction.atomic():
                        return act(*args, **kwargs)
                except KnowledgeMoved as moved:
                    if not left:
                        raise
                    doubt = moved.doubt
                doubt.measure()
                settled.add(doubt.key)
            raise AssertionError("the last try returns or raises")
        finally:
            _settled.reset(token)

    return acted
