"""Refuses to publish what would lose right answers, where the tenant wants that."""

import json
from collections.abc import Sequence
from functools import partial
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatbot.assistant.prompts.guards import PublishingRefused
from chatbot.assistant.prompts.models import Prompt
from chatbot.evaluation import measures, subjects
from chatbot.evaluation.measures import Question, Result
from chatbot.evaluation.models import QuestionSet
from chatbot.evaluation.runtime_settings import EvaluationSettings
from chatbot.evaluation.subjects import Subject
from chatbot.evaluation.trials import OBJECTIONS, Hearing, Standing, trial_of
from chatbot.evaluation.ways import as_searched
from chatbot.knowledge.index import passages
from chatbot.knowledge.models import Passage
from chatbot.knowledge.publication import Doubt
from chatplatform.configuration.selectors import current
from chatplatform.kernel.errors import Conflict
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

NAMED = 5  # questions in the refusal's sentence; `lost` holds all


class QualityDropped(Conflict):
    code = "quality_dropped"
    title = gettext_lazy("Publishing this would lose right answers.")
    hint = gettext_lazy("Mend the article, or the case if it is no longer right.")


def before_publication(tenant: Tenant) -> Doubt | None:
    """Inside the transaction that publishes: the knowledge as it would be, to be compared with the
    one that is."""
    if not current(EvaluationSettings, tenant).guards_publishing:
        return None
    with tenant_scope(tenant):
        if not QuestionSet.objects.filter(guards=True, cases__isnull=False).exists():
            return None
        rows = passages()
    return Doubt(_key(rows), partial(compare, tenant, rows))


def compare(tenant: Tenant, rows: Sequence[Passage]) -> None:
    """QualityDropped, naming the questions, if one that is answered rightly from what is published
    would not be any more from these passages."""
    with tenant_scope(tenant):
        sets = QuestionSet.objects.filter(guards=True)
        questions = [each for chosen in sets for each in subjects.questions_of(chosen)]
        before = _asked(subjects.knowledge_of(tenant), questions)
        now = _asked(subjects.knowledge_with(tenant, rows), questions)
    if lost := measures.lost(before, now):
        raise QualityDropped(_named(lost), lost=[question.text for question in lost])


def before_instructions(prompt: Prompt) -> None:
    """PublishingRefused unless the draft was evaluated as it stands, and nothing dropped."""
    if not current(EvaluationSettings, prompt.tenant).guards_instructions:
        return
    trial = trial_of(prompt)
    if trial.standing not in OBJECTIONS:
        return
    said = [str(trial.standing.label)]
    if trial.standing is Standing.MISSING:
        said.append(_("Press “Evaluate this draft” first."))
    said += [_dropped(each) for each in trial.hearings if each.standing is Standing.DROPPED]
    raise PublishingRefused(" ".join(said))


def _asked(subject: Subject, questions: Sequence[Question]) -> list[Result]:
    return measures.ask(as_searched(subject.catalogue, subject.embed), questions)


def _named(lost: Sequence[Question]) -> str:
    named = "; ".join(f"“{question.text}”" for question in lost[:NAMED])
    more = len(lost) - NAMED
    tail = _(" and %(count)d more") % {"count": more} if more > 0 else ""
    return _("No longer answered rightly: %(questions)s.") % {"questions": named + tail}


def _dropped(hearing: Hearing) -> str:
    """Its numbers; none of a kind of question that it has not."""
    found = hearing.comparison
    assert found is not None and hearing.run is not None  # noqa: S101, PT018 - what dropped was compared
    right = _("right answers %(counts)s of %(all)d") % _counts(found.right, found.on_topic)
    refused = _("off-topic questions refused %(counts)s of %(all)d")
    said = [right] if found.on_topic else []
    said += [refused % _counts(found.refused, found.off_topic)] if found.off_topic else []
    number = _("evaluation #%(run)d") % {"run": hearing.run.pk}
    return f"{hearing.question_set}: {', '.join(said)} ({number})."


def _counts(pair: tuple[int, int], total: int) -> dict[str, object]:
    return {"counts": " → ".join(map(str, pair)), "all": total}


def _key(rows: Sequence[Passage]) -> str:
    said = [
        (article.slug, article.language, article.title, article.wordings, row.heading, words)
        for row, article, words in ((row, row.article, row.content_hash) for row in rows)
    ]
    return sha256(json.dumps(said).encode()).hexdigest()
