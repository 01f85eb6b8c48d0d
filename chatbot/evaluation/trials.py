"""Instructions on trial: the sets that guard publishing, asked with them and with what holds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Count
from django.db.models.enums import TextChoices
from django.utils.translation import gettext_lazy as _

from chatbot.assistant.prompts.models import Prompt
from chatbot.assistant.prompts.selectors import instructions_in, published_prompt
from chatbot.assistant.providers.endpoints import candidates
from chatbot.evaluation import measures
from chatbot.evaluation.measures import Comparison
from chatbot.evaluation.models import Case, EvaluationRun, QuestionSet
from chatbot.evaluation.selectors import results_of, told
from chatbot.knowledge.models import Edition
from chatplatform.tenants.models import Tenant

_PENDING = (EvaluationRun.Status.QUEUED, EvaluationRun.Status.RUNNING)


class Standing(TextChoices):
    """What is known of a draft; the first that holds for one of its sets holds for all."""

    RUNNING = "running", _("It is being evaluated.")
    MISSING = "missing", _("It has not been evaluated as it stands now.")
    FAILED = "failed", _("Its evaluation failed.")
    DROPPED = "dropped", _("It would answer less well than what holds now.")
    PASSED = "passed", _("It answers no less well than what holds now.")
    # Nothing to be asked:
    SAME = "same", _("It says the same as what holds now.")
    NO_MODEL = "no_model", _("No model is connected: instructions change nothing.")
    NO_QUESTIONS = "no_questions", _("No question set with questions guards publishing.")


OBJECTIONS = (Standing.RUNNING, Standing.MISSING, Standing.FAILED, Standing.DROPPED)


@dataclass(frozen=True)
class Hearing:
    """One set of so many `questions`; `run` is the last that was compared with what holds now."""

    question_set: QuestionSet
    questions: int
    run: EvaluationRun | None

    @property
    def standing(self) -> Standing:
        if self.run is None or self.run.baseline is None:
            return Standing.MISSING
        states = {self.run.status, self.run.baseline.status}
        if EvaluationRun.Status.FAILED in states:
            return Standing.FAILED
        if not states.isdisjoint(_PENDING):
            return Standing.RUNNING
        compared = self.comparison
        return Standing.DROPPED if compared and compared.has_dropped else Standing.PASSED

    @property
    def comparison(self) -> Comparison | None:
        """None until both have been asked."""
        if self.run is None or self.run.baseline is None:
            return None
        pair = (self.run.baseline, self.run)
        if any(each.status != EvaluationRun.Status.DONE for each in pair):
            return None
        return measures.compare(*map(results_of, pair))

    @property
    def answers(self) -> int:
        """How many a model has to give: each question with what holds and with this."""
        return 2 * self.questions

    @property
    def asked(self) -> int:
        """How many of them are there."""
        return sum(each.asked for each in self._runs())

    @property
    def told(self) -> str:
        """Why it failed, in the reader's language."""
        return next((told(each.error) for each in self._runs() if each.error), "")

    def _runs(self) -> tuple[EvaluationRun, ...]:
        return tuple(each for each in (self.run, self.run and self.run.baseline) if each)


@dataclass(frozen=True)
class Trial:
    """How a draft does."""

    standing: Standing
    hearings: tuple[Hearing, ...] = ()

    @property
    def answers(self) -> int:
        """How many a model has to give at most."""
        return sum(each.answers for each in self.hearings)


def trial_of(prompt: Prompt) -> Trial:
    """What is known of these instructions now; in the tenant's scope, a handful of queries."""
    tenant = prompt.tenant
    if not candidates(tenant):
        return Trial(Standing.NO_MODEL)
    draft, held = fingerprint(prompt), fingerprint(published_prompt(tenant))
    if draft == held:
        return Trial(Standing.SAME)
    if not (sets := _guarding(tenant)):
        return Trial(Standing.NO_QUESTIONS)
    found = EvaluationRun.objects.filter(fingerprint=draft, baseline__fingerprint=held)
    last = {run.question_set_id: run for run in found.select_related("baseline").order_by("pk")}
    hearings = tuple(Hearing(each, count, last.get(each.pk)) for each, count in sets)
    standings = {each.standing for each in hearings}
    return Trial(next(each for each in Standing if each in standings), hearings)


def fingerprint(prompt: Prompt) -> str:
    """Names what would answer: the words, tone and language, and the models in their order."""
    said = [instructions_in(prompt, language).splitlines() for language in ("en", "zh-hans")]
    models = [(each.key, each.base_url, each.model) for each in candidates(prompt.tenant)]
    return _hash([said, prompt.tone, prompt.language, models])


def ground_of(question_set: QuestionSet) -> str:
    """Names what is asked, and of which knowledge."""
    cases = Case.objects.filter(question_set=question_set).order_by("pk")
    rows = list(cases.values_list("pk", "question", "language", "expected_id"))
    return _hash([rows, Edition.tokens([question_set.tenant_id])])


def _guarding(tenant: Tenant) -> Sequence[tuple[QuestionSet, int]]:
    sets = QuestionSet.objects.filter(tenant=tenant, guards=True).annotate(counted=Count("cases"))
    return [(each, each.counted) for each in sets if each.counted]


def _hash(value: object) -> str:
    return sha256(json.dumps(value).encode()).hexdigest()[:32]
