"""What the pages here share: whose they are, and how they are put together."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from chatplatform.accounts.models import User
from chatplatform.audit.actors import Actor


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def actor(request: HttpRequest) -> Actor:
    """Who is signed in, in the words of history."""
    return Actor("user", str(request.user.pk), request.user.get_username())


def page(model_admin: Any, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    """A page of ours beside those that the admin makes by itself."""
    request.current_app = model_admin.admin_site.name
    site = model_admin.admin_site.each_context(request)
    context = {**site, "opts": model_admin.opts, "model_admin": model_admin, **context}
    return TemplateResponse(request, f"moderation/{name}.html", context)
