"""An answer that is shown while it is written: nothing of it that may become a hit."""

import re

from chatbot.moderation import personal_data
from chatbot.moderation.choices import Action, Speaker
from chatbot.moderation.normal_form import normal_form
from chatbot.moderation.redaction import Hidden, Redacted
from chatbot.moderation.runtime_settings import ModerationSettings
from chatbot.moderation.screening import Screening, hidden_words, screened
from chatbot.moderation.word_lists import matchers
from chatplatform.configuration.selectors import current
from chatplatform.tenants.models import Tenant

# Digits at the end with what may stand between them, as far back as one number can reach.
_NUMBER = re.compile(
    rf"[+(（＋]{{0,2}}(?:[0-9０-９][^0-9０-９A-Za-z\n]{{0,3}}){{0,{personal_data.LONGEST + 1}}}\Z"
)


class StreamScreen:
    """Screens one text that comes in pieces.

    Made where a query may be waited for (the tenant's words may have to be read); `feed` and
    `close` ask nobody. After a word that blocks, `screening` says which, and nothing more is shown.
    """

    def __init__(self, tenant: Tenant, speaker: Speaker = Speaker.AI) -> None:
        self._speaker = speaker
        self._matcher = matchers.latest(tenant)
        self._kinds = current(ModerationSettings, tenant).hidden_kinds
        self._seen = ""  # what was shown last, by which what follows is judged
        self._held = ""
        self.screening: Screening | None = None

    @property
    def blocked(self) -> bool:
        """Whether a word came that must not be said at all."""
        return self.screening is not None

    def feed(self, delta: str) -> str:
        """What may be shown now that this piece has come, perhaps nothing."""
        self._held += delta
        return self._shown(self._unsettled())

    def close(self) -> str:
        """The rest, once nothing more comes."""
        return self._shown(len(self._seen) + len(self._held))

    def _shown(self, until: int) -> str:
        """What was held back of the text up to there, with everything hidden that must be."""
        if self.blocked:
            return ""
        text, already = self._seen + self._held, len(self._seen)
        matches = self._matcher.find(text, self._speaker)
        numbers = personal_data.find(text, self._kinds)
        spans = [(m.start, m.end) for m in matches] + [(n.start, n.end) for n in numbers]
        until = max(already, _before_all(spans, until))
        if any(m.word.action == Action.BLOCK for m in matches if already < m.end <= until):
            self.screening = screened(text, matches, numbers)
            until = min(m.start for m in matches if m.word.action == Action.BLOCK)
        hidden = [Hidden(n.start, n.end, n.shown) for n in numbers] + hidden_words(matches)
        ahead = [each for each in hidden if already < each.end <= until]
        shown = Redacted(text[already:until], [_moved(each, already) for each in ahead]).text
        self._seen, self._held = self._context(text[:until]), text[until:]
        return shown

    def _unsettled(self) -> int:
        """From where on the text may be the beginning of a word, or of a number."""
        text = self._seen + self._held
        form = normal_form(text)
        word = self._matcher.unfinished(form)
        places = [form.starts[word] if word < len(form.text) else len(text)]
        if self._kinds and (number := _NUMBER.search(text)):  # at least nothing, at the very end
            places.append(number.start())
        return min(places)

    def _context(self, text: str) -> str:
        """The end of what was shown: a phrase that allows a word may have begun there."""
        return text[-4 * max(self._matcher.longest, personal_data.LONGEST) :]


def _before_all(spans: list[tuple[int, int]], until: int) -> int:
    """The place itself, or where what lies across it begins."""
    for start, end in sorted(spans, reverse=True):
        if start < until < end:
            until = start
    return until


def _moved(hidden: Hidden, by: int) -> Hidden:
    return Hidden(max(0, hidden.start - by), hidden.end - by, hidden.shown)
