from typing import ClassVar

from realtime.events import Event


class AnswerDelta(Event):
    """A piece of an answer that is still being written; not kept, delivered at most once.

    `position` is how many characters came before it, so a listener sees a gap. The whole answer
    follows as a `new_message` whose `client_id` is `run-{run}`; `position` 0 begins anew.
    """

    type: ClassVar[str] = "answer_delta"
    durable: ClassVar[bool] = False

    session_name: str
    run: int
    position: int
    text: str
