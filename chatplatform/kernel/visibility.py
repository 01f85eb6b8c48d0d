"""Which rows of a tenant a user may see: a model says what a data scope means for it, and the
policy that `roles` registers decides. Whoever lists rows for a person asks `visible_to`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.errors import PermissionRefused

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Visibility:
    """What the data scopes reach in one model; declared on it as `visibility`.

    `owner` leads from a row to the user whose it is, `department` to its department: a lookup, or
    a function of a user's key or of departments' keys. Rows that match `shared` are seen by
    everyone whose roles concern the model; `Q()` is all of them. `constraints` are the fields by
    which a role may be narrowed. With `through`, a relation, the row is seen if that one is.
    """

    owner: str | Callable[[int], Q] = ""
    department: str | Callable[[frozenset[int]], Q] = ""
    shared: Q | None = None
    constraints: tuple[str, ...] = ()
    through: str = ""

    def owned_by(self, user: int) -> Q | None:
        """The rows of that user; None where rows are nobody's."""
        if callable(self.owner):
            return self.owner(user)
        return Q(**{self.owner: user}) if self.owner else None

    def of_departments(self, departments: frozenset[int]) -> Q | None:
        """The rows of those departments; None for none."""
        if not departments or not self.department:
            return None
        if callable(self.department):
            return self.department(departments)
        return Q(**{f"{self.department}__in": sorted(departments)})


# What a user sees of a model: a condition (`Q()` is every row), or None for nothing.
Policy = Callable[[Any, type[models.Model]], Q | None]

_policies: list[Policy] = []


def decide_by(policy: Policy) -> None:
    """Register the one policy; called from AppConfig.ready. Without one nobody sees anything."""
    _policies[:] = [policy]


def visible(rows: QuerySet[Row], user: Any) -> QuerySet[Row]:
    """Those of the rows that this user may see.

    A tenant beats everything, a superuser's flag included; inside it a superuser sees every row.
    Without a tenant only an operator sees something: what the open scope holds.
    """
    if not getattr(user, "is_active", False):
        return rows.none()
    if user.tenant_id is None:
        return rows if user.is_superuser else rows.none()
    own = rows.filter(tenant=user.tenant_id)
    if user.is_superuser:
        return own
    condition = _policies[0](user, rows.model) if _policies else None
    return rows.none() if condition is None else own.filter(condition)


class VisibleQuerySet(models.QuerySet[Row]):
    """Rows that know to whom they may be shown."""

    def visible_to(self, user: Any) -> Self:
        """Those of the rows that this user may see."""
        return visible(self, user)  # type: ignore[return-value]  # the same class, narrowed


class VisibleManager(models.Manager.from_queryset(VisibleQuerySet)):  # type: ignore[misc]  # made at run time
    """The manager of a tenant's rows, below its scope."""

    def visible_to(self, user: Any) -> Any:
        """Those of the open scope that this user may see; ScopeError outside one."""
        return self.all().visible_to(user)


class LeftScope(PermissionRefused):
    code = "left_scope"
    title = _("You could not see this any more.")


def keep_visible(row: models.Model, user: Any) -> None:
    """Refuse, inside the writer's transaction, what put a row where she may not see it."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    if not visible(rows, user).exists():
        raise LeftScope(_("After this change it would be beyond what your roles let you see."))
