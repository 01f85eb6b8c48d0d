import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatbot.evaluation.models import Case, EvaluationRun, QuestionSet
from chatbot.evaluation.services import queue_evaluation
from chatbot.evaluation.tests.factories import case, question_set
from chatbot.evaluation.worker import evaluate_pending
from chatbot.knowledge.tests.factories import write
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from tests.cast import person


@pytest.fixture
def boss(client: Client, tenant: Tenant) -> Client:
    user = person(tenant, "boss", role="administrator")
    user.is_staff = True
    user.save()
    client.force_login(user)
    return client


def test_sets_and_cases_are_written_in_admin(boss: Client, tenant: Tenant) -> None:
    article = write(tenant)
    inline = {"cases-TOTAL_FORMS": "0", "cases-INITIAL_FORMS": "0"}
    form = {"name": "Everyday", "description": "", "guards": "on", **inline}
    answer = boss.post("/admin/evaluation/questionset/add/", form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    with tenant_scope(tenant):
        among = QuestionSet.objects.get()
    form = {
        "question_set": str(among.pk),
        "question": "When does it come?",
        "language": "en",
        "expected": str(article.pk),
    }
    answer = boss.post("/admin/evaluation/case/add/", form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    with tenant_scope(tenant):
        made = Case.objects.get()
    assert (made.expected, made.added_by) == (article, "boss")
    page = boss.get(f"/admin/evaluation/questionset/{among.pk}/change/").content.decode()
    assert "When does it come?" in page


def test_a_set_leads_to_a_new_case_of_its_own(boss: Client, tenant: Tenant) -> None:
    among = question_set(tenant)
    page = boss.get(f"/admin/evaluation/questionset/{among.pk}/add-case/", follow=True)
    assert page.context["adminform"].form["question_set"].value() == str(among.pk)
    assert among.name in page.content.decode()


def test_a_set_is_evaluated_from_its_list(boss: Client, tenant: Tenant) -> None:
    among = question_set(tenant)
    case(among, "When?", write(tenant))
    body = {"action": "evaluate", "_selected_action": [among.pk]}
    boss.post("/admin/evaluation/questionset/", body)
    evaluate_pending()
    with tenant_scope(tenant):
        run = EvaluationRun.objects.get()
    page = boss.get(f"/admin/evaluation/evaluationrun/{run.pk}/change/").content.decode()
    assert "When?" in page
    assert "among three" in page


@pytest.mark.parametrize("table", ["questionset", "case", "evaluationrun"])
def test_lists_cost_the_same_for_one_and_for_twenty(
    boss: Client, tenant: Tenant, table: str
) -> None:
    article = write(tenant)

    def add(number: int) -> None:
        among = question_set(tenant, f"Set {number}")
        case(among, f"Question {number}", article)
        with tenant_scope(tenant):
            queue_evaluation(question_set=among)

    add(0)
    boss.get(f"/admin/evaluation/{table}/")
    with CaptureQueriesContext(connection) as one:
        assert boss.get(f"/admin/evaluation/{table}/").status_code == 200
    for number in range(1, 20):
        add(number)
    with CaptureQueriesContext(connection) as twenty:
        boss.get(f"/admin/evaluation/{table}/")
    assert len(twenty) == len(one)


def test_a_strangers_rows_are_not_there(boss: Client, other_tenant: Tenant) -> None:
    theirs = question_set(other_tenant, "Theirs")
    assert boss.get(f"/admin/evaluation/questionset/{theirs.pk}/change/").status_code == 404
    assert "Theirs" not in boss.get("/admin/evaluation/questionset/").content.decode()
