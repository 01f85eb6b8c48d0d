"""What agents ask of the copilot. Nothing is written to the database."""

from django.utils.translation import get_language

from chatbot.conversations.models import Conversation
from chatbot.conversations.transitions import StateConflict
from chatbot.knowledge.words import language_of
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.ids import public_id
from chatplatform.kernel.input_errors import field_error
from chatplatform.protection import throttling
from workbench.copilot.offers import check_offered
from workbench.copilot.tasks import FOR_A_REPLY, Job, Task, can_reply
from workbench.copilot.transcript import last_words, spoken
from workbench.copilot.worker import worker


def ask_copilot(
    *, conversation: Conversation, agent: User, task: Task, text: str = "", language: str = ""
) -> str:
    """Begin a task for the agent; the request's id, under which her tabs hear of it.

    `conversation` is one that she may see; `text` what she wrote, or what is to be translated;
    `language` what to write in, else the task's own choice. StateConflict for a reply where she
    can't send one, InvalidInput for an improvement of nothing, CopilotOff, NoModelConnected,
    CopilotBusy, TooManyRequests.
    """
    if task in FOR_A_REPLY and not can_reply(conversation, agent):
        raise StateConflict(conversation)
    if task is Task.IMPROVE and not text.strip():
        raise InvalidInput(errors=[field_error("text", "text_blank")])
    check_offered(conversation.tenant, task)
    throttling.spend(throttling.Rule.DRAFTS, agent.pk)
    job = Job(
        id=public_id(),
        task=task,
        agent=agent.pk,
        conversation=conversation,
        text=text.strip(),
        language=language or _language_for(task, conversation, text),
        reader=_reader(),
    )
    worker.start(job)
    return job.id


def stop_copilot(*, agent: User, request: str) -> bool:
    """Stop a request of the agent's, if this process works on it: elsewhere its time limit does."""
    return worker.stop(request, agent=agent.pk)


def _language_for(task: Task, conversation: Conversation, text: str) -> str:
    """The customer's for a draft that is to be translated, the agent's own for everything else."""
    if task is Task.TRANSLATE and text.strip():
        return language_of(last_words(spoken(conversation)), fallback=conversation.language)
    return _reader()


def _reader() -> str:
    return get_language() or "en"
