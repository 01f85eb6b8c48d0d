"""What comes in and goes out at `/api/v1/moderation`."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from chatbot.conversations.bodies import MessageText, Storable
from chatbot.conversations.wire import Shape
from chatbot.moderation.choices import Action, Speaker
from chatbot.moderation.drafts import Draft
from chatbot.moderation.models import LONGEST_PHRASE, LONGEST_WORD, Hit, SensitiveWord
from chatbot.moderation.services.originals import LONGEST_REASON
from chatplatform.kernel.http import Input

SpeakerName = Literal["customer", "agent", "ai"]
ActionName = Literal["block", "mask", "review", "alert"]
VerdictName = Literal["open", "confirmed", "false_alarm"]
Word = Annotated[str, Field(max_length=LONGEST_WORD), Storable]
Category = Annotated[str, Field(max_length=40), Storable]
Note = Annotated[str, Field(max_length=200), Storable]
Speakers = Annotated[list[SpeakerName], Field(min_length=1, max_length=3)]


class CheckBody(Input):
    """A text as somebody would say it."""

    text: MessageText
    speaker: SpeakerName = "customer"


class FindingOut(Shape):
    """A word at text[start:end]."""

    word: str
    category: str
    action: ActionName
    start: int
    end: int


class CheckOut(Shape):
    """`text` is what would be stored; `normalised` is the text as words are looked for in it."""

    text: str
    normalised: str
    blocked: bool
    topics: list[str]
    personal_data: list[Literal["phone", "identity_card", "bank_card"]]
    findings: list[FindingOut]


class WordBody(Input):
    """A word, and what follows when one of those in `applies_to` says it."""

    word: Word
    category: Category = "other"
    action: ActionName = "mask"
    applies_to: Speakers = ["customer", "agent", "ai"]
    enabled: bool = True
    note: Note = ""

    def draft(self) -> Draft:
        speakers = frozenset(map(Speaker, self.applies_to))
        action = Action(self.action)
        return Draft(self.word, self.category, action, speakers, self.enabled, self.note)


class WordChangeBody(Input):
    """What is left out stays as it is."""

    word: Word | None = None
    category: Category | None = None
    action: ActionName | None = None
    applies_to: Speakers | None = None
    enabled: bool | None = None
    note: Note | None = None


class WordOut(Shape):
    id: int
    word: str
    normalised: str
    category: str
    action: ActionName
    applies_to: list[SpeakerName]
    enabled: bool
    note: str
    updated_at: datetime


class WordsOut(Shape):
    """One page of words; `next` and `previous` are addresses, None at the ends."""

    results: list[WordOut]
    next: str | None
    previous: str | None


class WordsQuery(BaseModel):
    """How the words are narrowed; `q` is a part of one."""

    model_config = ConfigDict(extra="ignore", frozen=True)  # `limit` and `cursor` are the pages'

    q: Annotated[str, Field(max_length=LONGEST_WORD), Storable] = ""
    category: Annotated[str, Field(max_length=40), Storable] = ""
    action: ActionName | Literal[""] = ""


class HitsQuery(BaseModel):
    """How the hits are narrowed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    verdict: VerdictName | Literal[""] = ""
    action: ActionName | Literal[""] = ""
    category: Annotated[str, Field(max_length=40), Storable] = ""


class HitOut(Shape):
    """A word that was said; `message_id` is null if the text was not stored as a message."""

    id: int
    session_name: str
    message_id: int | None
    speaker: SpeakerName
    word: str
    category: str
    action: ActionName
    excerpt: str
    around: str
    verdict: VerdictName
    reviewer: str | None
    reviewed_at: datetime | None
    created_at: datetime


class HitsOut(Shape):
    """One page of hits, newest first; `next` and `previous` are addresses, None at the ends."""

    results: list[HitOut]
    next: str | None
    previous: str | None


class VerdictBody(Input):
    """With a false alarm, `phrase` is allowed from now on; null: the words around the hit."""

    verdict: Literal["confirmed", "false_alarm"]
    phrase: Annotated[str, Field(max_length=LONGEST_PHRASE), Storable] | None = None


class RevealBody(Input):
    """Why the original must be read; history keeps it."""

    reason: Annotated[str, Field(max_length=LONGEST_REASON), Storable]


class OriginalOut(Shape):
    message_id: int
    text: str


def word_out(word: SensitiveWord) -> WordOut:
    return WordOut.model_validate(
        {
            "id": word.pk,
            "word": word.word,
            "normalised": word.normal,
            "category": word.category,
            "action": word.action,
            "applies_to": [each.value for each in Speaker if each in word.speakers],
            "enabled": word.enabled,
            "note": word.note,
            "updated_at": word.updated_at,
        }
    )


def hit_out(hit: Hit) -> HitOut:
    same = ("message_id", "speaker", "word", "category", "action", "excerpt", "around", "verdict")
    return HitOut.model_validate(
        {
            "id": hit.pk,
            "session_name": hit.conversation.name,
            "reviewer": hit.reviewer.username if hit.reviewer else None,
            "reviewed_at": hit.reviewed_at,
            "created_at": hit.created_at,
            **{name: getattr(hit, name) for name in same},
        }
    )
