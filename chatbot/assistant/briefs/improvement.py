"""Has the model better a brief: in the background, once, and only if there is a model."""

import asyncio

import structlog

from chatbot.assistant.briefs import draft, services, waiting
from chatbot.assistant.briefs.story import Story, story_of
from chatbot.assistant.briefs.template import Content
from chatbot.assistant.models import HandoffBrief
from chatbot.assistant.providers import completion
from chatbot.assistant.providers.clients import close_clients
from chatbot.assistant.providers.parts import NoModel
from chatbot.assistant.providers.purposes import Purpose
from chatbot.assistant.threads import in_thread
from chatplatform.kernel.scoping import all_tenants

logger = structlog.get_logger(__name__)

SECONDS = 20.0  # for the model; an agent reads the template's meanwhile
MAX_TOKENS = 700


def work() -> None:
    """Better what is asked for, a few at once, for ever; a background job."""
    while True:
        briefs = waiting.next_few()
        asyncio.run(_improve_all(briefs))


async def improve(pk: int) -> bool:
    """One try; False, and the brief stays as it was, if nothing usable comes of it."""
    brief, story = await in_thread(_read, pk)
    if not await in_thread(completion.available, brief.tenant):
        return False
    try:
        reply = await completion.text(
            brief.tenant,
            draft.request_for(story, language=brief.language),
            purpose=Purpose.BRIEF,
            max_tokens=MAX_TOKENS,
            seconds=SECONDS,
        )
        content = draft.believed(reply, story, _content(brief))
    except (NoModel, draft.Unusable) as error:
        logger.info("brief_not_improved", brief=brief.pk, why=str(error))
        return False
    return await in_thread(services.improve_brief, brief=brief, content=content)


async def _improve_all(briefs: list[int]) -> None:
    try:
        done = await asyncio.gather(*map(improve, briefs), return_exceptions=True)
        for error in filter(lambda each: isinstance(each, Exception), done):
            logger.error("brief_not_improved", exc_info=error)
    finally:
        await close_clients()


def _read(pk: int) -> tuple[HandoffBrief, Story]:
    with all_tenants():
        rows = HandoffBrief.objects.select_related(
            "tenant__plan", "conversation__tenant", "conversation__customer"
        )
        brief: HandoffBrief = rows.get(pk=pk)
        return brief, story_of(brief.conversation)


def _content(brief: HandoffBrief) -> Content:
    return Content(**{name: getattr(brief, name) for name in Content.__dataclass_fields__})
