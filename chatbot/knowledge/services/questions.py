from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy

from chatbot.conversations.models import Message
from chatbot.knowledge.models import Article, Asking, OpenQuestion
from chatbot.knowledge.publication import publishing
from chatbot.knowledge.services.articles import Draft, draft_of, save_article
from chatbot.knowledge.similarity import nearest, terms
from chatbot.knowledge.words import wording
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.kernel.errors import Conflict, InvalidInput
from chatplatform.kernel.ids import hash_token
from chatplatform.kernel.input_errors import field_error

LONGEST = 500  # characters of a question that are kept
COMPARED = 500  # questions, those asked last
WORDS = 60  # of a question: the rest of a long story says little about what it asks
MOST_WORDINGS = 20  # that an article gets from a question


class QuestionSettled(Conflict):
    code = "question_settled"
    title = gettext_lazy("This question has an article already.")


@transaction.atomic(savepoint=False)
def note_unanswered(*, message: Message, language: str) -> OpenQuestion | None:
    """Keep what nobody could answer, with the questions that ask the same; None for "?!".

    Called in the transaction that says so, with the customer's message, whose text is masked.
    Noting a message again changes nothing.
    """
    if not wording(message.text) or Asking.objects.filter(message=message).exists():
        return None
    question = _question(message, language)
    Asking.objects.create(
        tenant_id=message.tenant_id,
        question=question,
        message=message,
        text=_clipped(message.text),
        asked_at=message.created_at,
    )
    _count(question)
    return question


def _question(message: Message, language: str) -> OpenQuestion:
    """The same wording's, dismissed or not; else the nearest of the recent ones; else a new one."""
    text = _clipped(message.text)
    key, wanted = hash_token(wording(text)), frozenset(sorted(terms(text))[:WORDS])
    alike = OpenQuestion.objects.filter(tenant_id=message.tenant_id, language=language)
    found: OpenQuestion | None = alike.filter(key=key).first()
    if found is None:
        recent = alike.order_by("-last_asked_at", "-pk")[:COMPARED]
        found = nearest(wanted, ((each, frozenset(each.terms.split())) for each in recent))
    if found is not None:
        return found
    made: OpenQuestion
    made, _ = alike.get_or_create(
        tenant_id=message.tenant_id,
        language=language,
        key=key,
        defaults={
            "text": text,
            "terms": " ".join(sorted(wanted)),
            "first_asked_at": message.created_at,
        },
    )
    return made


def _count(question: OpenQuestion) -> None:
    """One more; what an article should have answered is open again."""
    row = OpenQuestion.objects.filter(pk=question.pk)
    row.update(times=F("times") + 1, last_asked_at=timezone.now())
    row.filter(state=OpenQuestion.State.ANSWERED).update(state=OpenQuestion.State.OPEN)


def _clipped(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"


@transaction.atomic
def write_article_for(*, question: OpenQuestion, actor: Actor = SYSTEM) -> Article:
    """Begin an article that is to answer it: a draft with the question and its other wordings.

    The question counts as answered by it. QuestionSettled if another article does already.
    """
    _settle(question)
    draft = Draft(
        title=question.text[:200],
        language=question.language,
        body="",
        wordings=_wordings(question, besides=[question.text[:200]]),
        published=False,
    )
    article = save_article(tenant=question.tenant, draft=draft, actor=actor)
    _answered_by(question, article, "question.write", actor)
    return article


@publishing
def attach_question(*, question: OpenQuestion, article: Article, actor: Actor = SYSTEM) -> None:
    """Let an article be found by what was asked: its wordings become some of the article's."""
    if article.tenant_id != question.tenant_id:
        raise InvalidInput(errors=[field_error("article", "not_a_choice")])
    _settle(question)
    known = [article.title, *article.wordings.splitlines()]
    add_wordings(article=article, wordings=_wordings(question, besides=known), actor=actor)
    _answered_by(question, article, "question.attach", actor)


@publishing
def add_wordings(*, article: Article, wordings: Sequence[str], actor: Actor = SYSTEM) -> None:
    """Add other ways to ask for an article; those it has are kept once."""
    article = Article.objects.select_related("tenant", "translation_of").get(pk=article.pk)
    known = article.wordings.splitlines()
    added = (" ".join(each.split())[:LONGEST] for each in wordings)
    save_article(
        tenant=article.tenant,
        draft=replace(draft_of(article), wordings=tuple(dict.fromkeys([*known, *added]))),
        article=article,
        actor=actor,
    )


@transaction.atomic
def dismiss_question(*, question: OpenQuestion, actor: Actor = SYSTEM) -> None:
    """It needs no article, and stays out of the list however often it is asked."""
    _set_state(question, OpenQuestion.State.DISMISSED, "question.dismiss", actor)


@transaction.atomic
def reopen_question(*, question: OpenQuestion, actor: Actor = SYSTEM) -> None:
    """It needs an answer after all."""
    _set_state(question, OpenQuestion.State.OPEN, "question.reopen", actor)


def _wordings(question: OpenQuestion, *, besides: Sequence[str]) -> tuple[str, ...]:
    """How it was put, each wording once, the most recent ones."""
    asked = Asking.objects.filter(question=question).values_list("text", flat=True)
    found: dict[str, str] = {
        wording(text): text for text in [*asked[:MOST_WORDINGS], question.text]
    }
    for known in besides:
        found.pop(wording(known), None)
    return tuple(found.values())


def _settle(question: OpenQuestion) -> None:
    row = OpenQuestion.objects.filter(pk=question.pk).exclude(state=OpenQuestion.State.ANSWERED)
    if not row.update(state=OpenQuestion.State.ANSWERED):
        raise QuestionSettled


def _answered_by(question: OpenQuestion, article: Article, action: str, actor: Actor) -> None:
    OpenQuestion.objects.filter(pk=question.pk).update(article=article)
    data = {"question": question.text, "article": article.title}
    audit.record(
        tenant=question.tenant, actor=actor, action=action, target=str(question.pk), data=data
    )


def _set_state(question: OpenQuestion, state: str, action: str, actor: Actor) -> None:
    if OpenQuestion.objects.filter(pk=question.pk).exclude(state=state).update(state=state):
        data = {"question": question.text}
        audit.record(
            tenant=question.tenant, actor=actor, action=action, target=str(question.pk), data=data
        )
