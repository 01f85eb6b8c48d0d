"""Runtime settings for programs; the pages for people are in the admin."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.models import User
from chatplatform.configuration import services
from chatplatform.configuration.registry import RuntimeSettings, group_named, groups, shown
from chatplatform.configuration.selectors import Entry, entries
from chatplatform.kernel.errors import InvalidInput, NotAuthenticated, PermissionRefused
from chatplatform.kernel.input_errors import body_error
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.selectors import UnknownTenant
from workbench.administration.answers import answer
from workbench.administration.shapes import GroupOut, GroupsOut, SettingOut, SettingsOut

_TAGS = ["administration"]
_TENANT = OpenApiParameter(
    "tenant", str, description="Whose: an operator names a tenant; without one, the installation's."
)


class SettingGroupsView(AgentAPIView):
    @extend_schema(operation_id="list_setting_groups", responses=GroupsOut, tags=_TAGS)
    def get(self, request: Request) -> Response:
        """The groups of runtime settings in which the caller may see something."""
        user = _reader(request)
        visible = [group for group in groups() if _keys(group, user.tenant)]
        return answer(GroupsOut(results=[GroupOut(**_head(group)) for group in visible]))


class SettingGroupView(AgentAPIView):
    @extend_schema(
        operation_id="get_settings", parameters=[_TENANT], responses=SettingsOut, tags=_TAGS
    )
    def get(self, request: Request, group: str) -> Response:
        """The settings of a group: what holds, and where it comes from."""
        tenant = _whose(request, _reader(request))
        return answer(_settings(group_named(group), tenant))

    @extend_schema(
        operation_id="change_settings",
        parameters=[_TENANT],
        request=OpenApiTypes.OBJECT,
        responses=SettingsOut,
        tags=_TAGS,
    )
    def patch(self, request: Request, group: str) -> Response:
        """Change some settings: `{key: value}`; null goes back to what holds without it."""
        user = _reader(request)
        tenant = _whose(request, user)
        if not isinstance(request.data, dict):
            raise InvalidInput(errors=[body_error("model_type")])
        found = group_named(group)
        services.change(group=found, values=request.data, by=user, tenant=tenant)
        return answer(_settings(found, tenant))


def _reader(request: Request) -> User:
    if not isinstance(request.user, User):
        raise NotAuthenticated
    rights = ("configuration.view_setting", "configuration.change_setting")
    if not any(request.user.has_perm(right) for right in rights):
        raise PermissionRefused
    return request.user


def _whose(request: Request, user: User) -> Tenant | None:
    """One's own company; an operator, who has none, may name one."""
    slug = request.query_params.get("tenant", "")
    if user.tenant is not None or not slug:
        return user.tenant
    found = None if "\0" in slug else Tenant.objects.filter(slug=slug).first()
    if found is None:
        raise UnknownTenant
    return found


def _keys(group: type[RuntimeSettings], tenant: Tenant | None) -> list[str]:
    return [key for key in group.model_fields if tenant is None or shown(group, key).by_tenant]


def _head(group: type[RuntimeSettings]) -> dict[str, str]:
    return {
        "name": group.name,
        "title": str(group.title),
        "description": str(group.description),
    }


def _settings(group: type[RuntimeSettings], tenant: Tenant | None) -> SettingsOut:
    visible = _keys(group, tenant)
    found = [entry for entry in entries(group, tenant) if entry.key in visible]
    limits = group.limits()
    return SettingsOut(
        **_head(group),
        tenant=tenant.slug if tenant else None,
        settings=[_setting(entry, limits[entry.key]) for entry in found],
    )


def _setting(entry: Entry, limits: dict[str, Any]) -> SettingOut:
    who, at = entry.changed or (None, None)
    return SettingOut(
        key=entry.key,
        title=str(entry.shown.title),
        description=str(entry.shown.description),
        by_tenant=entry.shown.by_tenant,
        limits=limits,
        value=entry.value,
        default=entry.default,
        installation=entry.installation.value if entry.installation else None,
        own=entry.own.value if entry.own else None,
        changed_by=who,
        changed_at=at,
    )
