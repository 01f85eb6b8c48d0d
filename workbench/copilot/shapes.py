"""What comes in at the copilot's API, and what it answers."""

from typing import Annotated, Literal

from django.utils.translation import get_language_info
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from chatbot.conversations.bodies import TEXT_LIMIT
from chatbot.conversations.wire import Shape
from chatplatform.kernel.http import Input, Text

TaskName = Literal["suggest", "summarise", "translate", "improve"]


def _language(code: str) -> str:
    try:
        get_language_info(code)
    except KeyError:
        raise PydanticCustomError("not_a_choice", "no such language") from None
    return code


LanguageCode = Annotated[Text, Field(max_length=16), AfterValidator(_language)]


class CopilotBody(Input):
    """`text` is what the agent has written, or what is to be translated: without it, the whole
    conversation is. `language` is the code of what to write in; translations of a text are for
    the customer, everything else for the agent, unless it says otherwise.
    """

    task: TaskName
    text: Annotated[Text, Field(max_length=TEXT_LIMIT)] = ""
    language: LanguageCode | None = None


class RequestOut(Shape):
    """The id under which `copilot_delta` and `copilot_answer` tell of it."""

    request: str


class OfferOut(Shape):
    """`origin` is what does the task; null if nothing can, and `code` and `detail` say why."""

    task: TaskName
    available: bool
    origin: Literal["model", "knowledge"] | None
    code: str
    detail: str


class CopilotOut(Shape):
    """The tasks in the order of the console; `patience` is how many seconds an answer may take."""

    tasks: list[OfferOut]
    patience: int


class ArticlesQuery(Input):
    """`search` are words of the title, or a customer's whole question."""

    search: Annotated[Text, Field(max_length=500)] = ""


class ArticleChoice(Shape):
    """A published article; `slug` names it."""

    slug: str
    title: str
    category: str
    language: str


class ArticleChoicesOut(Shape):
    results: list[ArticleChoice]
