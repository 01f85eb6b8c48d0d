"""Who may object before instructions are published: the evaluation registers here."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chatbot.assistant.prompts.models import Prompt
from chatplatform.kernel.errors import Conflict

Guard = Callable[[Prompt], None]
Panel = Callable[[HttpRequest, Prompt], SafeString]
_guards: dict[Guard, Panel | None] = {}


class PublishingRefused(Conflict):
    """`detail` says what would become worse."""

    code = "publishing_refused"
    title = _("This may not be published.")


def register(guard: Guard, panel: Panel | None = None) -> None:
    """Ask `guard` before every publication, inside its transaction; called from AppConfig.ready.

    It raises PublishingRefused to object. It must be quick: a look at a result that is there.
    `panel` is what it shows on the page of a version, in the tenant's scope.
    """
    _guards[guard] = panel


def ask_all(prompt: Prompt) -> None:
    """Raises PublishingRefused as soon as one objects."""
    for guard in _guards:
        guard(prompt)


def panels(request: HttpRequest, prompt: Prompt) -> list[SafeString]:
    """What the guards show of a version."""
    return [panel(request, prompt) for panel in _guards.values() if panel]
