"""Who may object before instructions are published: the evaluation registers here."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from chatbot.assistant.prompts.models import Prompt
from chatplatform.kernel.errors import Conflict

Guard = Callable[[Prompt], None]
_guards: list[Guard] = []


class PublishingRefused(Conflict):
    """`detail` says what would become worse."""

    code = "publishing_refused"
    title = _("This may not be published.")


def register(guard: Guard) -> None:
    """Ask `guard` before every publication, inside its transaction; called from AppConfig.ready.

    It raises PublishingRefused to object. It must be quick: a look at a result that is there.
    """
    if guard not in _guards:
        _guards.append(guard)


def ask_all(prompt: Prompt) -> None:
    """Raises PublishingRefused as soon as one objects."""
    for guard in _guards:
        guard(prompt)
