"""What the API says about a company's organisation, and what it reads."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chatplatform.kernel.http import FilledText, Input, Text
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Department, Tenant
from chatplatform.tenants.usage import Usage

Name = Annotated[FilledText, Field(max_length=80)]
Code = Annotated[Text, Field(min_length=1, max_length=16)]
Username = Annotated[Text, Field(min_length=1, max_length=150)]


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LeaderOut(Shape):
    id: int
    username: str
    name: str


class DepartmentOut(Shape):
    """A department; `level` counts from 1, `parent` is a code, `members` how many belong to it."""

    code: str
    name: str
    level: int
    parent: str | None
    leader: LeaderOut | None
    active: bool
    members: int


class DepartmentNodeOut(DepartmentOut):
    """A department with all below it."""

    children: list["DepartmentNodeOut"]


class DepartmentsOut(Shape):
    """The roots; for who sees a part of the tree, the highest she sees."""

    results: list[DepartmentNodeOut]


class PositionOut(Shape):
    code: str
    name: str
    rank: int


class PositionsOut(Shape):
    """The lowest rank first."""

    results: list[PositionOut]


class PlanOut(Shape):
    code: str
    name: str


class MetricOut(Shape):
    """`used` and `limit` in the metric's unit; no limit is null, and so is `used` of a rate.

    `period` is the month "2026-11" (UTC) of what is limited a month, else "".
    """

    metric: Metric
    used: int | None
    limit: int | None
    period: str
    exhausted_at: datetime | None


class UsageOut(Shape):
    """What the company may use and has used."""

    plan: PlanOut | None
    expires_at: datetime | None
    metrics: list[MetricOut]


class DepartmentBody(Input):
    """`parent` is a department's code, `leader` a user name; both may be null."""

    name: Name
    parent: Code | None = None
    leader: Username | None = None


class DepartmentChanges(Input):
    """What is absent stays; `leader` null: nobody."""

    name: Name | None = None
    leader: Username | None = None
    active: bool | None = None


class MoveBody(Input):
    """The code of the department to hang it under; null: none."""

    parent: Code | None


def department_out(department: Department) -> DepartmentOut:
    """From a row of `visible_departments`."""
    leader = department.leader
    return DepartmentOut(
        code=department.code,
        name=department.name,
        level=department.level,
        parent=department.parent.code if department.parent else None,
        leader=LeaderOut(id=leader.pk, username=leader.username, name=leader.public_name)
        if leader
        else None,
        active=department.active,
        members=department.member_count,  # type: ignore[attr-defined]  # annotated there
    )


def tree_out(departments: list[Department]) -> DepartmentsOut:
    """The rows as a tree, siblings in their order."""
    nodes = {
        row.pk: DepartmentNodeOut(**department_out(row).model_dump(), children=[])
        for row in departments
    }
    roots: list[DepartmentNodeOut] = []
    for row in departments:
        above = nodes.get(row.parent_id) if row.parent_id else None
        (above.children if above else roots).append(nodes[row.pk])
    return DepartmentsOut(results=roots)


def usage_out(tenant: Tenant, usage: list[Usage]) -> UsageOut:
    """The tenant's contract and where it stands."""
    plan = PlanOut(code=tenant.plan.code, name=tenant.plan.name) if tenant.plan else None
    metrics = [
        MetricOut(
            metric=one.metric,
            used=one.used,
            limit=one.limit,
            period=one.period,
            exhausted_at=one.exhausted_at,
        )
        for one in usage
    ]
    return UsageOut(plan=plan, expires_at=tenant.expires_at, metrics=metrics)
