"""What can be done with question sets and cases; inside the tenant's scope."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatbot.assistant.models import Run
from chatbot.conversations.models import AuthorKind, Message
from chatbot.evaluation.models import Case, QuestionSet
from chatbot.knowledge.models import Article
from chatbot.knowledge.words import language_of, wording
from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.audit.changes import stored_values_of, values_of
from chatplatform.kernel.errors import InvalidInput, PermissionRefused
from chatplatform.kernel.input_errors import field_error
from chatplatform.tenants.models import Tenant

COLLECTED = gettext_lazy("From conversations")
LONGEST = 500  # characters of a question


class NoQuestion(InvalidInput):
    code = "no_question"
    title = gettext_lazy("No customer's question belongs to this message.")
    hint = gettext_lazy("Choose what a customer wrote, or the assistant's answer to it.")


@transaction.atomic
def save_set(*, question_set: QuestionSet, actor: Actor = SYSTEM) -> QuestionSet:
    """Write a new set, or an old one anew."""
    known, before = question_set.pk is not None, stored_values_of(question_set)
    question_set.save()
    _record(question_set.tenant, actor, "questionset", question_set, known, before)
    return question_set


@transaction.atomic
def delete_set(*, question_set: QuestionSet, actor: Actor = SYSTEM) -> None:
    """Remove it with its cases and evaluations."""
    key, data = str(question_set.pk), {"name": question_set.name}
    tenant = question_set.tenant
    question_set.delete()
    audit.record(tenant=tenant, actor=actor, action="questionset.delete", target=key, data=data)


@transaction.atomic
def save_case(*, case: Case, actor: Actor = SYSTEM) -> Case:
    """Write a new case, or an old one anew; InvalidInput for a question that says nothing."""
    if not wording(case.question):
        raise InvalidInput(errors=[field_error("question", "text_blank")])
    known, before = case.pk is not None, stored_values_of(case)
    if not known:
        case.added_by = actor.label[:160]
    case.save()
    _record(case.tenant, actor, "case", case, known, before)
    return case


@transaction.atomic
def delete_case(*, case: Case, actor: Actor = SYSTEM) -> None:
    """Ask it no more."""
    key, data, tenant = str(case.pk), {"question": case.question}, case.tenant
    case.delete()
    audit.record(tenant=tenant, actor=actor, action="case.delete", target=key, data=data)


@transaction.atomic
def add_case_from_message(
    *,
    message: Message,
    by: User,
    expected: Article | None = None,
    question_set: QuestionSet | None = None,
) -> Case:
    """Make the question behind a message a case: a customer's message, or the AI's answer to it.

    It goes into the set, by default into one for what is collected. `expected` is the article that
    should have answered; None: nothing should. The same question again changes what is expected.
    PermissionRefused, NoQuestion.
    """
    if not by.has_perm("evaluation.collect_case"):
        raise PermissionRefused(_("You may not add cases."))
    asked = _asked(message)
    actor = Actor("user", str(by.pk), by.get_username())
    chosen = question_set or _collected(message.tenant, actor)
    text = " ".join(asked.text.split())[:LONGEST]
    case = Case.objects.filter(question_set=chosen, question=text).first() or Case(
        tenant=message.tenant, question_set=chosen, question=text
    )
    case.language = language_of(text, fallback=asked.conversation.language)
    case.expected, case.message, case.origin = expected, asked, Case.Origin.MESSAGE
    return save_case(case=case, actor=actor)


def _asked(message: Message) -> Message:
    """The customer's message that a message is, or answers."""
    if message.author_kind == AuthorKind.CUSTOMER:
        asked = message
    else:
        run = Run.objects.select_related("trigger").filter(answer=message).first()
        if run is None:
            raise NoQuestion
        asked = run.trigger
    if not wording(asked.text):
        raise NoQuestion
    return asked


def _collected(tenant: Tenant, actor: Actor) -> QuestionSet:
    name = str(COLLECTED)
    found: QuestionSet | None = QuestionSet.objects.filter(tenant=tenant, name=name).first()
    return found or save_set(question_set=QuestionSet(tenant=tenant, name=name), actor=actor)


def _record(
    tenant: Tenant, actor: Actor, what: str, row: Any, known: bool, before: dict[str, Any]
) -> None:
    audit.record(
        tenant=tenant,
        actor=actor,
        action=f"{what}.change" if known else f"{what}.create",
        target=row,
        before=before,
        after=values_of(row),
    )
