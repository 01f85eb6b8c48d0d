from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from chatplatform.kernel.scoping import all_tenants, tenant_scope


class TenantScopeMiddleware:
    """Opens the signed-in user's tenant for the request; an operator without one sees all.

    Asks for the user only when a session cookie came, so that health checks touch no table.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key is None or not request.user.is_authenticated:
            return self.get_response(request)
        scope = tenant_scope(request.user.tenant) if request.user.tenant else self._unbound(request)
        if scope is None:
            return self.get_response(request)
        with scope:
            return self.get_response(request)

    def _unbound(self, request: HttpRequest):  # type: ignore[no-untyped-def]
        return all_tenants() if request.user.is_superuser else None
