from django.db import transaction

from chatbot.assistant.prompts.models import Prompt
from chatbot.assistant.prompts.selectors import published_prompt
from chatbot.evaluation.models import EvaluationRun, QuestionSet
from chatbot.evaluation.trials import Standing, fingerprint, ground_of, trial_of
from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.tenants.models import Tenant


@transaction.atomic
def begin_trial(*, prompt: Prompt, actor: Actor) -> None:
    """Have every guarding set asked with these instructions and with those that hold, in the
    background. What waits or runs already is not begun again."""
    tenant = Tenant.objects.select_for_update().get(pk=prompt.tenant_id)  # two clicks are one
    held = published_prompt(tenant)
    for hearing in trial_of(prompt).hearings:
        if hearing.standing is Standing.RUNNING:
            continue
        baseline = _baseline(hearing.question_set, held, actor)
        _queue(hearing.question_set, prompt, actor, baseline)
    audit.record(tenant=tenant, actor=actor, action="prompt.evaluate", target=prompt)


def _baseline(question_set: QuestionSet, held: Prompt, actor: Actor) -> EvaluationRun:
    """What holds, asked of the same ground: one that was or is being asked will do."""
    usable = EvaluationRun.objects.exclude(status=EvaluationRun.Status.FAILED).filter(
        question_set=question_set, fingerprint=fingerprint(held), ground=ground_of(question_set)
    )
    found: EvaluationRun | None = usable.order_by("-pk").first()
    return found or _queue(question_set, held, actor)


def _queue(
    question_set: QuestionSet, prompt: Prompt, actor: Actor, baseline: EvaluationRun | None = None
) -> EvaluationRun:
    run: EvaluationRun = EvaluationRun.objects.create(
        tenant=question_set.tenant,
        question_set=question_set,
        started_by=actor.label[:160],
        prompt=prompt if prompt.pk else None,
        fingerprint=fingerprint(prompt),
        ground=ground_of(question_set),
        baseline=baseline,
    )
    return run
