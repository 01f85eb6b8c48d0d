"""Which tasks can be done now, by what, and why the others can't."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chatplatform.configuration.selectors import current
from chatplatform.kernel.errors import ApplicationError
from chatplatform.tenants.models import Tenant
from workbench.copilot import model
from workbench.copilot.drafts import Origin
from workbench.copilot.errors import CopilotOff
from workbench.copilot.runtime_settings import CopilotSettings
from workbench.copilot.tasks import Task


@dataclass(frozen=True)
class Offer:
    """A task; `origin` says what would do it, None that nothing can, and then `refusal` why."""

    task: Task
    origin: Origin | None
    refusal: ApplicationError | None = None

    @property
    def available(self) -> bool:
        return self.origin is not None

    @property
    def says(self) -> str:
        """What the task does here, or why it can't be done: a sentence for a button."""
        return str(self.refusal.detail) if self.refusal else _described(self.task, self.origin)


def offers(tenant: Tenant, tasks: Iterable[Task] = Task) -> list[Offer]:
    """The tasks in order, each done by a model if one is connected; a reply also by knowledge."""
    if not current(CopilotSettings, tenant).enabled:
        return [Offer(task, None, CopilotOff()) for task in tasks]
    refusal = model.refusal(tenant)
    if refusal is None:
        return [Offer(task, Origin.MODEL) for task in tasks]
    return [_without_model(task, refusal) for task in tasks]


def check_offered(tenant: Tenant, task: Task) -> None:
    """Raises why the task can't be done now, if it can't."""
    for offer in offers(tenant, [task]):
        if offer.refusal:
            raise offer.refusal


def _without_model(task: Task, refusal: ApplicationError) -> Offer:
    if task is Task.SUGGEST:
        return Offer(task, Origin.KNOWLEDGE)
    return Offer(task, None, refusal)


def _described(task: Task, origin: Origin | None) -> str:
    if task is Task.SUGGEST and origin is Origin.KNOWLEDGE:
        return _("Find what the knowledge says to the customer's last question")
    return {
        Task.SUGGEST: _("Draft a reply from the knowledge and the conversation"),
        Task.SUMMARISE: _("Sum up the conversation so far"),
        Task.TRANSLATE: _("Translate your draft, or the conversation if you wrote none"),
        Task.IMPROVE: _("Improve the wording of your draft"),
    }[task]
