"""What the API says about rights and menus."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from chatplatform.roles.models import Scope


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConstraintOut(Shape):
    """One limit of a role, and whether the row meets it."""

    field: str
    operator: str
    value: Any
    holds: bool


class RoleReasonOut(Shape):
    """What one of the user's roles has to say about the row.

    `concerns` is false for a role none of whose permissions is about such rows; `permits` is about
    the permission asked for, null without one. `reach` says why its scope holds the row: `all`,
    `owner`, `department` or `shared`; null if it does not.
    """

    role: str
    enabled: bool
    scope: Scope
    concerns: bool
    permits: bool | None
    reach: str | None
    constraints: list[ConstraintOut]
    shows: bool


class ExplanationOut(Shape):
    """Whether a user may see a row, and do something with it, and why.

    `reason` is `superuser`, `inactive`, `no_role`, `tenant_wide` (such rows are everybody's),
    `role`, `constraint` (only a limit keeps it from her), `out_of_reach` or `no_permission`.
    """

    user: str
    object: str
    permission: str | None
    allowed: bool
    reason: str
    decided_by: str | None
    roles: list[RoleReasonOut]


class MenuEntryOut(Shape):
    key: str
    title: str
    url: str
    icon: str


class MenuOut(Shape):
    """Where the caller may go, in order."""

    results: list[MenuEntryOut]
