"""What is written when somebody tries to sign in. No password is, nor anything that may be one."""

from django.http import HttpRequest

from chatplatform.accounts.models import User
from chatplatform.accounts.signing_in.login_lock import TooManyAttempts, seconds_locked
from chatplatform.accounts.signing_in.login_log import LoginLog, name_key, shown_name
from chatplatform.kernel.requests import client_address
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant

Method, Reason = LoginLog.Method, LoginLog.Reason


def ensure_unlocked(request: HttpRequest, *, username: str, method: str = Method.PASSWORD) -> None:
    """Raise TooManyAttempts, and note the attempt, while this name is locked at this address."""
    seconds = seconds_locked(username=username, address=client_address(request))
    if seconds:
        note_failure(request, username=username, reason=Reason.LOCKED, method=method)
        raise TooManyAttempts(seconds)


def note_failure(
    request: HttpRequest,
    *,
    username: str,
    reason: str,
    method: str = Method.PASSWORD,
    user: User | None = None,
) -> None:
    """Somebody did not get in; `user` if it is known whose name that is."""
    user = user or User.objects.select_related("tenant").filter(username__iexact=username).first()
    _write(request, user=user, username=username, ok=False, reason=reason, method=method)


def note_unknown_failure(request: HttpRequest, *, tenant: Tenant | None) -> None:
    """A company's provider vouched for nobody."""
    _write(
        request,
        tenant=tenant,
        ok=False,
        reason=Reason.REFUSED,
        method=Method.SINGLE_SIGN_ON,
    )


def note_success(request: HttpRequest, *, user: User, method: str) -> None:
    """Somebody is in: the wrong attempts before are forgiven."""
    _write(request, user=user, username=user.username, ok=True, method=method)


def _write(
    request: HttpRequest,
    *,
    ok: bool,
    method: str,
    reason: str = "",
    user: User | None = None,
    username: str = "",
    tenant: Tenant | None = None,
) -> None:
    address = client_address(request)
    with all_tenants():  # whose attempt it was is what the row says
        LoginLog.objects.create(
            tenant=user.tenant if user else tenant,
            user=user,
            username=shown_name(username, known=user is not None),
            name_key=name_key(username, address),
            ok=ok,
            reason=reason,
            method=method,
            address=address,
            user_agent=request.headers.get("User-Agent", "").replace("\0", "")[:200],
        )
