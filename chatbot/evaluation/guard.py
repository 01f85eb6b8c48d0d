"""Refuses to publish what would lose right answers, where the tenant wants that."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatbot.evaluation import measures, services, subjects
from chatbot.evaluation.measures import Question, Reply, Result
from chatbot.evaluation.models import EvaluationRun, QuestionSet
from chatbot.evaluation.runtime_settings import EvaluationSettings
from chatbot.evaluation.subjects import Subject
from chatbot.evaluation.ways import as_searched
from chatbot.knowledge.models import Article
from chatplatform.configuration.selectors import current
from chatplatform.kernel.errors import Conflict
from chatplatform.tenants.models import Tenant

NAMED = 5  # questions in the refusal's sentence; `lost` holds all


class QualityDropped(Conflict):
    code = "quality_dropped"
    title = gettext_lazy("Publishing this would lose right answers.")
    hint = gettext_lazy("Mend the article, or the case if it is no longer right.")


def before_publication(article: Article) -> None:
    """Called inside the transaction that publishes it: what the database says would hold."""
    check(tenant=article.tenant)


def check(*, tenant: Tenant) -> None:
    """Ask the sets that guard the tenant's publishing, with what its database holds right now.

    QualityDropped, naming the questions, if one that the set's last evaluation answered rightly is
    not any more; else this becomes its last evaluation.
    """
    if not current(EvaluationSettings, tenant).guards_publishing:
        return
    sets = list(QuestionSet.objects.filter(tenant=tenant, guards=True))
    if not sets:
        return
    subject = subjects.knowledge_of(tenant)
    asked = [(each, _asked(each, subject)) for each in sets]
    if lost := [question for each, now in asked for question in measures.lost(_before(each), now)]:
        raise _refusal(lost)
    for each, now in asked:
        run = EvaluationRun(tenant=tenant, question_set=each, started_by=str(_("publishing")))
        services.keep(run=run, results=now, model=subject.model)


def _asked(question_set: QuestionSet, subject: Subject) -> list[Result]:
    questions = subjects.questions_of(question_set)
    return measures.ask(as_searched(subject.catalogue, subject.embed), questions)


def _before(question_set: QuestionSet) -> list[Result]:
    """The set's last evaluation; nothing was right where there is none."""
    done = EvaluationRun.objects.filter(question_set=question_set, status=EvaluationRun.Status.DONE)
    rows = done.order_by("-pk").values_list("results", flat=True).first() or []
    return [
        Result(
            Question(row["question"], row["language"], row["expected"], key=row["case"]),
            Reply(tuple(row["found"]), row["answer"]),
        )
        for row in rows
    ]


def _refusal(lost: list[Question]) -> QualityDropped:
    named = "; ".join(f"“{question.text}”" for question in lost[:NAMED])
    more = len(lost) - NAMED
    tail = _(" and %(count)d more") % {"count": more} if more > 0 else ""
    detail = _("No longer answered rightly: %(questions)s.") % {"questions": named + tail}
    return QualityDropped(detail, lost=[question.text for question in lost])
