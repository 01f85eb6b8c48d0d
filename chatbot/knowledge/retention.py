"""How long imports and unanswered questions are kept."""

from chatbot.knowledge.models import Asking, ImportItem, ImportJob, ImportSource, OpenQuestion
from chatbot.knowledge.runtime_settings import KnowledgeSettings
from chatplatform.configuration.selectors import current
from chatplatform.kernel.retention import remove_old
from chatplatform.kernel.scoping import all_tenants


def remove_old_imports() -> int:
    """Remove imports that ended long ago with all they list; how many rows. Articles stay."""
    days = current(KnowledgeSettings).imports_kept_days
    with all_tenants():
        parts = (ImportItem.objects.all(), ImportSource.objects.all())  # a job may have thousands
        listed = sum(remove_old(rows, days=days, by="job__finished_at") for rows in parts)
        return listed + remove_old(ImportJob.objects.all(), days=days, by="finished_at")


def remove_old_questions() -> int:
    """Remove unanswered questions that nobody has asked for long, and old wordings; how many."""
    days = current(KnowledgeSettings).questions_kept_days
    with all_tenants():
        wordings = remove_old(Asking.objects.all(), days=days, by="asked_at")
        return wordings + remove_old(OpenQuestion.objects.all(), days=days, by="last_asked_at")
