from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chatbot.conversations.models import Message
from chatbot.knowledge.models import Asking, OpenQuestion
from chatbot.knowledge.similarity import nearest, terms
from chatbot.knowledge.words import wording
from chatplatform.kernel.ids import hash_token

LONGEST = 500  # characters of a question that are kept
COMPARED = 500  # questions, those asked last
WORDS = 60  # of a question: the rest of a long story says little about what it asks


@transaction.atomic
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
