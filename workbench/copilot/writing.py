"""How a task is done: read what it needs, have a model write it, fall back to the knowledge."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from chatbot.assistant.prompts.rules import TONES
from chatbot.assistant.prompts.selectors import published_prompt
from chatbot.conversations.models import Message
from chatplatform.configuration.selectors import current
from chatplatform.kernel.errors import ApplicationError
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from realtime.threads import Threads
from workbench.copilot import model, prompts
from workbench.copilot.citations import readable_so_far
from workbench.copilot.drafts import Draft, Findings, find, knowledge_draft, model_draft
from workbench.copilot.errors import NothingKnown
from workbench.copilot.prompts import House, Prompt
from workbench.copilot.runtime_settings import CopilotSettings
from workbench.copilot.tasks import Job, Task
from workbench.copilot.transcript import last_question, spoken, transcript

# Its own: a search may ask a remote service, and streams must not wait behind it.
in_thread = Threads(4, "copilot").run
Show = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Material:
    """What a job begins with; `prompt` is None where no model is to be asked."""

    prompt: Prompt | None
    findings: Findings = field(default_factory=Findings)


async def write(job: Job, show: Show) -> Draft:
    """Do the job, showing the text so far as it grows.

    A reply that no model gives is made of knowledge. Raises NothingKnown, or what `model.written`
    does.
    """
    tenant = job.conversation.tenant
    material = await in_thread(gather, job)
    if material.prompt is None:
        return _from_knowledge(material, tenant, NothingKnown())
    try:
        text = await _by_model(job, material.prompt, show)
    except ApplicationError as error:
        return _from_knowledge(material, tenant, error)
    return model_draft(text, material.findings, tenant)


def gather(job: Job) -> Material:
    """Read the conversation and the knowledge, and lay out the prompt."""
    tenant = job.conversation.tenant
    with tenant_scope(tenant), translation.override(job.reader):
        if job.task is not Task.SUGGEST:
            return Material(_prompt(job))
        said = spoken(job.conversation)
        findings = _findings(job, said)
        if model.refusal(tenant):
            return Material(None, findings)
        thread = transcript(said)
        return Material(prompts.reply(_house(tenant), thread, findings.passages), findings)


def longest_writing() -> float:
    """Seconds that a model has; then the job is given up."""
    return current(CopilotSettings).longest_writing


def _findings(job: Job, said: list[Message]) -> Findings:
    conversation, known = job.conversation, {message.text for message in said}
    question, language = last_question(said), conversation.language
    return find(conversation.tenant, question, language=language, said=known)


def _house(tenant: Tenant) -> House:
    return House(tenant.name, TONES["en"][published_prompt(tenant).tone])


def _prompt(job: Job) -> Prompt:
    house = _house(job.conversation.tenant)
    if job.task is Task.IMPROVE:
        return prompts.improvement(house, job.text)
    if job.text:
        return prompts.translation(house, job.text, job.language)
    thread = transcript(spoken(job.conversation))
    if job.task is Task.SUMMARISE:
        return prompts.summary(house, thread, job.language)
    speakers = (_("Customer"), _("AI assistant"), _("Agent"))
    return prompts.thread_translation(house, thread, job.language, speakers)


async def _by_model(job: Job, prompt: Prompt, show: Show) -> str:
    text = ""
    asked = model.written(job.conversation.tenant, prompt, seconds=longest_writing())
    async with aclosing(asked) as pieces:
        async for text in pieces:
            await show(readable_so_far(text))
    return text


def _from_knowledge(material: Material, tenant: Tenant, error: ApplicationError) -> Draft:
    draft = knowledge_draft(material.findings, tenant)
    if draft is None:
        raise error
    return draft
