"""What a customer may see of a model's answer while it is being written. Pure."""

from chatbot.assistant.dialogue.context import Context
from chatbot.assistant.guardrails.addresses import OnlyGiven
from chatbot.assistant.guardrails.claims import claims_deed
from chatbot.assistant.guardrails.recital import Recital, Recited

_LOOKED_BACK = 300  # characters: a sentence


class Outlet:
    """One answer's: `feed` gives what may be shown now, `close` the rest.

    Raises Recited where it repeats its instructions, or the boundary of its data. After it says
    that something was done, nothing more is shown until it is known whether that is true.
    """

    def __init__(self, context: Context, given: frozenset[str], *, has_read: bool) -> None:
        public = "\n".join(passage.entry.text for passage in context.passages)
        self._recital = Recital(context.instructions, public)
        self._addresses = OnlyGiven(given)
        self._mark, self._has_read = context.fence.mark, has_read
        self._end = ""
        self._is_hushed = False

    def feed(self, delta: str) -> str:
        self._end = (self._end + delta)[-_LOOKED_BACK:]
        if self._mark in self._end:
            raise Recited
        shown = self._addresses.feed(self._recital.feed(delta))
        self._is_hushed = self._is_hushed or claims_deed(self._end, has_read=self._has_read)
        return "" if self._is_hushed else shown

    def close(self) -> str:
        rest = self._addresses.feed(self._recital.close()) + self._addresses.close()
        return "" if self._is_hushed else rest
