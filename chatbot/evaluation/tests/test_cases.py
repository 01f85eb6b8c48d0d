import pytest
from django.db.models import Q
from django.test import Client

from chatbot.assistant.answerer import Answer, Outcome
from chatbot.assistant.services import claim_runs, finish_run
from chatbot.conversations import authors
from chatbot.conversations.models import Message
from chatbot.conversations.services import OpenedSession, post_message
from chatbot.evaluation.models import Case, QuestionSet
from chatbot.evaluation.services import NoQuestion, add_case_from_message
from chatbot.evaluation.tests.factories import question_set
from chatbot.knowledge.tests.factories import write
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.errors import InvalidInput, PermissionRefused
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.roles.tests.factories import give, role
from chatplatform.tenants.models import Tenant
from tests.cast import person

PATH = "/api/v1/evaluation/cases"


@pytest.fixture
def quinn(tenant: Tenant) -> User:
    """Serves customers, as ben does; who serves may collect cases."""
    return person(tenant, "quinn")


@pytest.fixture
def answered(in_tenant: Tenant, ana: OpenedSession) -> Message:
    """What the AI answered to Ana's question."""
    post_message(
        conversation=ana.conversation, author=authors.customer(ana.customer), text=" Where  is it?"
    )
    (run,) = claim_runs(worker="w")
    message = finish_run(run=run, answer=Answer("Somewhere.", Outcome.ANSWERED))
    assert message
    return message


def test_a_bad_answer_becomes_a_case_of_the_question_behind_it(
    in_tenant: Tenant, answered: Message, quinn: User
) -> None:
    article = write(in_tenant)
    case = add_case_from_message(message=answered, by=quinn, expected=article)
    assert (case.question, case.expected, case.origin) == ("Where is it?", article, "message")
    assert (case.message, case.added_by, case.language) == (case.message, "quinn", "en")
    assert AuditEntry.objects.filter(action="case.create").count() == 1
    again = add_case_from_message(message=answered, by=quinn, expected=None)
    assert (again.pk, again.expected) == (case.pk, None)
    assert QuestionSet.objects.count() == 1


def test_who_may_not_collect_is_refused(tenant: Tenant, answered: Message) -> None:
    user = User.objects.create_user("nobody", tenant=tenant)
    give(user, role(tenant, Q(codename="serve_conversation")))
    with pytest.raises(PermissionRefused):
        add_case_from_message(message=answered, by=user)


def test_what_nobody_asked_is_no_case(in_tenant: Tenant, ana: OpenedSession, quinn: User) -> None:
    greeting = post_message(
        conversation=ana.conversation, author=authors.customer(ana.customer), text="?!"
    ).message
    with pytest.raises(NoQuestion):
        add_case_from_message(message=greeting, by=quinn)


def test_over_the_api(client: Client, tenant: Tenant, answered: Message, quinn: User) -> None:
    article = write(tenant)
    client.force_login(quinn)
    body = {"session": answered.conversation.name, "message": answered.pk, "article": article.slug}
    made = client.post(PATH, body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["question"] == "Where is it?"
    assert made.json()["article"] == article.slug


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"message": 999_999}, "unknown_message"),
        ({"session": "nobody"}, "unknown_session"),
        ({"article": "none"}, "unknown_article"),
        ({"set": 999_999}, "unknown_question_set"),
        ({"message": "1"}, "invalid_input"),
        ({"more": 1}, "invalid_input"),
    ],
)
def test_what_is_not_there_is_not_found(
    client: Client, answered: Message, quinn: User, change: dict[str, object], code: str
) -> None:
    client.force_login(quinn)
    body = {"session": answered.conversation.name, "message": answered.pk, **change}
    answer = client.post(PATH, body, content_type="application/json")
    assert answer.json()["code"] == code


def test_a_strangers_set_and_message_are_not_found(
    client: Client, answered: Message, quinn: User, other_tenant: Tenant, sam: User
) -> None:
    theirs = question_set(other_tenant)
    client.force_login(quinn)
    body = {"session": answered.conversation.name, "message": answered.pk, "set": theirs.pk}
    assert client.post(PATH, body, content_type="application/json").status_code == 404
    client.force_login(sam)
    body.pop("set")
    assert client.post(PATH, body, content_type="application/json").status_code == 404
    with tenant_scope(other_tenant):
        assert not Case.objects.exists()


def test_a_question_that_says_nothing_is_refused(in_tenant: Tenant) -> None:
    from chatbot.evaluation.tests.factories import case

    with pytest.raises(InvalidInput):
        case(question_set(in_tenant), "?!")
