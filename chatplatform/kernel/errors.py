"""What can go wrong, in the domain's words; rendered in one place (problems.py)."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


class ApplicationError(Exception):
    """An error a caller can act on.

    `code` is stable, snake_case and the class' own, `status` the HTTP status, `title` a short
    translated name, `hint` what the caller can do; `extra` members join the problem document.
    """

    code: ClassVar[str] = "application_error"
    status: ClassVar[int] = 400
    title: ClassVar[StrOrPromise] = _("The request could not be carried out.")
    hint: ClassVar[StrOrPromise] = ""

    def __init__(self, detail: StrOrPromise | None = None, **extra: Any) -> None:
        self.detail = detail if detail is not None else self.title
        self.extra = extra
        super().__init__(str(self.code))


class InvalidInput(ApplicationError):
    code = "invalid_input"
    status = 400
    title = _("The input is not right.")
    hint = _("`errors` names the fields and what is wrong with them.")


class NotAuthenticated(ApplicationError):
    code = "not_authenticated"
    status = 401
    title = _("Sign in first.")
    hint = _("Send a token that is still good, in the header `Authorization: Bearer`.")


class PermissionRefused(ApplicationError):
    code = "permission_refused"
    status = 403
    title = _("You may not do this.")
    hint = _("An administrator gives rights.")


class NotFound(ApplicationError):
    code = "not_found"
    status = 404
    title = _("There is no such thing.")
    hint = _("Check the address; what belongs to others can't be seen either.")


class Conflict(ApplicationError):
    code = "conflict"
    status = 409
    title = _("Someone was faster: things have changed.")
    hint = _("Fetch the present state and decide again.")


class TooLarge(ApplicationError):
    code = "too_large"
    status = 413
    title = _("That is too much at once.")
    hint = _("Send less at a time.")


class TooManyRequests(ApplicationError):
    """`retry_after`, in seconds, joins the problem document and the headers."""

    code = "too_many_requests"
    status = 429
    title = _("Too many requests: wait a little.")
    hint = _("Wait as many seconds as `Retry-After` says.")


class Unavailable(ApplicationError):
    code = "unavailable"
    status = 503
    title = _("We can't do this right now.")
    hint = _("Try again a little later.")
