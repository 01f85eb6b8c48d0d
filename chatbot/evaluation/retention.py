"""How long evaluations are kept."""

from django.db.models import Exists, OuterRef, Q

from chatbot.evaluation.models import EvaluationRun
from chatbot.evaluation.runtime_settings import EvaluationSettings
from chatplatform.configuration.selectors import current
from chatplatform.kernel.retention import remove_old
from chatplatform.kernel.scoping import all_tenants


def remove_old_evaluations() -> int:
    """Remove what is too old, but never a set's last result: it says how the set does."""
    with all_tenants():
        result = Q(status=EvaluationRun.Status.DONE, fingerprint="")  # of the knowledge, no trial
        later = EvaluationRun.objects.filter(
            result, question_set=OuterRef("question_set"), pk__gt=OuterRef("pk")
        )
        outdone = EvaluationRun.objects.filter(~result | Exists(later))
        return remove_old(outdone, days=current(EvaluationSettings).evaluations_kept_days)
