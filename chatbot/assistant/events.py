from typing import ClassVar, Literal

from realtime.events import Event


class AnswerDelta(Event):
    """A piece of an answer that is still being written; not kept, delivered at most once.

    `position` is how many characters came before it, so a listener sees a gap. The whole answer
    follows as a `new_message` whose `client_id` is `run-{run}`; `position` 0 begins anew. `version`
    is the session's for which it is written: once that has risen, what still comes is void.
    """

    type: ClassVar[str] = "answer_delta"
    durable: ClassVar[bool] = False

    session_name: str
    run: int
    version: int
    position: int
    text: str


class HandoffBriefWritten(Event):
    """The brief for the person who takes over is there, or better than before; `made_by` says whose
    it is. Customers hear it too, so it says nothing of what is in it: agents fetch that."""

    type: ClassVar[str] = "handoff_brief"

    session_name: str
    made_by: Literal["template", "model"]
