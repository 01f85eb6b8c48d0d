"""What the copilot tells an agent's own tabs, on `sse:agent:{id}`. Nothing of it is kept."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from realtime.events import Event


class DraftSource(BaseModel):
    """The passage a draft stands on; `url` opens its article."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article_id: int
    title: str
    heading: str
    quote: str
    url: str


class Failure(BaseModel):
    """Why there is no draft: a registered error's code, and a sentence for the agent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    detail: str


class CopilotDelta(Event):
    """A piece of a draft that is still being written; not kept, delivered at most once.

    `request` is what asking for it answered; `position` is how many characters came before it, so
    a listener sees a gap. `position` 0 begins anew. The whole draft follows as `copilot_answer`.
    """

    type: ClassVar[str] = "copilot_delta"
    durable: ClassVar[bool] = False

    request: str
    position: int
    text: str


class CopilotAnswer(Event):
    """The whole draft, or why there is none; not kept, delivered at most once.

    `origin` is `model` for words that a language model chose and `knowledge` for passages quoted
    as they stand; "" with an `error`.
    """

    type: ClassVar[str] = "copilot_answer"
    durable: ClassVar[bool] = False

    request: str
    task: str
    text: str
    origin: str
    sources: list[DraftSource]
    error: Failure | None = None
