"""People for programs and for the console: who is there, where she stands, what she may do."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatbot.conversations.wire import Shape
from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.models import User
from chatplatform.accounts.presence.availability import choose_availability
from chatplatform.accounts.presence.models import Availability
from chatplatform.kernel.http import read_body, read_query
from chatplatform.kernel.pagination import CursorPages
from workbench.desk.doors import colleague_of
from workbench.people import selectors, services
from workbench.people.access import (
    access_person,
    department_for,
    position_for,
    roles_for,
)
from workbench.people.doors import reader_of
from workbench.people.selectors import Status, person_of
from workbench.people.shapes import (
    AvailabilityBody,
    AvailabilityOut,
    InviteBody,
    InvitedOut,
    PeopleOut,
    PeopleQuery,
    PersonChanges,
    PersonOut,
    SignedOutOut,
    person_out,
)

_TAGS = ["people"]


class PeopleView(AgentAPIView):
    @extend_schema(
        operation_id="list_people",
        parameters=[
            OpenApiParameter("search", str, description="Words of the name."),
            OpenApiParameter("department", str, description="A department's code, or `none`."),
            OpenApiParameter("status", str, enum=[each.value for each in Status]),
            OpenApiParameter("limit", int, description="People a page, 1 to 100."),
            OpenApiParameter("cursor", str, description="From `next` or `previous`."),
        ],
        responses=PeopleOut,
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """The people that the caller may see, by name."""
        reader = reader_of(_caller(request))
        pages = CursorPages()
        page = pages.paginate_queryset(_asked_for(request, reader), request, self) or []
        return _answer(
            PeopleOut(
                results=[person_out(person_of(user)) for user in page],
                next=pages.get_next_link(),
                previous=pages.get_previous_link(),
            )
        )

    @extend_schema(
        operation_id="invite_person",
        request=InviteBody,
        responses={201: InvitedOut},
        tags=_TAGS,
    )
    def post(self, request: Request) -> Response:
        """Make an account; the `password` in the answer is shown only here."""
        by = reader_of(_caller(request))
        body = read_body(request, InviteBody)
        invited = services.invite(
            by=by,
            username=body.username,
            display_name=body.display_name,
            department=department_for(by, body.department) if body.department else None,
            position=position_for(by, body.position) if body.position else None,
            roles=roles_for(by, body.roles),
        )
        person = person_out(person_of(access_person(by=by, username=invited.person.username)))
        answer = _answer(InvitedOut(**dict(person), password=invited.password), status=201)
        answer["Cache-Control"] = "no-store"
        return answer


class PersonView(AgentAPIView):
    @extend_schema(operation_id="get_person", responses=PersonOut, tags=_TAGS)
    def get(self, request: Request, username: str) -> Response:
        """One person."""
        return _answer(person_out(person_of(_person(request, username))))

    @extend_schema(
        operation_id="change_person", request=PersonChanges, responses=PersonOut, tags=_TAGS
    )
    def patch(self, request: Request, username: str) -> Response:
        """Change place, roles or account; 403 for who may do more than the caller, or is she."""
        by, person = _caller(request), _person(request, username)
        given = read_body(request, PersonChanges).model_dump(exclude_unset=True)
        services.change_person(person=person, by=by, **_changes(by, given))
        return _answer(person_out(person_of(_person(request, username))))


class PersonSessionsView(AgentAPIView):
    @extend_schema(operation_id="sign_person_out", responses=SignedOutOut, tags=_TAGS)
    def delete(self, request: Request, username: str) -> Response:
        """Sign somebody out everywhere: her tokens, streams and sockets end as well."""
        person = _person(request, username)
        ended = services.sign_out(person=person, by=_caller(request))
        return _answer(SignedOutOut(sessions=ended))


class AvailabilityView(AgentAPIView):
    people_only = True

    @extend_schema(
        operation_id="choose_availability",
        request=AvailabilityBody,
        responses=AvailabilityOut,
        tags=["me"],
    )
    def put(self, request: Request) -> Response:
        """Say whether one takes work; who is away still sees the queue."""
        user = colleague_of(request.user)
        wanted = read_body(request, AvailabilityBody).availability
        choose_availability(user=user, availability=Availability(wanted))
        return _answer(AvailabilityOut(availability=wanted))


def _asked_for(request: Request, reader: User) -> QuerySet[User]:
    query = read_query(request, PeopleQuery)
    found = selectors.found_by(selectors.people(reader), query.search)
    if query.department:
        found = selectors.of_department(found, query.department)
    return selectors.with_status(found, Status(query.status)) if query.status else found


def _changes(by: User, given: dict[str, Any]) -> dict[str, Any]:
    changes = dict(given)
    if given.get("department") is not None:
        changes["department"] = department_for(by, given["department"])
    if given.get("position") is not None:
        changes["position"] = position_for(by, given["position"])
    if "roles" in given:
        changes["roles"] = roles_for(by, given["roles"])
    return changes


def _person(request: Request, username: str) -> User:
    return access_person(by=reader_of(_caller(request)), username=username)


def _caller(request: Request) -> User:
    return cast(User, request.user)


def _answer(shape: Shape, *, status: int = 200) -> Response:
    return Response(shape.model_dump(mode="json"), status=status)
