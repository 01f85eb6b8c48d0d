from typing import Any

from realtime import channels, publish
from realtime.events import Event
from workbench.copilot.drafts import Draft
from workbench.copilot.events import CopilotAnswer, CopilotDelta, DraftSource, Failure
from workbench.copilot.tasks import Job


def announce_delta(job: Job, *, position: int, text: str) -> None:
    """Show the agent a piece of the draft."""
    _tell(job, CopilotDelta(request=job.id, position=position, text=text))


def announce_draft(job: Job, draft: Draft) -> None:
    """Show the agent the whole draft."""
    sources = [DraftSource.model_validate(source, from_attributes=True) for source in draft.sources]
    _tell(job, _answer(job, text=draft.text, origin=draft.origin.value, sources=sources))


def announce_failure(job: Job, *, code: str, detail: str) -> None:
    """Tell the agent why there is no draft."""
    failure = Failure(code=code, detail=detail)
    _tell(job, _answer(job, text="", origin="", sources=[], error=failure))


def _answer(job: Job, **fields: Any) -> CopilotAnswer:
    return CopilotAnswer(request=job.id, task=job.task.value, **fields)


def _tell(job: Job, event: Event) -> None:
    own, log = channels.agent(job.agent), job.conversation.tenant.slug
    publish.event(event, to=[own], source="agent_workbench", log=log)
