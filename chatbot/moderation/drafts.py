"""A word or a phrase as somebody enters it, whether in a form, by the API or in a file."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from chatbot.moderation.choices import Action, Speaker
from chatbot.moderation.matcher import needle
from chatbot.moderation.models import LONGEST_PHRASE, LONGEST_WORD, AllowedPhrase, SensitiveWord
from chatbot.moderation.normal_form import joins
from chatplatform.kernel.input_errors import FieldError, field_error


@dataclass(frozen=True)
class Draft:
    """What is entered; the rest is as it mostly is."""

    word: str
    category: str = "other"
    action: Action = Action.MASK
    speakers: frozenset[Speaker] = frozenset(Speaker)
    enabled: bool = True
    note: str = ""


def fill(word: SensitiveWord, draft: Draft) -> None:
    """Put what was entered into the row."""
    word.word = " ".join(draft.word.split())
    word.normal = needle(word.word)[0]
    word.category = " ".join(draft.category.split()).lower() or "other"
    word.action, word.enabled, word.note = draft.action, draft.enabled, draft.note.strip()
    word.for_customers = Speaker.CUSTOMER in draft.speakers
    word.for_agents = Speaker.AGENT in draft.speakers
    word.for_ai = Speaker.AI in draft.speakers


def faults_of(word: SensitiveWord) -> list[FieldError]:
    """What is wrong with a row, whatever else is on the list."""
    limits = {"word": LONGEST_WORD, "category": 40, "note": 200}
    faults = [
        field_error(field, "string_too_long", max_length=limit)
        for field, limit in limits.items()
        if len(getattr(word, field)) > limit
    ]
    if not word.word:
        faults.append(field_error("word", "text_blank"))
    elif not word.normal:
        faults.append(fault("word", "word_of_signs", _("It holds no letter and no digit.")))
    elif len(word.normal) > LONGEST_WORD:
        faults.append(field_error("word", "string_too_long", max_length=LONGEST_WORD))
    elif len(word.normal) == 1 and joins(word.normal):
        told = _("One letter or digit is too little: signs around it do not count.")
        faults.append(fault("word", "word_too_short", told))
    if not word.speakers:
        told = _("Choose at least one: customers, agents or the AI.")
        faults.append(fault("applies_to", "nobody", told))
    return faults


def all_faults_of(word: SensitiveWord) -> list[FieldError]:
    """What is wrong with a row, seen by itself and beside the others on the list; one query."""
    return [*faults_of(word), *_taken(word)]


def _taken(word: SensitiveWord) -> list[FieldError]:
    same = SensitiveWord.objects.filter(tenant=word.tenant, normal=word.normal)
    found = same.exclude(pk=word.pk).first()
    if found is None:
        return []
    told = _('"%(word)s" is on the list already and is found alike.') % {"word": found.word}
    return [fault("word", "word_known", told)]


def faults_of_phrase(phrase: AllowedPhrase) -> list[FieldError]:
    """What is wrong with a phrase; one query."""
    if not phrase.normal:
        return [field_error("phrase", "text_blank")]
    if max(len(phrase.phrase), len(phrase.normal)) > LONGEST_PHRASE:
        return [field_error("phrase", "string_too_long", max_length=LONGEST_PHRASE)]
    words = SensitiveWord.objects.filter(tenant=phrase.tenant, normal=phrase.normal)
    if words.exists():
        told = _("This is a sensitive word itself: switch it off in the list instead.")
        return [{"field": "phrase", "code": "is_a_word", "message": told}]
    return []


def fault(field: str, code: str, message: str) -> FieldError:
    """One fault that only words can have."""
    return {"field": field, "code": code, "message": message}
