"""The company's departments, positions and usage for programs."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.models import User
from chatplatform.accounts.organisation import doors as organisation
from chatplatform.accounts.organisation.shapes import (
    DepartmentBody,
    DepartmentChanges,
    DepartmentOut,
    DepartmentsOut,
    MoveBody,
    PositionOut,
    PositionsOut,
    Shape,
    UsageOut,
    department_out,
    tree_out,
    usage_out,
)
from chatplatform.kernel.errors import PermissionRefused
from chatplatform.kernel.http import read_body
from chatplatform.tenants.usage import usage_of

_TAGS = ["organisation"]


class DepartmentsView(AgentAPIView):
    @extend_schema(operation_id="list_departments", responses=DepartmentsOut, tags=_TAGS)
    def get(self, request: Request) -> Response:
        """The departments the caller may see, as a tree."""
        return _answer(tree_out(list(organisation.visible_departments(_caller(request)))))

    @extend_schema(
        operation_id="create_department",
        request=DepartmentBody,
        responses={201: DepartmentOut},
        tags=_TAGS,
    )
    def post(self, request: Request) -> Response:
        """Add a department; its code is generated. 400 below the fifth level."""
        body = read_body(request, DepartmentBody)
        made = organisation.create_department(
            by=_caller(request), name=body.name, parent=body.parent, leader=body.leader
        )
        return _answer(department_out(made), status=201)


class DepartmentView(AgentAPIView):
    @extend_schema(
        operation_id="change_department",
        request=DepartmentChanges,
        responses=DepartmentOut,
        tags=_TAGS,
    )
    def patch(self, request: Request, code: str) -> Response:
        """Rename it, give it a leader, close it for new members or open it again."""
        given = read_body(request, DepartmentChanges).model_dump(exclude_unset=True)
        changes = {
            name: value for name, value in given.items() if value is not None or name == "leader"
        }
        changed = organisation.change_department(by=_caller(request), code=code, **changes)
        return _answer(department_out(changed))

    @extend_schema(operation_id="delete_department", responses={204: None}, tags=_TAGS)
    def delete(self, request: Request, code: str) -> Response:
        """Remove it; 409 while it has members or departments below it."""
        organisation.delete_department(by=_caller(request), code=code)
        return Response(status=204)


class MoveDepartmentView(AgentAPIView):
    @extend_schema(
        operation_id="move_department", request=MoveBody, responses=DepartmentOut, tags=_TAGS
    )
    def post(self, request: Request, code: str) -> Response:
        """Hang it, with all below it, under another one; 400 under itself or too deep."""
        parent = read_body(request, MoveBody).parent
        moved = organisation.move_department(by=_caller(request), code=code, parent=parent)
        return _answer(department_out(moved))


class PositionsView(AgentAPIView):
    @extend_schema(operation_id="list_positions", responses=PositionsOut, tags=_TAGS)
    def get(self, request: Request) -> Response:
        """The company's positions."""
        rows = organisation.visible_positions(_caller(request))
        found = [PositionOut(code=row.code, name=row.name, rank=row.rank) for row in rows]
        return _answer(PositionsOut(results=found))


class UsageView(AgentAPIView):
    @extend_schema(operation_id="get_usage", responses=UsageOut, tags=_TAGS)
    def get(self, request: Request) -> Response:
        """How far the company is with what its plan allows."""
        user = _caller(request)
        if not user.has_perm("tenants.view_usagecounter"):
            raise PermissionRefused
        tenant = organisation.company_of(user)
        return _answer(usage_out(tenant, usage_of(tenant)))


def _caller(request: Request) -> User:
    return cast(User, request.user)


def _answer(shape: Shape, *, status: int = 200) -> Response:
    return Response(shape.model_dump(mode="json"), status=status)
