"""What a user's stream may hear of a model: the same rule as its lists, said in channels.

Events are addressed to `sse:{field}:{value}` for each field that the rule may ask for ("none" for
an empty one), as they stand and, after a change, as they stood. So no event costs a query.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from django.db import models
from django.db.models import Q

from chatplatform.kernel.visibility import Visibility
from chatplatform.roles.policy import narrowing_of_role, reach_of_role
from chatplatform.roles.rights import rights_of

Values = dict[str, set[str]]


@dataclass(frozen=True)
class Listening:
    """The channels to listen to, and who refuses events on them; None: none is refused.

    `exact`: these channels alone carry nothing that would be refused.
    """

    channels: frozenset[str]
    admits: Callable[[tuple[str, ...]], bool] | None
    exact: bool = False


def listening(
    user: Any,
    model: type[models.Model],
    *,
    each: str,
    permission: str = "",
    besides: Q | None = None,
) -> Listening:
    """What this user hears of the model's rows; `each` is the family of a row's own channel.

    Every field of the model's `visibility` must stand in the events' channels; a row's key is the
    name of its own channel. Without `permission` she hears no more than `besides`.
    """
    rules = _rules(user, model) if not permission or user.has_perm(permission) else []
    rules = [*rules, besides] if besides else rules
    if Q() in rules:
        return Listening(frozenset({f"sse:{each}:*"}), None)
    named = [_named(rule, each) for rule in rules]
    channels = frozenset().union(*(_doors(rule, f"sse:{each}:*") for rule in named))
    admits = _Admits(each, tuple(_compiled(rule) for rule in named))
    return Listening(channels, admits, exact=rules == [besides])


def together(*heard: Listening) -> Listening:
    """All of it on one stream: each refuses events of its own family that its rules leave out."""
    channels = frozenset().union(*(each.channels for each in heard))
    # Departments' channels carry events of every family; without one, whoever asked for exactly
    # what she may hear need not be asked about each event.
    mixed = any(name.startswith("sse:department:") for name in channels)
    admits = tuple(each.admits for each in heard if each.admits and (mixed or not each.exact))
    return Listening(channels, _All(admits) if admits else None)


@dataclass(frozen=True)
class _All:
    """Whether none of several refuses an event."""

    admits: tuple[Callable[[tuple[str, ...]], bool], ...]

    def __call__(self, channels: tuple[str, ...]) -> bool:
        return all(admits(channels) for admits in self.admits)


@dataclass(frozen=True)
class _Admits:
    """Whether an event on some channels is one that the rules show. What is no row's is."""

    family: str
    rules: tuple["_Rule", ...]

    def __call__(self, channels: tuple[str, ...]) -> bool:
        values = _values(channels)
        if self.family not in values:
            return True
        return any(rule.holds(values) for rule in self.rules)


@lru_cache(maxsize=1024)  # one event is asked about for every stream
def _values(channels: tuple[str, ...]) -> Values:
    values: defaultdict[str, set[str]] = defaultdict(set)
    for name in channels:
        _sse, field, value = (*name.split(":", 2), "")[:3]
        values[field].add(value)
    return dict(values)


def _rules(user: Any, model: type[models.Model]) -> list[Q]:
    """The rule of each of her roles that concerns the model."""
    visibility: Visibility = model.visibility  # type: ignore[attr-defined]  # it has one, or no stream
    label = model._meta.label_lower
    found = []
    for role in rights_of(user).roles:
        if label not in role.models:
            continue
        reach = reach_of_role(role, user, visibility)
        narrowed = narrowing_of_role(role, user, label)
        if reach is not None and narrowed is not None:
            found.append(reach & narrowed)
    return [Q()] if user.is_superuser else found


def _named(rule: Q, each: str) -> Q:
    """The rule with a row's key said as what it is in channels: the name of its own."""
    named = Q(_connector=rule.connector, _negated=rule.negated)
    for child in rule.children:
        if isinstance(child, Q):
            named.children.append(_named(child, each))
        else:
            lookup, value = cast(tuple[str, Any], child)
            field, separator, operator = lookup.partition("__")
            field = each if field == "pk" else field
            named.children.append((f"{field}{separator}{operator}", value))
    return named


def _doors(rule: Q, every: str) -> frozenset[str]:
    """Channels that together carry all that the rule can hold for."""
    parts = [_doors_of(child, every) for child in rule.children]
    if rule.connector == Q.OR:
        return frozenset().union(*parts)
    return min(parts, key=lambda part: (every in part, len(part)), default=frozenset({every}))


def _doors_of(child: Any, every: str) -> frozenset[str]:
    if isinstance(child, Q):
        return _doors(child, every)
    field, values = _field_and_values(child)
    # a language's channel is shared by all departments: better every session, then refused
    wide = field not in ("department", "agent") and not every.startswith(f"sse:{field}:")
    return frozenset({every} if wide else {f"sse:{field}:{value}" for value in values})


@dataclass(frozen=True)
class _Rule:
    """A rule as it is asked about every event: `field` has one of `wanted`, or what `parts` say."""

    field: str = ""
    wanted: frozenset[str] = frozenset()
    parts: tuple["_Rule", ...] = ()
    joined: Callable[[Iterable[object]], bool] = all

    def holds(self, values: Values) -> bool:
        if self.field:
            return not self.wanted.isdisjoint(values.get(self.field, ()))
        return self.joined([part.holds(values) for part in self.parts])


def _compiled(rule: Q) -> _Rule:
    parts = tuple(
        _compiled(child) if isinstance(child, Q) else _Rule(*_field_and_values(child))
        for child in rule.children
    )
    return _Rule(parts=parts, joined=any if rule.connector == Q.OR else all)


def _field_and_values(child: Any) -> tuple[str, frozenset[str]]:
    """A condition as a field and the values it takes; only `exact` and `in` reach streams."""
    lookup, value = cast(tuple[str, Any], child)
    field, _, operator = lookup.partition("__")
    wanted = value if operator == "in" else [value]
    return field, frozenset("none" if each is None else str(each) for each in wanted)
