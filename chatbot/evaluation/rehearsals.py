"""A set asked of the model with given instructions: a few questions at once, kept as they come."""

import asyncio

from django.utils.translation import gettext_noop

from chatbot.assistant.answerer import Answer, Outcome
from chatbot.assistant.dialogue.rehearsal import rehearse
from chatbot.assistant.prompts.models import Prompt
from chatbot.assistant.prompts.selectors import built_in
from chatbot.assistant.providers.clients import close_clients
from chatbot.assistant.providers.endpoints import candidates
from chatbot.assistant.providers.parts import Lack, NoModel
from chatbot.assistant.threads import in_thread
from chatbot.evaluation import services, subjects
from chatbot.evaluation.measures import Question, Reply, Result
from chatbot.evaluation.models import EvaluationRun
from chatbot.evaluation.selectors import results_of
from chatbot.evaluation.trials import fingerprint
from chatbot.knowledge.models import Article

# Customers ask the same models meanwhile.
AT_ONCE = 3

# Kept in English, shown in the reader's language.
_LACKS = {
    Lack.NOT_CONFIGURED: gettext_noop("No model is connected."),
    Lack.EXHAUSTED: gettext_noop("This month's tokens are used up."),
    Lack.FAILED: gettext_noop("No model answered."),
    Lack.OVERTIME: gettext_noop("The model took too long."),
}
CHANGED = gettext_noop("The instructions or the models were changed meanwhile.")


class NotRehearsed(Exception):
    """The set could not be asked; says why, in English (selectors.told)."""


def evaluate(*, run: EvaluationRun) -> EvaluationRun:
    """Ask the run's set of the models, with its instructions; NotRehearsed."""
    prompt = run.prompt or built_in(run.tenant)
    models = candidates(run.tenant)
    if not models:
        raise NotRehearsed(_LACKS[Lack.NOT_CONFIGURED])
    if fingerprint(prompt) != run.fingerprint:
        raise NotRehearsed(CHANGED)
    try:
        results = asyncio.run(_asked(run, prompt, subjects.questions_of(run.question_set)))
    except NoModel as lack:
        raise NotRehearsed(_LACKS[lack.lack]) from lack
    return services.keep(run=run, results=results, model=models[0].model)


async def _asked(run: EvaluationRun, prompt: Prompt, questions: list[Question]) -> list[Result]:
    addresses = await in_thread(_addresses)
    done = results_of(run)  # by a process that was killed
    known = {each.question.key for each in done}
    left = [each for each in questions if each.key not in known]
    try:
        for start in range(0, len(left), AT_ONCE):
            part = left[start : start + AT_ONCE]
            replies = await asyncio.gather(*(_reply(prompt, each, addresses) for each in part))
            done += [Result(*pair) for pair in zip(part, replies, strict=True)]
            await in_thread(services.note_progress, run=run, results=done, total=len(questions))
    finally:
        await close_clients()
    return done


async def _reply(prompt: Prompt, question: Question, addresses: dict[int, str]) -> Reply:
    answer: Answer = await rehearse(prompt, question.text, question.language)
    if answer.outcome is not Outcome.ANSWERED:
        return Reply(())
    cited = [addresses.get(source.article_id, "") for source in answer.sources]
    first, *others = dict.fromkeys(cited or [""])
    return Reply(tuple(filter(None, cited)), first, also=tuple(others))


def _addresses() -> dict[int, str]:
    return dict(Article.objects.filter(published=True).values_list("pk", "slug"))
