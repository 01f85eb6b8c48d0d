"""The pages of people. Whatever is done there is one call of a service."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_stubs_ext import StrOrPromise

from chatplatform.accounts.models import User
from chatplatform.kernel.errors import ApplicationError, InvalidInput, NotFound
from realtime import log
from workbench.desk.doors import tenant_of
from workbench.desk.menu import menu_of
from workbench.desk.selectors import counts
from workbench.people import services
from workbench.people.access import access_person
from workbench.people.doors import readers_only
from workbench.people.forms import InviteForm, PlaceForm, RolesForm
from workbench.people.listing import Listing
from workbench.people.rank import refusal_to_manage
from workbench.people.selectors import person_of

PAGES = "workbench/people"


@require_safe
@never_cache
@readers_only
def people(request: HttpRequest, reader: User) -> HttpResponse:
    """The list: a page, and for scripts the table alone."""
    frame = {} if _is_fragment(request) else _frame(reader)  # its position before the state
    context = {**frame, "listing": Listing.asked_for(reader, request.GET)}
    return render(request, f"{PAGES}/{'table' if _is_fragment(request) else 'list'}.html", context)


@require_safe
@never_cache
@readers_only
def person(request: HttpRequest, reader: User, username: str) -> HttpResponse:
    """One person: a page, and for scripts her head alone."""
    if _is_fragment(request):
        found = person_of(access_person(by=reader, username=username))
        return render(request, f"{PAGES}/person_head.html", {"person": found})
    return _person_page(request, reader, username)


@require_POST
@never_cache
@readers_only
def place(request: HttpRequest, by: User, username: str) -> HttpResponse:
    """Put her into another department or position."""

    def change(person: User) -> StrOrPromise:
        place = _chosen(PlaceForm(request.POST, by=by, person=person))
        services.change_person(person=person, by=by, **place)
        return _("Saved.")

    return _done(request, by, username, change)


@require_POST
@never_cache
@readers_only
def roles(request: HttpRequest, by: User, username: str) -> HttpResponse:
    """Give her exactly these of the roles that the caller may give."""

    def change(person: User) -> StrOrPromise:
        roles = _chosen(RolesForm(request.POST, by=by, person=person))["roles"]
        services.change_person(person=person, by=by, roles=list(roles))
        return _("Saved. It takes effect at once.")

    return _done(request, by, username, change)


@require_POST
@never_cache
@readers_only
def switch(request: HttpRequest, by: User, username: str) -> HttpResponse:
    """Switch her account on or off."""

    def change(person: User) -> StrOrPromise:
        active = request.POST.get("active") == "on"
        services.change_person(person=person, by=by, active=active)
        return _("The account is switched on.") if active else _("The account is switched off.")

    return _done(request, by, username, change)


@require_POST
@never_cache
@readers_only
def sign_out(request: HttpRequest, by: User, username: str) -> HttpResponse:
    """Sign her out everywhere."""

    def change(person: User) -> StrOrPromise:
        ended = services.sign_out(person=person, by=by)
        said = ngettext("Ended %(count)d session.", "Ended %(count)d sessions.", ended)
        return said % {"count": ended}

    return _done(request, by, username, change)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@readers_only
def invite(request: HttpRequest, by: User) -> HttpResponse:
    """Make an account; its first password is on the answer, and nowhere else."""
    form = InviteForm(request.POST or None, by=by)
    roles = RolesForm(request.POST or None, by=by)
    status = 200
    if form.is_bound and form.is_valid() and roles.is_valid():
        try:
            made = services.invite(
                by=by, roles=list(roles.cleaned_data["roles"]), **form.cleaned_data
            )
        except ApplicationError as error:
            _explain(form, error)
            status = error.status
        else:
            return render(request, f"{PAGES}/invited.html", {**_frame(by), "invited": made})
    context = {**_frame(by), "form": form, "roles_form": roles}
    return render(request, f"{PAGES}/invite.html", context, status=status)


def _done(
    request: HttpRequest, by: User, username: str, change: Callable[[User], StrOrPromise]
) -> HttpResponse:
    """Back to her page with a word of what was done, or the page with what stood against it."""
    found = access_person(by=by, username=username)
    try:
        messages.success(request, str(change(found)))
    except NotFound:
        raise
    except ApplicationError as error:
        return _person_page(request, by, username, error=error)
    return redirect("people:person", username=username)


def _chosen(form: forms.Form) -> dict[str, Any]:
    """What was chosen; whatever the lists do not offer is InvalidInput."""
    if not form.is_valid():
        raise InvalidInput(_("Choose from the lists."))
    return form.cleaned_data


def _person_page(
    request: HttpRequest, reader: User, username: str, error: ApplicationError | None = None
) -> HttpResponse:
    frame = _frame(reader)
    user = access_person(by=reader, username=username)
    refusal = refusal_to_manage(reader, user)
    found = person_of(user)
    context = {**frame, "person": found, "refusal": refusal, "error": error, "beyond": found.roles}
    if refusal is None:
        roles_form = RolesForm(by=reader, person=user)
        context |= {
            "place_form": PlaceForm(by=reader, person=user),
            "roles_form": roles_form,
            "beyond": [role for role in found.roles if role.pk not in roles_form.offered],
        }
    status = error.status if error else 200
    return render(request, f"{PAGES}/person.html", context, status=status)


def _frame(reader: User) -> dict[str, Any]:
    tenant = tenant_of(reader)
    return {
        "position": log.position(tenant.slug),
        "tenant": tenant,
        "counts": counts(reader),
        "here": "people",
        **menu_of(reader),
    }


def _explain(form: InviteForm, error: ApplicationError) -> None:
    for fault in error.extra.get("errors", ()):
        form.add_error(fault["field"] if fault["field"] in form.fields else None, fault["message"])
    if form.is_valid():
        form.add_error(None, str(error.detail))


def _is_fragment(request: HttpRequest) -> bool:
    # what htmx asks for to go back in the browser's history is a whole page
    asks = request.headers.get("HX-Request") == "true"
    return asks and "HX-History-Restore-Request" not in request.headers
