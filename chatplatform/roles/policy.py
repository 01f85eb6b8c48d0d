"""The rule behind `visible_to`: the union of what a user's roles reach, each within its limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import structlog
from django.db import models
from django.db.models import Q

from chatplatform.kernel.visibility import Visibility
from chatplatform.roles.constraints import Misunderstood, of_model
from chatplatform.roles.models import Scope
from chatplatform.roles.rights import RoleRights, rights_of

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Decider:
    """The model whose rows decide about a model's, and the labels of those passed on the way.

    `path` leads from a row to the one that decides, each step a relation; none: it is that row.
    """

    model: type[models.Model]
    visibility: Visibility
    labels: frozenset[str]
    path: tuple[Any, ...] = ()

    @property
    def label(self) -> str:
        return self.model._meta.label_lower


def decider_of(model: type[models.Model]) -> Decider | None:
    """Who decides about the model's rows; None: every user of the tenant sees them all."""
    visibility: Visibility | None = getattr(model, "visibility", None)
    if visibility is None:
        return None
    label = frozenset({model._meta.label_lower})
    if not visibility.through:
        return Decider(model, visibility, label)
    step: Any = model._meta.get_field(visibility.through)
    further = decider_of(step.related_model)
    if further is None:
        return None
    labels = label | further.labels
    return Decider(further.model, further.visibility, labels, (step, *further.path))


def rows_seen(user: Any, model: type[models.Model]) -> Q | None:
    """The policy of kernel.visibility: `Q()` is every row of the tenant, None is nothing.

    A role counts if one of its permissions is about the model, or about one that decides for it.
    """
    seen = rights_of(user).seen
    if model not in seen:
        seen[model] = _rows_seen(user, model)
    return seen[model]


def _rows_seen(user: Any, model: type[models.Model]) -> Q | None:
    decider = decider_of(model)
    if decider is None:
        return Q()
    roles = (role for role in rights_of(user).roles if role.models & decider.labels)
    reached = union(rows_of_role(role, user, decider) for role in roles)
    return None if reached is None else led_to(reached, decider.path)


def rows_of_role(role: RoleRights, user: Any, decider: Decider) -> Q | None:
    """What one role shows of the deciding model: its reach, within its constraints."""
    reach = reach_of_role(role, user, decider.visibility)
    if reach is None:
        return None
    narrowed = narrowing_of_role(role, user, decider.label)
    return None if narrowed is None else reach & narrowed


def reach_of_role(role: RoleRights, user: Any, visibility: Visibility) -> Q | None:
    """What its data scope shows: every role its owner's rows and the shared ones."""
    if role.scope == Scope.ALL:
        return Q()
    return union(
        [
            visibility.shared,
            visibility.owned_by(user.pk),
            visibility.of_departments(role.departments),
        ]
    )


def narrowing_of_role(role: RoleRights, user: Any, label: str) -> Q | None:
    """Its constraints on that model, all of them; None if one can't be understood or can't hold."""
    try:
        conditions = [each.condition(user) for each in of_model(role.constraints, label)]
    except Misunderstood as fault:
        logger.warning("role_constraint_misunderstood", role=role.key, at=fault.key)
        return None
    narrowed = Q()
    for condition in conditions:
        if condition is None:
            return None
        narrowed &= condition
    return narrowed


def union(parts: Iterable[Q | None]) -> Q | None:
    """Any of the parts: `Q()` is every row, and stays it; None is nothing."""
    found = [part for part in parts if part is not None]
    if not found:
        return None
    joined = found[0]
    for part in found[1:]:
        if not (joined and part):
            return Q()
        joined |= part
    return joined


def led_to(condition: Q, path: tuple[Any, ...]) -> Q:
    """The condition on the deciding row, said of the row that leads to it."""
    if not condition:
        return condition
    for step in reversed(path):
        if step.many_to_one or step.one_to_one:
            condition = prefixed(condition, step.name)
        else:  # several decide: one that is seen is enough
            rows = step.related_model._base_manager.filter(condition)
            condition = Q(pk__in=rows.values(step.field.attname))
    return condition


def prefixed(condition: Q, relation: str) -> Q:
    """The same condition on the row that the relation leads to."""
    moved = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            moved.children.append(prefixed(child, relation))
        else:
            lookup, value = cast(tuple[str, Any], child)
            moved.children.append((f"{relation}__{lookup}", value))
    return moved
