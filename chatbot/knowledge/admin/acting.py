"""What the admin pages of this room share: who acts, and how a refusal is shown."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from chatbot.knowledge.services import publishing
from chatplatform.audit.actors import Actor
from chatplatform.kernel.errors import ApplicationError


def actor_of(request: HttpRequest) -> Actor:
    return Actor("user", str(request.user.pk), request.user.get_username())


def told(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do it in one transaction and say so, or say why it is refused; whether it was done."""
    try:
        publishing(act)()
    except ApplicationError as refusal:
        messages.error(request, str(refusal.detail))
        return False
    messages.success(request, done)
    return True


class RefusalsShown:
    """Mixin: what a service refuses is shown above the form, with everything as it was typed."""

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)  # type: ignore[misc]
        refusal = getattr(request, "refusal", None)

        def clean(self: Any) -> Any:
            if refusal is not None:
                self.add_error(None, str(refusal.detail))
            return form.clean(self)

        return type("Form", (form,), {"clean": clean})

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().changeform_view  # type: ignore[misc]
        if request.method == "POST":  # outside of the transaction in which the form is saved
            view = publishing(view)
        try:
            shown: HttpResponse = view(request, *args, **kwargs)
        except ApplicationError as refusal:  # the transaction is taken back
            request.refusal = refusal  # type: ignore[attr-defined]
            shown = super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        return shown

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """What an action is refused is said above the list."""
        shown: HttpResponse
        try:
            shown = super().changelist_view(request, extra_context)  # type: ignore[misc]
        except ApplicationError as refusal:
            messages.error(request, str(refusal.detail))
            shown = redirect(request.get_full_path())
        return shown
