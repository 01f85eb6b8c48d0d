"""What every page tells the browser not to do: its content security policy and its features."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponseBase

Directives = Mapping[str, str]

STRICT: Directives = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_RELAXED: dict[str, Directives] = {
    # The admin's theme runs on Alpine, which compiles the expressions of its attributes, and sets
    # styles on elements. Inline scripts stay forbidden.
    "/admin/": {
        "script-src": "'self' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
    },
    # Swagger UI draws with style attributes and data: images.
    "/api/docs/": {"style-src": "'self' 'unsafe-inline'", "img-src": "'self' data:"},
}
_CSP = "Content-Security-Policy"
_UNUSED_FEATURES = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope"),
    *("magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking"),
)
_FEATURES = ", ".join(f"{name}=()" for name in _UNUSED_FEATURES)


def content_policy(changes: Mapping[str, str | None] | None = None) -> str:
    """The strict policy with `changes`; None takes a directive away.

    A view that needs another policy than its address has sets the header itself.
    """
    directives = {**STRICT, **(changes or {})}
    return "; ".join(f"{name} {value}" for name, value in directives.items() if value)


_BY_PREFIX = {prefix: content_policy(changes) for prefix, changes in _RELAXED.items()}
_EVERYWHERE = content_policy()


class HeadersMiddleware:
    """Adds the headers that Django's SecurityMiddleware has no setting for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(_CSP, _policy_of(request.path_info))
        response.headers.setdefault("Permissions-Policy", _FEATURES)
        response.headers.setdefault("Cache-Control", "no-store")  # unless a view knows better
        return response


def _policy_of(path: str) -> str:
    for prefix, policy in _BY_PREFIX.items():
        if path.startswith(prefix):
            return policy
    return _EVERYWHERE
