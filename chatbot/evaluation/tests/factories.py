from chatbot.evaluation.models import Case, QuestionSet
from chatbot.evaluation.services import save_case, save_set
from chatbot.knowledge.models import Article
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant


def question_set(tenant: Tenant, name: str = "Everyday") -> QuestionSet:
    with tenant_scope(tenant):
        return save_set(question_set=QuestionSet(tenant=tenant, name=name))


def case(
    among: QuestionSet, question: str, expected: Article | None = None, language: str = "en"
) -> Case:
    with tenant_scope(among.tenant):
        return save_case(
            case=Case(
                tenant=among.tenant,
                question_set=among,
                question=question,
                language=language,
                expected=expected,
            )
        )
