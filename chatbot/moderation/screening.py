"""What may be kept of a text, and what was found in it: asked before anything is stored."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatbot.moderation import personal_data
from chatbot.moderation.choices import HIDING, Action, Speaker
from chatbot.moderation.matcher import Match
from chatbot.moderation.models import LONGEST_PHRASE
from chatbot.moderation.personal_data import Kind, Number
from chatbot.moderation.redaction import Hidden, Redacted
from chatbot.moderation.runtime_settings import ModerationSettings
from chatbot.moderation.word_lists import matchers
from chatplatform.configuration.selectors import current
from chatplatform.kernel.errors import InvalidInput
from chatplatform.tenants.models import Tenant

__all__ = ["Finding", "Screening", "Speaker", "TextBlocked", "screen"]

EXCERPT = 60  # characters on each side of a word
# The next word in scripts with spaces; in others some characters.
_NEIGHBOUR = re.compile(r" ?[0-9A-Za-z'’\u00c0-\u0dff]+|[^\W_]{0,3}")


@dataclass(frozen=True)
class Finding:
    """A word at original[start:end]. `excerpt` is the text around it as it may be kept, `around`
    the phrase it stands in."""

    word: str
    category: str
    action: Action
    start: int
    end: int
    excerpt: str
    around: str


@dataclass(frozen=True)
class Screening:
    """`text` may be stored: words and numbers in it are hidden. The findings are words; `kinds`
    says which personal data was hidden besides."""

    original: str
    text: str
    findings: tuple[Finding, ...] = ()
    kinds: frozenset[Kind] = frozenset()

    @property
    def blocked(self) -> bool:
        """Whether it must not be said at all."""
        return any(each.action is Action.BLOCK for each in self.findings)

    @property
    def topics(self) -> frozenset[str]:
        """The categories of what was found."""
        return frozenset(each.category for each in self.findings)

    @property
    def hides(self) -> bool:
        """Whether `text` says less than the original."""
        return self.text != self.original

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to keep beside the text."""
        return not (self.findings or self.hides)

    def refuse_blocked(self, field: str = "text") -> None:
        """TextBlocked, which names the words, if it must not be said."""
        if self.blocked:
            raise TextBlocked(self, field)


class TextBlocked(InvalidInput):
    """`screening` is of the text that must not be said."""

    code = "text_blocked"
    title = gettext_lazy("This can't be said here.")
    hint = gettext_lazy("`errors` names the words; say it without them.")

    def __init__(self, screening: Screening, field: str = "text") -> None:
        self.screening = screening
        blocked = (each for each in screening.findings if each.action is Action.BLOCK)
        said = dict.fromkeys(screening.original[each.start : each.end] for each in blocked)
        message = _("Please leave this out: %(words)s") % {"words": ", ".join(said)}
        error: dict[str, Any] = {"field": field, "code": "blocked_words", "message": message}
        super().__init__(message, errors=[error])


def screen(tenant: Tenant, text: str, speaker: Speaker) -> Screening:
    """Look for the tenant's words and for personal data. No query, but for the first of a tenant
    in this process."""
    matches = matchers.latest(tenant).find(text, speaker)
    numbers = personal_data.find(text, current(ModerationSettings, tenant).hidden_kinds)
    return screened(text, matches, numbers)


def screened(text: str, matches: list[Match], numbers: list[Number]) -> Screening:
    """What follows from that being found in the text."""
    if not matches and not numbers:
        return Screening(text, text)
    hidden = [Hidden(each.start, each.end, each.shown) for each in numbers]
    kept = Redacted(text, [*hidden, *hidden_words(matches)])
    findings = tuple(_finding(match, text, kept) for match in matches)
    return Screening(text, kept.text, findings, frozenset(number.kind for number in numbers))


def hidden_words(matches: list[Match]) -> list[Hidden]:
    """Those that are not to be read, a star for each character."""
    return [
        Hidden(match.start, match.end, "*" * (match.end - match.start))
        for match in matches
        if match.word.action in HIDING
    ]


def _finding(match: Match, original: str, kept: Redacted) -> Finding:
    start, end = kept.place(match.start), kept.place(match.end)
    before, after = kept.text[:start], kept.text[end:]
    return Finding(
        word=match.word.text,
        category=match.word.category,
        action=Action(match.word.action),
        start=match.start,
        end=match.end,
        excerpt=_excerpt(kept.text, start, end),
        around=_around(before, original[match.start : match.end], after),
    )


def _excerpt(text: str, start: int, end: int) -> str:
    first, last = max(0, start - EXCERPT), min(len(text), end + EXCERPT)
    shown = " ".join(text[first:last].split())
    return f"{'…' if first else ''}{shown[:190]}{'…' if last < len(text) else ''}"


def _around(before: str, said: str, after: str) -> str:
    next_to = _NEIGHBOUR.match(before[::-1]), _NEIGHBOUR.match(after)
    left, right = (found[0] if found else "" for found in next_to)
    return f"{left[::-1]}{said}{right}".strip()[:LONGEST_PHRASE]
