"""`/api/v1/me`: who is calling, and where she is signed in."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatplatform.accounts.callers import sessions
from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.me.shapes import MeOut, SignInOut, SignInsOut, TenantOut
from chatplatform.accounts.models import User
from chatplatform.accounts.signing_in.second_factor import has_second_factor
from chatplatform.kernel.errors import PermissionRefused

_TAGS = ["me"]


class MeView(AgentAPIView):
    @extend_schema(operation_id="get_me", responses=MeOut, tags=_TAGS)
    def get(self, request: Request) -> Response:
        """Who is calling, for whom she works, and what she may do."""
        user = cast(User, request.user)
        tenant = TenantOut(slug=user.tenant.slug, name=user.tenant.name) if user.tenant else None
        me = MeOut(
            id=user.pk,
            username=user.username,
            display_name=user.public_name,
            language=user.language,
            tenant=tenant,
            has_second_factor=has_second_factor(user),
            permissions=sorted(user.get_all_permissions()),
        )
        return Response(me.model_dump(mode="json"))


class SignInsView(AgentAPIView):
    people_only = True

    @extend_schema(operation_id="list_my_sessions", responses=SignInsOut, tags=_TAGS)
    def get(self, request: Request) -> Response:
        """Where the caller is signed in, the latest first."""
        user = _person(request)
        here = sessions.session_key_of(request, request.auth)
        found = [
            SignInOut(
                id=one.id,
                address=one.address,
                user_agent=one.user_agent,
                since=one.since,
                is_current=one.key == here,
            )
            for one in sessions.sign_ins_of(user)
        ]
        return Response(SignInsOut(results=found).model_dump(mode="json"))


class SignInView(AgentAPIView):
    people_only = True

    @extend_schema(operation_id="end_my_session", responses={204: None}, tags=_TAGS)
    def delete(self, request: Request, id: int) -> Response:
        """Sign out there: its tokens, streams and sockets end as well."""
        user = _person(request)
        sessions.end_sign_in(user=user, id=id, by=user)
        return Response(status=204)


def _person(request: Request) -> User:
    """The caller herself; a key that acts for her has no business with her sessions."""
    user = cast(User, request.user)
    if getattr(user, "narrowed_to", None) is not None:
        raise PermissionRefused
    return user
